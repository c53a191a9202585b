"""Optimizers that PyTorch 2.6 does not have, in NumPy, from their papers' formulas, with PyTorch's defaults where a later version has them.

They know of PyTorch only the parameters and gradients that they are given, and where to put the results.
"""

import numpy as np
import torch


class _Optimizer:
    def __init__(self, parameters, **settings):
        self.state = {p: {} for p in parameters}
        self.settings = settings
        self.steps = 0

    def step(self):
        self.steps += 1
        for p, state in self.state.items():
            x = p.detach().numpy().astype(np.float64)
            g = self.settings.get("sign", 1) * p.grad.numpy()
            x = self.next(x, g, state, self.steps, **{k: v for k, v in self.settings.items() if k != "sign"})
            p.data.copy_(torch.from_numpy(x))


class LAMB(_Optimizer):
    """You et al., 2020, algorithm 2, with φ(z) = z, and a ratio of 1 where a norm is 0."""

    @staticmethod
    def next(x, g, state, t, lr, betas=(0.9, 0.999), eps=1e-6, decay=0.01):
        m = state["exp_avg"] = betas[0] * state.get("exp_avg", np.zeros_like(x)) + (1 - betas[0]) * g
        v = state["exp_avg_sq"] = betas[1] * state.get("exp_avg_sq", np.zeros_like(x)) + (1 - betas[1]) * g**2
        r = (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + eps)
        u = r + decay * x
        weights, length = np.sqrt(np.sum(x * x)), np.sqrt(np.sum(u * u))
        return x - lr * (weights / length if weights > 0 and length > 0 else 1.0) * u


class Muon(_Optimizer):
    """Jordan, 2024: momentum, Nesterov, five iterations of Newton and Schulz; the defaults and the scales are those of PyTorch 2.9."""

    @staticmethod
    def next(x, g, state, t, lr, momentum=0.95, eps=1e-7, decay=0.1, nesterov=True, rms=False):
        b = state["momentum_buffer"] = momentum * state.get("momentum_buffer", np.zeros_like(x)) + (1 - momentum) * g
        u = (1 - momentum) * g + momentum * b if nesterov else b
        u = u.reshape(u.shape[0], -1)
        rows, columns = u.shape
        o = Muon.orthogonal(u.T, eps).T if rows > columns else Muon.orthogonal(u, eps)
        scale = 0.2 * np.sqrt(max(rows, columns)) if rms else np.sqrt(max(1.0, rows / columns))
        return x * (1 - lr * decay) - lr * scale * o.reshape(x.shape)

    @staticmethod
    def orthogonal(u, eps):
        """The polynomial on the singular values, instead of products of matrices."""
        left, values, right = np.linalg.svd(u, full_matrices=False)
        values = values / max(np.sqrt(np.sum(values**2)), eps)
        for _ in range(5):
            values = 3.4445 * values - 4.7750 * values**3 + 2.0315 * values**5
        return left @ np.diag(values) @ right


class Lion(_Optimizer):
    """Chen et al., 2023, algorithm 2."""

    @staticmethod
    def next(x, g, state, t, lr, betas=(0.9, 0.99), decay=0.0):
        m = state.get("momentum_buffer", np.zeros_like(x))
        state["momentum_buffer"] = betas[1] * m + (1 - betas[1]) * g
        return x - lr * (np.sign(betas[0] * m + (1 - betas[0]) * g) + decay * x)
