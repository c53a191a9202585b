"""Activations as layers."""

import torch
from torch import nn

from golden import layer


def activation(name, module, shape=(3, 5), scale=2, **args):
    train = args.pop("train", True)
    initialize = args.pop("initialize", True)
    layer(name, module, [torch.randn(*shape) * scale], train=train, initialize=initialize, **args)


class Composed(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.forward = function


for name in ("ReLU", "Sigmoid", "Tanh", "GELU", "SELU", "SiLU", "Mish", "Softsign", "LogSigmoid", "Tanhshrink"):
    activation(name, getattr(nn, name)())
activation("ReLU6", nn.ReLU6(), scale=6)
# The constant 1/6 in PyTorch's own gradient, and 1/alpha of CELU, have the digits of a float only: these are composed.
activation("Hardsigmoid", Composed(lambda x: (x / 6 + 0.5).clamp(0, 1)), scale=4)
activation("Hardswish", nn.Hardswish(), scale=4)
activation("GELU", nn.GELU("tanh"), approximate="tanh")
activation("LeakyReLU", nn.LeakyReLU())
activation("LeakyReLU", nn.LeakyReLU(0.3), slope=0.3)
activation("ELU", nn.ELU())
activation("ELU", nn.ELU(0.7), alpha=0.7)
activation("CELU", nn.CELU())
activation("CELU", Composed(lambda x: torch.where(x > 0, x, 1.7 * torch.expm1(x / 1.7))), alpha=1.7)
activation("Softplus", nn.Softplus())
activation("Softplus", nn.Softplus(2, 1.5), beta=2, threshold=1.5)
activation("Hardtanh", nn.Hardtanh())
activation("Hardtanh", nn.Hardtanh(-0.5, 2), min=-0.5, max=2)
activation("Softshrink", nn.Softshrink())
activation("Softshrink", nn.Softshrink(1.2), **{"lambda": 1.2})
activation("Hardshrink", nn.Hardshrink())
activation("Hardshrink", nn.Hardshrink(1.2), **{"lambda": 1.2})
activation("Threshold", nn.Threshold(0.3, -4), threshold=0.3, value=-4)
activation("Softmax", nn.Softmax(-1), axis=-1)
activation("Softmax", nn.Softmax(1), (2, 3, 4), axis=1)
activation("Softmin", nn.Softmin(0), axis=0)
activation("LogSoftmax", nn.LogSoftmax(1), (2, 3, 4), axis=1)
activation("GLU", nn.GLU(1), (2, 6, 3), axis=1)
activation("PReLU", nn.PReLU(), initialize=False)
activation("PReLU", nn.PReLU(3), (2, 3, 2, 2), channels=3)
activation("PReLU", nn.PReLU(4), (5, 4), channels=4)
activation("RReLU", nn.RReLU(), train=False)
activation("RReLU", nn.RReLU(-0.2, 0.7), train=False, lower=-0.2, upper=0.7)
