"""Rows of values of PyTorch 2.6, one JSON object a line; the README in the folder above describes the fields.

The scripts beside this file, one for each family of layers, losses, optimizers and schedules, write their rows with it:

    python3 convolutions.py            writes convolutions.jsonl.gz

Numbers are float64. Each script begins with a fixed seed, so the same version of PyTorch writes the same rows but for
the last bits, which depend on the processor.
"""

import atexit
import gzip
import json
import pathlib
import sys

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(20261125)

_rows = []
_TYPES = {torch.int32: "INT32", torch.int64: "INT32", torch.bool: "BOOL"}


def array(t):
    """An array as its shape and elements, with a dtype unless it is floating; null for none."""
    if t is None:
        return None
    dtype = {"dtype": _TYPES[t.dtype]} if t.dtype in _TYPES else {}
    return {"shape": list(t.shape), "data": t.detach().reshape(-1).tolist(), **dtype}


def write(**row):
    _rows.append(json.dumps(row, allow_nan=True))


@atexit.register
def _save():
    path = pathlib.Path(sys.argv[0]).with_suffix(".jsonl.gz")
    # Without a time stamp and a name the same rows are the same file.
    with open(path, "wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
        packed.write("".join(row + "\n" for row in _rows).encode())


def _leaves(inputs):
    return [i.requires_grad_() if i.is_floating_point() else i for i in inputs]


def _kept(key, names):
    """Batches are counted where that has a name."""
    return key.split(".")[-1] != "num_batches_tracked" or names(key) != key


def layer(name, module, inputs, call=None, train=True, names=None, initialize=True, **args):
    """One forward and backward pass; names maps PyTorch's names of parameters and buffers to ours."""
    names = names or (lambda n: n)
    module.train(train)
    for parameter in module.parameters() if initialize else ():
        nn.init.uniform_(parameter, -0.9, 0.9)
    state = {names(k): array(v) for k, v in module.state_dict().items() if _kept(k, names)}
    inputs = _leaves(inputs)
    outputs = (call or (lambda m, *x: (m(*x),)))(module, *inputs)
    cotangents = [torch.randn_like(o) for o in outputs]
    sum((o * c).sum() for o, c in zip(outputs, cotangents)).backward()
    write(
        kind="layer", name=name, args=args, train=train, state=state,
        inputs=[array(i) for i in inputs], outputs=[array(o) for o in outputs], cotangents=[array(c) for c in cotangents],
        inputGradients=[array(i.grad) for i in inputs],
        gradients={names(k): array(p.grad) for k, p in module.named_parameters()},
        stateAfter={
            names(k): array(v) for k, v in module.state_dict().items() if _kept(k, names)
        },
    )


def loss(name, module, inputs, **args):
    inputs = _leaves(inputs)
    value = module(*inputs)
    cotangent = torch.randn_like(value)
    (value * cotangent).sum().backward()
    write(
        kind="loss", name=name, args=args, inputs=[array(i) for i in inputs], outputs=[array(value)],
        cotangents=[array(cotangent)], inputGradients=[array(i.grad) for i in inputs],
    )


_STATE = {
    "step": "steps", "momentum_buffer": "momentum", "exp_avg": "firstMoment", "exp_avg_sq": "secondMoment",
    "max_exp_avg_sq": "largestSecondMoment", "mu_product": "momentumProduct", "exp_inf": "infinityNorm", "sum": "sum",
    "square_avg": "squareAverage", "acc_delta": "stepAverage", "grad_avg": "gradientAverage", "prev": "gradient",
    "step_size": "stepSize", "ax": "average", "eta": "rate", "row_var": "rowFactor", "col_var": "columnFactor",
    "variance": "rowFactor",
}


def _carried(optim, parameters):
    """What an optimizer carries, under our names; what has none follows from the number of steps."""
    return {
        f"{k}.{_STATE[name]}": array(torch.as_tensor(value, dtype=torch.float64))
        for k, parameter in enumerate(parameters)
        for name, value in optim.state[parameter].items()
        if name in _STATE and value is not None
    }


def optimizer(name, make, steps=100, shown=(1, 2, 50, 100), shapes=((3, 2), (4,)), change=lambda gradient: gradient, **args):
    """A run with gradients that are drawn, and then changed by a function."""
    parameters = [torch.randn(shape).requires_grad_() for shape in shapes]
    initial = [array(p) for p in parameters]
    gradients, trajectory, states = [], [], {}
    optim = make(parameters)
    for step in range(1, steps + 1):
        for p in parameters:
            p.grad = change(torch.randn_like(p))
        gradients.append([array(p.grad) for p in parameters])
        optim.step()
        trajectory.append([array(p) for p in parameters])
        if step in shown:
            states[step] = _carried(optim, parameters)
    write(
        kind="optimizer", name=name, args=args, parameters=initial, gradients=gradients, trajectory=trajectory, states=states,
    )


def schedule(name, make, count, setting="lr", **args):
    optim = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0, momentum=0.9)
    scheduler = make(optim)
    values = []
    for step in range(count):
        values.append(optim.param_groups[0][setting])
        if step < count - 1:
            optim.step()
            scheduler.step()
    write(kind="schedule", name=name, args=args, values=values)


def plateau(metrics, **settings):
    """The learning rate after each metric; settings are named as PyTorch's."""
    optim = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optim, **settings)
    values = []
    for metric in metrics:
        optim.step()
        scheduler.step(metric)
        values.append(optim.param_groups[0]["lr"])
    write(kind="plateau", name="Plateau", args={"value": 1, **settings}, metrics=metrics, values=values)


def chain(matrix, p, q):
    """A function of two parameters with a narrow valley; without a matrix, that of Rosenbrock in ten dimensions."""
    z = torch.cat([p.reshape(-1), q.reshape(-1)])
    if matrix is None:
        return ((1 - z) ** 2).sum() + 10 * ((z[1:] - z[:-1] ** 2) ** 2).sum()
    return ((matrix @ z - 1) ** 2).sum()


def minimization(name, make, steps, matrix=None, **args):
    """The trajectory of two parameters for steps with a closure, which computes chain."""
    parameters = [(torch.randn(3, 2) * 0.5).requires_grad_(), (torch.randn(4) * 0.5).requires_grad_()]
    initial = [array(p) for p in parameters]
    optim = make(parameters)
    trajectory, losses = [], []

    def closure():
        optim.zero_grad()
        loss = chain(matrix, *parameters)
        loss.backward()
        return loss

    for _ in range(steps):
        losses.append(optim.step(closure).item())
        trajectory.append([array(p) for p in parameters])
    write(kind="minimization", name=name, args=args, parameters=initial, matrix=array(matrix), losses=losses, trajectory=trajectory)
