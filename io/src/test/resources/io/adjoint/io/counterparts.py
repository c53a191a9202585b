"""PyTorch's counterparts of the layers and models of StateDictTest, by the names of its table.

    python3 counterparts.py write counterparts.safetensors    writes the fixture: state, inputs and outputs of each row
    python3 counterparts.py check java.safetensors            loads what Java has written in the same form, and compares the outputs

A file has the arrays "<row>/state/<name>" (F32), "<row>/input/<k>", and the outputs of that state in both dtypes, "<row>/FLOAT32" and
"<row>/FLOAT64"; its metadata has the order of the names of each row. It was written with PyTorch 2.6 of Debian 13. Each row has a seed of
its own, and newer instructions of the processor are not used, so the same version writes the same bytes, also after rows were added. Beside
it stand a state in both formats of torch.save.
"""

import json
import os
import pathlib
import sys
import zlib

os.environ.update(ATEN_CPU_CAPABILITY="avx2", OPENBLAS_CORETYPE="Haswell", ONEDNN_MAX_CPU_ISA="AVX2", OMP_NUM_THREADS="1")

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import utils
from torch.nn.utils import parametrizations


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.down_sample = nn.Sequential(nn.Conv2d(4, 6, 3, stride=2), nn.BatchNorm2d(6), nn.ReLU())
        self.Mixed_1a = nn.Conv2d(6, 5, 1)
        self.fc = nn.Linear(5, 2)

    def forward(self, x):
        x = self.down_sample(torch.relu(self.bn1(self.conv1(x))))
        return self.fc(self.Mixed_1a(x).mean((2, 3)))


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.token_embedding = nn.Embedding(11, 3, padding_idx=0)
        self.encoder_rnn = nn.LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Linear(8, 5)

    def forward(self, x):
        return self.head(self.encoder_rnn(self.token_embedding(x))[0])


class AdaptiveLogSoftmax(nn.AdaptiveLogSoftmaxWithLoss):
    def forward(self, x):
        return self.log_prob(x)


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte = nn.Embedding(7, 4)
        self.lm_head = nn.Linear(4, 7, bias=False)
        self.lm_head.weight = self.wte.weight

    def forward(self, x):
        return self.lm_head(self.wte(x))


def x(*shape):
    return [lambda: torch.randn(*shape)]


def encoder(**settings):
    return nn.TransformerEncoderLayer(8, 2, 12, batch_first=True, **settings)


def decoder(**settings):
    return nn.TransformerDecoderLayer(8, 2, 12, batch_first=True, **settings)


first = lambda outputs: outputs[0]
SEQUENCES = (2, 5, 3)
TOKENS = [lambda: torch.randint(0, 7, (2, 3))]

# The name; how the module is made; how its inputs are drawn; what of its outputs is compared.
COUNTERPARTS = {
    "Linear": (lambda: nn.Linear(3, 4), x(2, 3)),
    "Linear without bias": (lambda: nn.Linear(3, 4, bias=False), x(2, 3)),
    "Bilinear": (lambda: nn.Bilinear(2, 3, 4), x(2, 2) + x(2, 3)),
    "PReLU": (lambda: nn.PReLU(3), x(2, 3)),
    "Embedding": (lambda: nn.Embedding(7, 3), TOKENS),
    "EmbeddingBag": (lambda: nn.EmbeddingBag(7, 3), TOKENS),
    "Conv1d": (lambda: nn.Conv1d(2, 3, 3), x(1, 2, 6)),
    "Conv2d": (lambda: nn.Conv2d(4, 6, (3, 2), groups=2), x(1, 4, 5, 5)),
    "Conv3d": (lambda: nn.Conv3d(1, 2, 2), x(1, 1, 3, 3, 3)),
    "ConvTranspose1d": (lambda: nn.ConvTranspose1d(2, 3, 3), x(1, 2, 4)),
    "ConvTranspose2d": (lambda: nn.ConvTranspose2d(4, 6, (3, 2), groups=2), x(1, 4, 3, 3)),
    "ConvTranspose3d": (lambda: nn.ConvTranspose3d(1, 2, 2), x(1, 1, 2, 2, 2)),
    "BatchNorm1d": (lambda: nn.BatchNorm1d(3), x(2, 3)),
    "BatchNorm2d": (lambda: nn.BatchNorm2d(3, momentum=None), x(2, 3, 2, 2)),
    "BatchNorm3d": (lambda: nn.BatchNorm3d(3, affine=False), x(2, 3, 2, 2, 2)),
    "BatchNorm1d without statistics": (lambda: nn.BatchNorm1d(3, track_running_stats=False), x(4, 3)),
    "InstanceNorm1d": (lambda: nn.InstanceNorm1d(3, affine=True, track_running_stats=True), x(2, 3, 4)),
    "InstanceNorm2d": (lambda: nn.InstanceNorm2d(3, affine=True), x(2, 3, 2, 2)),
    "InstanceNorm3d": (lambda: nn.InstanceNorm3d(3, track_running_stats=True), x(2, 3, 2, 2, 2)),
    "LayerNorm": (lambda: nn.LayerNorm([2, 3]), x(2, 2, 3)),
    "LayerNorm without bias": (lambda: nn.LayerNorm(3, bias=False), x(2, 3)),
    "RMSNorm": (lambda: nn.RMSNorm(3, eps=1e-5), x(2, 3)),
    "GroupNorm": (lambda: nn.GroupNorm(2, 4), x(2, 4, 3)),
    "RNN": (lambda: nn.RNN(3, 4, nonlinearity="relu", batch_first=True), x(*SEQUENCES), first),
    "GRU": (lambda: nn.GRU(3, 4, num_layers=2, bidirectional=True, batch_first=True), x(*SEQUENCES), first),
    "LSTM": (lambda: nn.LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True), x(*SEQUENCES), first),
    "LSTM with projection": (
        lambda: nn.LSTM(3, 4, proj_size=2, num_layers=2, bidirectional=True, batch_first=True),
        x(*SEQUENCES),
        first,
    ),
    "LSTM without bias": (lambda: nn.LSTM(3, 4, bias=False, batch_first=True), x(*SEQUENCES), first),
    "RNNCell": (lambda: nn.RNNCell(3, 4), x(2, 3)),
    "GRUCell": (lambda: nn.GRUCell(3, 4), x(2, 3)),
    "LSTMCell": (lambda: nn.LSTMCell(3, 4), x(2, 3), first),
    "MultiheadAttention": (lambda: nn.MultiheadAttention(8, 2, batch_first=True), x(2, 3, 8) + 2 * x(2, 4, 8), first),
    "MultiheadAttention of other widths": (
        lambda: nn.MultiheadAttention(8, 2, kdim=3, vdim=5, batch_first=True),
        x(2, 3, 8) + x(2, 4, 3) + x(2, 4, 5),
        first,
    ),
    "MultiheadAttention without bias": (
        lambda: nn.MultiheadAttention(8, 2, bias=False, batch_first=True),
        3 * x(2, 3, 8),
        first,
    ),
    "TransformerEncoderLayer": (encoder, x(2, 3, 8)),
    "TransformerEncoderLayer, norm first": (lambda: encoder(norm_first=True, activation="gelu"), x(2, 3, 8)),
    "TransformerDecoderLayer": (decoder, x(2, 3, 8) + x(2, 4, 8)),
    "TransformerEncoder": (
        lambda: nn.TransformerEncoder(encoder(norm_first=True), 2, nn.LayerNorm(8), enable_nested_tensor=False),
        x(2, 3, 8),
    ),
    "TransformerDecoder": (lambda: nn.TransformerDecoder(decoder(bias=False), 2), x(2, 3, 8) + x(2, 4, 8)),
    "Transformer": (lambda: nn.Transformer(8, 2, 1, 1, 12, batch_first=True), x(2, 3, 8) + x(2, 4, 8)),
    "weight_norm": (lambda: parametrizations.weight_norm(nn.Linear(3, 4)), x(2, 3)),
    "weight_norm of ConvTranspose1d": (
        lambda: parametrizations.weight_norm(nn.ConvTranspose1d(2, 3, 3, bias=False)),
        x(1, 2, 4),
    ),
    "spectral_norm": (lambda: parametrizations.spectral_norm(nn.Conv2d(2, 3, 2)), x(1, 2, 3, 3)),
    "spectral_norm of ConvTranspose1d": (
        lambda: parametrizations.spectral_norm(nn.ConvTranspose1d(2, 3, 3)),
        x(1, 2, 4),
    ),
    "weight_norm, older": (lambda: utils.weight_norm(nn.Linear(3, 4)), x(2, 3)),
    "spectral_norm, older": (lambda: utils.spectral_norm(nn.Conv2d(2, 3, 2)), x(1, 2, 3, 3)),
    "MLP": (lambda: nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Dropout(), nn.Linear(8, 2)), x(4, 3)),
    "CNN": (Cnn, x(2, 3, 7, 7)),
    "tagger": (Tagger, [lambda: torch.randint(0, 11, (2, 5))]),
    "tied": (Tied, TOKENS),
    "AdaptiveLogSoftmaxWithLoss": (lambda: AdaptiveLogSoftmax(16, 9, [3, 5]), x(6, 16)),
}


def outputs(module, inputs, chosen=lambda output: output):
    """In both dtypes, a Transformer with a causal mask."""
    if isinstance(module, nn.Transformer):
        length = inputs[1].shape[1]
        mask = torch.triu(torch.ones(length, length, dtype=torch.bool), 1)
        call = lambda *given: module(*given, tgt_mask=mask)
    else:
        call = module
    result = {}
    for name, dtype in (("FLOAT32", torch.float32), ("FLOAT64", torch.float64)):
        module.to(dtype).eval()
        with torch.no_grad():
            given = [i.to(dtype) if i.is_floating_point() else i for i in inputs]
            result[name] = chosen(call(*given)).contiguous()
    module.to(torch.float32)
    return result


def random_state(module):
    for name, array in module.state_dict().items():
        if name.endswith("num_batches_tracked"):
            array.fill_(7)
        elif name.endswith("running_var") or name.endswith("original0"):
            array.uniform_(0.5, 1.5)
        elif not name.endswith(("_u", "_v")):
            array.uniform_(-0.9, 0.9)
    return {name: array.clone() for name, array in module.state_dict().items()}


def sort_metadata(path):
    """The library writes it in an order that changes from run to run."""
    data = path.read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:end])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    path.write_bytes(data[:8] + text.ljust(end - 8) + data[end:])


def write(path):
    arrays, orders = {}, {}
    for row, (make, inputs, *chosen) in COUNTERPARTS.items():
        torch.manual_seed(zlib.crc32(row.encode()))
        drawn = {draw: draw() for draw in inputs}
        inputs = [drawn[draw] for draw in inputs]
        module = make()
        orders[row] = " ".join(module.state_dict())
        arrays.update({f"{row}/state/{name}": array for name, array in random_state(module).items()})
        arrays.update({f"{row}/input/{k}": value.clone() for k, value in enumerate(inputs)})
        arrays.update({f"{row}/{name}": value for name, value in outputs(module, inputs, *chosen).items()})
    save_file(arrays, path, orders)
    sort_metadata(pathlib.Path(path))
    torch.manual_seed(1)
    state = nn.Linear(2, 1).state_dict()
    torch.save(state, pathlib.Path(path).with_name("model.pt"))
    # The older format names arrays by their addresses in memory, so a file of the same state stays as it is.
    legacy = pathlib.Path(path).with_name("legacy.pt")
    if not legacy.exists() or not all(torch.equal(state[name], array) for name, array in torch.load(legacy).items()):
        torch.save(state, legacy, _use_new_zipfile_serialization=False)


def check(path):
    arrays = load_file(path)
    checked = 0
    for row, (make, _, *chosen) in COUNTERPARTS.items():
        if row.endswith("older"):
            continue
        part = lambda kind: {n[len(start) :]: a for start in [f"{row}/{kind}/"] for n, a in arrays.items() if n.startswith(start)}
        module = make()
        module.load_state_dict(part("state"), strict=True)
        inputs = list(part("input").values())
        for name, value in outputs(module, inputs, *chosen).items():
            given = arrays[f"{row}/{name}"]
            assert given.dtype == value.dtype and given.shape == value.shape, (row, name)
            error = (given - value).abs().max().item() / max(1, value.abs().max().item())
            assert error <= (1e-6 if name == "FLOAT32" else 1e-12), (row, name, error)
            checked += 1
    print(f"{checked} outputs are PyTorch's")


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]](sys.argv[2])
