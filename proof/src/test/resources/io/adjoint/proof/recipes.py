"""Writes recipes.tsv: the values of the recipes of docs/pytorch.tsv, computed by PyTorch 2.6 in float64.

CASES has for each recipe, an expression in Java, the expressions in PyTorch that it replaces: each row of docs/pytorch.tsv with a recipe
needs one that names the row's function. The variables of both are GIVEN. An expression that draws random numbers is compared by its shape
only; for an object without numbers, a text that begins with "class ", its class is named. python3 recipes.py
"""
import json
import os

import torch
import torch.nn.functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_conv_bn_weights, fuse_linear_bn_eval, fuse_linear_bn_weights

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)

GIVEN = {
    "x": [[0.5, -1.25, 2.0], [3.0, 0.25, -0.75]],
    "y": [[1.5, 0.25, 2.0], [-1.0, 0.25, 3.0]],
    "z": [[0.0, -1.5, 2.0], [0.5, 0.0, -3.0]],
    "p": [[0.25, 0.875, 0.5], [0.375, 0.75, 0.0625]],
    "a": [[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 5.0]],
    "b": [[1.0, 2.0], [0.5, -1.0], [3.0, 0.25]],
    "c": [[0.5, -2.0], [1.0, 4.0], [-0.25, 1.5]],
    "l": [[2.0, 0.0, 0.0], [-1.0, 3.0, 0.0], [0.5, 0.25, 1.0]],
    "s": [[[1.0, 0.5, -2.0], [3.0, 0.25, 1.5], [-1.0, 2.0, 0.0]], [[0.5, 1.0, 4.0], [-0.5, 2.5, 3.5], [1.25, -3.0, 2.0]]],
    "t": [[[0.5, 1.0], [-2.0, 3.0], [1.5, -1.0]], [[2.0, 0.25], [1.0, -0.5], [4.0, 3.0]]],
    "u": [[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[0.5, 1.5], [2.5, 3.5], [4.5, 5.5]]],
    "v": [1.0, -2.0, 3.0],
    "w": [0.5, 4.0, -1.0],
    "sequence": [1.0, 4.0, 2.0, 8.0, 5.0, 7.0, 3.0],
    "sorted": [-1.0, 0.25, 2.0],
    "image": [[[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.5], [9.0, 1.5, 2.5, 0.5]], [[0.5, 1.0, 0.25, 2.0], [3.0, 4.0, 6.0, 1.0], [2.0, 7.0, 8.0, 9.0]]]],
    "volume": [[[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]], [[1.5, 2.5, 3.5], [4.5, 5.5, 6.5], [7.5, 8.5, 9.5]]]]],
    "mask": [[True, False, True], [False, True, False]],
    "index": [2, 0, 1],
    "places": [[2, 0, 2], [1, 1, 0]],
    "classes": [2, 0, 2, 1, 2],
    "labels": [2, 0],
    "lengths": [3, 2],
    "ranked": [[2, 0, -1], [1, -1, -1]],
    "target": [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]],
    "signs": [[1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]],
    "weight": [[0.5, -1.0, 2.0], [1.5, 0.25, -0.5]],
    "bias": [0.125, -0.5],
    "value": 0.5,
    "alpha": 2.5,
    "k": 2,
}

# Objects without a counterpart in GIVEN, as Java declares them.
OBJECTS = [
    "RandomGenerator rng = new Generator(1)",
    "Tensor scalar = Tensor.scalar(0.5)",
    "Tensor leaf = x.requiresGrad(true)",
    "Dense model = Dense.of(weight.requiresGrad(true), bias.requiresGrad(true))",
    "Sequential layers = new Sequential(model, new ReLU())",
    "BatchNorm1d norm = new BatchNorm1d(3, rng)",
    "GRU gru = new GRU(3, 2, rng)",
    "SGD optimizer = new SGD(model.parameters(), 0.1)",
]

long = torch.long
scalar = torch.tensor(0.5)


def tensor(value):
    return torch.tensor(value) if isinstance(value, list) else value


names = {name: tensor(value) for name, value in GIVEN.items()}
globals().update(names)


def model():
    linear = torch.nn.Linear(3, 2)
    linear.load_state_dict({"weight": weight, "bias": bias})
    return linear


def normalization(kind, mean, variance, scale, shift):
    norm = kind(2).eval()
    norm.load_state_dict({"running_mean": mean, "running_var": variance, "weight": scale, "bias": shift}, strict=False)
    return norm


def model_bn(fuse, *statistics):
    return fuse(model().eval(), normalization(torch.nn.BatchNorm1d, *statistics))


def conv_bn(fuse, kernel, *statistics):
    conv = torch.nn.Conv2d(1, 2, 2)
    conv.load_state_dict({"weight": kernel, "bias": bias})
    return fuse(conv.eval(), normalization(torch.nn.BatchNorm2d, *statistics))


def orthogonal(a):
    parametrized = torch.nn.utils.parametrizations.orthogonal(torch.nn.Linear(3, 3), use_trivialization=False)
    parametrized.parametrizations.weight.original.data = a
    return parametrized.weight.detach()


def rates(make, momentum=False):
    """The learning rates, or the momenta, of the first 12 steps."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.1, momentum=0.9)
    scheduler = make(optimizer)
    values = []
    while True:
        values.append(optimizer.param_groups[0]["momentum" if momentum else "lr"])
        if len(values) == 12:
            return values
        optimizer.step()
        scheduler.step()


S = torch.optim.lr_scheduler

NAN, INF = float("nan"), float("inf")
# In place of those of GIVEN, for a case that is a pair.
SPECIAL = {"x": [INF, -INF, INF, -INF, 1.0, INF, NAN, NAN, 1.0, 1.0], "y": [INF, -INF, -INF, 1.0, INF, NAN, NAN, 1.0, 1.000001, 1.1]}

CASES = {
    # Shapes, types and copies.
    "x.transpose()": ["x.T", "x.H", "x.mT", "x.mH", "x.adjoint()", "torch.adjoint(x)"],
    "x.permute(1, 0)": ["x.T"],
    "x.shape()": ["x.shape", "x.size()"],
    "x.shape().dim(0)": ["x.size(0)", "x.shape[0]"],
    "x.shape().rank()": ["x.dim()", "x.ndim", "x.ndimension()"],
    "x.shape().size()": ["x.numel()", "x.nelement()"],
    "x.shape().equals(y.shape())": ["torch.is_same_size(x, y)"],
    "x.shape().unravelIndex(4)": ["torch.unravel_index(torch.tensor(4), x.shape)"],
    "x.dtype()": ["x.dtype", "x.type() and x.dtype"],
    "x.dtype().isFloating()": ["torch.is_floating_point(x)"],
    "x.to(DType.BOOL)": ["x.bool()"],
    "x.to(DType.INT32)": ["x.int()"],
    "x.to(DType.FLOAT32)": ["x.float()", "x.type(torch.float32)", "x.half().float()", "x.bfloat16().float()"],
    "x.to(DType.FLOAT64)": ["x.double()"],
    "x.to(y.dtype())": ["x.type_as(y)"],
    "x": ["torch.positive(x)"],
    "x.data()": ["(x.storage(), x)[1]", "(x.untyped_storage(), x.storage_type(), x.data_ptr(), x.element_size(), x.itemsize, x.nbytes) and x"],
    "x.data().copy()": ["x.clone()"],
    "x.data().contiguous()": ["x.contiguous()", "(x.is_contiguous(), x.stride(), x.storage_offset(), x.dim_order()) and x"],
    "x.requiresGrad(true)": ["x.clone().requires_grad_()"],
    "x.toArray(double[][].class)": ["x.tolist()", "torch.from_numpy(x.numpy())"],
    "y.reshape(x.shape())": ["y.view_as(x)", "y.reshape_as(x)"],
    "scalar.item() != 0": ["torch.is_nonzero(scalar)"],
    "scalar.unsqueeze(0)": ["torch.atleast_1d(scalar)"],
    "v.unsqueeze(0)": ["torch.atleast_2d(v)"],
    "x.unsqueeze(-1)": ["torch.atleast_3d(x)"],
    "v.broadcastTo(x.shape())": ["v.expand_as(x)", "torch.broadcast_tensors(v, x)[0]"],
    "v.broadcastTo(Shape.of(2, 3))": ["torch.broadcast_to(v, (2, 3))"],
    "x.sumTo(Shape.of(1, 3))": ["x.sum_to_size(1, 3)"],
    'x.get("None, 0")': ["x[torch.newaxis, 0]"],
    "x.flip(0)": ["torch.flipud(x)"],
    "x.flip(1)": ["torch.fliplr(x)"],
    "x.chunk(1, 2)": ["torch.chunk(x, 2, 1)"],
    "x.chunk(1, 3)": ["torch.hsplit(x, 3)"],
    "x.chunk(0, 2)": ["torch.vsplit(x, 2)"],
    "s.chunk(2, 3)": ["torch.dsplit(s, 3)"],
    "sequence.split(0, new int[] {3, 2, 2})": ["torch.tensor_split(sequence, 3)"],
    "x.split(1, 2)": ["torch.split(x, 2, 1)"],
    "x.split(1, new int[] {1, 2})": ["torch.split_with_sizes(x, [1, 2], 1)"],
    "x.unbind(0)": ["torch.unbind(x)"],
    "Tensor.stack(0, sequence.slice(0, 0, 3), sequence.slice(0, 2, 5), sequence.slice(0, 4, 7))": ["sequence.unfold(0, 3, 2)"],
    "Tensor.concat(0, x, y)": ["torch.cat((x, y))", "torch.concat((x, y))", "torch.concatenate((x, y))"],
    "Tensor.concat(1, a, b)": ["torch.column_stack((a, b))"],
    "Tensor.stack(0, x, y)": ["torch.stack((x, y))"],
    "Tensor.stack(1, v, w)": ["torch.column_stack((v, w))"],
    "Tensor.stack(2, x, y)": ["torch.dstack((x, y))"],
    "Tensor.vstack(x, y)": ["torch.row_stack((x, y))"],
    "Tensor.stack(2, Tensor.meshgrid(v, w)).reshape(-1, 2)": ["torch.cartesian_prod(v, w)"],
    "Tensor.concat(0, a.pad(0, 2), b.pad(3, 0))": ["torch.block_diag(a, b)"],
    "x.pad(1, 2)": ["F.pad(x, (1, 2))"],
    "x.padConstant(value, 1, 0, 0, 2)": ["torch.constant_pad_nd(x, (1, 0, 0, 2), value)"],
    "s.diagonal(-2, -1, 0)": ["torch.linalg.diagonal(s)"],
    # Creation.
    "Tensor.arange(1, 5, 0.5)": ["torch.arange(1, 5, 0.5)"],
    "Tensor.arange(1, 4.5, 0.5)": ["torch.range(1, 4, 0.5)"],
    "Tensor.arange(DType.INT32, 0, 5, 1)": ["torch.arange(5)"],
    "Tensor.pow(10, Tensor.linspace(0, 2, 5))": ["torch.logspace(0, 2, 5)"],
    "Tensor.full(DType.FLOAT32, value)": ["torch.scalar_tensor(value, dtype=torch.float32)"],
    'Shape.broadcast("add", x.shape(), v.shape())': ["torch.broadcast_shapes(x.shape, v.shape)"],
    "Tensor.zeros(2, 2)": ["torch.empty(2, 2).zero_()"],
    "Tensor.zerosLike(x)": ["torch.empty_like(x).zero_()", "x.clone().zero_()"],
    "Tensor.fullLike(x, value)": ["x.clone().fill_(value)"],
    "Tensor.zeros(x.dtype(), 2, 2)": ["x.new_zeros(2, 2)", "x.new_empty(2, 2).zero_()", "x.new(2, 2).zero_()"],
    "Tensor.ones(x.dtype(), 2, 2)": ["x.new_ones(2, 2)"],
    "Tensor.full(x.dtype(), value, 2, 2)": ["x.new_full((2, 2), value)"],
    "Tensor.of(1, 2).to(x.dtype())": ["x.new_tensor([1, 2])", "x.new([1, 2])"],
    "Tensor.ones(3, 3).tril().nonZero().transpose()": ["torch.tril_indices(3, 3)"],
    "Tensor.ones(3, 3).triu().nonZero().transpose()": ["torch.triu_indices(3, 3)"],
    "v.unsqueeze(-1).pow(Tensor.arange(3))": ["torch.linalg.vander(v)"],
    "v.unsqueeze(-1).pow(Tensor.arange(3).flip())": ["torch.vander(v)"],
    # Random numbers.
    "new Generator(1)": ["class Generator of torch.manual_seed(1) and torch.initial_seed()"],
    "new Generator(new SecureRandom().nextLong())": ["class Generator of torch.seed()"],
    "Tensor.bernoulli(p, rng)": ["torch.bernoulli(p)"],
    "Tensor.bernoulli(Tensor.fullLike(x, value), rng)": ["x.clone().bernoulli_(value)", "torch.bernoulli(x, value)"],
    "Tensor.multinomial(p, 2, rng)": ["torch.multinomial(p, 2)"],
    "Tensor.multinomial(p, 2, Replacement.WITH, rng)": ["torch.multinomial(p, 2, replacement=True)"],
    "Binomial.ofProbs(Tensor.fullLike(p, 5), p).sample(rng)": ["torch.binomial(torch.full_like(p, 5), p)"],
    "new Poisson(p).sample(rng)": ["torch.poisson(p)"],
    "Tensor.normal(x, p, rng)": ["torch.normal(x, p)", "torch.distributions.Normal(x, p).sample()"],
    "Tensor.normal(x.dtype(), x.shape(), 0, 1, rng)": ["x.clone().normal_()"],
    "Tensor.rand(x.dtype(), x.shape(), rng)": ["torch.rand_like(x)", "x.clone().uniform_()"],
    "Tensor.randn(x.dtype(), x.shape(), rng)": ["torch.randn_like(x)"],
    "Tensor.randint(x.shape(), 0, 5, rng)": ["torch.randint_like(x, 5).int()"],
    # Arithmetic and functions of each element.
    "x.add(y.mul(alpha))": ["torch.add(x, y, alpha=alpha)"],
    "x.sub(y.mul(alpha))": ["torch.sub(x, y, alpha=alpha)"],
    "x.rsub(2)": ["torch.rsub(x, 2)"],
    "y.sub(x)": ["torch.rsub(x, y)"],
    "x.add(y.div(p).mul(value))": ["torch.addcdiv(x, y, p, value=value)"],
    "x.add(y.mul(p).mul(value))": ["torch.addcmul(x, y, p, value=value)"],
    "x.floorDivide(y)": [f'torch.{name}(x, y, rounding_mode="floor")' for name in ("div", "divide")],
    "x.div(y).trunc()": [f'torch.{name}(x, y, rounding_mode="trunc")' for name in ("div", "divide")],
    "Tensor.pow(2, x)": ["torch.pow(2, x)"],
    "x.mul(Tensor.pow(2, y))": ["torch.ldexp(x, y)"],
    "Tensor.where(y.lt(0), x.abs().neg(), x.abs())": ["torch.copysign(x, y)"],
    "Tensor.where(z.eq(0), y, z.gt(0).to(z.dtype()))": ["torch.heaviside(z, y)"],
    "x.lt(0)": ["torch.signbit(x)"],
    "x.eq(y).or(x.sub(y).abs().le(y.abs().mul(1e-5).add(1e-8)).and(y.isFinite()))": ["torch.isclose(x, y)", ("torch.isclose(x, y)", SPECIAL)],
    "x.eq(Double.NEGATIVE_INFINITY)": ["torch.isneginf(x)"],
    "x.eq(Double.POSITIVE_INFINITY)": ["torch.isposinf(x)"],
    "x.unsqueeze(-1).eq(v).any(-1)": ["torch.isin(x, v)"],
    "x.eq(y).to(x.dtype())": ["x.clone().eq_(y)"],
    "x.ne(y).to(x.dtype())": ["x.clone().ne_(y)", "x.clone().not_equal_(y)"],
    "x.lt(y).to(x.dtype())": ["x.clone().lt_(y)", "x.clone().less_(y)"],
    "x.le(y).to(x.dtype())": ["x.clone().le_(y)", "x.clone().less_equal_(y)"],
    "x.gt(y).to(x.dtype())": ["x.clone().gt_(y)", "x.clone().greater_(y)"],
    "x.ge(y).to(x.dtype())": ["x.clone().ge_(y)", "x.clone().greater_equal_(y)"],
    "x.data().equals(y.data())": ["torch.equal(x, y)"],
    "x.maximum(y)": ["torch.max(x, y)", "torch.clamp_min(x, y)"],
    "x.minimum(y)": ["torch.min(x, y)", "torch.clamp_max(x, y)"],
    "p.div(p.rsub(1)).log()": ["torch.logit(p)"],
    "p.polygamma(2)": ["torch.polygamma(2, p)"],
    "x.sub(x.tanh())": ["F.tanhshrink(x)"],
    "x.neg().softmax(1)": ["F.softmin(x, 1)"],
    "x.normalize(1, 2)": ["F.normalize(x)"],
    "Functional.cosineSimilarity(x, y, 1)": ["F.cosine_similarity(x, y)", "torch.nn.CosineSimilarity()(x, y)"],
    "Math.E": ["torch.e"],
    "Math.PI": ["torch.pi"],
    "Float.MAX_VALUE": ["torch.finfo(torch.float32).max"],
    "Integer.MAX_VALUE": ["torch.iinfo(torch.int32).max"],
    "DType.FLOAT32.eps()": ["torch.finfo(torch.float32).eps"],
    "Gain.RELU": ['torch.nn.init.calculate_gain("relu")', 'torch.nn.init.calculate_gain("leaky_relu", 0)'],
    "Gain.leakyRelu(0.2)": ['torch.nn.init.calculate_gain("leaky_relu", 0.2)'],
    # Reductions and order.
    "x.ne(0).any()": ["torch.any(x)"],
    "x.ne(0).all()": ["torch.all(x)"],
    "x.amin()": ["torch.aminmax(x)[0]"],
    "x.amax()": ["torch.aminmax(x)[1]"],
    "x.max()": ["torch.max(x)"],
    "x.max(1)": ["torch.max(x, 1)"],
    "x.min()": ["torch.min(x)"],
    "x.min(1)": ["torch.min(x, 1)"],
    "x.mean()": ["torch.std_mean(x)[1]", "torch.var_mean(x)[1]"],
    "x.std()": ["torch.std_mean(x)[0]"],
    "x.var()": ["torch.var_mean(x)[0]"],
    "x.sub(x.mean(Dims.KEEP, 1)).matmul(x.sub(x.mean(Dims.KEEP, 1)).transpose()).div(2)": ["torch.cov(x)"],
    "x.sub(x.mean(Dims.KEEP, 1)).div(x.std(Dims.KEEP, 1)).matmul(x.sub(x.mean(Dims.KEEP, 1)).div(x.std(Dims.KEEP, 1)).transpose()).div(2)": ["torch.corrcoef(x)"],
    "x.vectorNorm(2)": ["torch.norm(x)", "torch.linalg.norm(x)", "torch.linalg.vector_norm(x)"],
    "x.vectorNorm(2, Dims.KEEP, 1)": ["torch.norm_except_dim(x, 2, 0)"],
    "x.mul(x.vectorNorm(2, Dims.KEEP, 1).add(1e-7).rdiv(value).clampMax(1))": ["torch.renorm(x, 2, 0, value)"],
    "x.sub(y).vectorNorm(2)": ["torch.dist(x, y)"],
    "x.slice(-1, 1, 3).add(x.slice(-1, 0, 2)).mul(0.5).sum(-1)": ["torch.trapezoid(x)", "torch.trapz(x)"],
    "x.slice(-1, 1, 3).add(x.slice(-1, 0, 2)).mul(0.5).cumsum(-1)": ["torch.cumulative_trapezoid(x)"],
    "sequence.slice(0, 2, 7).sub(sequence.slice(0, 0, 5)).mul(0.5)": ["torch.gradient(sequence)[0][1:-1]"],
    "x.sort(0).values()": ["torch.msort(x)"],
    "x.sort(1)": ["torch.sort(x)"],
    "x.sort(1).values().select(1, k - 1)": ["torch.kthvalue(x, k, 1).values"],
    "x.unique()": ["torch.unique(x, return_inverse=True, return_counts=True)"],
    "classes.binCount(3)": ["torch.bincount(classes, minlength=3)"],
    "sorted.searchSorted(x)": ["torch.searchsorted(sorted, x)", "torch.bucketize(x, sorted)"],
    "index.argSort(0)": ["torch.nn.utils.rnn.invert_permutation(index)"],
    # Indices and masks.
    "mask.nonZero()": ["torch.stack(torch.where(mask), 1)"],
    "x.gather(1, places)": ["torch.take_along_dim(x, places.long(), 1)"],
    "x.scatterAdd(1, places, y)": ['torch.scatter_reduce(x, 1, places.long(), y, "sum")'],
    "x.indexAdd(1, index, y)": ["torch.index_add(x, 1, index, y)"],
    "Tensor.zeros(3, 2).indexAdd(0, index, b)": ['torch.segment_reduce(b[[1, 2, 0]], "sum", lengths=torch.tensor([1, 1, 1]))'],
    "x.indexPut(y, Index.all(), Index.of(2, 0, 1))": ["torch.index_copy(x, 1, index, y)"],
    "x.indexPut(Tensor.scalar(value), Index.all(), Index.of(2, 0))": ["torch.index_fill(x, 1, torch.tensor([2, 0]), value)"],
    "x.indexPut(w, Index.of(0, 1, 1), Index.of(2, 0, 1))": ["torch.index_put(x, (torch.tensor([0, 1, 1]), index), w)", "torch.index_put_(x.clone(), (torch.tensor([0, 1, 1]), index), w)"],
    "x.indexPut(v, Index.at(1))": ["torch.select_scatter(x, v, 0, 1)"],
    "a.indexPut(b, Index.all(), Index.range(1, 3))": ["torch.slice_scatter(a, b, 1, 1, 3)"],
    "x.indexPut(w, Index.mask(mask))": ["torch.masked_scatter(x, mask, w)"],
    "x.flatten().indexPut(w, Index.of(2, 0, 1)).reshape(x.shape())": ["torch.put(x, index, w)"],
    "Tensor.where(Tensor.eye(3).to(DType.BOOL), v.diag(), a)": ["torch.diagonal_scatter(a, v)"],
    "Tensor.where(Tensor.eye(3).to(DType.BOOL), value, a)": ["a.clone().fill_diagonal_(value)"],
    # Matrices.
    "a.matmul(b)": ["torch.mm(a, b)", "torch.bmm(a[None], b[None])[0]"],
    "a.matmul(a).matmul(b)": ["torch.chain_matmul(a, a, b)", "torch.linalg.multi_dot((a, a, b))"],
    "c.add(a.matmul(b))": ["torch.addmm(c, a, b)"],
    "v.add(a.matmul(w))": ["torch.addmv(v, a, w)"],
    "a.add(v.outer(w))": ["torch.addr(a, v, w)"],
    "c.add(s.matmul(t).sum(0))": ["torch.addbmm(c, s, t)"],
    "u.add(s.matmul(t))": ["torch.baddbmm(u, s, t)"],
    "x.tensorDot(y, 2)": ["torch.tensordot(x, y)"],
    "x.mul(y).sum(-1)": ["torch.linalg.vecdot(x, y)"],
    "a.inv()": ["torch.linalg.inv_ex(a)[0]"],
    # The signs of R's diagonal are LAPACK's in PyTorch.
    "a.qr().q()": [f"torch.{name}(*torch.geqrf(a)) * torch.geqrf(a)[0].diagonal().sign()" for name in ("orgqr", "linalg.householder_product")],
    "a.qr().q().matmul(c)": ["torch.ormqr(*torch.geqrf(a), torch.geqrf(a)[0].diagonal().sign()[:, None] * c)"],
    "a.cholesky()": ["torch.linalg.cholesky_ex(a)[0]"],
    "a.solve(b)": [
        "torch.linalg.solve(a, b)",
        "torch.linalg.solve_ex(a, b)[0]",
        "torch.lu_solve(b, *torch.linalg.lu_factor(a))",
        "torch.linalg.lu_solve(*torch.linalg.lu_factor(a), b)",
    ],
    "a.solveTriangular(b, Triangle.UPPER)": ["torch.linalg.solve_triangular(a, b, upper=True)", "torch.triangular_solve(b, a).solution"],
    "a.tril(-1).add(Tensor.eye(3)).solveTriangular(b, Triangle.LOWER)": ["torch.linalg.solve_triangular(a, b, upper=False, unitriangular=True)"],
    "a.cholesky().transpose()": ["torch.cholesky(a, upper=True)", "torch.linalg.cholesky(a, upper=True)"],
    "l.matmul(l.transpose()).inv()": ["torch.cholesky_inverse(l)"],
    "l.transpose().solveTriangular(l.solveTriangular(b, Triangle.LOWER), Triangle.UPPER)": ["torch.cholesky_solve(b, l)"],
    "a.slogDet().logAbs()": ["torch.logdet(a)"],
    "a.svdvals().max().div(a.svdvals().min())": ["torch.linalg.cond(a)"],
    "x.svdvals().gt(x.svdvals().max().mul(3 * x.dtype().eps())).sum()": ["torch.linalg.matrix_rank(x)"],
    # Whole numbers, runs and pairs.
    'Tensor.of(index.data().zipExact("gcd", places.data(), (m, n) -> BigInteger.valueOf((long) m).gcd(BigInteger.valueOf((long) n)).doubleValue()))': [
        ("torch.gcd(index, places)", {"index": [12, -18, 0, 7], "places": [8, 27, -5, 1]}),
        ("index.gcd_(places)", {"index": [12, -18, 0, 7], "places": [8, 27, -5, 1]}),
    ],
    "index.floorDivide(divisor).mul(places).abs()": [
        ("torch.lcm(index, places)", {"index": [12, -18, 0, 7], "places": [8, 27, -5, 1]} | {"divisor": [4, 9, 5, 1]}),
        ("index.lcm_(places)", {"index": [12, -18, 0, 7], "places": [8, 27, -5, 1]} | {"divisor": [4, 9, 5, 1]}),
    ],
    "Tensor.of(x.data().zip(y.data(), (from, to) -> Math.nextAfter(from, to)))": [
        "torch.nextafter(x, y)",
        "x.clone().nextafter_(y)",
    ],
    "x.div(Tensor.of(x.data().map(v -> Math.scalb(1.0, Math.getExponent(v) + 1))))": [
        "torch.frexp(x)[0]",
    ],
    "Tensor.of(x.data().map(v -> Math.getExponent(v) + 1)).to(DType.INT32)": [
        "torch.frexp(x)[1]",
    ],
    "v.maskedSelect(v.diff().ne(0).padConstant(1, 1, 0))": [
        ("torch.unique_consecutive(v)", {"v": [1.0, 1.0, 2.0, 2.0, 2.0, 1.0, -3.0]}),
    ],
    "v.take(Tensor.ones(3, 3).triu(1).nonZero())": [
        "torch.combinations(v)",
    ],
    "p.select(1, 0).mul(2).floor().mul(3).add(p.select(1, 1).mul(3).floor()).to(DType.INT32).binCount(6).reshape(2, 3)": [
        "torch.histogramdd(p[:, :2], [2, 3], range=[0.0, 1.0, 0.0, 1.0]).hist.int()",
    ],
    "x.mode(1).values()": [
        ("torch.mode(x, 1).values", {"x": [[2.0, 1.0, 2.0, 3.0, 1.0], [0.5, 4.0, 4.0, 0.25, 4.0]]}),
    ],
    "a.tril(-1).sub(a.tril(-1).transpose()).matrixExp()": [
        "orthogonal(a)",
    ],
    "weight.mul(scale.div(variance.add(1e-5).sqrt()).unsqueeze(1))": [
        ("fuse_linear_bn_weights(weight, bias, mean, variance, 1e-5, scale, shift)[0]", {"mean": [0.25, -1.0], "variance": [0.5, 2.0], "scale": [1.5, -0.75], "shift": [0.125, 2.0]}),
        ("model_bn(fuse_linear_bn_eval, mean, variance, scale, shift).weight", {"mean": [0.25, -1.0], "variance": [0.5, 2.0], "scale": [1.5, -0.75], "shift": [0.125, 2.0]}),
    ],
    "bias.sub(mean).mul(scale.div(variance.add(1e-5).sqrt())).add(shift)": [
        ("fuse_linear_bn_weights(weight, bias, mean, variance, 1e-5, scale, shift)[1]", {"mean": [0.25, -1.0], "variance": [0.5, 2.0], "scale": [1.5, -0.75], "shift": [0.125, 2.0]}),
        ("model_bn(fuse_linear_bn_eval, mean, variance, scale, shift).bias", {"mean": [0.25, -1.0], "variance": [0.5, 2.0], "scale": [1.5, -0.75], "shift": [0.125, 2.0]}),
        ("fuse_conv_bn_weights(kernel, bias, mean, variance, 1e-5, scale, shift)[1]", {"mean": [0.25, -1.0], "variance": [0.5, 2.0], "scale": [1.5, -0.75], "shift": [0.125, 2.0], "kernel": [[[[1.0, -2.0], [0.5, 3.0]]], [[[2.0, 0.25], [-1.0, 4.0]]]]}),
        ("conv_bn(fuse_conv_bn_eval, kernel, mean, variance, scale, shift).bias", {"mean": [0.25, -1.0], "variance": [0.5, 2.0], "scale": [1.5, -0.75], "shift": [0.125, 2.0], "kernel": [[[[1.0, -2.0], [0.5, 3.0]]], [[[2.0, 0.25], [-1.0, 4.0]]]]}),
    ],
    "kernel.mul(scale.div(variance.add(1e-5).sqrt()).reshape(-1, 1, 1, 1))": [
        ("fuse_conv_bn_weights(kernel, bias, mean, variance, 1e-5, scale, shift)[0]", {"mean": [0.25, -1.0], "variance": [0.5, 2.0], "scale": [1.5, -0.75], "shift": [0.125, 2.0], "kernel": [[[[1.0, -2.0], [0.5, 3.0]]], [[[2.0, 0.25], [-1.0, 4.0]]]]}),
        ("conv_bn(fuse_conv_bn_eval, kernel, mean, variance, scale, shift).weight", {"mean": [0.25, -1.0], "variance": [0.5, 2.0], "scale": [1.5, -0.75], "shift": [0.125, 2.0], "kernel": [[[[1.0, -2.0], [0.5, 3.0]]], [[[2.0, 0.25], [-1.0, 4.0]]]]}),
    ],
    # Layers, losses and initial values.
    "Functional.embedding(index, b)": ["F.embedding(index, b)", "torch.embedding(b, index)"],
    "GELU.tanh()": ['class GELU of torch.nn.GELU(approximate="tanh")'],
    "new Softmax(-3)": ["class Softmax of torch.nn.Softmax2d()"],
    "new RecurrentOptions().nonlinearity(RNN.Nonlinearity.RELU)": ["class RecurrentOptions of torch.rnn_relu and torch.rnn_relu_cell"],
    "image.interpolate(Interpolation.LINEAR_CORNERS, 5, 6)": ["F.upsample_bilinear(image, (5, 6))"],
    "image.interpolate(Interpolation.NEAREST, 5, 6)": ["F.upsample_nearest(image, (5, 6))"],
    "s.padConstant(value, 1, 2)": ["torch.nn.ConstantPad1d((1, 2), value)(s)"],
    "image.padConstant(value, 1, 2, 0, 1)": ["torch.nn.ConstantPad2d((1, 2, 0, 1), value)(image)"],
    "volume.padConstant(value, 1, 2, 0, 1, 1, 0)": ["torch.nn.ConstantPad3d((1, 2, 0, 1, 1, 0), value)(volume)"],
    "new Pad(1, 2).forward(s)": ["torch.nn.ZeroPad1d((1, 2))(s)"],
    "new Pad(1, 2, 0, 1).forward(image)": ["torch.nn.ZeroPad2d((1, 2, 0, 1))(image)"],
    "new Pad(1, 2, 0, 1, 1, 0).forward(volume)": ["torch.nn.ZeroPad3d((1, 2, 0, 1, 1, 0))(volume)"],
    **{
        f"new Pad(PadMode.{mode}, {sizes}).forward({of})": [f"torch.nn.{name}Pad{axes}d(({sizes}))({of})"]
        for mode, name in (("CIRCULAR", "Circular"), ("REFLECT", "Reflection"), ("REPLICATE", "Replication"))
        for axes, sizes, of in ((1, "1, 1", "s"), (2, "1, 1, 2, 0", "image"), (3, "1, 1, 2, 0, 0, 1", "volume"))
    },
    "new BCE().forward(p, target)": ["F.binary_cross_entropy(p, target)"],
    "new CrossEntropy().forward(x, labels)": ["F.cross_entropy(x, labels.long())"],
    "new GaussianNLL().forward(x, y, p)": ["F.gaussian_nll_loss(x, y, p)"],
    "new Huber().forward(x, y)": ["F.huber_loss(x, y)"],
    "new L1().forward(x, y)": ["F.l1_loss(x, y)"],
    "new MSE().forward(x, y)": ["F.mse_loss(x, y)"],
    "new MultiLabelMargin().forward(x, ranked)": ["F.multilabel_margin_loss(x, ranked.long())"],
    "new MultiLabelSoftMargin().forward(x, target)": ["F.multilabel_soft_margin_loss(x, target)"],
    "new MultiMargin().forward(x, labels)": ["F.multi_margin_loss(x, labels.long())"],
    "new NLL().forward(x.logSoftmax(1), labels)": ["F.nll_loss(x.log_softmax(1), labels.long())"],
    "new SmoothL1().forward(x, y)": ["F.smooth_l1_loss(x, y)"],
    "new SoftMargin().forward(x, signs)": ["F.soft_margin_loss(x, signs)"],
    "new TripletMarginWithDistance(Functional::pairwiseDistance).forward(x, y, p)": [
        "torch.nn.TripletMarginWithDistanceLoss()(x, y, p)",
        "F.triplet_margin_with_distance_loss(x, y, p)",
    ],
    "model.withParameters(model.namedParameters()).forward(x)": ["torch.func.functional_call(model(), dict(model().named_parameters()), x)"],
    **{
        f"new Init(rng).{recipe}": [f"torch.nn.init.{name}{suffix}({arguments})" for suffix in suffixes]
        for recipe, name, arguments, suffixes in (
            ("kaimingNormal(b.shape(), Gain.RELU, Fan.IN)", "kaiming_normal", "b.clone()", ("_", "")),
            ("kaimingUniform(b.shape(), Gain.RELU, Fan.IN)", "kaiming_uniform", "b.clone()", ("_", "")),
            ("normal(b.shape(), 0, 1)", "normal", "b.clone()", ("_", "")),
            ("uniform(b.shape(), 0, 1)", "uniform", "b.clone()", ("_", "")),
            ("xavierNormal(b.shape(), 1)", "xavier_normal", "b.clone()", ("_", "")),
            ("xavierUniform(b.shape(), 1)", "xavier_uniform", "b.clone()", ("_", "")),
            ("orthogonal(b.shape(), 1)", "orthogonal", "b.clone()", ("_", "")),
            ("sparse(3, 2, 0.1, 0.01)", "sparse", "b.clone(), 0.1", ("_", "")),
            ("truncatedNormal(b.shape(), 0, 1, -2, 2)", "trunc_normal", "b.clone()", ("_",)),
        )
    },
    'child("hidden", new ReLU())': ["class ReLU of add_module and register_module"],
    'parameter("scale", leaf)': ["x", "class Tensor of register_parameter, ParameterList and ParameterDict"],
    'buffer("calls", NdArray.zeros(DType.INT32, Shape.of(3))).value()': ["register_buffer(torch.zeros(3).int())"],
    "within(() -> x.relu())": ["forward(torch.relu(x))"],
    'norm.namedBuffers().get("runningMean").value()': ['torch.nn.BatchNorm1d(3).get_buffer("running_mean")'],
    'model.namedParameters().get("weight")': ['model().get_parameter("weight")'],
    'layers.namedBlocks().get("1")': ['class ReLU of torch.nn.Sequential(model(), torch.nn.ReLU()).get_submodule("1")'],
    "model.to(DType.FLOAT64)": ["class Dense of model().double()"],
    "model.to(DType.FLOAT32)": ["class Dense of model().float(), half() and bfloat16()"],
    "Dense.of(WeightNorm.of(model).weight().detach().requiresGrad(true), model.bias())": ["class Dense of remove_weight_norm and remove_spectral_norm"],
    # Training and data.
    "optimizer.learningRate(1e-4)": ["class SGD of param_groups"],
    "optimizer.groups().get(0).learningRate(1e-4)": ["class ParameterGroup of param_groups"],
    "optimizer.add(List.of(leaf)).learningRate(1e-4)": ["class ParameterGroup of add_param_group"],
    "new Constant(0.1)": ["rates(lambda o: S.ConstantLR(o, 1))"],
    "new Constant(0.1).reduced(1.0 / 3, 5)": ["rates(lambda o: S.ConstantLR(o))"],
    "new Constant(0.1).times(step -> Math.pow(0.9, step))": ["rates(lambda o: S.LambdaLR(o, lambda step: 0.9**step))"],
    "new ExponentialDecay(0.1, 0.9)": ["rates(lambda o: S.MultiplicativeLR(o, lambda step: 0.9))", "rates(lambda o: S.ExponentialLR(o, 0.9))"],
    "new StepDecay(0.1, 3)": ["rates(lambda o: S.StepLR(o, 3))"],
    "new MultiStepDecay(0.1, 2, 5)": ["rates(lambda o: S.MultiStepLR(o, [2, 5]))"],
    "new LinearRamp(0.1)": ["rates(lambda o: S.LinearLR(o))"],
    "new PolynomialDecay(0.1, 5)": ["rates(lambda o: S.PolynomialLR(o))"],
    "new CosineAnnealing(0.1, 5)": ["rates(lambda o: S.CosineAnnealingLR(o, 5))"],
    "new CosineRestarts(0.1, 5)": ["rates(lambda o: S.CosineAnnealingWarmRestarts(o, 5))"],
    "new StepDecay(0.1, 3).times(new LinearRamp(1))": ["rates(lambda o: S.ChainedScheduler([S.StepLR(o, 3), S.LinearLR(o)]))"],
    "new Constant(0.1).reduced(0.1, 3).then(3, new ExponentialDecay(0.1, 0.9))": [
        "rates(lambda o: S.SequentialLR(o, [S.ConstantLR(o, 0.1, 3), S.ExponentialLR(o, 0.9)], [3]))"
    ],
    "new Cyclic(0.01, 0.1).steps(4, 4)": ["rates(lambda o: S.CyclicLR(o, 0.01, 0.1, 4))"],
    "new Cyclic(0.01, 0.1).steps(4, 4).momentum(0.8, 0.9)": ["rates(lambda o: S.CyclicLR(o, 0.01, 0.1, 4), momentum=True)"],
    "new OneCycle(0.1, 12)": ["rates(lambda o: S.OneCycleLR(o, 0.1, 12))"],
    "new OneCycle(0.1, 12).momentum(0.85, 0.95)": ["rates(lambda o: S.OneCycleLR(o, 0.1, 12), momentum=True)"],
    "new CosineAnnealing(0.1, 10, 0.05).then(10, new Constant(0.05))": ["rates(lambda o: torch.optim.swa_utils.SWALR(o, 0.05))"],
    "gru.forward(s, lengths)": ["class Output of pack_padded_sequence"],
    "Collate.pad(List.of(v, w), 0).values()": [
        "torch.nn.utils.rnn.pad_sequence([v, w], batch_first=True)",
        "torch.nn.utils.rnn.pad_packed_sequence(torch.nn.utils.rnn.pack_sequence([v, w]), batch_first=True)[0]",
    ],
    "Dataset.of(x, y)": ["class Dataset of TensorDataset"],
    "Dataset.of(2, k -> x.select(0, k))": ["class Dataset of StackDataset"],
    "Sampler.weighted(new double[] {1, 2}, 4, Replacement.WITH)": ["class Sampler of WeightedRandomSampler"],
    # Recording.
    "noGrad(() -> x.exp())": ["no_grad(x.exp())", "inference_mode(x.exp())"],
    "Debug.detectNaN(() -> x.exp())": ["detect_anomaly(x.exp())"],
}


def same(value):
    return value


register_buffer = forward = no_grad = inference_mode = detect_anomaly = same
DTYPES = {torch.float64: "FLOAT64", torch.float32: "FLOAT32", torch.int32: "INT32", torch.bool: "BOOL"}
RANDOM = ("bernoulli", "multinomial", "torch.binomial(", "torch.poisson(", "torch.normal(", "Normal(", "normal_", "uniform", "rand_like", "randn_like", "randint_like", "nn.init.")


def plain(value):
    """Numbers and lists of numbers, as JSON has them."""
    if isinstance(value, torch.Tensor):
        return value.tolist()
    if isinstance(value, torch.dtype):
        return DTYPES[value]
    return [plain(part) for part in value] if isinstance(value, (list, tuple)) else value


def expected(original, own):
    if original.startswith("class "):
        return original.split(" ")[1]
    value = eval(original, globals() | {name: tensor(given) for name, given in own.items()})
    if any(word in original for word in RANDOM) and "calculate_gain" not in original:
        return {"shape": list(value.shape)}
    return plain(value)


here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "recipes.tsv"), "w", encoding="utf-8") as out:
    for variable, given in GIVEN.items():
        out.write(f"given\t{variable}\t{json.dumps(given)}\n")
    for declaration in OBJECTS:
        out.write(f"object\t{declaration}\t\n")
    for recipe, originals in CASES.items():
        for original in originals:
            original, own = original if isinstance(original, tuple) else (original, {})
            cells = [recipe, original, json.dumps(expected(original, own))]
            out.write("\t".join(cells + [f"{variable} = {json.dumps(given)}" for variable, given in own.items()]) + "\n")
