"""Digits as a hand draws them: each a list of strokes, each of these a list of points in parts of the canvas's side."""

import math


def arc(middle, radii, begin, end):
    """Points of an ellipse, angles in degrees: 0 to the right, 90 down."""
    count = max(4, round(abs(end - begin) / 12))
    angles = [math.radians(begin + (end - begin) * i / count) for i in range(count + 1)]
    return [(middle[0] + radii[0] * math.cos(angle), middle[1] + radii[1] * math.sin(angle)) for angle in angles]


DIGITS = {
    0: [arc((0.5, 0.5), (0.2, 0.32), -90, 270)],
    1: [[(0.53, 0.17), (0.48, 0.83)]],
    2: [arc((0.49, 0.34), (0.19, 0.15), 190, 380) + [(0.55, 0.6), (0.3, 0.81), (0.5, 0.79), (0.73, 0.81)]],
    3: [arc((0.47, 0.33), (0.17, 0.15), 200, 440) + arc((0.47, 0.65), (0.2, 0.18), -80, 160)],
    4: [[(0.36, 0.18), (0.3, 0.52), (0.7, 0.5)], [(0.65, 0.2), (0.6, 0.85)]],
    5: [[(0.4, 0.2), (0.37, 0.46)] + arc((0.47, 0.62), (0.19, 0.19), 235, 500), [(0.4, 0.2), (0.68, 0.19)]],
    6: [[(0.6, 0.16), (0.42, 0.38), (0.34, 0.6)] + arc((0.5, 0.66), (0.16, 0.17), 190, 560)],
    7: [[(0.28, 0.22), (0.5, 0.21), (0.72, 0.22), (0.6, 0.48), (0.5, 0.84)]],
    8: [arc((0.5, 0.33), (0.15, 0.15), 90, 450) + arc((0.5, 0.66), (0.18, 0.17), -90, 270)],
    9: [arc((0.49, 0.36), (0.17, 0.18), 0, 360) + [(0.65, 0.5), (0.58, 0.85)]],
}


# What is no single upright digit, and what may be one.
OTHERS = {
    "A": [[(0.28, 0.82), (0.5, 0.18), (0.72, 0.82)], [(0.36, 0.58), (0.64, 0.58)]],
    "E": [[(0.34, 0.18), (0.34, 0.82)], [(0.34, 0.18), (0.7, 0.18)], [(0.34, 0.5), (0.64, 0.5)],
          [(0.34, 0.82), (0.7, 0.82)]],
    "K": [[(0.34, 0.18), (0.34, 0.82)], [(0.7, 0.18), (0.34, 0.52), (0.7, 0.82)]],
    "W": [[(0.2, 0.2), (0.35, 0.8), (0.5, 0.35), (0.65, 0.8), (0.8, 0.2)]],
    "R": [[(0.34, 0.82), (0.34, 0.18)] + arc((0.48, 0.34), (0.18, 0.16), -90, 100) + [(0.36, 0.5), (0.68, 0.82)]],
    "house": [[(0.25, 0.85), (0.25, 0.45), (0.5, 0.15), (0.75, 0.45), (0.75, 0.85), (0.25, 0.85)],
              [(0.25, 0.45), (0.75, 0.45)]],
    "face": [arc((0.5, 0.5), (0.36, 0.36), 0, 360), arc((0.5, 0.55), (0.15, 0.12), 20, 160), [(0.38, 0.38)],
             [(0.62, 0.38)]],
    "window": [[(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8), (0.2, 0.2)], [(0.5, 0.2), (0.5, 0.8)],
               [(0.2, 0.5), (0.8, 0.5)]],
    "dots": [[(0.3, 0.3)], [(0.45, 0.3)], [(0.3, 0.45)], [(0.45, 0.45)], [(0.375, 0.56)]],
    "arrow": [[(0.15, 0.5), (0.85, 0.5)], [(0.6, 0.3), (0.85, 0.5), (0.6, 0.7)]],
    "waves": [[(0.1, 0.6), (0.25, 0.4), (0.4, 0.6), (0.55, 0.4), (0.7, 0.6), (0.85, 0.4)]],
    "star": [[(0.5, 0.12), (0.72, 0.85), (0.12, 0.4), (0.88, 0.4), (0.28, 0.85), (0.5, 0.12)]],
    "half of a 5": [[(0.66, 0.2), (0.4, 0.2), (0.37, 0.48)]],
}


def turned(strokes):
    """The strokes turned by a quarter to the right."""
    return [[(1 - y, x) for x, y in stroke] for stroke in strokes]


def moved(strokes, scale, right=0.0, down=0.0):
    """The strokes smaller or larger about the canvas's middle, and moved by parts of its side."""
    return [[((x - 0.5) * scale + 0.5 + right, (y - 0.5) * scale + 0.5 + down) for x, y in stroke]
            for stroke in strokes]


def dense(stroke, step=0.02):
    """The stroke with points as near as a pointer gives them."""
    points = [stroke[0]]
    for (x0, y0), (x1, y1) in zip(stroke, stroke[1:]):
        pieces = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / step))
        points += [(x0 + (x1 - x0) * i / pieces, y0 + (y1 - y0) * i / pieces) for i in range(1, pieces + 1)]
    return points
