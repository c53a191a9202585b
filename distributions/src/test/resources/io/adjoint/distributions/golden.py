"""Writes golden.txt: log densities with their derivatives, distribution functions, quantiles, moments and entropies, computed with 500 digits by
mpmath, and compared here with SciPy where SciPy's formula is accurate. Run in this folder: python3 golden.py"""
import math
import mpmath as mp
from scipy import stats

mp.mp.dps = 500
L = mp.log


def lg(x):
    return mp.loggamma(x)


def beta_log(a, b, x):
    return (a - 1) * L(x) + (b - 1) * L(1 - x) - lg(a) - lg(b) + lg(a + b)


def binomial_log(n, p, k):
    first = k * L(p) if k else 0
    second = (n - k) * L(1 - p) if n - k else 0
    return lg(n + 1) - lg(k + 1) - lg(n - k + 1) + first + second


def negative_binomial_log(r, p, k):
    return lg(k + r) - lg(k + 1) - lg(r) + r * L(1 - p) + (k * L(p) if k else 0)


def sigmoid(z):
    return 1 / (1 + mp.exp(-z))


def student_log(v, m, s, x):
    z = (x - m) / s
    return lg((v + 1) / 2) - lg(v / 2) - L(v * mp.pi) / 2 - L(s) - (v + 1) / 2 * mp.log1p(z * z / v)


LOG = {
    "Normal": lambda m, s, x: -((x - m) / s) ** 2 / 2 - L(s) - L(2 * mp.pi) / 2,
    "LogNormal": lambda m, s, x: -((L(x) - m) / s) ** 2 / 2 - L(s) - L(2 * mp.pi) / 2 - L(x),
    "Uniform": lambda a, b, x: -L(b - a),
    "Laplace": lambda m, b, x: -abs(x - m) / b - L(2 * b),
    "Cauchy": lambda m, s, x: -L(mp.pi * s) - mp.log1p(((x - m) / s) ** 2),
    "Gumbel": lambda m, b, x: -(x - m) / b - mp.exp(-(x - m) / b) - L(b),
    "Exponential": lambda r, x: L(r) - r * x,
    "Weibull": lambda s, k, x: L(k / s) + (k - 1) * L(x / s) - (x / s) ** k,
    "Gamma": lambda a, b, x: a * L(b) + (a - 1) * L(x) - b * x - lg(a),
    "Chi2": lambda v, x: (v / 2 - 1) * L(x) - x / 2 - v / 2 * L(2) - lg(v / 2),
    "Beta": beta_log,
    "StudentT": student_log,
    "VonMises": lambda m, k, x: k * mp.cos(x - m) - L(2 * mp.pi * mp.besseli(0, k)),
    "Poisson": lambda r, k: (k * L(r) if k else 0) - r - lg(k + 1),
    "Bernoulli": lambda p, k: L(p) if k else mp.log1p(-p),
    "BernoulliLogits": lambda z, k: L(sigmoid(z)) if k else L(sigmoid(-z)),
    "Geometric": lambda p, k: k * mp.log1p(-p) + L(p),
    "Binomial": binomial_log,
    "BinomialLogits": lambda n, z, k: binomial_log(n, sigmoid(z), k),
    "NegativeBinomial": negative_binomial_log,
    "NegativeBinomialLogits": lambda r, z, k: negative_binomial_log(r, sigmoid(z), k),
    "HalfNormal": lambda s, x: L(2 / mp.pi) / 2 - L(s) - (x / s) ** 2 / 2,
    "HalfCauchy": lambda s, x: L(2 / (mp.pi * s)) - mp.log1p((x / s) ** 2),
}
COUNTS = {"Poisson", "Bernoulli", "BernoulliLogits", "Geometric", "Binomial", "BinomialLogits", "NegativeBinomial", "NegativeBinomialLogits"}
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
    "VonMises": lambda m, k: stats.vonmises(k, m),
    "Poisson": lambda r: stats.poisson(r),
    "Bernoulli": lambda p: stats.bernoulli(p),
    "Geometric": lambda p: stats.geom(p, loc=-1),
    "Binomial": lambda n, p: stats.binom(n, p),
    "NegativeBinomial": lambda r, p: stats.nbinom(r, 1 - p),
    "HalfNormal": lambda s: stats.halfnorm(scale=s),
    "HalfCauchy": lambda s: stats.halfcauchy(scale=s),
}
# parameters: values, ordinary ones first
ROWS = {
    "Normal": [((0.5, 2.0), [0.5, -1.3, 3.7, 80.0, -1e150]), ((1e8, 1e-8), [1e8, 100000000.00000003]), ((-3.0, 1e8), [2e8, 1e-300])],
    "LogNormal": [((0.3, 0.7), [0.2, 1.0, 9.5, 1e-300, 1e300]), ((-2.0, 1e-4), [0.13532]), ((0.0, 1e4), [1e-300, 1e300])],
    "Uniform": [((-1.0, 3.5), [-1.0, 0.3, 3.5]), ((1e8, 100000000.25), [100000000.125])],
    "Laplace": [((0.5, 2.0), [-1.0, 0.75, 900.0]), ((0.0, 1e-8), [1e-9, -1.0]), ((0.0, 1e8), [1e300])],
    "Cauchy": [((0.5, 2.0), [-1.0, 0.5, 7.0, 1e300]), ((0.0, 1e-8), [1e-9, -1.0, 1e200]), ((1.0, 1e8), [-1e9])],
    "Gumbel": [((0.5, 2.0), [-1.0, 0.5, 7.0, 900.0, -12.0]), ((0.0, 1e-8), [1e-9, 1e-6])],
    "Exponential": [((2.0,), [0.1, 1.0, 400.0]), ((1e-8,), [1e-300, 1e10]), ((1e8,), [1e-10, 1e-6])],
    "Weibull": [((2.0, 1.5), [0.1, 1.0, 8.0, 1e-300]), ((2.0, 1.0), [0.5]), ((0.3, 0.4), [1e-20, 1.0, 1e5]), ((2.0, 1e4), [1.9999, 2.0001])],
    "Gamma": [((2.5, 2.0), [0.1, 1.0, 30.0, 1e-300]), ((0.3, 1.5), [1e-10, 0.2, 5.0]), ((1.0, 3.0), [0.5]), ((1e-8, 1.0), [1e-300, 1e-5, 2.0]),
              ((1e8, 1.0), [99990000.0, 1e8, 100030000.0, 1e7, 1e9]), ((120.5, 0.01), [11000.0, 12050.0, 1e-5, 1e6]), ((1e4, 1e8), [1.01e-4])],
    "Chi2": [((3.0,), [0.1, 2.5, 40.0]), ((0.5,), [1e-9, 0.3]), ((1e6,), [1e6, 1001000.0])],
    "Beta": [((2.0, 3.0), [0.1, 0.5, 0.99, 1e-300]), ((0.4, 0.3), [1e-12, 0.3, 0.75]), ((1.0, 1.0), [0.25]), ((1e-8, 1e-8), [1e-5, 0.5]),
             ((1e8, 1e8), [0.5, 0.50001, 0.4]), ((1e8, 2.0), [0.99999998, 0.5]), ((30.0, 1e6), [2.5e-5, 1e-4])],
    "StudentT": [((5.0, 0.5, 2.0), [0.5, -1.0, 4.0, 1e10, 1e300]), ((0.7, 0.0, 1.0), [0.3, -50.0]), ((1e8, 0.0, 1.0), [0.1, 5.0]), ((1e-4, 0.0, 1.0), [0.3])],
    "VonMises": [((0.5, 2.0), [0.5, -1.0, 3.0]), ((0.0, 1e-8), [1.0]), ((0.0, 1e4), [0.01, 0.05]), ((1.0, 60.0), [1.1, -1.0])],
    "Poisson": [((3.0,), [0, 2, 5, 60]), ((1e-8,), [0, 1, 3]), ((1e8,), [99990000, 100000000, 100030000, 10]), ((250.5,), [0, 200, 251, 400])],
    "Bernoulli": [((0.3,), [0, 1]), ((1e-300,), [0, 1]), ((1 - 2**-50,), [0, 1])],
    "BernoulliLogits": [((-0.8,), [0, 1]), ((700.0,), [0, 1]), ((-700.0,), [0, 1])],
    "Geometric": [((0.3,), [0, 1, 12]), ((1e-8,), [0, 100000000]), ((0.999999,), [0, 3])],
    "Binomial": [((10.0, 0.3), [0, 3, 10]), ((100000000.0, 0.25), [25000000, 25010000, 0]), ((50.0, 1e-8), [0, 1, 50]), ((1.0, 0.5), [1])],
    "BinomialLogits": [((10.0, 0.3), [0, 3, 10]), ((1000.0, -30.0), [0, 2, 1000]), ((1000000.0, 2.0), [880797, 881000])],
    "NegativeBinomial": [((2.5, 0.6), [0, 3, 40]), ((0.3, 1e-8), [0, 2]), ((1e8, 0.5), [100000000, 100020000, 3]), ((1e-8, 0.5), [0, 2])],
    "NegativeBinomialLogits": [((2.5, 0.6), [0, 3, 40]), ((4.0, 20.0), [1940660000])],
    "HalfNormal": [((2.0,), [0.5, 3.7, 80.0, 1e150]), ((1e-8,), [1e-9, 3e-8]), ((1e8,), [2e8, 1e-300])],
    "HalfCauchy": [((2.0,), [0.5, 7.0, 1e300]), ((1e-8,), [1e-9, 1.0, 1e200]), ((1e8,), [1e9])],
}
EPS = mp.mpf(2) ** -53
STEP = mp.mpf(10) ** -60


def text(x):
    return repr(float(x))


def write(out, kind, name, params, values, expected, tolerance=()):
    lists = [",".join(map(text, numbers)) or "-" for numbers in (params, values, expected, tolerance)]
    out.write(" ".join([kind, name, *lists]) + "\n")


def gradient(f, args):
    slopes = []
    for k, arg in enumerate(args):
        h = abs(arg) * STEP if arg else STEP
        low, high = ([a + d if i == k else a for i, a in enumerate(args)] for d in (-h, h))
        slopes.append((f(*high) - f(*low)) / (2 * h))
    return slopes


def sensitivity(f, args):
    """The change of each result when each argument changes by half an ulp."""
    base = f(*args)
    changes = [mp.mpf(0)] * len(base)
    for k in range(len(args)):
        moved = f(*[a * (1 + EPS) if i == k else a for i, a in enumerate(args)])
        changes = [c + abs(m - b) for c, m, b in zip(changes, moved, base)]
    return changes


def student_quantile(v, m, s, p):
    """SciPy 1.15's quantile has 9 digits only."""
    with mp.workdps(30):
        half = lambda t: mp.betainc(mp.mpf(v) / 2, mp.mpf("0.5"), 0, v / (v + t * t), regularized=True) / 2
        cdf = lambda t: half(t) if t < 0 else 1 - half(t)
        root = mp.findroot(lambda t: cdf(t) - mp.mpf(p), stats.t.ppf(p, v) or mp.mpf("0.1")) if p != 0.5 else 0
    return float(m + s * root)


def quantile(name, params, frozen, p):
    if name == "StudentT":
        return student_quantile(*params, p)
    # SciPy's tangent near π/2 loses digits.
    return float(params[0] * mp.tan(mp.pi * mp.mpf(p) / 2)) if name == "HalfCauchy" else frozen.ppf(p)


def von_mises_cdf(m, k, x):
    """SciPy's has no relative precision in the tail."""
    with mp.workdps(30):
        return mp.quad(lambda t: mp.exp(k * mp.cos(t)), mp.linspace(-mp.pi, x - m, 9)) / (2 * mp.pi * mp.besseli(0, k))


def main():
    with open("golden.txt", "w", encoding="utf-8") as out:
        for name, rows in ROWS.items():
            for params, values in rows:
                for x in values:
                    exact = [mp.mpf(p) for p in params]
                    log, fixed = LOG[name], mp.mpf(x)
                    # Counts have no derivative, and are exact.
                    f = (lambda *a: log(*a, fixed)) if name in COUNTS else log
                    args = exact if name in COUNTS else exact + [fixed]
                    if name.startswith("Binomial"):
                        f, args = (lambda q: log(exact[0], q, fixed)), exact[1:]
                    if name == "Uniform":
                        f, args = (lambda *a: log(*a, fixed)), exact
                    value = f(*args)
                    write(out, "logProb", name, params, [x], [value], sensitivity(lambda *a: [f(*a)], args))
                    slopes = gradient(f, args)
                    write(out, "gradient", name, params, [x], slopes, sensitivity(lambda *a: gradient(f, a), args))
                    if name in SCIPY and max(map(abs, params)) < 100 and abs(x) < 100:
                        frozen = SCIPY[name](*params)
                        theirs = frozen.logpmf(x) if name in COUNTS else frozen.logpdf(x)
                        near = abs(theirs - float(value)) <= 1e-9 * max(1, abs(float(value)))
                        assert near or math.isinf(theirs), (name, params, x, theirs, value)
        for name, rows in ROWS.items():
            if name not in SCIPY:
                continue
            params = rows[0][0]
            frozen = SCIPY[name](*params)
            if name not in ("Cauchy", "HalfCauchy", "VonMises"):
                write(out, "mean", name, params, [], [frozen.mean()])
                write(out, "variance", name, params, [], [frozen.var()])
            if name not in ("Poisson", "Binomial", "NegativeBinomial"):
                write(out, "entropy", name, params, [], [frozen.entropy()])
            grid = [0.001, 0.1, 0.5, 0.7, 0.9999] if name not in COUNTS else []
            for p in grid:
                x = quantile(name, params, frozen, p)
                write(out, "cdf", name, params, [x], [von_mises_cdf(*params, x) if name == "VonMises" else frozen.cdf(x)])
                if name != "VonMises":
                    write(out, "icdf", name, params, [p], [x])
            for k in [0, 1, 2, 7] if name in COUNTS else []:
                write(out, "cdf", name, params, [k], [frozen.cdf(k)])


main()
