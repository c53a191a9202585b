"""Writes least_squares.tsv: results of SciPy's least_squares, as golden rows. Run in this folder; written with SciPy 1.17.1.

A row: model, loss, scale, lower bounds, upper bounds, start, parameters, cost, (JᵀJ)⁻¹ or '-' if a parameter is at a bound.
"""

import sys

import numpy as np
from scipy.optimize import least_squares

rng = np.random.default_rng(1)
inf = np.inf

t = np.linspace(0, 4, 30)
y = 3 * np.exp(-1.2 * t) + 0.5 + 0.05 * rng.normal(size=30)
y[[4, 11, 25]] += [1.5, -1, 2]
w = np.where(np.arange(30) % 3 == 0, 4.0, 1.0)


def decay(p):
    e = np.exp(-p[1] * t)
    return p[0] * e + p[2] - y, np.stack([e, -p[0] * t * e, np.ones(30)], 1)


def weighted(p):
    f, j = decay(p)
    return np.sqrt(w) * f, np.sqrt(w)[:, None] * j


def rosenbrock(p):
    return np.array([10 * (p[1] - p[0] ** 2), 1 - p[0]]), np.array([[-20 * p[0], 10], [-1, 0]])


def powell(p):
    a, b, c, d = p
    f = np.array([a + 10 * b, 5**0.5 * (c - d), (b - 2 * c) ** 2, 10**0.5 * (a - d) ** 2])
    return f, np.array([
        [1, 10, 0, 0],
        [0, 0, 5**0.5, -(5**0.5)],
        [0, 2 * (b - 2 * c), -4 * (b - 2 * c), 0],
        [2 * 10**0.5 * (a - d), 0, 0, -2 * 10**0.5 * (a - d)],
    ])


free3 = ([-inf] * 3, [inf] * 3)
rows = []
for loss in ['linear', 'soft_l1', 'huber', 'cauchy', 'arctan']:
    for scale in [0.1, 1.0]:
        for bounds in [free3, ([0, 0, 0], [10, 5, 2]), ([0, 0, 0.6], [10, 5, 2]), ([0, 0, 0], [2.5, 1, 2])]:
            rows.append(('decay', decay, loss, scale, bounds, [2, 0.9, 0.8]))
        rows.append(('weighted', weighted, loss, scale, free3, [2, 0.9, 0.8]))
for lower, upper, start in [
    ([-inf, -inf], [inf, inf], [-1.2, 1]),
    ([-inf, 1.5], [inf, inf], [2, 2]),
    ([-inf, -inf], [0.8, inf], [-1.2, 1]),
    ([-2, -1], [-0.5, 3], [-1.2, 1]),
    ([-50, 0], [0.5, 100], [-2, 1]),
]:
    rows.append(('rosenbrock', rosenbrock, 'linear', 1.0, (lower, upper), start))
rows.append(('powell', powell, 'linear', 1.0, ([0.1, -20, 0, -1], [100, 20, 3, 50]), [3, -1, 0, 1]))


def text(numbers):
    return ' '.join(repr(float(v)) for v in np.ravel(numbers)).replace('inf', 'Infinity')


with open('least_squares.tsv', 'w') as out:
    print('t', text(t), sep='\t', file=out)
    print('y', text(y), sep='\t', file=out)
    print('w', text(w), sep='\t', file=out)
    for name, f, loss, scale, (lower, upper), start in rows:
        results = [
            least_squares(
                lambda p: f(p)[0], start, jac=lambda p: f(p)[1], bounds=(lower, upper), method=method, loss=loss,
                f_scale=scale, ftol=1e-15, xtol=1e-15, gtol=1e-15, max_nfev=3000)
            for method in ['trf', 'dogbox']
        ]
        best, other = sorted(results, key=lambda r: r.cost)
        if abs(other.cost - best.cost) > 1e-9 * best.cost:
            print('methods differ:', name, loss, scale, lower, upper, best.cost, other.cost, file=sys.stderr)
        x = np.where(best.active_mask < 0, lower, np.where(best.active_mask > 0, upper, best.x))
        covariance = '-'
        if not best.active_mask.any() and name != 'powell':
            covariance = text(np.linalg.inv(best.jac.T @ best.jac))
        print(name, loss, scale, text(lower), text(upper), text(start), text(x), repr(float(best.cost)), covariance,
              sep='\t', file=out)
