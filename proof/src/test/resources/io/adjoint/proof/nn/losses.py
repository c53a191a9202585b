"""Losses: every setting and reduction. Those of a prediction and a target have the names that operations have."""

import torch
from torch import nn
from torch.nn import functional as F

from golden import loss

REDUCTIONS = ("mean", "sum", "none")


def signs(*shape):
    return torch.randint(0, 2, shape) * 2.0 - 1


def all_reductions(name, make, inputs, **args):
    """A row for each reduction, of the same elements."""
    for reduction in REDUCTIONS:
        loss(name, make(reduction), [i.clone().detach() for i in inputs], reduction=reduction, **args)


def of_target(make, target):
    """A loss of the first inputs and a target that has no gradient."""
    return lambda reduction: lambda *x: make(reduction)(*x, target)


# ---- element by element ----

pair = [torch.randn(4, 3), torch.randn(4, 3)]
# Equal elements and elements at the joints among others.
joints = [torch.tensor([[0.5, 1.5, -1.0], [2.0, 0.0, 3.0]]), torch.tensor([[0.5, 0.5, 0.0], [0.0, 1.0, 2.25]])]
probabilities = [torch.rand(4, 3), torch.rand(4, 3)]
for inputs in (pair, joints, [torch.randn(()), torch.randn(())]):
    all_reductions("MSE", lambda r: nn.MSELoss(reduction=r), inputs)
    all_reductions("L1", lambda r: nn.L1Loss(reduction=r), inputs)
    for size in (1.0, 0.4):
        all_reductions("Huber", lambda r: nn.HuberLoss(reduction=r, delta=size), inputs, delta=size)
        all_reductions("SmoothL1", lambda r: nn.SmoothL1Loss(reduction=r, beta=size), inputs, beta=size)
all_reductions("SmoothL1", lambda r: nn.SmoothL1Loss(reduction=r, beta=0.0), joints, beta=0)

weight = torch.rand(3) + 0.5
positive = torch.rand(3) * 3
each = torch.rand(4, 3)
for w in (None, weight, each):
    args = {} if w is None else {"weight": w.tolist()}
    all_reductions("BCE", lambda r: nn.BCELoss(weight=w, reduction=r), probabilities, **args)
    for p in (None, positive):
        more = args if p is None else {**args, "posWeight": p.tolist()}
        all_reductions(
            "BCEWithLogits", lambda r: nn.BCEWithLogitsLoss(weight=w, pos_weight=p, reduction=r),
            [torch.randn(4, 3) * 4, torch.rand(4, 3)], **more,
        )
# Not 1 for 0: PyTorch's smallest product is a float32 1e-12.
bounds = torch.tensor([0.0, 1.0, 0.25, 0.75])
all_reductions(
    "BCE", of_target(lambda r: nn.BCELoss(reduction=r), torch.tensor([0.0, 1.0, 0.0, 1.0])), [bounds],
    target=[0, 1, 0, 1],
)

for log_target in (False, True):
    wanted = torch.randn(4, 3).softmax(1)
    wanted = wanted.log() if log_target else wanted
    for reduction in (*REDUCTIONS, "batchmean"):
        loss(
            "KLDiv", nn.KLDivLoss(reduction=reduction, log_target=log_target),
            [torch.randn(4, 3).log_softmax(1), wanted.clone()], reduction=reduction, logTarget=log_target,
        )

for full in (False, True):
    # With a count of 0 the gradient of PyTorch's Stirling term is NaN.
    counts = torch.tensor([[0.25 if full else 0.0, 1.0, 2.0], [3.5, 7.0, 0.5]])
    all_reductions(
        "PoissonNLL", lambda r: nn.PoissonNLLLoss(full=full, reduction=r), [torch.randn(2, 3), counts], full=full
    )
    for eps in (1e-8, 0.1):
        all_reductions(
            "PoissonNLL", lambda r: nn.PoissonNLLLoss(log_input=False, full=full, eps=eps, reduction=r),
            [torch.rand(2, 3) * 3, counts], logInput=False, full=full, eps=eps,
        )


def focal(gamma, alpha):
    """As torchvision's sigmoid_focal_loss."""

    def value(x, t):
        p = x.sigmoid()
        entropy = F.binary_cross_entropy_with_logits(x, t, reduction="none")
        losses = entropy * (1 - (p * t + (1 - p) * (1 - t))) ** gamma
        return losses if alpha is None else (alpha * t + (1 - alpha) * (1 - t)) * losses

    return value


def reduced(losses, reduction):
    return {"mean": torch.mean, "sum": torch.sum, "none": lambda x: x}[reduction](losses)


for gamma, alpha in ((2.0, 0.25), (0.5, None), (0.0, 0.7), (1.5, 0.0)):
    args = {"gamma": gamma} if alpha is None else {"gamma": gamma, "alpha": alpha}
    value = focal(gamma, alpha)
    all_reductions(
        "Focal", lambda r: lambda x, t: reduced(value(x, t), r),
        [torch.randn(3, 4) * 3, torch.rand(3, 4)], **args,
    )

# ---- of targets that are -1 or 1 ----

t = signs(4, 3)
at_the_margin = torch.tensor([1.0, -1.0, 0.0, 1.0, 0.4, 0.4])
of_margin = torch.tensor([-1.0, -1.0, -1.0, 1.0, -1.0, 1.0])
for x, t in ((torch.randn(4, 3) * 2, signs(4, 3)), (at_the_margin, of_margin)):
    for margin in (1.0, 0.4):
        all_reductions(
            "HingeEmbedding", of_target(lambda r: nn.HingeEmbeddingLoss(margin=margin, reduction=r), t), [x],
            margin=margin, target=t.tolist(),
        )
    all_reductions("SoftMargin", of_target(lambda r: nn.SoftMarginLoss(reduction=r), t), [x], target=t.tolist())
    for squared in (False, True):
        all_reductions(
            "Hinge", lambda r: lambda y: reduced((1 - t * y).relu() ** (2 if squared else 1), r), [x],
            squared=squared, target=t.tolist(),
        )

t = signs(5)
equal = torch.tensor([0.5, 1.0, 1.0, 2.0, 3.0])
for margin in (0.0, 0.7):
    for a, b in ((torch.randn(5), torch.randn(5)), (equal, torch.tensor([0.5, 1.0, 0.25, 1.5, 3.0]))):
        all_reductions(
            "MarginRanking", of_target(lambda r: nn.MarginRankingLoss(margin=margin, reduction=r), t), [a, b],
            margin=margin, target=t.tolist(),
        )
for margin in (0.0, 0.3, -0.5):
    all_reductions(
        "CosineEmbedding", of_target(lambda r: nn.CosineEmbeddingLoss(margin=margin, reduction=r), t),
        [torch.randn(5, 3), torch.randn(5, 3)], margin=margin, target=t.tolist(),
    )
for one in (1.0, -1.0):
    all_reductions(
        "CosineEmbedding", of_target(lambda r: nn.CosineEmbeddingLoss(reduction=r), torch.tensor(one)),
        [torch.tensor([1.0, 2.0, 0.5]), torch.tensor([0.5, 1.0, -1.0])], target=one,
    )

# ---- of classes ----

classes = torch.tensor([2, 0, 1, 2])
many = torch.randint(0, 3, (2, 4, 2))
w = torch.tensor([1.0, 0.5, 2.0])
for x, target in ((torch.randn(4, 3), classes), (torch.randn(2, 3, 4, 2), many), (torch.randn(3), torch.tensor(1))):
    for cw in (None, w):
        for ignored in (-100, 2):
            args = {"ignoreIndex": ignored, **({} if cw is None else {"weight": cw.tolist()})}
            all_reductions(
                "NLL", lambda r: nn.NLLLoss(weight=cw, ignore_index=ignored, reduction=r),
                [x.log_softmax(min(1, x.dim() - 1)), target], **args,
            )
            for smoothing in (0.0, 0.3):
                all_reductions(
                    "CrossEntropy",
                    lambda r: nn.CrossEntropyLoss(
                        weight=cw, ignore_index=ignored, label_smoothing=smoothing, reduction=r
                    ),
                    [x, target], labelSmoothing=smoothing, **args,
                )
for cw in (None, w):
    for smoothing in (0.0, 0.3):
        args = {} if cw is None else {"weight": cw.tolist()}
        all_reductions(
            "CrossEntropy", lambda r: nn.CrossEntropyLoss(weight=cw, label_smoothing=smoothing, reduction=r),
            [torch.randn(2, 3, 4), torch.rand(2, 3, 4)], labelSmoothing=smoothing, **args,
        )

exact = torch.tensor([[1.0, 2.0, 0.0], [0.5, 0.5, 1.5], [2.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
for x, target in ((torch.randn(4, 3), classes), (exact, classes), (torch.randn(3), torch.tensor(1))):
    for p in (1, 2):
        for margin in (1.0, 0.4):
            for cw in (None, w):
                args = {} if cw is None else {"weight": cw.tolist()}
                all_reductions(
                    "MultiMargin", lambda r: nn.MultiMarginLoss(p=p, margin=margin, weight=cw, reduction=r),
                    [x, target], p=p, margin=margin, **args,
                )

labels = torch.tensor([[3, 0, -1, 1], [-1, 0, 1, 2], [0, 1, 2, 3], [2, -1, -1, -1]])
for x, target in ((torch.randn(4, 4), labels), (torch.tensor([0.5, 1.5, 0.25, 0.0]), torch.tensor([1, 3, -1, 0]))):
    all_reductions("MultiLabelMargin", lambda r: nn.MultiLabelMarginLoss(reduction=r), [x, target])
for cw in (None, w):
    args = {} if cw is None else {"weight": cw.tolist()}
    for shape in ((4, 3), (3,), (2, 2, 3)):
        all_reductions(
            "MultiLabelSoftMargin", lambda r: nn.MultiLabelSoftMarginLoss(weight=cw, reduction=r),
            [torch.randn(shape) * 3, torch.rand(shape)], **args,
        )

# ---- of several tensors ----

for full in (False, True):
    for eps in (1e-6, 0.5):
        for variance in (torch.rand(4, 3), torch.rand(4, 1), torch.rand(4)):
            all_reductions(
                "GaussianNLL", lambda r: nn.GaussianNLLLoss(full=full, eps=eps, reduction=r), [*pair, variance],
                full=full, eps=eps,
            )

triplet = [torch.randn(5, 3), torch.randn(5, 3), torch.randn(5, 3)]
for margin, p, eps, swap in ((0.7, 2.0, 1e-6, False), (1.0, 1.0, 1e-6, True), (2.0, 3.0, 0.01, True)):
    all_reductions(
        "TripletMargin", lambda r: nn.TripletMarginLoss(margin=margin, p=p, eps=eps, swap=swap, reduction=r), triplet,
        margin=margin, p=p, eps=eps, swap=swap,
    )
for swap in (False, True):
    all_reductions(
        "TripletMarginWithDistance",
        lambda r: nn.TripletMarginWithDistanceLoss(
            distance_function=lambda a, b: (a - b).square().sum(-1), margin=1.5, swap=swap, reduction=r
        ),
        triplet, margin=1.5, swap=swap,
    )


# ---- of alignments: of logits, since PyTorch's gradient of log-probabilities takes for granted that they are normalized ----


def ctc(inputs, target, steps, lengths, blank=0, zero_infinity=False):
    def make(reduction):
        module = nn.CTCLoss(blank=blank, reduction=reduction, zero_infinity=zero_infinity)
        return lambda x, t: module(x.log_softmax(-1), t, torch.tensor(steps), torch.tensor(lengths))

    all_reductions(
        "CTC", make, [inputs, target], inputLengths=steps, targetLengths=lengths, blank=blank,
        zeroInfinity=zero_infinity,
    )


padded = torch.tensor([[1, 2, 3], [2, 2, 1], [3, 1, 1], [1, 1, 1]])
ctc(torch.randn(8, 4, 4) * 2, padded, [8, 6, 7, 5], [3, 3, 2, 0])
ctc(torch.randn(8, 4, 4) * 2, torch.tensor([1, 2, 3, 2, 2, 1, 3, 1]), [8, 6, 7, 5], [3, 3, 2, 0])
ctc(torch.randn(8, 4, 4) * 2, padded - 1, [8, 6, 7, 5], [3, 3, 2, 0], blank=3)
# Too few steps for two equal labels, and one step for one label.
ctc(torch.randn(4, 2, 3), torch.tensor([[1, 1, 2], [2, 1, 1]]), [3, 1], [3, 1], zero_infinity=True)
ctc(torch.randn(6, 3), torch.tensor([1, 2, 2]), 6, 3)
ctc(torch.randn(60, 2, 20), torch.randint(1, 20, (2, 25)), [60, 55], [25, 20])


# ---- the focal loss of one class of several, which PyTorch doesn't have ----


def focal_of_classes(gamma, weight, ignored, reduction):
    """Lin et al. (2017), -w * (1 - p)**gamma * log p with the softmax's p; its mean is by the weights, as nn.CrossEntropyLoss's."""

    def value(x, t):
        axis = min(1, x.dim() - 1)
        kept = t != ignored
        index = torch.where(kept, t, 0).unsqueeze(axis)
        log_p = x.log_softmax(axis).gather(axis, index).squeeze(axis)
        w = (torch.ones(3) if weight is None else weight)[index.squeeze(axis)] * kept
        losses = -w * (1 - log_p.exp()) ** gamma * log_p
        return losses.sum() / w.sum() if reduction == "mean" else reduced(losses, reduction)

    return value


for gamma in (2.0, 0.5, 0.0):
    for cw, ignored in ((None, -100), (w, 1)):
        args = {"gamma": gamma, "ignoreIndex": ignored} if cw is None else {"gamma": gamma, "weight": cw.tolist(), "ignoreIndex": ignored}
        for x, target in (
            (torch.randn(6, 3) * 3, torch.tensor([0, 1, 2, 2, 1, 0])),
            (torch.randn(2, 3, 2, 2), torch.randint(0, 3, (2, 2, 2))),
            (torch.randn(3), torch.tensor(2)),
        ):
            all_reductions("FocalCrossEntropy", lambda r: focal_of_classes(gamma, cw, ignored, r), [x, target], **args)
