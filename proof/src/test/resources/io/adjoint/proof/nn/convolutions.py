"""Convolutions and transposed convolutions."""

import torch
from torch import nn

from golden import layer


def conv(axes, in_, out, kernel, sizes, batch=(2,), transposed=False, **args):
    """A row of a layer; args are ours, of which those that PyTorch names otherwise are renamed."""
    name = ("ConvTranspose" if transposed else "Conv") + f"{axes}d"
    renamed = {"outputPadding": "output_padding", "paddingMode": "padding_mode"}
    settings = {renamed.get(k, k): tuple(v) if isinstance(v, list) else v for k, v in args.items() if k != "same"}
    if args.get("same"):
        settings["padding"] = "same"
    if "paddingMode" in args:
        settings["padding_mode"] = args["paddingMode"].lower()
    module = getattr(nn, name)(in_, out, tuple(kernel), **settings)
    layer(name, module, [torch.randn(*batch, in_, *sizes)], **{"in": in_, "out": out, "kernel": kernel, **args})


conv(2, 2, 3, [3, 3], [5, 6])
conv(2, 4, 6, [3, 2], [7, 6], stride=[2, 1], padding=[1, 2], dilation=[1, 2], groups=2, bias=False)
conv(2, 2, 3, [2, 3], [4, 5], same=True, dilation=[3, 1])
conv(2, 2, 3, [3, 3], [4, 5], batch=(), padding=[1, 1])
conv(1, 2, 3, [3], [7])
conv(1, 4, 4, [3], [9], stride=[2], padding=[2], dilation=[2], groups=4)
conv(1, 2, 3, [4], [6], same=True, bias=False)
conv(1, 2, 2, [2], [5], batch=(), same=True, dilation=[3])
conv(3, 2, 3, [2, 2, 2], [3, 4, 3])
conv(3, 2, 4, [3, 1, 2], [4, 3, 5], stride=[2, 1, 2], padding=[1, 0, 1], dilation=[1, 1, 2], groups=2)
conv(3, 1, 2, [2, 1, 3], [3, 2, 3], same=True, bias=False)
conv(1, 2, 3, [3], [4], transposed=True)
conv(1, 4, 6, [3], [4], transposed=True, stride=[3], padding=[1], outputPadding=[2], dilation=[2], groups=2, bias=False)
conv(2, 2, 3, [3, 2], [3, 4], transposed=True)
conv(2, 4, 2, [3, 2], [3, 4], transposed=True, stride=[2, 1], padding=[1, 0], outputPadding=[1, 0], groups=2)
conv(2, 2, 3, [2, 2], [3, 2], batch=(), transposed=True, bias=False)
conv(3, 2, 3, [2, 1, 2], [2, 3, 2], transposed=True)
conv(3, 2, 2, [2, 2, 3], [2, 2, 3], transposed=True, stride=[2, 1, 3], padding=[0, 1, 1], dilation=[1, 2, 1], groups=2, bias=False)

for mode in ("REFLECT", "REPLICATE", "CIRCULAR"):
    conv(1, 2, 3, [3], [5], padding=[2], paddingMode=mode)
    conv(1, 2, 2, [4], [6], batch=(), same=True, paddingMode=mode, bias=False)
    conv(2, 2, 4, [3, 2], [5, 4], stride=[2, 1], padding=[2, 1], dilation=[1, 2], groups=2, paddingMode=mode)
    conv(2, 2, 3, [2, 3], [4, 5], same=True, dilation=[3, 1], paddingMode=mode)
    conv(3, 1, 2, [2, 3, 2], [3, 4, 3], padding=[0, 1, 2], paddingMode=mode)
    conv(3, 1, 2, [2, 2, 3], [3, 3, 3], same=True, paddingMode=mode)
