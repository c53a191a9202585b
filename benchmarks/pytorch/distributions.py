"""DistributionSpeed in PyTorch, on one thread: python3 distributions.py"""

import statistics
import time

import torch
from torch import distributions as d

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
SECONDS = 0.4

FAMILIES = [
    d.Normal(0.5, 2.0), d.LogNormal(0.5, 0.7), d.Uniform(-1.0, 3.0), d.Laplace(0.5, 2.0), d.Cauchy(0.5, 2.0), d.Gumbel(0.5, 2.0),
    d.Exponential(1.5), d.Weibull(2.0, 1.5), d.Gamma(2.5, 1.5), d.Beta(2.5, 1.5), d.StudentT(4.0, 0.5, 2.0), d.VonMises(0.5, 2.0),
    d.Bernoulli(0.3), d.Poisson(12.5), d.Binomial(40, torch.tensor(0.3)), d.NegativeBinomial(5.5, torch.tensor(0.3)),
]


def measure(run):
    for _ in range(2):
        times = []
        begin = time.perf_counter()
        while len(times) < 5 or time.perf_counter() - begin < SECONDS:
            before = time.perf_counter()
            run()
            times.append(time.perf_counter() - before)
    return statistics.median(times) * 1e6


print("family | sample 1 | 1,000,000 | logProb 1 | 1,000,000 (µs)")
for family in FAMILIES:
    line = [type(family).__name__]
    for size in (1, 1_000_000):
        line.append(f"{measure(lambda: family.sample((size,))):.1f}")
    for size in (1, 1_000_000):
        values = family.sample((size,))
        line.append(f"{measure(lambda: family.log_prob(values)):.1f}")
    print(" | ".join(line), flush=True)
