"""Attention and transformers. True in a mask of a row means that a key may be seen, the opposite of what PyTorch's layers take."""

import re

import torch
import torch.nn.functional as F
from torch import nn

from golden import layer


def camel(name):
    return re.sub(r"_([a-z])", lambda match: match.group(1).upper(), name)


def hidden(shape, kinds, masks):
    """The masks of a row as one that is added to scores of this shape."""
    added = torch.zeros(shape)
    for kind, mask in zip(kinds, masks):
        if kind == "bias":
            added = added + mask
        elif kind == "keys":
            added = added.masked_fill(~mask[:, None, None, :], -torch.inf)
        else:
            added = added.masked_fill(~mask, -torch.inf)
    if "causal" in kinds:
        added = added.masked_fill(~torch.ones(shape[-2:], dtype=torch.bool).tril(), -torch.inf)
    return added


def masks(kinds, n, queries, keys):
    """One tensor for each kind that is not causal, which is the last one."""
    made = {
        "visible": lambda: torch.rand(queries, keys) < 0.6,
        "visibleByHead": lambda: torch.rand(n, 2, queries, keys) < 0.6,
        "keys": lambda: torch.arange(keys) < torch.tensor([keys, keys - 2] + [0] * (n - 2))[:, None],
        "bias": lambda: torch.randn(queries, keys),
    }
    return [made[kind]() for kind in kinds if kind != "causal"]


class Grouped(nn.Module):
    """What MultiheadAttention computes, with heads of keys and values that several heads of queries share."""

    def __init__(self, width, heads, groups, turn=lambda x: x):
        super().__init__()
        self.turn = turn
        self.heads, self.groups, self.each = heads, groups, width // heads
        self.in_proj_weight = nn.Parameter(torch.empty(width + 2 * groups * self.each, width))
        self.in_proj_bias = nn.Parameter(torch.empty(width + 2 * groups * self.each))
        self.out_proj = nn.Linear(width, width)

    def forward(self, query, key, value, attn_mask=None, need_weights=False, **_):
        width = self.heads * self.each
        sizes = [width, self.groups * self.each, self.groups * self.each]
        weights, biases = self.in_proj_weight.split(sizes), self.in_proj_bias.split(sizes)
        q, k, v = (
            F.linear(x, w, b).unflatten(-1, (-1, self.each)).transpose(1, 2)
            for x, w, b in zip((query, key, value), weights, biases)
        )
        q, k = self.turn(q), self.turn(k)
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=attn_mask, enable_gqa=True)
        return (self.out_proj(attended.transpose(1, 2).flatten(-2)),)


def attention(module, heads, inputs, kinds=(), weights=False, train=True, **args):
    """Inputs are query, key and value, or one tensor for all three."""
    n, queries, keys = inputs[0].shape[0], inputs[0].shape[1], inputs[-1].shape[1]
    count = len(inputs)

    def call(m, *x):
        q, k, v = x[:3] if count == 3 else (x[0], x[0], x[0])
        mask = hidden((n, heads, queries, keys), kinds, x[count:])
        if isinstance(m, nn.MultiheadAttention):
            mask = mask.flatten(0, 1)
        y = m(q, k, v, attn_mask=mask if kinds else None, need_weights=weights, **({"average_attn_weights": False} if weights else {}))
        return y if weights else y[:1]

    layer(
        "MultiHeadAttention", module, inputs + masks(kinds, n, queries, keys), call=call, names=camel, train=train,
        heads=heads, masks=list(kinds), weights=weights, given=count, **args,
    )


def multihead(heads=2, embedding=6, **options):
    return nn.MultiheadAttention(embedding, heads, batch_first=True, **options)


def three(key=6, value=6, n=2):
    return [torch.randn(n, 3, 6), torch.randn(n, 4, key), torch.randn(n, 4, value)]


attention(multihead(), 2, [torch.randn(2, 4, 6)], embedding=6)
attention(multihead(), 2, [torch.randn(2, 4, 6)], weights=True, embedding=6)
attention(multihead(), 2, three(), embedding=6)
attention(multihead(3, bias=False), 3, three(), embedding=6, bias=False)
attention(multihead(kdim=3, vdim=5), 2, three(3, 5), embedding=6, keyDim=3, valueDim=5)
attention(multihead(kdim=3), 2, three(3, 6), embedding=6, keyDim=3, train=False)
attention(multihead(), 2, [torch.randn(2, 4, 6)], ["causal"], embedding=6)
attention(multihead(), 2, three(), ["visibleByHead"], embedding=6)
attention(multihead(), 2, three(n=3), ["keys"], embedding=6)
attention(multihead(), 2, three(), ["bias"], weights=True, embedding=6)
attention(multihead(), 2, [torch.randn(3, 4, 6)], ["keys", "bias", "causal"], embedding=6)
attention(Grouped(8, 4, 2), 4, [torch.randn(2, 5, 8)], embedding=8, keyValueHeads=2)
attention(Grouped(8, 4, 1), 4, [torch.randn(3, 4, 8)], ["keys", "causal"], embedding=8, keyValueHeads=1)
attention(Grouped(8, 4, 2), 4, [torch.randn(2, 3, 8), torch.randn(2, 4, 8), torch.randn(2, 4, 8)], ["bias"], embedding=8, keyValueHeads=2)


# ---- layers of transformers ----

ACTIVATIONS = {"relu": F.relu, "gelu": F.gelu, "tanh": torch.tanh}
SETTINGS = [
    {},
    {"activation": "gelu", "normFirst": True},
    {"activation": "tanh", "eps": 1e-3, "bias": False},
]


def options(settings):
    return {
        "dropout": 0.0,
        "batch_first": True,
        "activation": ACTIVATIONS[settings.get("activation", "relu")],
        "norm_first": settings.get("normFirst", False),
        "layer_norm_eps": settings.get("eps", 1e-5),
        "bias": settings.get("bias", True),
    }


def added(kinds, tensors, n, queries, keys, heads):
    """PyTorch's layers take a mask for all samples and one of padding; of the second kind there is none in the first."""
    mask, padding = None, None
    for kind, tensor in zip([k for k in kinds if k != "causal"], tensors):
        if kind == "keys":
            padding = torch.zeros(n, keys).masked_fill(~tensor, -torch.inf)
        else:
            mask = hidden((n, heads, queries, keys), [kind], [tensor]).flatten(0, 1)
    if "causal" in kinds:
        future = torch.zeros(queries, keys).masked_fill(~torch.ones(queries, keys, dtype=torch.bool).tril(), -torch.inf)
        mask = future if mask is None else mask + future
    return mask, padding


def encoders(name, make, settings, kinds=(), train=True, **args):
    x = torch.randn(2, 4, 6)
    tensors = masks(kinds, 2, 4, 4)

    def call(m, source, *given):
        mask, padding = added(kinds, given, 2, 4, 4, 2)
        if isinstance(m, nn.TransformerEncoder):
            return (m(source, mask=mask, src_key_padding_mask=padding),)
        return (m(source, src_mask=mask, src_key_padding_mask=padding),)

    layer(name, make(settings), [x] + tensors, call=call, names=camel, train=train, masks=list(kinds), **settings, **args)


def encoder_layer(settings):
    return nn.TransformerEncoderLayer(6, 2, 5, **options(settings))


def decoder_layer(settings):
    return nn.TransformerDecoderLayer(6, 2, 5, **options(settings))


for settings in SETTINGS:
    for train in (True, False):
        encoders("TransformerEncoderLayer", encoder_layer, settings, train=train)
encoders("TransformerEncoderLayer", encoder_layer, SETTINGS[0], ["causal"])
encoders("TransformerEncoderLayer", encoder_layer, SETTINGS[1], ["keys", "bias", "causal"])


def encoder(settings, norm):
    return nn.TransformerEncoder(
        encoder_layer(settings), 2, nn.LayerNorm(6, settings.get("eps", 1e-5), bias=settings.get("bias", True)) if norm else None,
        enable_nested_tensor=False,
    )


encoders("TransformerEncoder", lambda s: encoder(s, False), SETTINGS[0], ["keys"], layers=2)
encoders("TransformerEncoder", lambda s: encoder(s, True), SETTINGS[1], layers=2, finalNorm=True)
encoders("TransformerEncoder", lambda s: encoder(s, True), SETTINGS[2], train=False, layers=2, finalNorm=True)


def decoders(name, make, settings, kinds=(), memory_kinds=(), train=True, **args):
    inputs = [torch.randn(2, 3, 6), torch.randn(2, 4, 6)]
    own, of_memory = masks(kinds, 2, 3, 3), masks(memory_kinds, 2, 3, 4)

    def call(m, target, memory, *given):
        mask, padding = added(kinds, given[: len(own)], 2, 3, 3, 2)
        memory_mask, memory_padding = added(memory_kinds, given[len(own) :], 2, 3, 4, 2)
        return (
            m(
                target, memory, tgt_mask=mask, tgt_key_padding_mask=padding, memory_mask=memory_mask,
                memory_key_padding_mask=memory_padding,
            ),
        )

    layer(
        name, make(settings), inputs + own + of_memory, call=call, names=camel, train=train, masks=list(kinds),
        memoryMasks=list(memory_kinds), **settings, **args,
    )


def decoder(settings, norm):
    return nn.TransformerDecoder(
        decoder_layer(settings), 2, nn.LayerNorm(6, settings.get("eps", 1e-5), bias=settings.get("bias", True)) if norm else None
    )


for settings in SETTINGS:
    for train in (True, False):
        decoders("TransformerDecoderLayer", decoder_layer, settings, ["causal"], train=train)
decoders("TransformerDecoderLayer", decoder_layer, SETTINGS[0], [], ["keys"])
decoders("TransformerDecoderLayer", decoder_layer, SETTINGS[1], ["keys", "causal"], ["bias"])
decoders("TransformerDecoder", lambda s: decoder(s, False), SETTINGS[0], ["causal"], ["keys"], layers=2)
decoders("TransformerDecoder", lambda s: decoder(s, True), SETTINGS[1], ["causal"], layers=2, finalNorm=True)

for settings in SETTINGS[:2]:
    whole = nn.Transformer(6, 2, 2, 1, 5, **options(settings))
    whole.encoder.enable_nested_tensor = False
    keys = masks(["keys"], 2, 4, 4)[0]

    def run(m, source, target, real):
        padding = torch.zeros(2, 4).masked_fill(~real, -torch.inf)
        future = nn.Transformer.generate_square_subsequent_mask(3, dtype=torch.float64)
        return (
            m(
                source, target, tgt_mask=future, src_key_padding_mask=padding, memory_key_padding_mask=padding,
            ),
        )

    layer(
        "Transformer", whole, [torch.randn(2, 4, 6), torch.randn(2, 3, 6), keys], call=run, names=camel, encoderLayers=2,
        decoderLayers=1, **settings,
    )


# ---- positions ----


class Sinusoidal(nn.Module):
    """As PyTorch's tutorial adds them; one cosine fewer than sines for an odd width."""

    def __init__(self, length, width):
        super().__init__()
        position = torch.arange(length)[:, None]
        divisor = torch.exp(torch.arange(0, width, 2) * (-torch.log(torch.tensor(10000.0)) / width))
        self.table = torch.zeros(length, width)
        self.table[:, 0::2] = torch.sin(position * divisor)
        self.table[:, 1::2] = torch.cos(position * divisor)[:, : width // 2]

    def forward(self, x):
        return x + self.table[: x.shape[-2]]


class Learned(nn.Module):
    def __init__(self, length, width):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(length, width))

    def forward(self, x):
        return x + F.embedding(torch.arange(x.shape[-2]), self.weight)


class Rotary(nn.Module):
    """Pairs as complex numbers, each times one of the unit circle."""

    def __init__(self, base, pairing):
        super().__init__()
        self.base, self.pairing = base, pairing

    def forward(self, x):
        half = x.shape[-1] // 2
        angles = torch.arange(x.shape[-2])[:, None] * self.base ** (-torch.arange(half) / half)
        a, b = (x[..., :half], x[..., half:]) if self.pairing == "HALVES" else (x[..., 0::2], x[..., 1::2])
        turned = torch.complex(a, b) * torch.polar(torch.ones_like(angles), angles)
        if self.pairing == "HALVES":
            return torch.cat([turned.real, turned.imag], -1)
        return torch.stack([turned.real, turned.imag], -1).flatten(-2)


for width in (4, 5):
    layer("SinusoidalPositions", Sinusoidal(9, width), [torch.randn(2, 7, width)], length=9, embedding=width)
layer("LearnedPositions", Learned(5, 3), [torch.randn(2, 4, 3)], length=5, embedding=3)
for pairing in ("HALVES", "NEIGHBOURS"):
    for base in (10000.0, 100.0):
        layer(
            "RotaryPositions", Rotary(base, pairing), [torch.randn(2, 3, 5, 6)], length=8, embedding=6, base=base,
            pairing=pairing,
        )

# ---- transformers with grouped heads, whose positions are rotated where a sequence attends to itself ----

for rotated in (False, True):
    turn = Rotary(10000.0, "HALVES") if rotated else lambda x: x
    args = dict(embedding=8, keyValueHeads=1, masks=[], **({"rotaryLength": 9} if rotated else {}))
    module = nn.TransformerEncoderLayer(8, 2, 5, **options({}))
    module.self_attn = Grouped(8, 2, 1, turn)
    layer("TransformerEncoderLayer", module, [torch.randn(2, 4, 8)], names=camel, **args)
    module = nn.TransformerDecoderLayer(8, 2, 5, **options({}))
    module.self_attn, module.multihead_attn = Grouped(8, 2, 1, turn), Grouped(8, 2, 1)
    layer(
        "TransformerDecoderLayer", module, [torch.randn(2, 4, 8), torch.randn(2, 3, 8)], names=camel, memoryMasks=[], **args
    )
