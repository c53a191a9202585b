"""Recurrent networks and their cells."""

import itertools
import re

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from golden import layer

_PARTS = {
    "weight_ih": "inputWeight", "weight_hh": "hiddenWeight", "bias_ih": "inputBias", "bias_hh": "hiddenBias",
    "weight_hr": "projectionWeight",
}


def names(name):
    part, number, reverse = re.fullmatch(r"(\w+?_\w\w)(_l\d+)?(_reverse)?", name).groups()
    place = f"{number[1:]}{'Reverse' if reverse else ''}." if number else ""
    return place + _PARTS[part]


def flat(y, state):
    return (y, *state) if isinstance(state, tuple) else (y, state)


def run(module, x, *rest):
    """A batch of sequences, packed if there are lengths."""
    lengths, state = (rest[0], rest[1:]) if rest[0].dtype == torch.int32 else (None, rest)
    state = state[0] if len(state) == 1 else state
    if lengths is None:
        return flat(*module(x, state))
    packed = pack_padded_sequence(x, lengths.long(), batch_first=True, enforce_sorted=False)
    y, state = module(packed, state)
    y, _ = pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])
    return flat(y, state)


def network(name, lengths=None, n=2, t=3, layers=1, bidirectional=False, bias=True, projection=0, **args):
    module = getattr(nn, name)(
        2, 3, num_layers=layers, bidirectional=bidirectional, bias=bias, batch_first=True,
        **({"proj_size": projection} if projection else {}), **args,
    )
    count = layers * (2 if bidirectional else 1)
    inputs = [torch.randn(n, t, 2)]
    if lengths:
        inputs.append(torch.tensor(lengths, dtype=torch.int32))
    inputs.append(torch.randn(count, n, projection or 3))
    if name == "LSTM":
        inputs.append(torch.randn(count, n, 3))
    layer(
        name, module, inputs, call=run, names=names, layers=layers, bidirectional=bidirectional, bias=bias,
        **{"in": 2, "hidden": 3}, **({"projection": projection} if projection else {}), **args,
    )


for kind, layers, bidirectional, bias, lengths in itertools.product(
    [("RNN", {}), ("RNN", {"nonlinearity": "relu"}), ("GRU", {}), ("LSTM", {}), ("LSTM", {"projection": 2})],
    [1, 2], [False, True], [True, False], [None, [2, 3, 1]],
):
    network(
        kind[0], layers=layers, bidirectional=bidirectional, bias=bias, lengths=lengths, n=3 if lengths else 2, **kind[1],
    )

for name in ["RNN", "GRU", "LSTM"]:
    network(name, n=1)
    network(name, t=1)
    network(name, layers=3, bidirectional=True, n=4, t=6, lengths=[6, 2, 5, 1])


def run_cell(module, x, *state):
    after = module(x, state[0] if len(state) == 1 else state)
    return after if isinstance(after, tuple) else (after,)


for name, bias, args in [
    ("RNNCell", True, {}), ("RNNCell", False, {}), ("RNNCell", True, {"nonlinearity": "relu"}), ("GRUCell", True, {}),
    ("GRUCell", False, {}), ("LSTMCell", True, {}), ("LSTMCell", False, {}),
]:
    layer(
        name, getattr(nn, name)(2, 3, bias=bias, **args),
        [torch.randn(2, 2), torch.randn(2, 3)] + ([torch.randn(2, 3)] if name == "LSTMCell" else []), call=run_cell,
        names=names, bias=bias, **{"in": 2, "hidden": 3}, **args,
    )
