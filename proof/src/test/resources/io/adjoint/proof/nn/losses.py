"""Losses of several tensors."""

import torch
from torch import nn

from golden import loss

for reduction in ("mean", "sum", "none"):
    loss(
        "TripletMargin", nn.TripletMarginLoss(margin=0.7, reduction=reduction),
        [torch.randn(5, 3), torch.randn(5, 3), torch.randn(5, 3)], margin=0.7, reduction=reduction,
    )
