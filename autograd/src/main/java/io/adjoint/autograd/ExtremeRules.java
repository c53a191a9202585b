package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;
import static io.adjoint.autograd.LibraryOps.plain;
import static io.adjoint.autograd.ReductionRules.spread;
import static java.util.Objects.requireNonNull;

import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.ScanKernels;
import io.adjoint.core.SelectionKernels;
import io.adjoint.core.ShapeException;
import java.util.function.IntUnaryOperator;

/**
 * Maxima, minima, medians and quantiles. Operations that return an index send the whole gradient to the element at this index; all other
 * operations split the gradient among ties.
 */
final class ExtremeRules {
    private ExtremeRules() {}

    static Tensor amax(Tensor x, Dims dims, int... axes) {
        int[] reduced = x.shape().axes("amax", axes);
        return extreme("amax", dims, x, x.data().amax(dims, reduced), reduced);
    }

    static Tensor amin(Tensor x, Dims dims, int... axes) {
        int[] reduced = x.shape().axes("amin", axes);
        return extreme("amin", dims, x, x.data().amin(dims, reduced), reduced);
    }

    /** {@link #amax} over all elements, named max in messages. */
    static Tensor max(Tensor x) {
        x.dtype().requireNumbers("max");
        requireElements("max", x);
        return amax(x, Dims.DROP);
    }

    /** {@link #amin} over all elements, named min in messages. */
    static Tensor min(Tensor x) {
        x.dtype().requireNumbers("min");
        requireElements("min", x);
        return amin(x, Dims.DROP);
    }

    private static Tensor extreme(String name, Dims dims, Tensor x, NdArray value, int... axes) {
        Attributes attributes = Attributes.reducing(x.shape(), dims, axes);
        return op(
                name,
                attributes,
                value,
                edge(x, g -> spread(g, x.shape(), axes).mul(Tensor.of(share(x.data(), value, axes)))));
    }

    /**
     * The fraction of the gradient that each element receives: elements that equal the extreme share it evenly (the subgradient of minimum
     * norm), all others get 0. If the extreme is NaN, the NaN elements share the gradient.
     */
    static NdArray share(NdArray x, NdArray extreme, int... axes) {
        NdArray spread = spread(Tensor.of(extreme), x.shape(), axes).data();
        NdArray tied = x.zip(spread, (v, e) -> v == e || (Double.isNaN(v) && Double.isNaN(e)) ? 1 : 0);
        return tied.div(tied.sum(Dims.KEEP, axes));
    }

    static IndexedValues max(Tensor x, Dims dims, int axis) {
        return chosen(
                argExtreme("argMax", x, Dims.DROP, axis, SelectionKernels.indexOfExtreme("max", x.data(), axis, false)),
                x,
                dims,
                axis);
    }

    static IndexedValues min(Tensor x, Dims dims, int axis) {
        return chosen(
                argExtreme("argMin", x, Dims.DROP, axis, SelectionKernels.indexOfExtreme("min", x.data(), axis, true)),
                x,
                dims,
                axis);
    }

    static IndexedValues median(Tensor x, Dims dims, int axis) {
        int n = x.shape().dim(x.shape().axis("median", axis));
        return chosen(argRank("median", x, (n - 1) / 2, axis), x, dims, axis);
    }

    static Tensor median(Tensor x) {
        return ofAll("median", x, median(flat("median", x.detach()), Dims.DROP, 0));
    }

    static IndexedValues nanMedian(Tensor x, Dims dims, int axis) {
        NdArray index = SelectionKernels.indexOfRankOfNumbers("nanMedian", x.data(), axis, n -> (n - 1) / 2);
        return chosen(plain("argNanMedian", () -> with("axis", axis), index, x), x, dims, axis);
    }

    static Tensor nanMedian(Tensor x) {
        return ofAll("nanMedian", x, nanMedian(flat("nanMedian", x.detach()), Dims.DROP, 0));
    }

    static IndexedValues mode(Tensor x, Dims dims, int axis) {
        NdArray index = SelectionKernels.indexOfMode(x.data(), axis);
        return chosen(plain("argMode", () -> with("axis", axis), index, x), x, dims, axis);
    }

    private static Tensor ofAll(String name, Tensor x, IndexedValues chosen) {
        return extreme(name, Dims.DROP, x, chosen.values().data(), x.shape().axes(name));
    }

    /** The elements of x at the given indices along an axis; the array of indices has the shape of x without this axis. */
    private static Tensor argRank(String name, Tensor x, int rank, int axis) {
        NdArray index = SelectionKernels.indexOfRank(name, x.data(), axis, rank);
        return plain("argRank", () -> with("rank", rank, "axis", axis), index, x);
    }

    private static IndexedValues chosen(Tensor indices, Tensor x, Dims dims, int axis) {
        int a = x.shape().axis("max", axis);
        Tensor index = indices.unsqueeze(a);
        Tensor values = x.gather(a, index);
        return requireNonNull(dims, "dims") == Dims.KEEP
                ? new IndexedValues(values, index)
                : new IndexedValues(values.squeeze(a), indices);
    }

    static Tensor quantile(Tensor x, double q, Dims dims, int axis) {
        int n = x.shape().dim(x.shape().axis("quantile", axis));
        requireQuantile("quantile", x, q);
        double position = q * (n - 1);
        int rank = (int) position;
        double rest = position - rank;
        Tensor lower = ranked(x, rank, dims, axis);
        // If the weight of the upper element is 0, the element is left out: 0 times an infinite element would be NaN.
        return rest > 0 ? lower.add(ranked(x, rank + 1, dims, axis).sub(lower).mul(rest)) : lower;
    }

    private static Tensor ranked(Tensor x, int rank, Dims dims, int axis) {
        return chosen(argRank("quantile", x, rank, axis), x, dims, axis).values();
    }

    static Tensor nanQuantile(Tensor x, double q, Dims dims, int axis) {
        requireQuantile("nanQuantile", x, q);
        int a = x.shape().axis("nanQuantile", axis);
        Tensor lower = rankedNumber(x, n -> (int) (q * (n - 1)), dims, a);
        Tensor upper = rankedNumber(x, n -> Math.min((int) (q * (n - 1)) + 1, n - 1), dims, a);
        NdArray counts = x.data().isNaN().not().sum(dims, a).to(x.dtype());
        Tensor rest = plain("nanQuantileRest", () -> with("q", q, "axis", a), counts.map(n -> q * (n - 1) % 1), x);
        // If the weight of the upper element is 0, the element is left out: 0 times an infinite element would be NaN.
        return Tensor.where(rest.gt(0), lower.add(upper.sub(lower).mul(rest)), lower);
    }

    private static Tensor rankedNumber(Tensor x, IntUnaryOperator rank, Dims dims, int axis) {
        NdArray index = SelectionKernels.indexOfRankOfNumbers("nanQuantile", x.data(), axis, rank);
        return chosen(plain("argNanRank", () -> with("axis", axis), index, x), x, dims, axis)
                .values();
    }

    static Tensor nanQuantile(Tensor x, double q) {
        return nanQuantile(flat("nanQuantile", x), q, Dims.DROP, 0);
    }

    private static void requireQuantile(String op, Tensor x, double q) {
        x.dtype().requireFloating(op);
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException(op + ": q is " + q + "; expected a number from 0 to 1");
        }
    }

    static Tensor quantile(Tensor x, double q) {
        return quantile(flat("quantile", x), q, Dims.DROP, 0);
    }

    static Tensor argMax(Tensor x) {
        return argMax(flat("argMax", x), Dims.DROP, 0);
    }

    static Tensor argMax(Tensor x, Dims dims, int axis) {
        return argExtreme("argMax", x, dims, axis, x.data().argMax(axis));
    }

    static Tensor argMin(Tensor x) {
        return argMin(flat("argMin", x), Dims.DROP, 0);
    }

    static Tensor argMin(Tensor x, Dims dims, int axis) {
        return argExtreme("argMin", x, dims, axis, x.data().argMin(axis));
    }

    private static Tensor argExtreme(String name, Tensor x, Dims dims, int axis, NdArray index) {
        NdArray shaped = index.reshape(x.shape().reduce(name, dims, axis));
        return plain(name, () -> dims == Dims.KEEP ? with("axis", axis, "dims", dims) : with("axis", axis), shaped, x);
    }

    static IndexedValues cummax(Tensor x, int axis) {
        return soFar("argCummax", x, ScanKernels.indexSoFar("cummax", x.data(), axis, false), axis);
    }

    static IndexedValues cummin(Tensor x, int axis) {
        return soFar("argCummin", x, ScanKernels.indexSoFar("cummin", x.data(), axis, true), axis);
    }

    private static IndexedValues soFar(String name, Tensor x, NdArray indices, int axis) {
        Tensor index = plain(name, () -> with("axis", axis), indices, x);
        return new IndexedValues(x.gather(axis, index), index);
    }

    private static Tensor flat(String op, Tensor x) {
        requireElements(op, x);
        return x.flatten();
    }

    private static void requireElements(String op, Tensor x) {
        if (x.shape().size() == 0) {
            throw new ShapeException(op + ": " + x.shape() + " has no elements");
        }
    }
}
