"""Times of programs that take turns: in which order, which of them go on, and how their ratio is told.

A busy or throttled machine slows all that runs at the time, so programs are compared by turns that lie close together:
each round has one turn of each program, in an order of its own. The interval of the ratio comes from drawing whole
rounds again (Efron, "Bootstrap methods: another look at the jackknife", 1979; percentiles).
"""

import random
import statistics

RESAMPLES = 10000


def rounds(names, seed):
    """Endless orders of the names, each a permutation by itself. `names` is read anew each time, so it may shrink."""
    shuffle = random.Random(seed)
    while True:
        order = sorted(names)
        shuffle.shuffle(order)
        yield order


def contenders(seconds, factor):
    """The names whose fastest turn is within `factor` times that of the fastest of all."""
    fastest = min(min(times) for times in seconds.values())
    return {name for name, times in seconds.items() if min(times) <= factor * fastest}


def best_ratio(ours, peers):
    """The ratio of our median to the smallest median of the peers, and whose that is."""
    medians = {name: statistics.median(times) for name, times in peers.items()}
    best = min(medians, key=medians.get)
    return statistics.median(ours) / medians[best], best


def percentile(ordered, fraction):
    """Linear between two of the numbers, which are in ascending order."""
    place = fraction * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def ratio(ours, peers, seed=0):
    """Our times and those of each peer, in the same rounds: the ratio to the best peer with its 95 % interval.

    The best peer is chosen anew in each resample, so that the interval holds the doubt about which it is, too.
    """
    count = len(ours)
    if any(len(times) != count for times in peers.values()):
        raise ValueError("the programs did not have the same number of turns")
    draw = random.Random(seed)
    resampled = []
    for _ in range(RESAMPLES):
        chosen = draw.choices(range(count), k=count)
        drawn = {name: [times[i] for i in chosen] for name, times in peers.items()}
        resampled.append(best_ratio([ours[i] for i in chosen], drawn)[0])
    resampled.sort()
    of_medians, best = best_ratio(ours, peers)
    return {
        "best": best,
        "of_medians": of_medians,
        "interval_95": [percentile(resampled, 0.025), percentile(resampled, 0.975)],
        "of_minima": min(ours) / min(min(times) for times in peers.values()),
        "turns": count,
        "resamples": RESAMPLES,
    }


def ratio_text(result, titles):
    low, high = result["interval_95"]
    return (
        f"nib / {titles[result['best']]}, the best of the others: **{result['of_medians']:.3f}** (medians of "
        f"{result['turns']}; 95 % interval {low:.3f} to {high:.3f}), minima {result['of_minima']:.3f}"
    )
