"""Layers of products and tables."""

import torch
from torch import nn

from golden import layer

layer("Dense", nn.Linear(3, 2), [torch.randn(4, 3)], **{"in": 3, "out": 2})
layer("Dense", nn.Linear(3, 2, bias=False), [torch.randn(2, 4, 3)], **{"in": 3, "out": 2, "bias": False})
