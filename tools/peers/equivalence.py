"""Whether two samples of unequal spread have the same mean: Welch's t, and two one-sided tests for equivalence.

Schuirmann, "A comparison of the two one-sided tests procedure and the power approach for assessing the equivalence of
average bioavailability", 1987; Welch, "The generalization of Student's problem when several different population
variances are involved", 1947.
"""

import math
import statistics

INTERVALS = 2000  # of Simpson's rule: the error is far below 1e-12


def upper_tail(t, degrees):
    """The probability that Student's t with so many degrees of freedom (1 or more) is above t.

    With t = sqrt(degrees) tan(angle) the density is a constant times cos(angle)^(degrees - 1).
    """
    if t < 0:
        return 1 - upper_tail(-t, degrees)
    begin = math.atan(t / math.sqrt(degrees))
    step = (math.pi / 2 - begin) / INTERVALS
    density = [math.cos(begin + i * step) ** (degrees - 1) for i in range(INTERVALS)]
    density.append(1.0 if degrees == 1 else 0.0)  # at pi / 2, where cos() leaves a rounding error
    area = step / 3 * (density[0] + 4 * sum(density[1::2]) + 2 * sum(density[2:-1:2]) + density[-1])
    constant = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(math.pi)
    return constant * area


def upper_point(probability, degrees):
    """The t with this probability (below 0.5) above it."""
    low, high = 0.0, 1.0
    while upper_tail(high, degrees) > probability:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if upper_tail(middle, degrees) > probability else (low, middle)
    return (low + high) / 2


def equivalence(first, second, margin):
    """Welch's test and the two one-sided ones of mean(first) - mean(second), which may differ by the margin.

    Equivalence is shown at the level of 5 % where `equivalence_p` is below 0.05, which is where the 90 % interval of
    the difference lies within the margin.
    """
    difference = statistics.mean(first) - statistics.mean(second)
    shares = [statistics.variance(sample) / len(sample) for sample in (first, second)]
    error = math.sqrt(sum(shares))
    degrees = error**4 / sum(share**2 / (len(sample) - 1) for share, sample in zip(shares, (first, second)))
    half_width = upper_point(0.05, degrees) * error
    return {
        "margin": margin,
        "difference": difference,
        "standard_error": error,
        "degrees_of_freedom": degrees,
        "interval_90": [difference - half_width, difference + half_width],
        "difference_p": 2 * upper_tail(abs(difference) / error, degrees),
        "equivalence_p": max(
            upper_tail((difference + margin) / error, degrees), upper_tail((margin - difference) / error, degrees)
        ),
    }
