"""Recurrent networks and their cells."""

import torch
from torch import nn

from golden import layer

memory = {
    "weight_ih_l0": "inputWeight", "weight_hh_l0": "hiddenWeight", "bias_ih_l0": "inputBias", "bias_hh_l0": "hiddenBias",
}


def run_memory(module, x, h, c):
    y, (h, c) = module(x, (h[None], c[None]))
    return y, h[0], c[0]


layer(
    "LSTM", nn.LSTM(3, 4, batch_first=True), [torch.randn(2, 5, 3), torch.randn(2, 4), torch.randn(2, 4)], call=run_memory,
    names=memory.get, **{"in": 3, "hidden": 4},
)
