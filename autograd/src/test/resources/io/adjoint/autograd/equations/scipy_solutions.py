"""Solutions of SciPy 1.x's solve_ivp (method RK45) and root, for ScipySolutionsTest.

python3 scipy_solutions.py > scipy-solutions.txt

Lines: name | steps | evaluations | end time | end state | states at thirds of the time | event times
or     name | root

SciPy counts a sign change at the start itself, which is left out.
"""

import math

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import root


def numbers(values):
    return " ".join(repr(float(v)) for v in np.ravel(values))


def ivp(name, f, span, y0, rtol, atol, events=None):
    s = solve_ivp(f, span, y0, rtol=rtol, atol=atol, dense_output=True, events=events)
    end = s.t[-1]
    thirds = [s.sol(span[0] + (end - span[0]) * k / 3) for k in (1, 2)]
    times = [] if events is None else sorted(t for ts in s.t_events for t in ts if t != span[0])
    print(name, len(s.t) - 1, s.nfev, repr(float(end)), numbers(s.y[:, -1]), numbers(thirds), numbers(times), sep=" | ")


def falls(t, y):
    return y[0]


falls.terminal = True
falls.direction = -1


def apex(t, y):
    return y[1]


def volterra(t, y):
    return [1.5 * y[0] - y[0] * y[1], -3 * y[1] + y[0] * y[1]]


def pol(t, y):
    return [y[1], 5 * (1 - y[0] ** 2) * y[1] - y[0]]


for rtol, atol in ((1e-3, 1e-6), (1e-6, 1e-9), (1e-10, 1e-12)):
    ivp("decay", lambda t, y: [-0.5 * y[0], -0.25 * y[1]], (0, 10), [2, 4], rtol, atol)
    ivp("lotkaVolterra", volterra, (0, 15), [10, 5], rtol, atol)
    ivp("vanDerPol", pol, (0, 20), [2, 0], rtol, atol)
    ivp("driven", lambda t, y: [math.sin(t) - y[0]], (3, -2), [1], rtol, atol)
    ivp("cannon", lambda t, y: [y[1], -9.81 - 0.1 * y[1]], (0, 100), [0, 30], rtol, atol, [falls, apex])
    ivp("pendulum", lambda t, y: [y[1], -math.sin(y[0])], (0, 12), [1, 0], rtol, atol, [lambda t, y: y[0], apex])


def solved(name, f, x0):
    s = root(f, x0, tol=1e-14)
    print(name, numbers(s.x), sep=" | ")


solved("cubes", lambda x: [x[0] + 0.5 * (x[0] - x[1]) ** 3 - 1, 0.5 * (x[1] - x[0]) ** 3 + x[1]], [0, 0])
solved("cosine", lambda x: [x[0] + 2 * math.cos(x[0])], [0.3])
solved("powell", lambda x: [1e4 * x[0] * x[1] - 1, math.exp(-x[0]) + math.exp(-x[1]) - 1.0001], [0, 1])
solved("broyden", lambda x: [(3 - 2 * x[i]) * x[i] - (x[i - 1] if i else 0) - 2 * (x[i + 1] if i < 9 else 0) + 1 for i in range(10)], [-1] * 10)
