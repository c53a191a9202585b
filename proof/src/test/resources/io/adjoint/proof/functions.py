"""Writes the golden rows of functions of images, distances and samples, and of some of matrices and axes, into gradients.jsonl.gz, with
PyTorch 2.6 of Debian 13 in float64.

Rows of other operations stay as they are. Newer instructions of the processor are not used, so each run writes the same bytes.
python3 functions.py
"""
import gzip
import json
import os

os.environ.update(ATEN_CPU_CAPABILITY="avx2", OPENBLAS_CORETYPE="Haswell", OMP_NUM_THREADS="1")

import torch
import torch.nn.functional as F

torch.manual_seed(1)
FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gradients.jsonl.gz")
rows = []


def array(t):
    return {"shape": list(t.shape), "data": t.detach().reshape(-1).tolist()}


def row(name, op, function, attrs, inputs, second=True):
    leaves = [x.clone().requires_grad_(True) for x in inputs]
    value = function(*leaves)
    cotangent = torch.randn(value.shape, dtype=torch.float64)
    grads = torch.autograd.grad(value, leaves, cotangent, create_graph=second)
    out = {
        "id": f"{op}/{name}",
        "op": op,
        "attrs": attrs,
        "inputs": [dict(array(x), grad=True) for x in leaves],
        "output": array(value),
        "cotangent": array(cotangent),
        "grads": [array(g) for g in grads],
        "tol": 1e-9,
    }
    if second:
        directions = [torch.randn(x.shape, dtype=torch.float64) for x in leaves]
        total = sum((g * d).sum() for g, d in zip(grads, directions))
        hvp = torch.autograd.grad(total, leaves, allow_unused=True) if total.requires_grad else [None] * len(leaves)
        out["direction"] = [array(d) for d in directions]
        out["hvp"] = [array(torch.zeros_like(x) if h is None else torch.zeros_like(x) + h) for x, h in zip(leaves, hvp)]
    rows.append(out)


def randn(*sizes):
    return torch.randn(sizes, dtype=torch.float64)


for p in (1.0, 2.0, 3.0):
    row(f"p {p}", "pairwiseDistance", lambda a, b: F.pairwise_distance(a, b, p, 1e-6), {"p": p, "eps": 1e-6}, [randn(3, 4), randn(3, 4)])
row("one for all", "pairwiseDistance", lambda a, b: F.pairwise_distance(a, b, 2, 0.5), {"p": 2, "eps": 0.5}, [randn(3, 4), randn(4)])
row("2", "pixelShuffle", lambda x: F.pixel_shuffle(x, 2), {"factor": 2}, [randn(2, 8, 2, 3)])
row("3", "pixelShuffle", lambda x: F.pixel_shuffle(x, 3), {"factor": 3}, [randn(9, 2, 1)])
row("2", "pixelUnshuffle", lambda x: F.pixel_unshuffle(x, 2), {"factor": 2}, [randn(2, 3, 4, 2)])
row("2", "channelShuffle", lambda x: torch.channel_shuffle(x, 2), {"groups": 2}, [randn(2, 6, 2, 3)])
row("3", "channelShuffle", lambda x: torch.channel_shuffle(x, 3), {"groups": 3}, [randn(2, 6, 3)])
for size, shape in ((1, (2, 3, 4)), (2, (2, 5, 3)), (3, (2, 4, 2, 3)), (4, (1, 6, 2, 2)), (5, (1, 3, 2, 1, 2))):
    row(
        f"size {size}",
        "localResponseNorm",
        lambda x: F.local_response_norm(x, size, 0.3, 0.75, 1.5),
        {"size": size, "alpha": 0.3, "beta": 0.75, "k": 1.5},
        [randn(*shape)],
    )
row("defaults", "localResponseNorm", lambda x: F.local_response_norm(x, 3), {"size": 3, "alpha": 1e-4, "beta": 0.75, "k": 1}, [randn(2, 4, 3)])
for p in (1.0, 2.0, 3.0):
    x = randn(2, 2, 6).abs() + 0.1
    row(f"p {p}", "lpPool1d", lambda x: F.lp_pool1d(x, p, 2, 2), {"p": p, "kernel": 2, "stride": 2}, [x])
    x = randn(1, 2, 5, 4).abs() + 0.1
    row(f"p {p}", "lpPool2d", lambda x: F.lp_pool2d(x, p, (2, 3), (1, 1)), {"p": p, "kernel": [2, 3], "stride": [1, 1]}, [x])
    x = randn(1, 1, 4, 4, 2).abs() + 0.1
    row(f"p {p}", "lpPool3d", lambda x: F.lp_pool3d(x, p, 2, 2), {"p": p, "kernel": 2, "stride": 2}, [x])
row(
    "p 2, windows beyond the end",
    "lpPool2d",
    lambda x: F.lp_pool2d(x, 2.0, (3, 2), (2, 2), ceil_mode=True),
    {"p": 2, "kernel": [3, 2], "stride": [2, 2], "ceilMode": True},
    [randn(1, 2, 6, 5)],
)
row("p 2, of all signs", "lpPool2d", lambda x: F.lp_pool2d(x, 2.0, 2, 2), {"p": 2, "kernel": 2, "stride": 2}, [randn(1, 2, 4, 4)])
for aligned in (False, True):
    row(
        f"2d {aligned}",
        "affineGrid",
        lambda t: F.affine_grid(t, (2, 1, 3, 4), aligned),
        {"alignCorners": aligned, "sizes": [3, 4]},
        [randn(2, 2, 3)],
    )
    row(
        f"3d {aligned}",
        "affineGrid",
        lambda t: F.affine_grid(t, (2, 1, 2, 1, 3), aligned),
        {"alignCorners": aligned, "sizes": [2, 1, 3]},
        [randn(2, 3, 4)],
    )
    for padding in ("zeros", "border", "reflection"):
        for mode in ("bilinear", "nearest", "bicubic"):
            attrs = {"mode": mode, "padding": padding, "alignCorners": aligned}
            # Farther outside, gradients of cubic weights that all have the border's pixel are rounding errors.
            grid = 2.2 * torch.rand(2, 3, 2, 2, dtype=torch.float64) - 1.1 if mode == "bicubic" else 1.5 * randn(2, 3, 2, 2)
            row(
                f"2d {mode}, {padding}, {aligned}",
                "gridSample",
                lambda x, g: F.grid_sample(x, g, mode, padding, aligned),
                attrs,
                [randn(2, 2, 3, 4), grid],
                False,
            )
            if mode == "bicubic":
                continue
            row(
                f"3d {mode}, {padding}, {aligned}",
                "gridSample",
                lambda x, g: F.grid_sample(x, g, mode, padding, aligned),
                attrs,
                [randn(1, 2, 2, 3, 4), 1.5 * randn(1, 2, 1, 3, 3)],
                False,
            )

for shape, kernel, sizes in (((2, 3, 9, 8), (2, 3), (4, 3)), ((2, 7, 6), (3, 2), (1, 5)), ((1, 2, 5, 5), (1, 1), (5, 2))):
    samples = torch.rand(shape[:-2] + (2,), dtype=torch.float64)
    row(
        f"{kernel} to {sizes}",
        "fractionalMaxPool2d",
        lambda x: F.fractional_max_pool2d(x, kernel, sizes, _random_samples=samples.reshape(-1, shape[-3], 2)),
        {"kernel": kernel, "sizes": sizes, "samples": samples.tolist()},
        [randn(*shape)],
        False,
    )
for mode in ("mean", "sum", "max"):
    index = torch.tensor([[2, 0, 2], [1, 1, 3]])
    row(
        f"{mode} of rows",
        "embeddingBag",
        lambda w: F.embedding_bag(index, w, mode=mode),
        {"mode": mode, "index": index.reshape(-1).tolist(), "shape": [2, 3]},
        [randn(4, 3)],
        False,
    )
    row(
        f"{mode} with offsets",
        "embeddingBag",
        lambda w: F.embedding_bag(torch.tensor([3, 0, 3, 1, 2]), w, torch.tensor([0, 2, 2]), mode=mode),
        {"mode": mode, "index": [3, 0, 3, 1, 2], "offsets": [0, 2, 2]},
        [randn(4, 2)],
        False,
    )
row(
    "weighted sum",
    "embeddingBag",
    lambda w, s: F.embedding_bag(torch.tensor([3, 0, 3, 1, 2]), w, torch.tensor([0, 2, 2]), mode="sum", per_sample_weights=s),
    {"mode": "sum", "index": [3, 0, 3, 1, 2], "offsets": [0, 2, 2]},
    [randn(4, 2), randn(5)],
    False,
)
for upper in (False, True):
    for name, a, b in (("a matrix", (3, 3), (3, 2)), ("batches that broadcast", (2, 1, 3, 3), (2, 3, 1))):
        row(
            f"{name}, {upper}",
            "solveTriangular",
            lambda a, b: torch.linalg.solve_triangular(a, b, upper=upper),
            {"upper": upper},
            [randn(*a) + 3 * torch.eye(3, dtype=torch.float64), randn(*b)],
        )
for name, shape, scale in (("small", (3, 3), 0.1), ("of order 1", (2, 4, 4), 1), ("large", (3, 3), 6), ("of norms far apart", (2, 1, 3, 3), None)):
    factor = torch.tensor([[[[0.01]]], [[[5.0]]]], dtype=torch.float64) if scale is None else scale
    row(name, "matrixExp", torch.linalg.matrix_exp, {}, [factor * randn(*shape)])
double = lambda numbers: torch.tensor(numbers, dtype=torch.float64)
jordan = 0.5 * torch.eye(5, dtype=torch.float64) + torch.diag(torch.full((4,), 20.0, dtype=torch.float64), 1)
nilpotent = torch.triu(3 * randn(4, 4), 1)
row("not normal", "matrixExp", torch.linalg.matrix_exp, {}, [jordan])
row("nilpotent", "matrixExp", torch.linalg.matrix_exp, {}, [nilpotent])
turns = randn(4, 4)
row("of large norm", "matrixExp", torch.linalg.matrix_exp, {}, [40 * (turns - turns.T) - 3 * torch.eye(4, dtype=torch.float64)])
row("a batch of all kinds", "matrixExp", torch.linalg.matrix_exp, {}, [torch.stack([jordan[:4, :4], nilpotent, 1e-9 * turns, 8 * turns])])
# Which of several equal elements has the gradient is PyTorch's own affair, so they are copies of one element.
for axis, keepdim, index in ((0, False, [2, 0, 1, 0]), (1, True, [1, 0, 1, 2, 0]), (-1, False, [3, 2, 2, 0, 1, 2, 3]), (-1, False, [0, 1, 2, 3])):
    row(
        f"axis {axis}, {keepdim}, {index}",
        "mode",
        lambda x: x.index_select(axis, torch.tensor(index)).mode(axis, keepdim).values,
        {"axis": axis, "keepdim": keepdim, "index": index},
        [randn(3, 3, 4)],
    )

ours = {r["op"] for r in rows}
with gzip.open(FILE, "rt", encoding="utf-8") as old:
    kept = [line for line in old if line.strip() and json.loads(line)["op"] not in ours]
with open(FILE, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
    for line in kept:
        packed.write(line.encode("utf-8"))
    for r in rows:
        packed.write((json.dumps(r, separators=(",", ":")) + "\n").encode("utf-8"))
print(len(rows), "rows")
