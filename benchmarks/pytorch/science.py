"""The fits and the option of ScienceSpeed in PyTorch: python3 science.py 10 30 100 300 asian

Fits by Levenberg and Marquardt's method with the Jacobian of torch.func.jacrev or jacfwd, whichever is shorter, on one thread.
"""

import sys
import time

import torch
from torch.func import jacfwd, jacrev

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
SECONDS = 3
STEPS, PATHS, STRIKE = 252, 20_000, 100


def uniform(count):
    numbers, state = [], 1
    for _ in range(count):
        state = state * 48271 % 2147483647
        numbers.append(2.0 * state / 2147483647 - 1)
    return torch.tensor(numbers)


def problem(n, m):
    numbers = uniform(m * n + n)
    a = numbers[: m * n].reshape(m, n) * (10 / n) ** 0.5
    y = torch.tanh(a @ numbers[m * n :]) + 0.01
    return lambda p: torch.tanh(a @ p) - y


def fit(residuals, n):
    """The damping is divided by ten after a step that lowers the cost, and multiplied by ten after another."""
    p = torch.zeros(n)
    r = residuals(p)
    cost, damping = 0.5 * r.dot(r), 1e-3
    jacobian = jacfwd(residuals) if n < r.numel() else jacrev(residuals)
    for _ in range(100):
        j = jacobian(p)
        gradient, matrix = j.T @ r, j.T @ j
        while True:
            damped = matrix + damping * torch.diag(matrix.diagonal())
            step = torch.linalg.solve(damped, -gradient)
            trial = residuals(p + step)
            trial_cost = 0.5 * trial.dot(trial)
            if trial_cost <= cost or damping > 1e12:
                break
            damping *= 10
        drop = cost - trial_cost
        p, r, cost, damping = p + step, trial, trial_cost, damping / 10
        if drop <= 1e-14 * cost:
            return cost.item()
    raise RuntimeError("no convergence")


def asian(z):
    market = [torch.tensor(x, requires_grad=True) for x in (100.0, 0.2, 0.03)]
    spot, volatility, rate = market
    dt = 1 / STEPS
    growth = (z * (volatility * dt**0.5) + (rate - volatility.square() / 2) * dt).cumsum(0).exp()
    value = (growth.mean(0) * spot - STRIKE).relu().mean() * (-rate).exp()
    return sum(x.item() for x in torch.autograd.grad(value, market))


def measure(name, run):
    begin = time.perf_counter()
    while time.perf_counter() - begin < SECONDS:
        result = run()
    wall = cpu = float("inf")
    begin = time.perf_counter()
    while time.perf_counter() - begin < SECONDS:
        cpu_before, before = time.thread_time(), time.perf_counter()
        result = run()
        wall = min(wall, time.perf_counter() - before)
        cpu = min(cpu, time.thread_time() - cpu_before)
    print(f"{name:24s} {wall * 1e3:10.3f} ms, CPU {cpu * 1e3:10.3f} ms, result {result:.10g}", flush=True)


arguments = sys.argv[1:]
while arguments:
    first = arguments.pop(0)
    if first == "asian":
        paths = (torch.erfinv(uniform(STEPS * PATHS)) * 2**0.5).reshape(STEPS, PATHS)
        measure("asian", lambda: asian(paths))
    else:
        n, m = int(first), int(arguments.pop(0))
        residuals = problem(n, m)
        measure(f"fit {n} {m}", lambda: fit(residuals, n))
