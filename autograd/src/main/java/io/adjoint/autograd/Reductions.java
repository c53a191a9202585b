package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;

/** Sums, means and extremes over axes, and the normalised exponentials. */
final class Reductions {
    private Reductions() {}

    static Tensor sum(Tensor x, boolean keepDims, int... axes) {
        Shape full = x.shape();
        return op("sum", x.data().sum(keepDims, axes), edge(x, g -> spread(g, full, axes)));
    }

    static Tensor mean(Tensor x, boolean keepDims, int... axes) {
        Shape full = x.shape();
        if (!x.dtype().isFloating()) {
            throw new DTypeException(
                    "mean: " + x.dtype() + " has no arithmetic; convert with to(FLOAT64) or to(FLOAT32)");
        }
        full.axes("mean", axes);
        NdArray sum = x.data().sum(keepDims, axes);
        double count = sum.size() == 0 ? 1 : (double) full.size() / sum.size();
        return op("mean", sum.div(NdArray.scalar(x.dtype(), count)), edge(x, g -> spread(g.div(count), full, axes)));
    }

    static Tensor amax(Tensor x, boolean keepDims, int... axes) {
        return extreme("amax", x, x.data().amax(keepDims, axes), axes);
    }

    static Tensor amin(Tensor x, boolean keepDims, int... axes) {
        return extreme("amin", x, x.data().amin(keepDims, axes), axes);
    }

    /** The gradient is split evenly among ties: the subgradient of least norm. A NaN that is the extreme takes part as well. */
    private static Tensor extreme(String name, Tensor x, NdArray value, int... axes) {
        return op(name, value, edge(x, g -> {
            NdArray spread = spread(Tensor.of(value), x.shape(), axes).data();
            NdArray tied = x.data().zip(spread, (v, e) -> v == e || (Double.isNaN(v) && Double.isNaN(e)) ? 1 : 0);
            return spread(g, x.shape(), axes).mul(Tensor.of(tied.div(tied.sum(true, axes))));
        }));
    }

    static Tensor logSumExp(Tensor x, boolean keepDims, int... axes) {
        return op(
                "logSumExp",
                x.data().logSumExp(keepDims, axes),
                y -> edge(x, g -> {
                    Tensor spread = spread(y, x.shape(), axes);
                    Tensor weight = Autograd.isRecording()
                            ? weight(x, spread)
                            : Tensor.of(x.data().zip(spread.data(), Reductions::weight));
                    return spread(g, x.shape(), axes).mul(weight);
                }),
                x);
    }

    /** {@code exp(x − logSumExp)}, and its limits: all of the weight on +inf, none on any element where there is only −inf. */
    private static double weight(double x, double logSumExp) {
        return Double.isInfinite(logSumExp) ? (x == Double.POSITIVE_INFINITY ? 1 : 0) : Math.exp(x - logSumExp);
    }

    /** The same as a composition: infinities are kept out of it, and their limits, which are constant, put in. */
    private static Tensor weight(Tensor x, Tensor logSumExp) {
        NdArray finite = logSumExp.data().map(v -> Double.isInfinite(v) ? 0 : 1);
        if (finite.size() == 0 || finite.amin(false).item() == 1) {
            return x.sub(logSumExp).exp();
        }
        Tensor mask = Tensor.of(finite.to(DType.INT32));
        Tensor limits = Tensor.of(x.data().zip(logSumExp.data(), Reductions::weight));
        Tensor zero = Tensor.of(NdArray.scalar(x.dtype(), 0));
        return Tensor.where(mask, Tensor.where(mask, x.sub(logSumExp), zero).exp(), limits);
    }

    static Tensor softmax(Tensor x, int axis) {
        return op(
                "softmax",
                x.data().softmax(axis),
                y -> edge(x, g -> {
                    Tensor weighted = g.mul(y);
                    return weighted.sub(y.mul(weighted.sum(true, axis)));
                }),
                x);
    }

    static Tensor logSoftmax(Tensor x, int axis) {
        return op(
                "logSoftmax",
                x.data().logSoftmax(axis),
                y -> edge(x, g -> g.sub(y.exp().mul(g.sum(true, axis)))),
                x);
    }

    /** Undoes a reduction's loss of axes and repeats the result over them. */
    private static Tensor spread(Tensor reduced, Shape full, int... axes) {
        return reduced.reshape(full.reduce("sum", true, axes)).broadcastTo(full);
    }
}
