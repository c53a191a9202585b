"""Writes nn.jsonl: values of PyTorch's layers, losses, optimizers and schedules in float64, one JSON object a line.

    python3 nn_golden.py > nn.jsonl            (PyTorch 2.6; the README beside this file describes the fields)

Random numbers come from a fixed seed, so the same version of PyTorch writes the same file.
"""

import json

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(20261125)


def array(t):
    return {"shape": list(t.shape), "data": t.detach().reshape(-1).tolist()}


def write(**row):
    print(json.dumps(row))


def layer(name, module, inputs, call=None, train=True, names=None, **args):
    """One forward and backward pass; names maps PyTorch's names of parameters and buffers to ours."""
    names = names or (lambda n: n)
    module.train(train)
    for parameter in module.parameters():
        nn.init.uniform_(parameter, -0.9, 0.9)
    state = {names(k): array(v) for k, v in module.state_dict().items() if k != "num_batches_tracked"}
    inputs = [i.requires_grad_() for i in inputs]
    outputs = (call or (lambda m, *x: (m(*x),)))(module, *inputs)
    cotangents = [torch.randn_like(o) for o in outputs]
    sum((o * c).sum() for o, c in zip(outputs, cotangents)).backward()
    write(
        kind="layer", name=name, args=args, train=train, state=state,
        inputs=[array(i) for i in inputs], outputs=[array(o) for o in outputs], cotangents=[array(c) for c in cotangents],
        inputGradients=[array(i.grad) for i in inputs],
        gradients={names(k): array(p.grad) for k, p in module.named_parameters()},
        stateAfter={names(k): array(v) for k, v in module.state_dict().items() if k != "num_batches_tracked"},
    )


def loss(name, module, inputs, **args):
    inputs = [i.requires_grad_() for i in inputs]
    value = module(*inputs)
    cotangent = torch.randn_like(value)
    (value * cotangent).sum().backward()
    write(
        kind="loss", name=name, args=args, inputs=[array(i) for i in inputs], outputs=[array(value)],
        cotangents=[array(cotangent)], inputGradients=[array(i.grad) for i in inputs],
    )


def optimizer(name, make, steps=50, **args):
    parameters = [torch.randn(3, 2).requires_grad_(), torch.randn(4).requires_grad_()]
    initial = [array(p) for p in parameters]
    gradients, trajectory = [], []
    optim = make(parameters)
    for _ in range(steps):
        for p in parameters:
            p.grad = torch.randn_like(p)
        gradients.append([array(p.grad) for p in parameters])
        optim.step()
        trajectory.append([array(p) for p in parameters])
    write(kind="optimizer", name=name, args=args, parameters=initial, gradients=gradients, trajectory=trajectory)


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


# ---- layers ----

layer("Dense", nn.Linear(3, 2), [torch.randn(4, 3)], **{"in": 3, "out": 2})
layer("Dense", nn.Linear(3, 2, bias=False), [torch.randn(2, 4, 3)], **{"in": 3, "out": 2, "bias": False})
for name, module in [("ReLU", nn.ReLU()), ("Sigmoid", nn.Sigmoid()), ("Tanh", nn.Tanh()), ("GELU", nn.GELU())]:
    layer(name, module, [torch.randn(3, 5) * 2])
layer("Conv2d", nn.Conv2d(2, 3, 3), [torch.randn(2, 2, 5, 6)], **{"in": 2, "out": 3, "kernel": [3, 3]})
layer(
    "Conv2d", nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2, bias=False),
    [torch.randn(2, 4, 7, 6)],
    **{"in": 4, "out": 6, "kernel": [3, 2], "stride": [2, 1], "padding": [1, 2], "dilation": [1, 2], "groups": 2, "bias": False},
)
running = {"running_mean": "runningMean", "running_var": "runningVariance"}
for train in (True, False):
    norm = nn.BatchNorm2d(3, eps=1e-4, momentum=0.3)
    norm.running_mean.uniform_(-1, 1)
    norm.running_var.uniform_(0.5, 2)
    layer(
        "BatchNorm2d", norm, [torch.randn(4, 3, 2, 5) * 3 + 1], train=train, names=lambda n: running.get(n, n),
        channels=3, eps=1e-4, momentum=0.3,
    )
memory = {
    "weight_ih_l0": "inputWeight", "weight_hh_l0": "hiddenWeight", "bias_ih_l0": "inputBias", "bias_hh_l0": "hiddenBias",
}


def run_memory(module, x, h, c):
    y, (h, c) = module(x, (h[None], c[None]))
    return y, h[0], c[0]


layer(
    "LSTM", nn.LSTM(3, 4, batch_first=True), [torch.randn(2, 5, 3), torch.randn(2, 4), torch.randn(2, 4)], call=run_memory,
    names=memory.get, **{"in": 3, "hidden": 4},
)

# ---- losses ----

for reduction in ("mean", "sum", "none"):
    loss(
        "TripletMargin", nn.TripletMarginLoss(margin=0.7, reduction=reduction),
        [torch.randn(5, 3), torch.randn(5, 3), torch.randn(5, 3)], margin=0.7, reduction=reduction,
    )

# ---- optimizers ----

sgd, adam, rmsprop = torch.optim.SGD, torch.optim.Adam, torch.optim.RMSprop
optimizer("SGD", lambda p: sgd(p, lr=0.1), lr=0.1)
optimizer("SGD", lambda p: sgd(p, lr=0.1, weight_decay=0.2), lr=0.1, weightDecay=0.2)
optimizer(
    "SGD", lambda p: sgd(p, lr=0.05, momentum=0.9, dampening=0.3, weight_decay=0.1),
    lr=0.05, momentum=0.9, dampening=0.3, weightDecay=0.1,
)
optimizer("SGD", lambda p: sgd(p, lr=0.05, momentum=0.9, nesterov=True), lr=0.05, momentum=0.9, nesterov=True)
optimizer("Adam", lambda p: adam(p), lr=1e-3)
optimizer(
    "Adam", lambda p: adam(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
    lr=0.1, beta1=0.8, beta2=0.95, eps=1e-3, weightDecay=0.1,
)
optimizer("RMSprop", lambda p: rmsprop(p), lr=0.01)
optimizer("RMSprop", lambda p: rmsprop(p, lr=0.02, alpha=0.9, eps=1e-3, weight_decay=0.1), lr=0.02, alpha=0.9, eps=1e-3, weightDecay=0.1)
optimizer("RMSprop", lambda p: rmsprop(p, lr=0.02, momentum=0.8), lr=0.02, momentum=0.8)
optimizer("RMSprop", lambda p: rmsprop(p, lr=0.02, alpha=0.9, centered=True), lr=0.02, alpha=0.9, centred=True)
optimizer(
    "RMSprop", lambda p: rmsprop(p, lr=0.02, alpha=0.9, momentum=0.5, centered=True, weight_decay=0.2),
    lr=0.02, alpha=0.9, momentum=0.5, centred=True, weightDecay=0.2,
)

# ---- schedules ----

one_cycle = torch.optim.lr_scheduler.OneCycleLR
schedule("OneCycle", lambda o: one_cycle(o, max_lr=0.7, total_steps=50), 50, max=0.7, steps=50)
schedule(
    "OneCycle", lambda o: one_cycle(o, max_lr=2.0, total_steps=17, pct_start=0.4, div_factor=10, final_div_factor=100), 17,
    max=2.0, steps=17, warmUp=0.4, divFactor=10, finalDivFactor=100,
)
schedule(
    "OneCycle", lambda o: one_cycle(o, max_lr=0.7, total_steps=50, base_momentum=0.8, max_momentum=0.97), 50, setting="momentum",
    max=0.7, steps=50, lowMomentum=0.8, highMomentum=0.97,
)
