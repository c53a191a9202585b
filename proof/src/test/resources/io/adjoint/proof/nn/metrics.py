"""Metrics, of scikit-learn instead of PyTorch."""

import warnings

import numpy as np
import sklearn.metrics as sk
import torch

from golden import array, write

warnings.simplefilter("ignore")
rng = np.random.default_rng(20261125)


def metric(name, score, prediction, target, per_class=None, **args):
    """The figure of all samples, which come in three batches, one of them empty; and that of each class, if it is given."""
    cuts = [0, len(target) // 3, len(target) // 3, len(target)]
    batches = [
        {"prediction": array(torch.from_numpy(prediction[a:b])), "target": array(torch.from_numpy(target[a:b]))}
        for a, b in zip(cuts, cuts[1:])
    ]
    each = {} if per_class is None else {"perClass": [float(p) for p in per_class]}
    write(kind="metric", name=name, args=args, batches=batches, value=float(score), **each)


def scores(n, classes, ties=False):
    s = rng.normal(size=(n, classes))
    return np.round(s, 0 if ties else 6)


def labels(n, classes):
    return rng.integers(0, classes, n)


AVERAGED = {
    "Precision": sk.precision_score,
    "Recall": sk.recall_score,
    "F1": sk.f1_score,
}

for n, c in ((50, 4), (7, 9), (200, 3)):
    s, y = scores(n, c), labels(n, c)
    metric("Accuracy", sk.accuracy_score(y, s.argmax(1)), s, y)
    metric("ConfusionMatrix", sk.accuracy_score(y, s.argmax(1)), s, y, classes=c)
    for k in (1, 2, 3):
        metric("TopKAccuracy", sk.top_k_accuracy_score(y, s, k=k, labels=range(c)), s, y, k=k)
    t = scores(n, c, ties=True)
    metric("TopKAccuracy", sk.top_k_accuracy_score(y, t, k=2, labels=range(c)), t, y, k=2)
    for name, f in AVERAGED.items():
        for average in ("macro", "micro", "weighted"):
            metric(name, f(y, s.argmax(1), average=average, zero_division=0), s, y, average=average)

# Classes themselves; one without predictions, one without targets, one with neither.
p, y = rng.choice([0, 1, 4, 5], 60), rng.choice([0, 1, 2, 5], 60)
metric("Accuracy", sk.accuracy_score(y, p), p, y)
for name, f in AVERAGED.items():
    for average in ("macro", "micro", "weighted"):
        metric(name, f(y, p, average=average, zero_division=0), p, y, average=average)

for threshold in (0.5, 0.0, 0.9):
    s, y = np.round(rng.uniform(-0.5, 1.5, 80), 3), labels(80, 2)
    metric("Accuracy", sk.accuracy_score(y, s > threshold), s, y, threshold=threshold)
    for name, f in AVERAGED.items():
        metric(name, f(y, s > threshold, zero_division=0), s, y, threshold=threshold, average="binary")
s, y = np.full(9, -1.0), labels(9, 2)
for name, f in AVERAGED.items():
    metric(name, f(y, s > 0, zero_division=0), s, y, average="binary")

for n, ties in ((60, False), (60, True), (5, True), (300, True)):
    y = labels(n, 2)
    y[0], y[-1] = 0, 1
    s = scores(n, 1, ties)[:, 0] + y
    metric("RocAuc", sk.roc_auc_score(y, s), s, y)
    metric("AveragePrecision", sk.average_precision_score(y, s), s, y)
for n, c in ((80, 3), (200, 6)):
    y = np.concatenate([np.arange(c), labels(n, c)])
    s = np.exp(scores(len(y), c, ties=False) + 2 * np.eye(c)[y])
    s /= s.sum(1, keepdims=True)
    metric("RocAuc", sk.roc_auc_score(y, s, multi_class="ovr", average="macro"), s, y)
    metric("AveragePrecision", sk.average_precision_score(np.eye(c)[y], s, average="macro"), s, y)
s, y = scores(9, 1)[:, 0], np.zeros(9, int)
metric("AveragePrecision", sk.average_precision_score(y, s), s, y)

for n in (2, 40, 500):
    t = rng.normal(size=n) * 3 + 20
    p = t + rng.normal(size=n)
    metric("MAE", sk.mean_absolute_error(t, p), p, t)
    metric("RMSE", np.sqrt(sk.mean_squared_error(t, p)), p, t)
    metric("R2", sk.r2_score(t, p), p, t)
t = np.full(6, 2.0)
metric("R2", sk.r2_score(t, t), t, t)
metric("R2", sk.r2_score(t, t + np.arange(6)), t + np.arange(6), t)
t = rng.normal(size=(12, 3))
metric("MAE", sk.mean_absolute_error(t, t[::-1]), t[::-1].copy(), t)

for n, c in ((40, 5), (9, 30)):
    s, y = 2 * scores(n, c), labels(n, c)
    e = np.exp(s)
    metric("Perplexity", np.exp(sk.log_loss(y, e / e.sum(1, keepdims=True), labels=range(c))), s, y)
    kept = y != 2
    value = np.exp(sk.log_loss(y[kept], (e / e.sum(1, keepdims=True))[kept], labels=range(c)))
    metric("Perplexity", value, s, y, ignoreIndex=2)

for n, c in ((40, 5), (9, 30)):
    s, y = scores(n, c), labels(n, c)
    p = np.exp(s)
    p /= p.sum(1, keepdims=True)
    metric("LogLoss", sk.log_loss(y, p, labels=range(c)), p, y)
p, y = np.round(rng.uniform(0.01, 0.99, 50), 3), labels(50, 2)
metric("LogLoss", sk.log_loss(y, p, labels=(0, 1)), p, y)

# Several labels for each sample; some without targets, predictions or either, and samples without.
for n, labels_of_each, rare, threshold in ((40, 5, 0.4, 0.0), (12, 3, 0.1, 0.5), (90, 8, 0.05, 0.0), (6, 2, 0.0, 0.5)):
    y = (rng.uniform(size=(n, labels_of_each)) < rare * np.arange(labels_of_each) / 2).astype(int)
    s = np.round(rng.normal(size=y.shape) + y + threshold - 1 + rare, 3)
    s[:, -1] = np.minimum(s[:, -1], threshold)
    p = s > threshold
    metric("Accuracy", sk.accuracy_score(y, p), s, y, threshold=threshold, multiLabel=True)
    metric("Accuracy", 1 - sk.hamming_loss(y, p), s.reshape(-1), y.reshape(-1), threshold=threshold)
    for name, f in AVERAGED.items():
        each = f(y, p, average=None, zero_division=0)
        for average in ("macro", "micro", "weighted", "samples"):
            value = f(y, p, average=average, zero_division=0)
            metric(name, value, s, y, each, average=average, threshold=threshold, multiLabel=True)
            metric(name, value, p, y.astype(bool), each, average=average, multiLabel=True)
# One right, one wrong.
s, y = np.array([[2.0, 1.0], [-1.0, -3.0], [0.5, 4.0]]), np.array([[1, 0], [0, 1], [1, 0]])
for name, f in AVERAGED.items():
    each = f(y, s > 0, average=None, zero_division=0)
    metric(name, f(y, s > 0, average="macro"), s, y, each, average="macro", threshold=0.0, multiLabel=True)
# Every class without an average, all of which occur.
s, y = scores(60, 4), np.concatenate([np.arange(4), labels(56, 4)])
for name, f in AVERAGED.items():
    value = f(y, s.argmax(1), average="macro", zero_division=0)
    metric(name, value, s, y, f(y, s.argmax(1), average=None, labels=range(4), zero_division=0), average="macro")
