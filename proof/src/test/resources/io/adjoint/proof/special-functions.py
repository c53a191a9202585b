"""Writes special-functions.txt: values of special functions by mpmath with 60 digits, and how many ulps each may be off.

The bound is 4 times 1 plus the condition number, the sum of |argument · derivative / value| over the arguments: the error that rounding
the arguments makes. Names: the function; igamma_a, igamma_aa are derivatives.
"""
import random

import mpmath as mp

mp.mp.dps = 60
random.seed(46)


def power(low, high):
    return 10 ** random.uniform(low, high)


def P(a, x):
    return mp.gammainc(a, 0, x, regularized=True)


def Q(a, x):
    return mp.gammainc(a, x, mp.inf, regularized=True)


def I(a, b, x):
    return mp.betainc(a, b, 0, x, regularized=True)


def by(f, k, n=1):
    h = mp.mpf(10) ** -30

    def derivative(*args):
        with mp.workdps(400):
            at = lambda s: f(*[v * (1 + s * h) if i == k else v for i, v in enumerate(args)])
            step = args[k] * h
            return (at(1) - at(-1)) / (2 * step) if n == 1 else (at(1) - 2 * at(0) + at(-1)) / step**2

    return derivative


def near(a):
    return max(a + random.uniform(-6, 6) * mp.sqrt(a), a / 50)


def gamma():
    a = power(-4, 3)
    return a, float(near(a)) if random.random() < 0.7 else power(-6, 2.5)


def beta():
    a, b = power(-3, 2.5), power(-3, 2.5)
    m = a / (a + b)
    x = m + random.uniform(-4, 4) * (m * (1 - m) / (a + b + 1)) ** 0.5
    return a, b, x if 1e-3 < x < 0.999 else random.uniform(0.01, 0.99)


def Phi(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


ANY = lambda: (random.uniform(-30, 30),)
FUNCTIONS = {
    "erfcx": (lambda x: mp.exp(x * x) * mp.erfc(x), lambda: (random.uniform(-20, 40),)),
    "i0": (lambda x: mp.besseli(0, x), ANY),
    "i0e": (lambda x: mp.besseli(0, x) * mp.exp(-abs(x)), ANY),
    "i1": (lambda x: mp.besseli(1, x), ANY),
    "i1e": (lambda x: mp.besseli(1, x) * mp.exp(-abs(x)), ANY),
    "ndtr": (Phi, lambda: (random.uniform(-37, 8),)),
    "logNdtr": (
        lambda x: mp.log1p(-Phi(-x)) if x > 0 else mp.log(Phi(x)),
        lambda: (random.uniform(-300, 8),),
    ),
    "ndtri": (lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1), lambda: (random.uniform(0.01, 0.99),)),
    "zeta": (lambda s, q: mp.zeta(s, q), lambda: (1 + power(-3, 1), power(-1, 1))),
    "igamma": (P, gamma),
    "igammac": (Q, gamma),
    "igamma_a": (by(P, 0), gamma),
    "igamma_aa": (by(P, 0, 2), gamma),
    "betainc": (I, beta),
    "betainc_a": (by(I, 0), beta),
    "betainc_b": (by(I, 1), beta),
}

with open("special-functions.txt", "w") as file:
    for name, (f, draw) in FUNCTIONS.items():
        count = 0
        while count < 30:
            args = [float(v) for v in draw()]
            exact = [mp.mpf(v) for v in args]
            value = f(*exact)
            if not 1e-290 < abs(value) < 1e290 or abs(1 - abs(value)) < 1e-12:
                continue
            tiny = mp.mpf(10) ** -8
            moved = lambda k: f(*[v * (1 + tiny) if i == k else v for i, v in enumerate(exact)])
            condition = sum(abs(moved(k) / value - 1) / tiny for k in range(len(args)))
            file.write(f"{name} {' '.join(map(repr, args))} {mp.nstr(value, 25)} {mp.nstr(4 * (1 + condition), 3)}\n")
            count += 1
