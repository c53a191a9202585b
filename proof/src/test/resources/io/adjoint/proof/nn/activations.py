"""Functions of each element as layers."""

import torch
from torch import nn

from golden import layer

for name, module in [("ReLU", nn.ReLU()), ("Sigmoid", nn.Sigmoid()), ("Tanh", nn.Tanh()), ("GELU", nn.GELU())]:
    layer(name, module, [torch.randn(3, 5) * 2])
