"""Layers of products and tables."""

import torch
from torch import nn
from torch.nn.utils import parametrizations

from golden import layer

layer("Dense", nn.Linear(3, 2), [torch.randn(4, 3)], **{"in": 3, "out": 2})
layer("Dense", nn.Linear(3, 2, bias=False), [torch.randn(2, 4, 3)], **{"in": 3, "out": 2, "bias": False})

layer("Bilinear", nn.Bilinear(2, 3, 4), [torch.randn(5, 2), torch.randn(5, 3)], in1=2, in2=3, out=4)
layer(
    "Bilinear", nn.Bilinear(2, 3, 2, bias=False), [torch.randn(2, 3, 2), torch.randn(2, 3, 3)],
    in1=2, in2=3, out=2, bias=False,
)

numbers = torch.tensor([[0, 3, 1], [3, 3, 2]], dtype=torch.int32)
layer("Embedding", nn.Embedding(4, 3), [numbers], count=4, features=3)
layer("Embedding", nn.Embedding(4, 3, padding_idx=3), [numbers], count=4, features=3, padding=3)
layer("Embedding", nn.Embedding(4, 3, padding_idx=-3), [numbers], count=4, features=3, padding=-3)
layer(
    "Embedding", nn.Embedding.from_pretrained(torch.randn(4, 3), freeze=False), [numbers[0]],
    initialize=False, count=4, features=3, pretrained=True,
)
flat = torch.tensor([0, 3, 1, 3, 2, 2], dtype=torch.int32)
offsets = torch.tensor([0, 2, 2, 5], dtype=torch.int32)
for mode in ("mean", "sum", "max"):
    bag = dict(count=4, features=3, mode=mode)
    layer("EmbeddingBag", nn.EmbeddingBag(4, 3, mode=mode), [numbers], **bag)
    layer("EmbeddingBag", nn.EmbeddingBag(4, 3, mode=mode), [flat, offsets], **bag)
    layer("EmbeddingBag", nn.EmbeddingBag(4, 3, mode=mode, padding_idx=3), [numbers], padding=3, **bag)
    layer("EmbeddingBag", nn.EmbeddingBag(4, 3, mode=mode, padding_idx=3), [flat, offsets], padding=3, **bag)
weighted = dict(count=4, features=3, mode="sum")
layer(
    "EmbeddingBag", nn.EmbeddingBag(4, 3, mode="sum"), [numbers, torch.randn(2, 3)],
    call=lambda m, x, w: (m(x, per_sample_weights=w),), **weighted,
)
layer("EmbeddingBag", nn.EmbeddingBag(4, 3, mode="sum"), [flat, offsets, torch.randn(6)], **weighted)


def parametrized(name, make, inputs, train=True, **args):
    """A layer with a parametrization of its weight."""
    short = {
        "parametrizations.weight.original0": "magnitude", "parametrizations.weight.original1": "direction",
        "parametrizations.weight.original": "weight", "parametrizations.weight.0._u": "u",
        "parametrizations.weight.0._v": "v",
    }
    layer(name, make, inputs, train=train, names=lambda n: short.get(n, n), **args)


for train in (True, False):
    for kind, make, x in (
        ("Dense", lambda: nn.Linear(3, 2), torch.randn(4, 3)),
        ("Conv2d", lambda: nn.Conv2d(2, 3, 2), torch.randn(2, 2, 4, 3)),
        ("ConvTranspose1d", lambda: nn.ConvTranspose1d(2, 3, 2), torch.randn(2, 2, 4)),
    ):
        sizes = {"layer": kind, "in": x.shape[1], "out": 2 if kind == "Dense" else 3}
        parametrized("WeightNorm", parametrizations.weight_norm(make()), [x.clone()], train=train, **sizes)
        parametrized("SpectralNorm", parametrizations.spectral_norm(make()), [x.clone()], train=train, **sizes)

# ---- rows of a largest norm, and gradients by frequency ----

for settings in (
    {"maxNorm": 0.8}, {"maxNorm": 0.5, "normType": 1.0}, {"maxNorm": 0.6, "normType": float("inf"), "padding": 3},
    {"scaleGradByFreq": True}, {"maxNorm": 0.7, "normType": 3.0, "scaleGradByFreq": True, "padding": 1},
):
    renamed = {"maxNorm": "max_norm", "normType": "norm_type", "scaleGradByFreq": "scale_grad_by_freq", "padding": "padding_idx"}
    theirs = {renamed[k]: v for k, v in settings.items()}
    layer("Embedding", nn.Embedding(4, 3, **theirs), [numbers], count=4, features=3, **settings)
    layer("Embedding", nn.Embedding(4, 3, **theirs), [numbers], train=False, count=4, features=3, **settings)
    for mode in ("mean", "sum") if "scaleGradByFreq" in settings else ("mean", "sum", "max"):
        bag = dict(count=4, features=3, mode=mode, **settings)
        layer("EmbeddingBag", nn.EmbeddingBag(4, 3, mode=mode, **theirs), [numbers], **bag)
        layer("EmbeddingBag", nn.EmbeddingBag(4, 3, mode=mode, **theirs), [flat, offsets], **bag)

# ---- a softmax with a head and clusters ----

for sizes in ({"in": 16, "classes": 9, "cutoffs": [3, 5]}, {"in": 4, "classes": 5, "cutoffs": [2]}):
    make = lambda: nn.AdaptiveLogSoftmaxWithLoss(sizes["in"], sizes["classes"], sizes["cutoffs"])
    target = torch.randint(0, sizes["classes"], (6,), dtype=torch.int32)
    layer("AdaptiveLogSoftmax", make(), [torch.randn(6, sizes["in"]), target], call=lambda m, x, t: (m(x, t.long()).output,), **sizes)
    layer("AdaptiveLogSoftmax", make(), [torch.randn(3, sizes["in"])], call=lambda m, x: (m.log_prob(x),), **sizes)
