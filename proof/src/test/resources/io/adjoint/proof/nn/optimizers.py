"""Optimizers: the trajectory of two parameters for given gradients."""

import torch

import papers
from golden import minimization, optimizer

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
optimizer("SGD", lambda p: sgd(p, lr=0.05, momentum=0.9, maximize=True), lr=0.05, momentum=0.9, maximize=True)

adamw = torch.optim.AdamW
optimizer("Adam", lambda p: adam(p, lr=0.05, amsgrad=True, betas=(0.8, 0.9)), lr=0.05, amsgrad=True, beta1=0.8, beta2=0.9)
optimizer("Adam", lambda p: adam(p, lr=0.05, maximize=True, weight_decay=0.1), lr=0.05, maximize=True, weightDecay=0.1)
optimizer("AdamW", lambda p: adamw(p), lr=1e-3)
optimizer(
    "AdamW", lambda p: adamw(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.3),
    lr=0.1, beta1=0.8, beta2=0.95, eps=1e-3, weightDecay=0.3,
)
optimizer(
    "AdamW", lambda p: adamw(p, lr=0.1, betas=(0.8, 0.95), amsgrad=True, maximize=True),
    lr=0.1, beta1=0.8, beta2=0.95, amsgrad=True, maximize=True,
)

O = torch.optim
optimizer("Adagrad", lambda p: O.Adagrad(p), lr=0.01)
optimizer(
    "Adagrad", lambda p: O.Adagrad(p, lr=0.3, lr_decay=0.02, initial_accumulator_value=0.5, eps=1e-3, weight_decay=0.1),
    lr=0.3, lrDecay=0.02, initialAccumulator=0.5, eps=1e-3, weightDecay=0.1,
)
optimizer("Adagrad", lambda p: O.Adagrad(p, lr=0.1, maximize=True), lr=0.1, maximize=True)
optimizer("Adadelta", lambda p: O.Adadelta(p), lr=1)
optimizer(
    "Adadelta", lambda p: O.Adadelta(p, lr=0.5, rho=0.7, eps=1e-3, weight_decay=0.1, maximize=True),
    lr=0.5, rho=0.7, eps=1e-3, weightDecay=0.1, maximize=True,
)
optimizer("Adamax", lambda p: O.Adamax(p), lr=2e-3)
optimizer(
    "Adamax", lambda p: O.Adamax(p, lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1, maximize=True),
    lr=0.05, beta1=0.8, beta2=0.95, eps=1e-3, weightDecay=0.1, maximize=True,
)
optimizer("NAdam", lambda p: O.NAdam(p), lr=2e-3)
optimizer(
    "NAdam", lambda p: O.NAdam(p, lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1, momentum_decay=0.05),
    lr=0.05, beta1=0.8, beta2=0.95, eps=1e-3, weightDecay=0.1, momentumDecay=0.05,
)
optimizer(
    "NAdam", lambda p: O.NAdam(p, lr=0.05, weight_decay=0.1, decoupled_weight_decay=True, maximize=True),
    lr=0.05, weightDecay=0.1, decoupled=True, maximize=True,
)
optimizer("RAdam", lambda p: O.RAdam(p), lr=1e-3)
optimizer(
    "RAdam", lambda p: O.RAdam(p, lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
    lr=0.05, beta1=0.8, beta2=0.95, eps=1e-3, weightDecay=0.1,
)
optimizer(
    "RAdam", lambda p: O.RAdam(p, lr=0.05, weight_decay=0.1, decoupled_weight_decay=True, maximize=True),
    lr=0.05, weightDecay=0.1, decoupled=True, maximize=True,
)
optimizer("Rprop", lambda p: O.Rprop(p), lr=0.01)
optimizer(
    "Rprop", lambda p: O.Rprop(p, lr=0.1, etas=(0.4, 1.5), step_sizes=(1e-2, 0.3), maximize=True),
    lr=0.1, minus=0.4, plus=1.5, smallest=1e-2, largest=0.3, maximize=True,
)
optimizer("ASGD", lambda p: O.ASGD(p), lr=0.01)
optimizer(
    "ASGD", lambda p: O.ASGD(p, lr=0.1, lambd=0.02, alpha=0.6, t0=20, weight_decay=0.1, maximize=True),
    lr=0.1, decay=0.02, power=0.6, start=20, weightDecay=0.1, maximize=True,
)
optimizer("Adafactor", lambda p: O.Adafactor(p), lr=0.01)
optimizer(
    "Adafactor", lambda p: O.Adafactor(p, lr=0.2, beta2_decay=-0.6, eps=(1e-2, 0.05), d=1.5, weight_decay=0.1, maximize=True),
    lr=0.2, beta2Decay=-0.6, eps1=1e-2, eps2=0.05, clipping=1.5, weightDecay=0.1, maximize=True,
)
matrix = torch.eye(10) * 2 + torch.randn(10, 10) * 0.3
minimization("LBFGS", lambda p: O.LBFGS(p, lr=0.5), 3, matrix=matrix, lr=0.5)
minimization("LBFGS", lambda p: O.LBFGS(p, line_search_fn="strong_wolfe"), 3, matrix=matrix, lr=1, strongWolfe=True)
minimization(
    "LBFGS", lambda p: O.LBFGS(p, lr=0.7, max_iter=2, history_size=3), 8, matrix=matrix,
    lr=0.7, maxIterations=2, history=3,
)
minimization(
    "LBFGS", lambda p: O.LBFGS(p, max_iter=4, max_eval=6, line_search_fn="strong_wolfe", history_size=4), 5,
    lr=1, maxIterations=4, maxEvaluations=6, history=4, strongWolfe=True,
)
minimization(
    "LBFGS", lambda p: O.LBFGS(p, lr=0.8, tolerance_grad=0.05, tolerance_change=1e-3, line_search_fn="strong_wolfe"), 4, matrix=matrix,
    lr=0.8, gradientTolerance=0.05, changeTolerance=1e-3, strongWolfe=True,
)

matrices = ((3, 2), (2, 5), (2, 3, 2))


def sparse(torch_optimizer):
    """Gradients of which some rows are 0, handed over as sparse ones that have only the others."""
    step = torch_optimizer.step

    def sparse_step():
        for group in torch_optimizer.param_groups:
            for p in group["params"]:
                p.grad = p.grad.to_sparse(1)
        step()

    torch_optimizer.step = sparse_step
    return torch_optimizer


def some_rows(gradient):
    kept = torch.rand(gradient.shape[0]) < 0.6
    return gradient * kept.reshape(-1, *[1] * (gradient.dim() - 1))


optimizer("SparseAdam", lambda p: sparse(O.SparseAdam(p)), shapes=((6, 2), (4,)), change=some_rows, lr=1e-3)
optimizer(
    "SparseAdam", lambda p: sparse(O.SparseAdam(p, lr=0.05, betas=(0.8, 0.95), eps=1e-3, maximize=True)),
    shapes=((6, 2), (4,)), change=some_rows, lr=0.05, beta1=0.8, beta2=0.95, eps=1e-3, maximize=True,
)
optimizer("LAMB", lambda p: papers.LAMB(p, lr=1e-3, decay=0.01), lr=1e-3)
optimizer(
    "LAMB", lambda p: papers.LAMB(p, lr=0.02, betas=(0.8, 0.95), eps=1e-3, decay=0.1, sign=-1),
    lr=0.02, beta1=0.8, beta2=0.95, eps=1e-3, weightDecay=0.1, maximize=True,
)
optimizer("LAMB", lambda p: papers.LAMB(p, lr=0.05, decay=0), lr=0.05, weightDecay=0)
optimizer("Muon", lambda p: papers.Muon(p, lr=1e-3), shapes=matrices, lr=1e-3)
optimizer(
    "Muon", lambda p: papers.Muon(p, lr=0.02, momentum=0.9, decay=0.2, nesterov=False, sign=-1),
    shapes=matrices, lr=0.02, momentum=0.9, weightDecay=0.2, withoutNesterov=True, maximize=True,
)
optimizer(
    "Muon", lambda p: papers.Muon(p, lr=0.02, decay=0, rms=True, eps=8.0), shapes=matrices,
    lr=0.02, weightDecay=0, eps=8.0, matchAdamW=True,
)
# Optimizers of the kit's users, in OwnOptimizers.
optimizer("Lion", lambda p: papers.Lion(p, lr=1e-2, decay=0.1), lr=1e-2, weightDecay=0.1)
optimizer("Lion", lambda p: papers.Lion(p, lr=1e-2, betas=(0.8, 0.95)), lr=1e-2, beta1=0.8, beta2=0.95)
optimizer(
    "Lamb", lambda p: papers.LAMB(p, lr=0.02, betas=(0.8, 0.95), eps=1e-3, decay=0.1),
    lr=0.02, beta1=0.8, beta2=0.95, eps=1e-3, weightDecay=0.1,
)
