"""Normalizations."""

import torch
from torch import nn

from golden import layer

running = {"running_mean": "runningMean", "running_var": "runningVariance"}


def normalization(name, module, x, train=True, counted=False, **args):
    """Running statistics begin with other values than zeros and ones."""
    if getattr(module, "running_mean", None) is not None:
        module.running_mean.uniform_(-1, 1)
        module.running_var.uniform_(0.5, 2)
    count = {"num_batches_tracked": "batchesTracked"} if counted else {}
    layer(name, module, [x], train=train, names=lambda n: {**running, **count}.get(n, n), **args)


def values(*shape):
    return torch.randn(*shape) * 3 + 1


for train in (True, False):
    kind = dict(train=train)
    normalization("BatchNorm2d", nn.BatchNorm2d(3, eps=1e-4, momentum=0.3), values(4, 3, 2, 5), channels=3, eps=1e-4, momentum=0.3, **kind)
    normalization("BatchNorm2d", nn.BatchNorm2d(3), values(2, 3, 4, 5), channels=3, **kind)
    normalization("BatchNorm1d", nn.BatchNorm1d(4), values(5, 4), channels=4, **kind)
    normalization("BatchNorm1d", nn.BatchNorm1d(2), values(3, 2, 20), channels=2, **kind)
    normalization("BatchNorm1d", nn.BatchNorm1d(2, momentum=None), values(3, 2, 4), channels=2, cumulative=True, counted=True, **kind)
    normalization("BatchNorm1d", nn.BatchNorm1d(3, affine=False), values(4, 3), channels=3, affine=False, **kind)
    normalization("BatchNorm3d", nn.BatchNorm3d(2), values(2, 2, 3, 2, 2), channels=2, **kind)
    normalization("BatchNorm3d", nn.BatchNorm3d(2, track_running_stats=False), values(2, 2, 1, 2, 2), channels=2, track=False, **kind)
    normalization("InstanceNorm1d", nn.InstanceNorm1d(2), values(3, 2, 5), channels=2, **kind)
    normalization("InstanceNorm1d", nn.InstanceNorm1d(2, affine=True), values(2, 5), channels=2, affine=True, **kind)
    normalization("InstanceNorm2d", nn.InstanceNorm2d(2, eps=1e-3, affine=True, track_running_stats=True), values(3, 2, 2, 3), channels=2, eps=1e-3, affine=True, track=True, **kind)
    normalization("InstanceNorm3d", nn.InstanceNorm3d(2, momentum=0.2, track_running_stats=True), values(2, 2, 2, 2, 3), channels=2, momentum=0.2, track=True, **kind)

normalization("LayerNorm", nn.LayerNorm(5), values(3, 5), shape=[5])
normalization("LayerNorm", nn.LayerNorm((3, 4), eps=1e-3), values(2, 3, 4), shape=[3, 4], eps=1e-3)
normalization("LayerNorm", nn.LayerNorm(4, bias=False), values(2, 3, 4), shape=[4], bias=False)
normalization("LayerNorm", nn.LayerNorm(4, elementwise_affine=False), values(2, 4), shape=[4], affine=False)
normalization("GroupNorm", nn.GroupNorm(2, 6), values(3, 6, 4), groups=2, channels=6)
normalization("GroupNorm", nn.GroupNorm(3, 6, eps=1e-3), values(2, 6), groups=3, channels=6, eps=1e-3)
normalization("GroupNorm", nn.GroupNorm(1, 4, affine=False), values(2, 4, 3, 2), groups=1, channels=4, affine=False)
normalization("RMSNorm", nn.RMSNorm(5, eps=1e-6), values(3, 5), shape=[5], eps=1e-6)
normalization("RMSNorm", nn.RMSNorm((2, 3)), values(4, 2, 3), shape=[2, 3])
normalization("RMSNorm", nn.RMSNorm(4, elementwise_affine=False), values(2, 4), shape=[4], affine=False)

for p in (0.0, 1.0):
    layer("Dropout", nn.Dropout(p), [values(3, 4)], p=p)
    layer("Dropout1d", nn.Dropout1d(p), [values(2, 3, 4)], p=p)
    layer("Dropout2d", nn.Dropout2d(p), [values(2, 3, 2, 2)], p=p)
    layer("Dropout3d", nn.Dropout3d(p), [values(2, 3, 1, 2, 2)], p=p)
    layer("AlphaDropout", nn.AlphaDropout(p), [values(3, 4)], p=p)
for name in ("Dropout", "AlphaDropout"):
    layer(name, getattr(nn, name)(0.3), [values(3, 4)], train=False, p=0.3)

for size, shape in ((1, (2, 3, 4)), (2, (2, 5, 3)), (3, (2, 4, 2, 3)), (4, (1, 6, 2, 2)), (5, (1, 3, 2, 1, 2))):
    layer(
        "LocalResponseNorm", nn.LocalResponseNorm(size, 0.3, 0.75, 1.5), [values(*shape)],
        size=size, alpha=0.3, beta=0.75, k=1.5,
    )
