"""Normalizations."""

import torch
from torch import nn

from golden import layer

running = {"running_mean": "runningMean", "running_var": "runningVariance"}
for train in (True, False):
    norm = nn.BatchNorm2d(3, eps=1e-4, momentum=0.3)
    norm.running_mean.uniform_(-1, 1)
    norm.running_var.uniform_(0.5, 2)
    layer(
        "BatchNorm2d", norm, [torch.randn(4, 3, 2, 5) * 3 + 1], train=train, names=lambda n: running.get(n, n),
        channels=3, eps=1e-4, momentum=0.3,
    )
