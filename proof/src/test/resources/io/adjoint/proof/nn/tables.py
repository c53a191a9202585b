"""Layers of a table, fitted to rows and applied to others, of scikit-learn and, for embeddings, of PyTorch."""

import numpy as np
import torch
from sklearn.compose import ColumnTransformer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from golden import array, layer, write

rng = np.random.default_rng(20261201)


def table(name, estimator, fitted, applied, initial, learned, slopes, **args):
    """
    initial and learned are the buffers before and after fit; learned is a function of the fitted estimator. The outputs' derivatives by
    the inputs are slopes, if each output belongs to one input, else there is no gradient.
    """
    estimator.fit(fitted)
    outputs = torch.from_numpy(np.asarray(estimator.transform(applied), dtype=float))
    cotangent = torch.from_numpy(rng.normal(size=outputs.shape))
    write(
        kind="layer", name=name, args={"rows": fitted.tolist(), **args}, train=False, state=_arrays(initial),
        inputs=[array(torch.from_numpy(applied))], outputs=[array(outputs)], cotangents=[array(cotangent)],
        inputGradients=[None if slopes is None else array(cotangent * torch.tensor(slopes(estimator)))],
        gradients={}, stateAfter=_arrays(learned(estimator)),
    )


def _arrays(state):
    return {name: array(torch.tensor(np.asarray(values, dtype=float))) for name, values in state.items()}


def numbers(n, columns, gaps=0.0):
    x = rng.normal(size=(n, columns)) * 10.0 ** np.arange(columns) + 7
    x[rng.random(x.shape) < gaps] = np.nan
    return x


CONSTANT = np.concatenate([numbers(20, 2), np.full((20, 1), 0.1), np.full((20, 1), 1e9) + rng.normal(size=(20, 1)) * 1e-8], 1)
for fitted in (numbers(30, 3), numbers(40, 3, gaps=0.3), numbers(1, 2), CONSTANT):
    columns = fitted.shape[1]
    table(
        "Standardize", StandardScaler(), fitted, numbers(5, columns, gaps=0.2),
        {"mean": np.zeros(columns), "std": np.ones(columns)},
        lambda e: {"mean": e.mean_, "std": e.scale_}, lambda e: np.broadcast_to(1 / e.scale_, (5, len(e.scale_))),
        features=columns,
    )

WHOLE = np.where(rng.random((25, 3)) < 0.2, np.nan, rng.integers(0, 4, (25, 3)))
for strategy in ("mean", "median", "most_frequent"):
    for fitted in (numbers(30, 3, gaps=0.3), numbers(7, 3, gaps=0.1), WHOLE):
        applied = numbers(6, 3, gaps=0.4)
        table(
            "FillMissing", SimpleImputer(strategy=strategy), fitted, applied, {"value": [np.nan] * 3},
            lambda e: {"value": e.statistics_}, lambda e: np.where(np.isnan(applied), 0.0, 1.0),
            features=3, strategy=strategy.upper(),
        )

gaps = numbers(8, 3, gaps=0.4)
table("MissingIndicator", MissingIndicator(features="all"), gaps, gaps, {}, lambda e: {}, None)

for sizes in ((3,), (4, 2, 5)):
    every = np.stack([np.arange(max(sizes)) % size for size in sizes], 1).astype(float)
    categories = np.stack([rng.integers(0, size, 9) for size in sizes], 1).astype(float)
    table("OneHot", OneHotEncoder(sparse_output=False), every, categories, {}, lambda e: {}, None, sizes=list(sizes))
    categories[rng.random(categories.shape) < 0.3] = np.nan
    ignoring = OneHotEncoder(sparse_output=False, handle_unknown="ignore")
    table("OneHot", ignoring, every, categories, {}, lambda e: {}, None, sizes=list(sizes))


class Looked(torch.nn.Module):
    """An embedding of indices that are floating numbers."""

    def __init__(self):
        super().__init__()
        self.table = torch.nn.Embedding(4, 3)

    def forward(self, x):
        return self.table(x.long()).flatten(-2)


layer(
    "ToIndices", Looked(), [torch.from_numpy(rng.integers(0, 4, (5, 2)).astype(float))],
    names=lambda n: n.replace("table", "1"), count=4, features=3,
)

mixed = np.concatenate([numbers(30, 2, gaps=0.2), np.arange(30)[:, None] % 3, np.arange(30)[:, None] % 4], 1)
applied = np.concatenate([numbers(6, 2, gaps=0.4), rng.integers(0, 3, (6, 1)), rng.integers(0, 4, (6, 1))], 1)
encoder = ColumnTransformer([
    ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), [0, 1]),
    ("gaps", MissingIndicator(features="all"), [0, 1]),
    ("categories", OneHotEncoder(sparse_output=False), [2, 3]),
    ("again", StandardScaler(), [3]),
])


def learned(e):
    imputer, scaler = e.named_transformers_["numbers"]
    again = e.named_transformers_["again"]
    return {
        "0.0.value": imputer.statistics_, "0.1.mean": scaler.mean_, "0.1.std": scaler.scale_,
        "3.mean": again.mean_, "3.std": again.scale_,
    }


encoder.fit(mixed)
outputs = torch.from_numpy(encoder.transform(applied))
cotangent = torch.from_numpy(rng.normal(size=outputs.shape))
gradient = torch.zeros(6, 4)
scales = learned(encoder)
gradient[:, :2] = cotangent[:, :2] / torch.from_numpy(scales["0.1.std"]) * torch.from_numpy(~np.isnan(applied[:, :2]))
gradient[:, 3] = cotangent[:, -1] / scales["3.std"][0]
write(
    kind="layer", name="Columns", args={"rows": mixed.tolist()}, train=False,
    state=_arrays({
        "0.0.value": [np.nan] * 2, "0.1.mean": [0.0] * 2, "0.1.std": [1.0] * 2, "3.mean": [0.0], "3.std": [1.0],
    }),
    inputs=[array(torch.from_numpy(applied))], outputs=[array(outputs)], cotangents=[array(cotangent)],
    inputGradients=[array(gradient)], gradients={}, stateAfter=_arrays(scales),
)
