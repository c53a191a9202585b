"""Metrics, of scikit-learn instead of PyTorch."""

import warnings

import numpy as np
import sklearn.metrics as sk
import torch
from sklearn.calibration import calibration_curve

from golden import array, write

warnings.simplefilter("ignore")
rng = np.random.default_rng(20261125)


def metric(name, score, prediction, target, per_class=None, more=None, **args):
    """The figure of all samples, which come in three batches, one of them empty; that of each class, and more fields, if they are given."""
    cuts = [0, len(target) // 3, len(target) // 3, len(target)]
    batches = [
        {"prediction": array(torch.from_numpy(prediction[a:b])), "target": array(torch.from_numpy(target[a:b]))}
        for a, b in zip(cuts, cuts[1:])
    ]
    each = {} if per_class is None else {"perClass": [float(p) for p in per_class]}
    write(kind="metric", name=name, args=args, batches=batches, value=float(score), **each, **(more or {}))


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
    metric("MeanAbsoluteError", sk.mean_absolute_error(t, p), p, t)
    metric("RootMeanSquaredError", np.sqrt(sk.mean_squared_error(t, p)), p, t)
    metric("R2", sk.r2_score(t, p), p, t)
t = np.full(6, 2.0)
metric("R2", sk.r2_score(t, t), t, t)
metric("R2", sk.r2_score(t, t + np.arange(6)), t + np.arange(6), t)
t = rng.normal(size=(12, 3))
metric("MeanAbsoluteError", sk.mean_absolute_error(t, t[::-1]), t[::-1].copy(), t)

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


def specificity(y, p, average=None, **of):
    """Of the counts of multilabel_confusion_matrix, since scikit-learn has no function for it."""
    samplewise = average == "samples"
    m = sk.multilabel_confusion_matrix(y, p, samplewise=samplewise, labels=of.get("labels"))
    tn, fp, actual = m[:, 0, 0], m[:, 0, 1], m[:, 1].sum(1)
    if average == "binary":
        tn, fp = tn[1:], fp[1:]
    if average == "micro":
        tn, fp = tn.sum(keepdims=True), fp.sum(keepdims=True)
    each = np.where(tn + fp > 0, tn / np.maximum(tn + fp, 1), 0)
    if average is None:
        return each
    return np.average(each, weights=actual) if average == "weighted" and actual.sum() > 0 else each.mean()


def with_beta(beta):
    return lambda y, p, **of: sk.fbeta_score(y, p, beta=beta, zero_division=0, **of)


FURTHER = [
    ("FBeta", with_beta(2.0), {"beta": 2.0}),
    ("FBeta", with_beta(0.5), {"beta": 0.5}),
    ("Jaccard", lambda y, p, **of: sk.jaccard_score(y, p, zero_division=0, **of), {}),
    ("Specificity", specificity, {}),
]
for name, f, args in FURTHER:
    s, y = scores(60, 4), np.concatenate([np.arange(4), labels(56, 4)])
    for average in ("macro", "micro", "weighted"):
        each = f(y, s.argmax(1), average=None, labels=range(4))
        metric(name, f(y, s.argmax(1), average=average), s, y, each, average=average, **args)
    # Classes themselves; one without predictions, one without targets, one with neither.
    p, y = rng.choice([0, 1, 4, 5], 60), rng.choice([0, 1, 2, 5], 60)
    for average in ("macro", "micro", "weighted"):
        if (name, average) != ("Specificity", "micro"):  # that of a class that does not occur is 1, and counts here
            metric(name, f(y, p, average=average), p, y, average=average, **args)
    s, y = np.round(rng.uniform(-0.5, 1.5, 80), 3), labels(80, 2)
    metric(name, f(y, s > 0.25, average="binary"), s, y, threshold=0.25, average="binary", **args)
    for n, labels_of_each, threshold in ((40, 5, 0.0), (12, 3, 0.5)):
        y = (rng.uniform(size=(n, labels_of_each)) < 0.2 * np.arange(labels_of_each)).astype(int)
        s = np.round(rng.normal(size=y.shape) + y, 3)
        p = (s > threshold).astype(int)
        for average in ("macro", "micro", "weighted", "samples"):
            each = f(y, p, average=None)
            metric(name, f(y, p, average=average), s, y, each, average=average, threshold=threshold, multiLabel=True, **args)

AGREEMENTS = [
    ("BalancedAccuracy", lambda y, p, c: sk.balanced_accuracy_score(y, p), {}),
    ("MatthewsCorrelation", lambda y, p, c: sk.matthews_corrcoef(y, p), {}),
    ("CohenKappa", lambda y, p, c: sk.cohen_kappa_score(y, p, labels=range(c)), {}),
    ("CohenKappa", lambda y, p, c: sk.cohen_kappa_score(y, p, labels=range(c), weights="linear"), {"weights": "linear"}),
    ("CohenKappa", lambda y, p, c: sk.cohen_kappa_score(y, p, labels=range(c), weights="quadratic"), {"weights": "quadratic"}),
]
for name, f, args in AGREEMENTS:
    for n, c in ((50, 4), (7, 9), (300, 3)):
        y = labels(n, c)
        s = scores(n, c) + np.eye(c)[y]
        metric(name, f(y, s.argmax(1), c), s, y, **args)
    p, y = rng.choice([0, 1, 4, 5], 60), rng.choice([0, 1, 2, 5], 60)
    metric(name, f(y, p, 6), p, y, **args)
    s, y = np.round(rng.uniform(-0.5, 1.5, 80), 3), labels(80, 2)
    metric(name, f(y, s > 0.25, 2), s, y, threshold=0.25, **args)
    p, y = np.zeros(9, int), labels(9, 3)
    metric(name, f(y, p, 3), p, y, **args)

for n in (2, 40, 500):
    t = rng.normal(size=n) * 3 + 20
    p = t + rng.normal(size=n)
    metric("MeanSquaredError", sk.mean_squared_error(t, p), p, t)
    metric("MeanAbsolutePercentageError", sk.mean_absolute_percentage_error(t, p), p, t)
t, p = np.array([0.0, 0.0, 4.0]), np.array([0.0, 1.0, 5.0])
metric("MeanAbsolutePercentageError", sk.mean_absolute_percentage_error(t, p), p, t)


def calibration(y, p, bins):
    """The error of Guo et al. 2017, of the bins of calibration_curve."""
    right, confidence = calibration_curve(y, p, n_bins=bins)
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], p), minlength=bins)
    counts = counts[counts > 0]
    curve = {"confidence": confidence.tolist(), "fractionRight": right.tolist(), "counts": counts.tolist()}
    return np.sum(counts * np.abs(right - confidence)) / len(y), {"curve": curve}


for n, bins in ((60, 15), (7, 4), (400, 10)):
    # Probabilities with few digits in binary, so that both dtypes put them into the same bins; edges among them.
    p = rng.integers(0, 65, n) / 64
    y = (rng.uniform(size=n) < p**2).astype(int)
    metric("BrierScore", sk.brier_score_loss(y, p, pos_label=1), p, y)
    value, curve = calibration(y, p, bins)
    metric("CalibrationError", value, p, y, more=curve, bins=bins)
for n, c in ((40, 5), (90, 3)):
    s, y = scores(n, c), labels(n, c)
    p = np.exp(s)
    p /= p.sum(1, keepdims=True)
    metric("BrierScore", np.sum((p - np.eye(c)[y]) ** 2, axis=1).mean(), p, y)
    value, curve = calibration((p.argmax(1) == y).astype(int), p.max(1), 6)
    metric("CalibrationError", value, p, y, more=curve, bins=6)


def roc(y, s, index=None):
    curves = {}
    for key, drop in (("curve", False), ("withoutIntermediate", True)):
        fpr, tpr, thresholds = sk.roc_curve(y, s, drop_intermediate=drop)
        curves[key] = {"thresholds": thresholds.tolist(), "falsePositiveRate": fpr.tolist(), "truePositiveRate": tpr.tolist()}
        curves[key] |= {"area": sk.auc(fpr, tpr)} | ({} if index is None else {"index": index})
    return curves


def precision_recall(y, s, index=None):
    curves = {}
    for key, drop in (("curve", False), ("withoutIntermediate", True)):
        precision, recall, thresholds = sk.precision_recall_curve(y, s, drop_intermediate=drop)
        curves[key] = {"thresholds": thresholds.tolist(), "precision": precision.tolist(), "recall": recall.tolist()}
        curves[key] |= {"area": sk.auc(recall, precision)} | ({} if index is None else {"index": index})
    return curves


for n, ties in ((1, False), (60, False), (60, True), (5, True), (300, True)):
    y = labels(n, 2)
    y[0], y[-1] = 0, 1
    s = np.round((scores(n, 1, ties)[:, 0] + y) * 8) / 8
    if n > 1:
        metric("RocAuc", sk.roc_auc_score(y, s), s, y, more=roc(y, s))
    metric("AveragePrecision", sk.average_precision_score(y, s), s, y, more=precision_recall(y, s))
for n in (1, 8):
    s, y = np.round(scores(n, 1)[:, 0] * 8) / 8, np.zeros(n, int)
    metric("RocAuc", np.nan, s, y, more=roc(y, s))
    metric("AveragePrecision", sk.average_precision_score(y, s), s, y, more=precision_recall(y, s))
y = np.concatenate([np.arange(4), labels(56, 4)])
s = np.round(8 * (scores(60, 4) + np.eye(4)[y])) / 8
s_each = np.eye(4)[y]
each = sk.roc_auc_score(s_each, s, average=None)
metric("RocAuc", each.mean(), s, y, each, more=roc(s_each[:, 2], s[:, 2], 2))
each = sk.average_precision_score(s_each, s, average=None)
metric("AveragePrecision", each.mean(), s, y, each, more=precision_recall(s_each[:, 2], s[:, 2], 2))
y = (rng.uniform(size=(50, 3)) < 0.4).astype(int)
s = np.round(8 * (rng.normal(size=y.shape) + y)) / 8
each = sk.roc_auc_score(y, s, average=None)
metric("RocAuc", sk.roc_auc_score(y, s), s, y, each, more=roc(y[:, 1], s[:, 1], 1), multiLabel=True)
each = sk.average_precision_score(y, s, average=None)
metric("AveragePrecision", sk.average_precision_score(y, s), s, y, each, more=precision_recall(y[:, 1], s[:, 1], 1), multiLabel=True)


def report(prediction, predicted, target, names=None, **args):
    """The text with two decimals, and with four."""
    named = {} if names is None else {"labels": range(len(names)), "target_names": names}
    texts = {str(d): sk.classification_report(target, predicted, digits=d, **named) for d in (2, 4, 0)}
    value = sk.f1_score(target, predicted, average="micro")
    args |= {} if names is None else {"names": names}
    metric("ClassReport", value, prediction, target, more={"texts": texts}, **args)


for n, c in ((50, 4), (7, 9), (300, 3), (40, 12)):
    y = labels(n, c)
    s = scores(n, c) + np.eye(c)[y]
    report(s, s.argmax(1), y)
    report(s, s.argmax(1), y, [f"class {k} of them"[: 3 + 2 * k] for k in range(c)])
p, y = rng.choice([0, 1, 4, 5], 60), rng.choice([0, 1, 2, 5], 60)
report(p, p, y)
report(p, p, y, ["cat", "dog", "höhle", "🐦", "e", "f"])
# Halves, which Python rounds to the even digit.
report(np.array([0, 0, 0, 0, 0, 0, 0, 0, 1, 1]), np.array([0] * 8 + [1, 1]), np.array([0, 1, 1, 1, 1, 1, 1, 1, 0, 1]))
s, y = np.round(rng.uniform(-0.5, 1.5, 80), 3), labels(80, 2)
report(s, (s > 0.25).astype(int), y, threshold=0.25)
for n, c in ((40, 5), (12, 3)):
    y = (rng.uniform(size=(n, c)) < 0.2 * np.arange(c)).astype(int)
    s = np.round(rng.normal(size=y.shape) + y, 3)
    report(s, (s > 0).astype(int), y, threshold=0.0, multiLabel=True)
    report(s, (s > 0).astype(int), y, [f"label {k}" for k in range(c)], threshold=0.0, multiLabel=True)
