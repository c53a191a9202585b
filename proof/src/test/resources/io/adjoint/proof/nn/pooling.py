"""Pooling."""

import torch
from torch import nn

from golden import layer

SIZES = {1: (9,), 2: (7, 8), 3: (5, 4, 6)}


def pool(name, axes, kernel, lead=(2, 3), **args):
    """A row of a layer of windows; args are ours."""
    renamed = {"ceilMode": "ceil_mode", "countPadding": "count_include_pad"}
    settings = {renamed.get(k, k): tuple(v) if isinstance(v, list) else v for k, v in args.items()}
    module = getattr(nn, f"{name}{axes}d")(tuple(kernel), **settings)
    layer(f"{name}{axes}d", module, [torch.randn(*lead, *SIZES[axes])], kernel=kernel, **args)


for axes in (1, 2, 3):
    kernel = [2, 3, 2][:axes]
    ones = [1] * axes
    pool("MaxPool", axes, kernel)
    pool("MaxPool", axes, kernel, stride=[2, 1, 3][:axes], padding=ones, ceilMode=True)
    pool("MaxPool", axes, kernel, lead=(3,), stride=ones, dilation=[2, 1, 2][:axes])
    pool("AvgPool", axes, kernel)
    pool("AvgPool", axes, kernel, stride=[2, 1, 3][:axes], padding=ones, ceilMode=True)
    pool("AvgPool", axes, kernel, lead=(3,), stride=[1, 2, 1][:axes], padding=ones, countPadding=False)
    for name in (f"AdaptiveMaxPool{axes}d", f"AdaptiveAvgPool{axes}d"):
        for sizes in ([3], [5, 3, 4][:axes]):
            module = getattr(nn, name)(sizes[0] if len(sizes) == 1 else tuple(sizes))
            layer(name, module, [torch.randn(2, 3, *SIZES[axes])], sizes=sizes)
    for name, function in (("GlobalAvgPool", torch.mean), ("GlobalMaxPool", torch.amax)):
        over = tuple(range(2, 2 + axes))
        layer(name, nn.Identity(), [torch.randn(2, 3, *SIZES[axes])], call=lambda m, x: (function(x, over),))


for axes in (1, 2, 3):
    kernel = [2, 3, 2][:axes]
    for p, stride, ceil in ((1, None, False), (2, [1] * axes, False), (4, [2, 1, 3][:axes], True)):
        sizes = [n[0] if axes == 1 else tuple(n) for n in (kernel, stride or kernel)]
        module = getattr(nn, f"LPPool{axes}d")(p, *sizes, ceil)
        args = {"p": p, "kernel": kernel, **({"stride": stride} if stride else {}), **({"ceilMode": True} if ceil else {})}
        layer(f"LpPool{axes}d", module, [torch.randn(2, 3, *SIZES[axes])], **args)
    x = torch.rand(3, *SIZES[axes]) + 0.1
    layer(f"LpPool{axes}d", getattr(nn, f"LPPool{axes}d")(2.5, kernel[0]), [x], p=2.5, kernel=kernel[:1])


def unpool(axes, kernel, shape, sizes=None, **args):
    """A row of a layer that undoes pooling, of what was pooled. No windows overlap: PyTorch counts repeated indices twice."""
    settings = {k: tuple(v) for k, v in args.items()}
    pooling = getattr(nn, f"MaxPool{axes}d")(tuple(kernel), return_indices=True, **settings)
    module = getattr(nn, f"MaxUnpool{axes}d")(tuple(kernel), **settings)
    if sizes:
        args["sizes"] = sizes
    layer(
        f"MaxUnpool{axes}d", module, [torch.randn(*shape)],
        call=lambda m, x: (m(*pooling(x), output_size=sizes),), kernel=kernel, **args,
    )


for axes in (1, 2, 3):
    kernel = [2, 3, 2][:axes]
    sizes = SIZES[axes]
    unpool(axes, kernel, (2, 3, *(2 * k for k in kernel)))
    unpool(axes, kernel, (3, *sizes), sizes=list(sizes))
    unpool(axes, kernel, (2, 3, *sizes), stride=[3, 4, 3][:axes], padding=[1] * axes, sizes=list(sizes))
