"""Convolutions."""

import torch
from torch import nn

from golden import layer

layer("Conv2d", nn.Conv2d(2, 3, 3), [torch.randn(2, 2, 5, 6)], **{"in": 2, "out": 3, "kernel": [3, 3]})
layer(
    "Conv2d", nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2, bias=False),
    [torch.randn(2, 4, 7, 6)],
    **{"in": 4, "out": 6, "kernel": [3, 2], "stride": [2, 1], "padding": [1, 2], "dilation": [1, 2], "groups": 2, "bias": False},
)
