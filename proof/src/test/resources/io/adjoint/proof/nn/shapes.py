"""Layers that change shapes, and those that wrap others."""

import torch
from torch import nn

from golden import layer

layer("Flatten", nn.Flatten(), [torch.randn(2, 3, 4)])
layer("Flatten", nn.Flatten(-2), [torch.randn(2, 3, 2, 2)], axis=-2)
layer("Unflatten", nn.Unflatten(1, (2, 3)), [torch.randn(2, 6, 2)], axis=1, sizes=[2, 3])
layer("Unflatten", nn.Unflatten(-1, (2, -1)), [torch.randn(3, 8)], axis=-1, sizes=[2, -1])
layer("Identity", nn.Identity(), [torch.randn(2, 3)])
MODES = {"NEAREST": ("nearest", None), "LINEAR": ("bilinear", False), "LINEAR_CORNERS": ("bilinear", True)}
for mode, (theirs, corners) in MODES.items():
    up = nn.Upsample((5, 9), mode=theirs, align_corners=corners)
    layer("Upsample", up, [torch.randn(2, 2, 3, 4)], mode=mode, sizes=[5, 9])
    up = nn.Upsample(scale_factor=(2.0, 1.5), mode=theirs, align_corners=corners, recompute_scale_factor=False)
    layer("Upsample", up, [torch.randn(2, 2, 3, 4)], mode=mode, factors=[2.0, 1.5])
layer("Upsample", nn.Upsample(scale_factor=3.0), [torch.randn(2, 2, 5)], mode="NEAREST", factors=[3.0])
layer("PixelShuffle", nn.PixelShuffle(2), [torch.randn(2, 8, 3, 2)], factor=2)
layer("PixelShuffle", nn.PixelShuffle(3), [torch.randn(9, 2, 3)], factor=3)
layer("PixelUnshuffle", nn.PixelUnshuffle(2), [torch.randn(2, 3, 4, 6)], factor=2)
layer("ChannelShuffle", nn.ChannelShuffle(2), [torch.randn(2, 6, 2, 3)], groups=2)
layer("ChannelShuffle", nn.ChannelShuffle(3), [torch.randn(2, 6, 3)], groups=3)
layer("Unfold", nn.Unfold((2, 3)), [torch.randn(2, 3, 4, 5)], kernel=[2, 3])
layer(
    "Unfold", nn.Unfold((2, 3), (2, 1), (1, 0), (1, 2)), [torch.randn(3, 5, 5)],
    kernel=[2, 3], dilation=[2, 1], padding=[1, 0], stride=[1, 2],
)
layer("Fold", nn.Fold((4, 5), (2, 3)), [torch.randn(2, 18, 9)], kernel=[2, 3], sizes=[4, 5])
layer(
    "Fold", nn.Fold((5, 5), (2, 3), (2, 1), (1, 0), (1, 2)), [torch.randn(12, 10)],
    kernel=[2, 3], dilation=[2, 1], padding=[1, 0], stride=[1, 2], sizes=[5, 5],
)
layer("Pad", nn.ZeroPad2d((1, 2, 0, 3)), [torch.randn(2, 3, 2)], mode="ZEROS", pads=[1, 2, 0, 3])
layer("Pad", nn.ReflectionPad2d((1, 2, 0, 1)), [torch.randn(2, 3, 4)], mode="REFLECT", pads=[1, 2, 0, 1])
layer("Pad", nn.ReplicationPad1d((1, 2)), [torch.randn(2, 3)], mode="REPLICATE", pads=[1, 2])
layer("Pad", nn.CircularPad1d((2, 1)), [torch.randn(2, 3)], mode="CIRCULAR", pads=[2, 1])


class Residual(nn.Module):
    def __init__(self, module, shortcut):
        super().__init__()
        self.layer = module
        self.shortcut = shortcut

    def forward(self, x):
        return self.shortcut(x) + self.layer(x)


layer("Residual", Residual(nn.Linear(2, 2), nn.Identity()), [torch.randn(3, 2)])
layer("Residual", Residual(nn.Linear(2, 3), nn.Linear(2, 3)), [torch.randn(3, 2)], shortcut=True)


class Stacked(nn.Module):
    """Two dense models with tanh between, the weights of both in one parameter, and a batch for both."""

    def __init__(self, first, second):
        super().__init__()
        self.first = nn.Parameter(torch.stack([m.weight.detach() for m in first]))
        self.bias = nn.Parameter(torch.stack([m.bias.detach() for m in first]))
        self.second = nn.Parameter(torch.stack([m.weight.detach() for m in second]))
        self.last = nn.Parameter(torch.stack([m.bias.detach() for m in second]))

    def forward(self, x):
        hidden = torch.tanh(torch.vmap(nn.functional.linear, in_dims=(None, 0, 0))(x, self.first, self.bias))
        return torch.vmap(nn.functional.linear)(hidden, self.second, self.last)


layer(
    "Ensemble", Stacked([nn.Linear(2, 3), nn.Linear(2, 3)], [nn.Linear(3, 2), nn.Linear(3, 2)]), [torch.randn(4, 2)],
    names={
        "first": "model.0.weight", "bias": "model.0.bias", "second": "model.2.weight", "last": "model.2.bias",
    }.get,
)
