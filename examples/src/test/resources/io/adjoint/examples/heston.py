"""Prints the value of the European call of SmallExamplesTest in Heston's model, its derivatives, and its gamma, with mpmath.

The formula is Heston's (1993), with the characteristic function as Albrecher et al. (2007) write it. python3 heston.py
"""
from mpmath import diff, exp, log, mp, mpc, mpf, pi, quad, sqrt

mp.dps = 20
STRIKE = 100


def characteristic(u, spot, v, kappa, theta, xi, rho, rate):
    b = kappa - rho * xi * 1j * u
    d = sqrt(b**2 + xi**2 * (1j * u + u**2))
    g = (b - d) / (b + d)
    drift = kappa * theta / xi**2 * ((b - d) - 2 * log((1 - g * exp(-d)) / (1 - g)))
    return exp(1j * u * (log(spot) + rate) + drift + v / xi**2 * (b - d) * (1 - exp(-d)) / (1 - g * exp(-d)))


def call(*market):
    spot, rate = market[0], market[-1]

    def above(shift, scale):
        f = lambda u: (exp(-1j * u * log(STRIKE)) * characteristic(mpc(u, -shift), *market) / (1j * u * scale)).real
        return mpf(1) / 2 + quad(f, [mpf(10) ** -12, 5, 20, 60, 150]) / pi

    return spot * above(1, spot * exp(rate)) - STRIKE * exp(-rate) * above(0, 1)


market = [mpf(x) for x in ("100", "0.04", "1.5", "0.04", "0.3", "-0.7", "0.03")]
print("value", float(call(*market)))
for k in range(len(market)):
    print("first", k, float(diff(call, tuple(market), tuple(int(i == k) for i in range(len(market))), h=mpf("1e-5"))))
print("gamma", float(diff(lambda s: call(s, *market[1:]), market[0], 2, h=mpf("1e-3"))))
