"""Writes torch.txt: PyTorch's densities, entropies, moments and Kullback-Leibler divergences, with their gradients in all parameters, and its
transforms. Run in this folder: python3 torch_golden.py (PyTorch 2.6)"""
import torch
from torch import distributions as D

torch.set_default_dtype(torch.float64)
torch.manual_seed(46)

FAMILIES = {
    "Normal": D.Normal,
    "LogNormal": D.LogNormal,
    "Uniform": D.Uniform,
    "Laplace": D.Laplace,
    "Cauchy": D.Cauchy,
    "Gumbel": D.Gumbel,
    "Exponential": D.Exponential,
    "Weibull": D.Weibull,
    "Gamma": D.Gamma,
    "Chi2": D.Chi2,
    "Beta": D.Beta,
    "StudentT": D.StudentT,
    "VonMises": D.VonMises,
    "Poisson": D.Poisson,
    "Bernoulli": lambda p: D.Bernoulli(probs=p),
    "BernoulliLogits": lambda z: D.Bernoulli(logits=z),
    "Geometric": lambda p: D.Geometric(probs=p),
    "Binomial": lambda n, p: D.Binomial(n.detach(), probs=p),
    "BinomialLogits": lambda n, z: D.Binomial(n.detach(), logits=z),
    "NegativeBinomial": lambda r, p: D.NegativeBinomial(r, probs=p),
    "NegativeBinomialLogits": lambda r, z: D.NegativeBinomial(r, logits=z),
    "HalfNormal": D.HalfNormal,
    "HalfCauchy": D.HalfCauchy,
}
PARAMETERS = {
    "Normal": [(0.4, 1.3), (-1.1, 0.6)],
    "LogNormal": [(0.4, 0.8), (-0.3, 0.6)],
    "Uniform": [(-0.4, 1.3), (-0.9, 2.5)],
    "Laplace": [(0.4, 1.3), (-1.1, 0.6)],
    "Cauchy": [(0.4, 1.3), (-1.1, 0.6)],
    "Gumbel": [(0.4, 1.3), (-1.1, 1.6)],
    "Exponential": [(1.7,), (0.4,)],
    "Weibull": [(1.7, 1.4), (0.8, 2.3)],
    "Gamma": [(1.7, 0.9), (3.2, 2.1)],
    "Chi2": [(3.5,), (2.2,)],
    "Beta": [(1.7, 2.4), (3.2, 1.1)],
    "StudentT": [(4.5, 0.3, 1.7), (3.1, -0.4, 0.6)],
    "VonMises": [(0.3, 2.2), (-0.4, 0.9)],
    "Poisson": [(2.7,), (4.1,)],
    "Bernoulli": [(0.3,), (0.65,)],
    "BernoulliLogits": [(0.3,), (-1.2,)],
    "Geometric": [(0.3,), (0.65,)],
    "Binomial": [(9.0, 0.3), (9.0, 0.65)],
    "BinomialLogits": [(9.0, 0.3), (9.0, -1.2)],
    "NegativeBinomial": [(2.5, 0.3), (4.0, 0.65)],
    "NegativeBinomialLogits": [(2.5, 0.3), (4.0, -1.2)],
    "HalfNormal": [(1.3,), (0.6,)],
    "HalfCauchy": [(1.3,), (0.6,)],
}
NO_KL = {"HalfCauchy", "StudentT", "VonMises", "NegativeBinomial", "NegativeBinomialLogits", "Weibull", "Cauchy"}


def write(out, kind, name, params, values, result, grads):
    lists = [",".join(repr(float(x)) for x in numbers) or "-" for numbers in (params, values, [result], grads)]
    out.write(" ".join([kind, name, *lists]) + "\n")


def grads(result, leaves):
    if not result.requires_grad:
        return [0.0 for _ in leaves]
    return [0.0 if g is None else g.item() for g in torch.autograd.grad(result, leaves, allow_unused=True)]


def leaves(params):
    return [torch.tensor(p, requires_grad=True) for p in params]


def attempt(out, kind, name, params, compute):
    try:
        ps = leaves(params)
        result = compute(ps)
    except NotImplementedError:
        return
    write(out, kind, name, params, [], result.item(), grads(result, ps))


with open("torch.txt", "w", encoding="utf-8") as out:
    for name, make in FAMILIES.items():
        for params in PARAMETERS[name]:
            for value in make(*leaves(params)).sample((3,)).tolist():
                ps = leaves(params)
                result = make(*ps).log_prob(torch.tensor(value))
                write(out, "logProb", name, params, [value], result.item(), grads(result, ps))
            if name in ("Normal", "LogNormal", "Uniform", "Laplace", "Cauchy", "Gumbel", "Exponential", "Weibull", "HalfNormal", "HalfCauchy"):
                for p in (0.03, 0.4, 0.93):
                    ps = leaves(params)
                    result = make(*ps).icdf(torch.tensor(p))
                    write(out, "icdf", name, params, [p], result.item(), grads(result, ps))
                    ps = leaves(params)
                    value = result.item()
                    result = make(*ps).cdf(torch.tensor(value))
                    write(out, "cdf", name, params, [value], result.item(), grads(result, ps))
            if name not in ("VonMises", "Binomial", "BinomialLogits"):
                attempt(out, "entropy", name, params, lambda ps: make(*ps).entropy())
            if name not in ("Cauchy", "HalfCauchy"):
                attempt(out, "mean", name, params, lambda ps: make(*ps).mean)
                attempt(out, "variance", name, params, lambda ps: make(*ps).variance)
        if name not in NO_KL:
            first, second = PARAMETERS[name]
            ps = leaves(first) + leaves(second)
            n = len(first)
            result = D.kl_divergence(make(*ps[:n]), make(*ps[n:]))
            write(out, "kl", name, first + second, [], result.item(), grads(result, ps))
    x, t = torch.tensor([0.2, -0.7, 1.1]), D.StickBreakingTransform()
    write(out, "stickBreaking", "-", x.tolist(), t(x).tolist(), t.log_abs_det_jacobian(x, t(x)).item(), [])
    alpha, other = torch.tensor([0.7, 2.0, 3.3], requires_grad=True), torch.tensor([1.2, 0.4, 2.0], requires_grad=True)
    x = torch.tensor([0.1, 0.35, 0.55])
    d = D.Dirichlet(alpha)

    def vectors(kind, name, params, values, result, *tensors):
        gs = [g for t in torch.autograd.grad(result, tensors) for g in t.flatten().tolist()]
        write(out, kind, name, params, values, result.item(), gs)

    vectors("logProb", "Dirichlet", alpha.tolist(), x.tolist(), d.log_prob(x), alpha)
    vectors("entropy", "Dirichlet", alpha.tolist(), [], d.entropy(), alpha)
    vectors("kl", "Dirichlet", alpha.tolist() + other.tolist(), [], D.kl_divergence(d, D.Dirichlet(other)), alpha, other)
    z, w = torch.tensor([0.3, -1.0, 0.8], requires_grad=True), torch.tensor([0.1, 0.2, -0.5], requires_grad=True)
    vectors("logProb", "Categorical", z.tolist(), [2.0], D.Categorical(logits=z).log_prob(torch.tensor(2)), z)
    vectors("entropy", "Categorical", z.tolist(), [], D.Categorical(logits=z).entropy(), z)
    vectors("kl", "Categorical", z.tolist() + w.tolist(), [], D.kl_divergence(D.Categorical(logits=z), D.Categorical(logits=w)), z, w)
    k = torch.tensor([2.0, 5.0, 0.0])
    vectors("logProb", "Multinomial", z.tolist(), k.tolist(), D.Multinomial(7, logits=z).log_prob(k), z)
    m, n = torch.tensor([0.5, -1.0], requires_grad=True), torch.tensor([0.1, 0.3], requires_grad=True)
    a = torch.tensor([[1.2, 0.0], [0.4, 0.7]], requires_grad=True)
    b = torch.tensor([[0.8, 0.0], [-0.3, 1.5]], requires_grad=True)
    p, q = D.MultivariateNormal(m, scale_tril=a), D.MultivariateNormal(n, scale_tril=b)
    v = torch.tensor([0.2, 0.9])
    both = m.tolist() + a.flatten().tolist()
    vectors("logProb", "MultivariateNormal", both, v.tolist(), p.log_prob(v), m, a)
    write(out, "entropy", "MultivariateNormal", both, [], p.entropy().item(), [])
    vectors("kl", "MultivariateNormal", both + n.tolist() + b.flatten().tolist(), [], D.kl_divergence(p, q), m, a, n, b)
