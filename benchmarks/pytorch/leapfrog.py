"""Leapfrog steps of the example EightSchools in PyTorch, each with a gradient: python3 leapfrog.py

Prints steps per second of CPU time in one thread, with the density by torch.distributions, and by its formulas.
"""

import time

import torch
from torch.distributions import Distribution, HalfCauchy, Normal

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
ESTIMATES = torch.tensor([28.0, 8, -3, 7, -1, 1, 18, 12])
ERRORS = torch.tensor([15.0, 10, 16, 11, 9, 11, 10, 18])
PRIOR_OF_MU = Normal(0.0, 5.0)
PRIOR_OF_TAU = HalfCauchy(5.0)
PRIOR_OF_ETA = Normal(0.0, 1.0)
STEP = 0.4


def by_distributions(parameters):
    mu, log_tau, eta = parameters[0], parameters[1], parameters[2:]
    tau = log_tau.exp()
    prior = PRIOR_OF_MU.log_prob(mu) + PRIOR_OF_TAU.log_prob(tau) + log_tau + PRIOR_OF_ETA.log_prob(eta).sum()
    return prior + Normal(mu + tau * eta, ERRORS).log_prob(ESTIMATES).sum()


def by_formulas(parameters):
    mu, log_tau, eta = parameters[0], parameters[1], parameters[2:]
    tau = log_tau.exp()
    z = (mu + tau * eta - ESTIMATES) / ERRORS
    squares = z.square().sum() + eta.square().sum() + (mu / 5).square()
    return log_tau - squares / 2 - (tau / 5).square().log1p()


def value_and_gradient(density, at):
    at = at.detach().requires_grad_(True)
    value = density(at)
    return value.item(), torch.autograd.grad(value, at)[0]


def steps(density, count):
    at, momentum = torch.zeros(10), torch.full((10,), 0.1)
    _, gradient = value_and_gradient(density, at)
    for _ in range(count):
        half = momentum + gradient * (STEP / 2)
        at = at + half * STEP
        _, gradient = value_and_gradient(density, at)
        momentum = half + gradient * (STEP / 2)


def measure(name, density):
    steps(density, 500)
    best = 0
    for _ in range(5):
        start = time.process_time()
        steps(density, 1000)
        best = max(best, 1000 / (time.process_time() - start))
    print(f"{name}: {best:,.0f} per second")


measure("distributions", by_distributions)
Distribution.set_default_validate_args(False)
PRIOR_OF_MU, PRIOR_OF_TAU, PRIOR_OF_ETA = Normal(0.0, 5.0), HalfCauchy(5.0), Normal(0.0, 1.0)
measure("distributions without checks", by_distributions)
measure("formulas", by_formulas)
