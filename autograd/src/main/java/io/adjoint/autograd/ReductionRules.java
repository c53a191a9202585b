package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.reducing;
import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;
import static io.adjoint.autograd.LibraryOps.plain;

import io.adjoint.core.Correction;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.SoftmaxKernels;
import java.util.function.BinaryOperator;

/**
 * Sums, products, means, variances and softmaxes over axes. Backward rules capture the result of {@link Shape#axes}, which is a new array:
 * the array of axes that was passed belongs to the caller, who may change it.
 */
final class ReductionRules {
    private ReductionRules() {}

    static Tensor sum(Tensor x, Dims dims, int... axes) {
        Shape full = x.shape();
        int[] reduced = full.axes("sum", axes);
        return op(
                "sum",
                reducing(x.shape(), dims, reduced),
                x.data().sum(dims, reduced),
                edge(x, g -> spread(g, full, reduced)));
    }

    static Tensor mean(Tensor x, Dims dims, int... axes) {
        Shape full = x.shape();
        int[] reduced = full.axes("mean", axes);
        NdArray value = x.data().mean(dims, reduced);
        double count = count(full, value);
        return op("mean", reducing(x.shape(), dims, reduced), value, edge(x, g -> spread(g.div(count), full, reduced)));
    }

    static Tensor nanSum(Tensor x, Dims dims, int... axes) {
        Shape full = x.shape();
        int[] reduced = full.axes("nanSum", axes);
        return op(
                "nanSum",
                reducing(x.shape(), dims, reduced),
                x.data().nanSum(dims, reduced),
                edge(x, g -> Tensor.where(x.isNaN(), 0, spread(g, full, reduced))));
    }

    static Tensor nanMean(Tensor x, Dims dims, int... axes) {
        Shape full = x.shape();
        int[] reduced = full.axes("nanMean", axes);
        return op("nanMean", reducing(x.shape(), dims, reduced), x.data().nanMean(dims, reduced), edge(x, g -> {
            Tensor numbers = x.isNaN().not();
            Tensor count = numbers.sum(dims, reduced).to(x.dtype());
            return Tensor.where(numbers, spread(g.div(count), full, reduced), 0);
        }));
    }

    static Tensor prod(Tensor x, Dims dims, int... axes) {
        Shape full = x.shape();
        int[] reduced = full.axes("prod", axes);
        return op(
                "prod",
                reducing(x.shape(), dims, reduced),
                x.data().prod(dims, reduced),
                edge(x, g -> kept(g, full, reduced).mul(productOfOthers(x, reduced))));
    }

    /**
     * For each element the product of all other elements that are reduced to the same result; dividing the whole product by the element
     * would fail at zeros.
     */
    private static Tensor productOfOthers(Tensor x, int... reduced) {
        if (x.shape().size() == 0) {
            return x;
        }
        int rank = x.shape().rank();
        boolean[] isReduced = new boolean[rank];
        for (int axis : reduced) {
            isReduced[axis] = true;
        }
        int[] order = new int[rank];
        int[] inverse = new int[rank];
        int n = 1;
        for (int axis = 0, kept = 0, last = rank - reduced.length; axis < rank; axis++) {
            int position = isReduced[axis] ? last++ : kept++;
            order[position] = axis;
            inverse[axis] = position;
            n *= isReduced[axis] ? x.shape().dim(axis) : 1;
        }
        Tensor moved = x.permute(order);
        Tensor rows = moved.reshape(x.shape().size() / n, n);
        return CumulativeRules.productBefore(rows, 1, false)
                .mul(CumulativeRules.productBefore(rows, 1, true))
                .reshape(moved.shape())
                .permute(inverse);
    }

    static Tensor var(Tensor x, Correction correction, Dims dims, int... axes) {
        int[] reduced = x.shape().axes("var", axes);
        NdArray value = x.data().var(correction, dims, reduced);
        double divisor = Math.max(0, count(x.shape(), value) - correction.value());
        return op(
                "var",
                () -> with("correction", correction, "dims", dims, "axes", reduced),
                value,
                edge(x, g -> x.sub(x.mean(Dims.KEEP, reduced)).mul(kept(g.mul(2 / divisor), x.shape(), reduced))));
    }

    static Tensor std(Tensor x, Correction correction, Dims dims, int... axes) {
        int[] reduced = x.shape().axes("std", axes);
        NdArray value = x.data().std(correction, dims, reduced);
        double divisor = Math.max(0, count(x.shape(), value) - correction.value());
        Attributes attributes = () -> with("correction", correction, "dims", dims, "axes", reduced);
        return op("std", attributes, value, edge(x, (g, y) -> {
            Tensor slope = unlessZero(
                    kept(y, x.shape(), reduced), x.sub(x.mean(Dims.KEEP, reduced)), (d, s) -> d.div(s.mul(divisor)));
            return kept(g, x.shape(), reduced).mul(slope);
        }));
    }

    /**
     * A derivative with respect to x that is 0 where the value is 0, at every order. Where the value is 0, the formula {@code rule} is
     * applied to ones and the result is discarded. Applied to zeros, the formula could divide by 0, and NaN would reach higher derivatives
     * although the result is discarded.
     */
    static Tensor unlessZero(Tensor value, Tensor x, BinaryOperator<Tensor> rule) {
        NdArray mask = value.data().ne(0);
        if (isAllTrue(mask)) {
            return rule.apply(x, value);
        }
        Tensor otherwise = Tensor.of(mask);
        Tensor slope = rule.apply(Tensor.where(otherwise, x, 1), Tensor.where(otherwise, value, 1));
        return Tensor.where(otherwise, slope, 0);
    }

    static boolean isAllTrue(NdArray mask) {
        return mask.sum().item() == mask.size();
    }

    static Tensor countNonZero(Tensor x, Dims dims, int... axes) {
        return plain(
                "countNonZero",
                reducing(x.shape(), dims, x.shape().axes("countNonZero", axes)),
                x.data().countNonZero(dims, axes),
                x);
    }

    static Tensor logSumExp(Tensor x, Dims dims, int... axes) {
        int[] reduced = x.shape().axes("logSumExp", axes);
        return op(
                "logSumExp",
                reducing(x.shape(), dims, reduced),
                x.data().logSumExp(dims, reduced),
                edge(x, (g, y) -> spread(g, x.shape(), reduced).mul(weight(x, spread(y, x.shape(), reduced)))));
    }

    /**
     * The gradient of logSumExp, {@link SoftmaxKernels#weight}. While recording is on, entries with an infinite logSumExp are kept out of
     * the recorded operations and set to their limits, which are constants.
     */
    static Tensor weight(Tensor x, Tensor logSumExp) {
        if (!Autograd.isRecording()) {
            return Tensor.of(x.data().zip(logSumExp.data(), SoftmaxKernels::weight));
        }
        NdArray finite = logSumExp.data().test(v -> !Double.isInfinite(v));
        if (isAllTrue(finite)) {
            return x.sub(logSumExp).exp();
        }
        Tensor mask = Tensor.of(finite);
        Tensor limits = Tensor.of(x.data().zip(logSumExp.data(), SoftmaxKernels::weight));
        return Tensor.where(mask, Tensor.where(mask, x.sub(logSumExp), 0).exp(), limits);
    }

    static Tensor softmax(Tensor x, int axis) {
        return op(
                "softmax",
                () -> with("axis", axis),
                x.data().softmax(axis),
                edge(
                        x,
                        (g, y) -> Autograd.isRecording()
                                ? y.mul(g.sub(g.mul(y).sum(Dims.KEEP, axis)))
                                : Tensor.of(SoftmaxKernels.gradient(g.data(), y.data(), axis))));
    }

    static Tensor logSoftmax(Tensor x, int axis) {
        return op(
                "logSoftmax",
                () -> with("axis", axis),
                x.data().logSoftmax(axis),
                edge(
                        x,
                        (g, y) -> Autograd.isRecording()
                                ? g.sub(y.exp().mul(g.sum(Dims.KEEP, axis)))
                                : Tensor.of(SoftmaxKernels.logGradient(g.data(), y.data(), axis))));
    }

    /** The number of elements that are reduced to one result. */
    private static double count(Shape full, NdArray reduced) {
        return reduced.size() == 0 ? 0 : (double) full.size() / reduced.size();
    }

    /** Puts back, with size 1, the axes that a reduction removed. */
    static Tensor kept(Tensor reduced, Shape full, int... axes) {
        return reduced.reshape(full.reduce("sum", Dims.KEEP, axes));
    }

    /** Puts back the axes that a reduction removed, and broadcasts over these axes. */
    static Tensor spread(Tensor reduced, Shape full, int... axes) {
        return (reduced.shape().rank() == 0 ? reduced : kept(reduced, full, axes)).broadcastTo(full);
    }
}
