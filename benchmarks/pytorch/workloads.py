"""The benchmarks' workloads in PyTorch: python3 workloads.py THREADS [WORKLOAD ...]

Prints workload, dtype and microseconds a step: the best of five windows of 0.4 s after a warm-up of 1 s.
"""

import sys
import time

import torch
from torch import nn


def training(net, criterion, optimizer, x, y):
    def step():
        optimizer.zero_grad()
        criterion(net(x), y).backward()
        optimizer.step()

    return step


def xor():
    x = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    y = torch.tensor([[0.0], [1], [1], [0]])
    net = nn.Sequential(nn.Linear(2, 2), nn.Sigmoid(), nn.Linear(2, 1), nn.Sigmoid())
    return training(net, nn.MSELoss(), torch.optim.SGD(net.parameters(), 0.5), x, y)


def mlp(inputs, hidden, outputs, batch):
    net = nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))
    x, y = torch.randn(batch, inputs), torch.randint(0, outputs, (batch,))
    return training(net, nn.CrossEntropyLoss(), torch.optim.Adam(net.parameters(), 1e-3), x, y)


def cnn():
    net = nn.Sequential(
        nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 5 * 5, 10),
    )
    x, y = torch.randn(16, 1, 28, 28), torch.randint(0, 10, (16,))
    return training(net, nn.CrossEntropyLoss(), torch.optim.SGD(net.parameters(), 0.1), x, y)


def lstm():
    net, x = nn.LSTM(32, 64, batch_first=True), torch.randn(16, 20, 32)

    def step():
        net.zero_grad()
        net(x)[0].sum().backward()

    return step


def transformer():
    net = nn.TransformerEncoderLayer(64, 4, dim_feedforward=128, dropout=0.0, batch_first=True)
    x = torch.randn(8, 32, 64)

    def step():
        net.zero_grad()
        net(x).sum().backward()

    return step


def elementwise(side):
    a = torch.randn(side, side, requires_grad=True)

    def step():
        a.grad = None
        (torch.sigmoid(a) * torch.tanh(a) + torch.exp(-a * a)).sum().backward()

    return step


def chain():
    start = torch.randn(4, 4, requires_grad=True)

    def step():
        start.grad = None
        t = start
        for _ in range(1000):
            t = t * 1.0001
        t.sum().backward()

    return step


def matmul(a, b):
    a, b = torch.randn(a), torch.randn(b)
    return lambda: a @ b


def convolution():
    layer, x = nn.Conv2d(32, 64, 3), torch.randn(64, 32, 26, 26, requires_grad=True)
    upstream = torch.randn(64, 64, 24, 24)

    def step():
        x.grad = None
        layer.zero_grad()
        layer(x).backward(upstream)

    return step


def adam():
    parameter = torch.randn(1_000_000, requires_grad=True)
    parameter.grad = torch.randn(1_000_000)
    return torch.optim.Adam([parameter], 1e-3).step


def differentiated(function, *shape):
    x = torch.randn(shape or (1024, 1024), requires_grad=True)
    upstream = torch.randn_like(function(x))

    def step():
        x.grad = None
        function(x).backward(upstream)

    return step


def cross_entropy():
    classes = torch.randint(50_000, (512,))
    return differentiated(lambda x: nn.functional.cross_entropy(x, classes, reduction="none"), 512, 50_000)


def norm(axis):
    def function(x):
        mean, var = x.mean(axis, keepdim=True), x.var(axis, correction=0, keepdim=True)
        return (x - mean) / (var + 1e-5).sqrt()

    return differentiated(function)


def gather():
    table, index = torch.randn(10_000, 64), torch.randint(0, 10_000, (100_000,))
    return lambda: table.index_select(0, index)


def scatter():
    table, index = torch.randn(10_000, 64), torch.randint(0, 10_000, (100_000,))
    rows = torch.randn(100_000, 64)
    return lambda: table.index_add(0, index, rows)


def broadcast(*sides):
    a, b = torch.randn(1000, 1000), torch.randn(*sides)
    return lambda: a + b


def permute():
    permuted = torch.randn(64, 64, 64, 16).permute(3, 1, 0, 2)
    return permuted.contiguous


WORKLOADS = {
    "XOR": xor,
    "MLP_S": lambda: mlp(784, 128, 10, 64),
    "MLP_L": lambda: mlp(1024, 1024, 1024, 256),
    "EW_1M": lambda: elementwise(1000),
    "EW_16": lambda: elementwise(4),
    "CHAIN": chain,
    "MATMUL": lambda: matmul((512, 512), (512, 512)),
    "MATMUL_64": lambda: matmul((64, 64), (64, 64)),
    "MATMUL_128": lambda: matmul((128, 128), (128, 128)),
    "MATMUL_1024": lambda: matmul((1024, 1024), (1024, 1024)),
    "MATMUL_BATCH": lambda: matmul((256, 32, 16), (256, 16, 32)),
    "MATMUL_OUTER": lambda: matmul((2048, 1), (1, 2048)),
    "MATMUL_ROW": lambda: matmul((1, 1024), (1024, 1024)),
    "CNN": cnn,
    "CONVOLUTION": convolution,
    "LSTM": lstm,
    "TRANSFORMER": transformer,
    "ADAM": adam,
    "SOFTMAX_LAST": lambda: differentiated(lambda x: x.softmax(1)),
    "SOFTMAX_FIRST": lambda: differentiated(lambda x: x.softmax(0)),
    "NORM_LAST": lambda: norm(1),
    "NORM_FIRST": lambda: norm(0),
    "DROPOUT": lambda: differentiated(nn.Dropout(0.5)),
    "MAX_POOL": lambda: differentiated(nn.MaxPool2d(2), 16, 16, 26, 26),
    "BATCH_NORM": lambda: differentiated(nn.BatchNorm2d(64), 64, 64, 28, 28),
    "LAYER_NORM": lambda: differentiated(nn.LayerNorm(512), 4096, 512),
    "CROSS_ENTROPY": cross_entropy,
    "ATTENTION": lambda: differentiated(lambda x: nn.functional.scaled_dot_product_attention(x, x, x), 8, 4, 128, 32),
    "GATHER": gather,
    "SCATTER": scatter,
    "ADD_ROW": lambda: broadcast(1000),
    "ADD_COLUMN": lambda: broadcast(1000, 1),
    "PERMUTE": permute,
}


def run(step, seconds):
    steps, start = 0, time.perf_counter()
    while True:
        step()
        steps += 1
        taken = time.perf_counter() - start
        if taken >= seconds:
            return taken / steps * 1e6


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[1]))
    for dtype in torch.float64, torch.float32:
        torch.set_default_dtype(dtype)
        for name in sys.argv[2:] or WORKLOADS:
            step = WORKLOADS[name]()
            run(step, 1.0)
            best = min(run(step, 0.4) for _ in range(5))
            print(name, str(dtype).removeprefix("torch."), f"{best:.2f}", sep="\t", flush=True)
