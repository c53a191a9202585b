"""Line searches of PyTorch 2.6 along polynomials: coefficients | first step | tolerance | step found | points tried.

python3 line_searches.py > line-searches.txt
"""

import random

import torch
from torch.optim.lbfgs import _strong_wolfe

torch.set_default_dtype(torch.float64)
random.seed(5)


def at(c, t):
    """The value and the slope, by Horner's rule."""
    value = slope = 0.0
    for a in reversed(c):
        value = value * t + a
    for i in range(len(c) - 1, 0, -1):
        slope = slope * t + i * c[i]
    return value, slope


def search(c, first, tolerance):
    tried = [0]

    def line(x, t, d):
        tried[0] += 1
        value, slope = at(c, float(t))
        return value, torch.tensor([slope])

    value, slope = at(c, 0.0)
    found = _strong_wolfe(
        line, torch.zeros(1), first, torch.ones(1), value, torch.tensor([slope]), torch.tensor(slope), tolerance_change=tolerance,
    )
    return float(found[2]), tried[0]


def is_stable(c, first, tolerance, step, tried):
    """Whether the search is the same if a number is rounded otherwise."""
    near = [search(c, first * (1 + k * 1e-13), tolerance) for k in (-2, -1, 1, 2)]
    return all(n == tried and abs(s - step) < 1e-11 * max(1, abs(step)) for s, n in near)


# At most four of each number of points, so that long searches are among them.
seen = {}
for _ in range(4000):
    c = [round(random.uniform(-3, 3), 2) for _ in range(random.choice([2, 3, 4, 5, 6]) + 1)]
    c[1] = -abs(c[1]) - 0.05
    if random.random() < 0.7:
        c[-1] = abs(c[-1]) + 0.05
    first = random.choice([0.001, 0.01, 0.1, 1, 3, 10, 50])
    tolerance = random.choice([1e-9, 1e-9, 1e-2, 0.5])
    step, tried = search(c, first, tolerance)
    if abs(step) < 1e6 and seen.get(tried, 0) < 4 and is_stable(c, first, tolerance, step, tried):
        seen[tried] = seen.get(tried, 0) + 1
        print(" ".join(map(repr, c)), float(first), tolerance, step, tried, sep=" | ")
