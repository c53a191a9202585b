"""Writes extremes.txt: distribution functions with their derivatives in parameters, quantiles, moments and entropies at extreme arguments, tails
down to 1e-300 and parameters from 1e-8 to 1e8, computed with 50 digits by mpmath, and compared here with SciPy where SciPy is accurate. Log
densities at such arguments are in golden.txt.

A row has, behind each result, its condition: by how much it changes if each argument changes by half an ulp, added up over the arguments.
Run in this folder: python3 extremes.py
"""
import math
import warnings

import mpmath as mp
from scipy import special, stats

mp.mp.dps = 50
EPS = mp.mpf(2) ** -53
STEP = mp.mpf(10) ** -16
M = mp.mpf
BIG = 100


def integral(log, low, high):
    """The integral of the exponential of a concave function, over intervals that grow with the distance from its maximum."""
    slope = lambda u: (log(u + STEP * width) - log(u - STEP * width)) / (2 * STEP * width)
    width = (high - low) / 1000
    left, right = low, high
    for _ in range(120):
        middle = (left + right) / 2
        left, right = (middle, right) if slope(middle) > 0 else (left, middle)
    peak = (left + right) / 2
    top = log(peak)
    size = width
    while top - log(peak - size) > 1 and top - log(min(peak + size, high)) > 1 or size > width and peak - size < low:
        size /= 2
    points = {low, high, peak}
    for sign in (-1, 1):
        for k in range(200):
            point = peak + sign * size * (M(1) if k == 0 else M(3) / 2 * M(2) ** (k - 1))
            if not low < point < high:
                break
            points.add(point)
            if log(point) < top - 125:
                break
    inside = [p for p in sorted(points) if log(p) > top - 400]
    # quad ends at an absolute error.
    return mp.exp(top) * size * mp.quad(lambda u: mp.exp(log(u) - top) / size, inside, method="gauss-legendre")


def gamma_tails(a, x):
    """P and Q."""
    if a < BIG:
        return mp.gammainc(a, 0, x, regularized=True), mp.gammainc(a, x, mp.inf, regularized=True)
    log = lambda u: a * u - mp.exp(u) - mp.loggamma(a)
    at, mean, width = mp.log(x), mp.log(a), 1 / mp.sqrt(a)
    if x < a:
        p = integral(log, at - 40 * width, at)
        return p, 1 - p
    q = integral(log, at, at + 40 * width)
    return 1 - q, q


def beta_tails(a, b, u):
    """I and 1 − I at the odds eᵘ."""
    x, y = 1 / (1 + mp.exp(-u)), 1 / (1 + mp.exp(u))
    if min(a, b) < BIG:
        with mp.workdps(90):
            return mp.betainc(a, b, 0, x, regularized=True), mp.betainc(b, a, 0, y, regularized=True)
    beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    log = lambda v: -a * mp.log1p(mp.exp(-v)) - b * mp.log1p(mp.exp(v)) - beta
    width = mp.sqrt(1 / a + 1 / b)
    if u < mp.log(a / b):
        p = integral(log, u - 40 * width, u)
        return p, 1 - p
    q = integral(log, u, u + 40 * width)
    return 1 - q, q


def student(v, m, s, x):
    z = (x - m) / s
    if z == 0:
        return M(1) / 2
    tail = beta_tails(v / 2, M(1) / 2, mp.log(v / (z * z)))[0] / 2
    return tail if z < 0 else 1 - tail


def von_mises(m, k, x):
    # Both halves are ½: the tail from −π, or the other one.
    z = x - m
    total = 2 * mp.pi * mp.besseli(0, k) * mp.exp(-k)
    edge = min(mp.pi, 20 / mp.sqrt(k))
    if z <= -edge:
        far = max(-mp.pi, z - 120 / (k * abs(mp.sin(z))) if z > -3 else -mp.pi)
        at = mp.cos(z)
        return mp.exp(k * (at - 1)) / total * mp.quad(lambda t: mp.exp(k * (mp.cos(t) - at)), mp.linspace(far, z, 9))
    return M(1) / 2 + mp.quad(lambda t: mp.exp(k * (mp.cos(t) - 1)), mp.linspace(0, z, 9)) / total


def phi(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def logit(p):
    return mp.log(p) - mp.log1p(-p)


CDF = {
    "Normal": lambda m, s, x: phi((x - m) / s),
    "LogNormal": lambda m, s, x: phi((mp.log(x) - m) / s),
    "Uniform": lambda a, b, x: (x - a) / (b - a),
    "Laplace": lambda m, b, x: mp.exp((x - m) / b) / 2 if x < m else 1 - mp.exp((m - x) / b) / 2,
    "Cauchy": lambda m, s, x: mp.atan2(s, m - x) / mp.pi,
    "Gumbel": lambda m, b, x: mp.exp(-mp.exp((m - x) / b)),
    "Exponential": lambda r, x: -mp.expm1(-r * x),
    "Weibull": lambda s, k, x: -mp.expm1(-((x / s) ** k)),
    "Gamma": lambda a, b, x: gamma_tails(a, b * x)[0],
    "Chi2": lambda v, x: gamma_tails(v / 2, x / 2)[0],
    "Beta": lambda a, b, x: beta_tails(a, b, logit(x))[0],
    "StudentT": student,
    "VonMises": von_mises,
    "Poisson": lambda r, k: gamma_tails(k + 1, r)[1],
    "Geometric": lambda p, k: -mp.expm1((k + 1) * mp.log1p(-p)),
    "Binomial": lambda n, p, k: beta_tails(n - k, k + 1, -logit(p))[0],
    "NegativeBinomial": lambda r, p, k: beta_tails(r, k + 1, -logit(p))[0],
}
QUANTILE = {
    "Uniform": lambda a, b, p: a + (b - a) * p,
    "Laplace": lambda m, b, p: m + b * mp.log(2 * p) if p < 0.5 else m - b * mp.log(2 - 2 * p),
    "Cauchy": lambda m, s, p: m - s / mp.tan(mp.pi * p),
    "Gumbel": lambda m, b, p: m - b * mp.log(-mp.log(p)),
    "Exponential": lambda r, p: -mp.log1p(-p) / r,
    "Weibull": lambda s, k, p: s * (-mp.log1p(-p)) ** (1 / k),
}
COUNTS = {"Poisson", "Geometric", "Binomial", "NegativeBinomial"}
NEAR_ONE = 1 - 2.0**-40
# parameters: arguments of the distribution function, probabilities of quantiles
ROWS = {
    "Normal": [((0.5, 2.0), [-73.0, 0.5, 17.0], [1e-300, 1e-12, NEAR_ONE]), ((0.0, 1e-8), [-3.7e-7, 1e-12], [1e-300, 0.25]),
               ((-3.0, 1e8), [-3.7e9, 1e-9], [1e-300, 0.75])],
    "LogNormal": [((0.3, 0.7), [1e-11, 1e-7, 90.0], [1e-300, 0.9]), ((0.0, 1e4), [1e-300, 1e300], [0.49, 0.51]), ((-2.0, 1e-8), [0.13533528], [0.3])],
    "Uniform": [((-1e-8, 1e8), [-1e-9, 1e7], [1e-300, 0.5]), ((0.0, 1e-8), [1e-300, 1e-9], [1e-300])],
    "Laplace": [((0.5, 2.0), [-1370.0, 60.0], [1e-300, NEAR_ONE]), ((0.0, 1e-8), [-6.8e-6, 1e-9, 1e-7], [1e-300]), ((0.0, 1e8), [-6.8e10, 1e9], [1e-300])],
    "Cauchy": [((0.5, 2.0), [-1e15, -1e10, 0.5, 1e10], [1e-300, 1e-10]), ((0.0, 1e-8), [-1e8, 1e-9], [1e-200, 0.6]), ((1.0, 1e8), [-1e20, 1e9], [1e-290, 0.3])],
    "Gumbel": [((0.5, 2.0), [-12.5, 0.5, 50.0], [1e-300, 0.99]), ((0.0, 1e-8), [-6.5e-8, 1e-9, 1e-7], [1e-300, 0.9]), ((1.0, 1e8), [-6.5e8, 1e9], [1e-300, 0.9])],
    "Exponential": [((2.0,), [1e-300, 1e-9, 20.0], [1e-300, 1e-9, NEAR_ONE]), ((1e-8,), [1e-300, 1e9], [1e-300, 0.5]), ((1e8,), [1e-300, 1e-7], [1e-300, 0.5])],
    "Weibull": [((2.0, 1.5), [1e-200, 1e-9, 8.0], [1e-300, 1e-9, NEAR_ONE]), ((2.0, 1e8), [1.9999999, 2.00000001], [1e-300, 0.5]), ((1e8, 1e-8), [1e-250, 1e-8, 1e10], []), ((1e-8, 3.0), [1e-100, 1e-8], [1e-300])],
    "Gamma": [((2.5, 2.0), [1e-120, 1e-9, 15.0], [1e-300, 1e-9, NEAR_ONE]), ((1e-8, 1.0), [1e-300, 1e-5, 2.0, 15.0], [0.999999, 0.99999999]),
              ((1e8, 1.0), [99700000.0, 99990000.0, 1e8, 100040000.0], [1e-300, 1e-9, 0.5, NEAR_ONE]), ((1e4, 1e8), [7.2e-5, 1.01e-4], [1e-200, 0.6]),
              ((0.3, 1e-8), [1e-300, 1e7], [1e-80, 0.9]), ((1e8, 1e-8), [1.0001e16], [0.1])],
    "Chi2": [((1e-8,), [1e-300, 3.0], [0.99999999]), ((1e8,), [99500000.0, 1e8, 100020000.0], [1e-250, 0.5, 0.999]), ((3.0,), [1e-190, 80.0], [1e-300, NEAR_ONE])],
    "Beta": [((2.0, 3.0), [1e-150, 1e-9, 0.999999], [1e-300, 1e-9, NEAR_ONE]), ((1e-8, 1e-8), [1e-300, 0.3, 0.9999999], [0.49999999, 0.5, 0.50000001]),
             ((1e8, 1e8), [0.4992, 0.4999, 0.5, 0.50009], [1e-300, 1e-9, 0.5, NEAR_ONE]), ((1e8, 2.0), [0.999994, 0.99999998], [1e-250, 0.5]),
             ((2.0, 1e8), [1e-150, 1e-8, 3e-7], [1e-300, 0.5, NEAR_ONE]), ((30.0, 1e6), [1e-15, 2.5e-5, 1e-4], [1e-300, 0.5]),
             ((1e-8, 1e8), [1e-300, 1e-9, 1e-7], [0.99999999]), ((1e8, 1e-8), [0.99999999, 0.9999999999], [1e-9]), ((0.4, 0.3), [1e-300, 0.99999999], [1e-100])],
    "StudentT": [((5.0, 0.5, 2.0), [-1e20, -1e10, 0.5, 30.0], [1e-300, 1e-9, 0.9]), ((100.0, 0.0, 1.0), [-36.0, -9.0, -1.0, 5.0], [1e-50, 1e-9, 0.7]), ((1e8, 0.0, 1.0), [-36.9, -1.0, 1e-3, 5.0], [1e-290, 1e-9, 0.7]),
                 ((1e-2, 0.0, 1.0), [-1e12, -0.1], [0.3, 0.49]), ((3.0, 0.0, 1e-8), [-1e10, 1e-9], [1e-270]), ((3.0, 0.0, 1e8), [-1e12, 1e7], [1e-250])],
    "VonMises": [((0.5, 2.0), [-2.6, 0.25, 3.5], []), ((0.0, 1e-8), [-3.0, 1e-3, 1.0], []), ((0.0, 1e4), [-0.35, -0.05, 1e-9], []), ((0.0, 1e8), [-0.0036, -1e-4, 2e-4], [])],
    "Poisson": [((3.0,), [0, 12], []), ((1e-8,), [0, 1], []), ((1e8,), [99700000, 99990000, 100000000, 100040000], []), ((690.0,), [0, 700], [])],
    "Geometric": [((0.3,), [0, 60], []), ((1e-8,), [0, 100000000], []), ((0.999999,), [0, 1], []), ((1e-300,), [5], [])],
    "Binomial": [((10.0, 0.3), [0, 9], []), ((1e8, 0.25), [24850000, 24990000, 25010000], []), ((50.0, 1e-8), [0, 1], []), ((1e8, 1e-8), [0, 3], [])],
    "NegativeBinomial": [((2.5, 0.6), [0, 40], []), ((1e8, 0.5), [99600000, 100020000], []), ((1e-8, 0.5), [0, 2], []), ((4.0, 0.99999999), [1000, 400000000], [])],
}


def entropy_beta(a, b):
    ln = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    return ln - (a - 1) * mp.digamma(a) - (b - 1) * mp.digamma(b) + (a + b - 2) * mp.digamma(a + b)


def entropy_gamma(a, b):
    return a - mp.log(b) + mp.loggamma(a) + (1 - a) * mp.digamma(a)


def entropy_student(v, m, s):
    h = (v + 1) / 2
    return h * (mp.digamma(h) - mp.digamma(v / 2)) + mp.log(v) / 2 + mp.loggamma(v / 2) + mp.loggamma(M(1) / 2) - mp.loggamma(h) + mp.log(s)


def ratio(k):
    return mp.besseli(1, k) / mp.besseli(0, k)


def of(mean, variance, entropy=None):
    return {"mean": mean, "variance": variance, "entropy": entropy}


MOMENTS = {
    "Normal": of(lambda m, s: m, lambda m, s: s * s, lambda m, s: mp.log(2 * mp.pi * mp.e) / 2 + mp.log(s)),
    "LogNormal": of(
        lambda m, s: mp.exp(m + s * s / 2), lambda m, s: mp.expm1(s * s) * mp.exp(2 * m + s * s),
        lambda m, s: m + mp.log(2 * mp.pi * mp.e) / 2 + mp.log(s)),
    "Uniform": of(lambda a, b: (a + b) / 2, lambda a, b: (b - a) ** 2 / 12, lambda a, b: mp.log(b - a)),
    "Laplace": of(lambda m, b: m, lambda m, b: 2 * b * b, lambda m, b: 1 + mp.log(2 * b)),
    "Cauchy": of(None, None, lambda m, s: mp.log(4 * mp.pi * s)),
    "Gumbel": of(lambda m, b: m + b * mp.euler, lambda m, b: (mp.pi * b) ** 2 / 6, lambda m, b: mp.log(b) + mp.euler + 1),
    "Exponential": of(lambda r: 1 / r, lambda r: 1 / (r * r), lambda r: 1 - mp.log(r)),
    "Weibull": of(
        lambda s, k: s * mp.gamma(1 + 1 / k),
        lambda s, k: s * s * (mp.gamma(1 + 2 / k) - mp.gamma(1 + 1 / k) ** 2),
        lambda s, k: mp.euler * (1 - 1 / k) + mp.log(s / k) + 1),
    "Gamma": of(lambda a, b: a / b, lambda a, b: a / b**2, entropy_gamma),
    "Chi2": of(lambda v: v, lambda v: 2 * v, lambda v: entropy_gamma(v / 2, M(1) / 2)),
    "Beta": of(
        lambda a, b: a / (a + b), lambda a, b: a * b / (a + b) ** 2 / (a + b + 1), entropy_beta),
    "StudentT": of(
        lambda v, m, s: m if v > 1 else None, lambda v, m, s: s * s * v / (v - 2) if v > 2 else None,
        lambda v, m, s: entropy_student(v, m, s)),
    "VonMises": of(None, lambda m, k: 1 - ratio(k), lambda m, k: mp.log(2 * mp.pi * mp.besseli(0, k)) - k * ratio(k)),
    "Poisson": of(lambda r: r, lambda r: r),
    "Geometric": of(lambda p: (1 - p) / p, lambda p: (1 - p) / p**2, lambda p: -mp.log(p) - (1 - p) * mp.log1p(-p) / p),
    "Binomial": of(lambda n, p: n * p, lambda n, p: n * p * (1 - p)),
    "NegativeBinomial": of(lambda r, p: r * p / (1 - p), lambda r, p: r * p / (1 - p) ** 2),
}


def text(x):
    return repr(float(x))


def write(out, kind, name, params, values, expected, condition):
    lists = [",".join(map(text, numbers)) or "-" for numbers in (params, values, expected, condition)]
    out.write(" ".join([kind, name, *lists]) + "\n")


def slope(f, args, k):
    h = (abs(args[k]) or M("1e-9")) * STEP
    low, high = ([a + d if i == k else a for i, a in enumerate(args)] for d in (-h, h))
    return (f(*high) - f(*low)) / (2 * h)


def condition(f, args):
    """By slopes; a step of half an ulp may cross a kink."""
    return sum(abs(slope(f, args, k) * a) * EPS for k, a in enumerate(args))


def quantile(name, cdf, params, p):
    """By Newton's method for log F or log(1 − F), from SciPy's value, as a function of log x where x is positive."""
    positive = name in ("LogNormal", "Gamma", "Chi2")
    odds = name == "Beta"
    start = M(float(SCIPY[name](*params).ppf(p)))
    if name == "Beta" and not 1e-307 < start < 1 - 1e-15:
        start = M("0.5") if abs(p - 0.5) < 0.1 else 1 - M(2) ** -60 if params[0] > params[1] else M("1e-10")
    if positive and not start > 0:
        start = M(1)
    to, back = (mp.log, mp.exp) if positive else (logit, lambda u: 1 / (1 + mp.exp(-u))) if odds else (lambda x: x, lambda u: u)
    exact = [M(a) for a in params]
    tail = (lambda x: mp.log(cdf(*exact, x))) if p <= 0.5 else (lambda x: mp.log(1 - cdf(*exact, x)))
    goal = mp.log(M(p)) if p <= 0.5 else mp.log(1 - M(p))
    u = to(start)
    for _ in range(100):
        h = (abs(u) or M(1)) * STEP
        at = tail(back(u))
        if abs(goal - at) < 1e-30:
            return back(u)
        step = (goal - at) / ((tail(back(u + h)) - tail(back(u - h))) / (2 * h))
        u += step
        if abs(step) < 1e-25 * (abs(u) + M("1e-300")):
            return back(u)
    raise ValueError((name, params, p))


SCIPY = {
    "Normal": lambda m, s: stats.norm(m, s),
    "LogNormal": lambda m, s: stats.lognorm(s, scale=math.exp(m)),
    "Uniform": lambda a, b: stats.uniform(a, b - a),
    "Laplace": lambda m, b: stats.laplace(m, b),
    "Cauchy": lambda m, s: stats.cauchy(m, s),
    "Gumbel": lambda m, b: stats.gumbel_r(m, b),
    "Exponential": lambda r: stats.expon(scale=1 / r),
    "Weibull": lambda s, k: stats.weibull_min(k, scale=s),
    "Gamma": lambda a, b: stats.gamma(a, scale=1 / b),
    "Chi2": lambda v: stats.chi2(v),
    "Beta": lambda a, b: stats.beta(a, b),
    "StudentT": lambda v, m, s: stats.t(v, m, s),
    "Poisson": lambda r: stats.poisson(r),
    "Geometric": lambda p: stats.geom(p, loc=-1),
    "Binomial": lambda n, p: stats.binom(n, p),
    "NegativeBinomial": lambda r, p: stats.nbinom(r, 1 - p),
}


def check(name, params, x, value, cdf_condition):
    """Compares with SciPy, whose relative precision in tails is only of some families, and ends near 1e8."""
    if name in SCIPY and 1e-6 < min(map(abs, params)) + (0 in params) and max(params) < 1e6:
        theirs = float(SCIPY[name](*params).cdf(x))
        assert abs(theirs - float(value)) <= 1e-9 * abs(float(value)) + 1e-15 + 1e3 * float(cdf_condition), (name, params, x, theirs, value)


def main():
    with open("extremes.txt", "w", encoding="utf-8") as out:
        for name, rows in ROWS.items():
            cdf = CDF[name]
            for params, values, levels in rows:
                exact = [M(p) for p in params]
                for x in values:
                    fixed = M(x)
                    # Counts have no derivative, and are exact.
                    if name == "Binomial":
                        f, args = (lambda q: cdf(exact[0], q, fixed)), exact[1:]
                    elif name in COUNTS:
                        f, args = (lambda *a: cdf(*a, fixed)), exact
                    else:
                        f, args = cdf, exact + [fixed]
                    value, error = f(*args), condition(f, args)
                    check(name, params, x, value, error)
                    write(out, "cdf", name, params, [x], [value], [error])
                    slopes = [lambda *a, k=k: slope(f, a, k) for k in range(len(args))]
                    write(out, "cdfGradient", name, params, [x], [s(*args) for s in slopes], [condition(s, args) for s in slopes])
                for p in levels:
                    if name in QUANTILE:
                        args = exact + [M(p)]
                        write(out, "icdf", name, params, [p], [QUANTILE[name](*args)], [condition(QUANTILE[name], args)])
                        continue
                    x = quantile(name, cdf, params, p)
                    moved = condition(lambda *a: cdf(*a, x), exact) + EPS * M(p)
                    write(out, "icdf", name, params, [p], [x], [moved / slope(cdf, exact + [x], len(exact))])
                for kind, moment in MOMENTS[name].items():
                    value = moment(*exact) if moment else None
                    if value is not None and abs(value) < M("1e308"):
                        write(out, kind, name, params, [], [value], [condition(moment, exact)])


warnings.simplefilter("ignore")
main()
