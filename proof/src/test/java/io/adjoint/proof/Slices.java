package io.adjoint.proof;

import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Computes references of reductions and scans over axes. A slice consists of the elements that are reduced to one number, in row-major
 * order.
 */
final class Slices {
    private Slices() {}

    /** Computes a reduction by a function of the elements of each slice. */
    static NdArray reduced(NdArray x, Dims dims, int[] axes, ToDoubleFunction<double[]> function) {
        return at(x, dims, axes, (elements, positions) -> function.applyAsDouble(elements));
    }

    /** A function of the elements of a slice and of their positions in x. */
    @FunctionalInterface
    interface OfSlice {
        double of(double[] elements, int[] positions);
    }

    static NdArray at(NdArray x, Dims dims, int[] axes, OfSlice function) {
        boolean[] gone = gone(x.shape(), axes);
        Shape result = result(x.shape(), dims, gone);
        List<List<Double>> elements = new ArrayList<>();
        List<List<Integer>> positions = new ArrayList<>();
        for (int k = 0; k < result.size(); k++) {
            elements.add(new ArrayList<>());
            positions.add(new ArrayList<>());
        }
        int[] position = new int[1];
        Reference.build(x.shape(), index -> {
            int slice = 0;
            for (int axis = 0; axis < index.length; axis++) {
                slice = gone[axis] ? slice : slice * x.shape().dim(axis) + index[axis];
            }
            elements.get(slice).add(x.get(index));
            positions.get(slice).add(position[0]++);
            return 0;
        });
        double[] values = new double[result.size()];
        Arrays.setAll(
                values,
                k -> function.of(
                        elements.get(k).stream().mapToDouble(v -> v).toArray(),
                        positions.get(k).stream().mapToInt(v -> v).toArray()));
        return NdArray.of(result, values);
    }

    private static boolean[] gone(Shape shape, int... axes) {
        boolean[] gone = new boolean[shape.rank()];
        Arrays.fill(gone, axes.length == 0);
        for (int axis : axes) {
            gone[axis < 0 ? axis + gone.length : axis] = true;
        }
        return gone;
    }

    private static Shape result(Shape shape, Dims dims, boolean... gone) {
        return Shape.of(IntStream.range(0, gone.length)
                .filter(axis -> dims == Dims.KEEP || !gone[axis])
                .map(axis -> gone[axis] ? 1 : shape.dim(axis))
                .toArray());
    }

    /** Applies a function to the elements of each row along an axis. */
    static NdArray along(NdArray x, int axis, UnaryOperator<double[]> function) {
        int a = axis < 0 ? axis + x.shape().rank() : axis;
        int[] dims = x.shape().toArray();
        dims[a] = function.apply(new double[dims[a]]).length;
        return Reference.build(Shape.of(dims), index -> {
            int[] at = index.clone();
            double[] row = new double[x.shape().dim(a)];
            for (int k = 0; k < row.length; k++) {
                at[a] = k;
                row[k] = x.get(at);
            }
            return function.apply(row)[index[a]];
        });
    }

    // ---- functions of the elements of a slice ----

    static double sum(double... x) {
        return DoubleStream.of(x).sum();
    }

    static double max(double... x) {
        return DoubleStream.of(x).max().orElseThrow();
    }

    static double min(double... x) {
        return DoubleStream.of(x).min().orElseThrow();
    }

    static double mean(double[] x) {
        return DoubleStream.of(x).sum() / x.length;
    }

    static double prod(double[] x) {
        return DoubleStream.of(x).reduce(1, (a, b) -> a * b);
    }

    static double variance(int correction, double[] x) {
        double mean = mean(x);
        return DoubleStream.of(x).map(v -> (v - mean) * (v - mean)).sum() / Math.max(0, x.length - correction);
    }

    static double logSumExp(double[] x) {
        double largest = DoubleStream.of(x).max().orElse(Double.NEGATIVE_INFINITY);
        return largest == Double.NEGATIVE_INFINITY
                ? Double.NEGATIVE_INFINITY
                : largest
                        + Math.log(DoubleStream.of(x)
                                .map(v -> Math.exp(v - largest))
                                .sum());
    }

    static double[] softmax(double[] x) {
        double log = logSumExp(x);
        return DoubleStream.of(x).map(v -> Math.exp(v - log)).toArray();
    }

    static double norm(double p, double[] x) {
        DoubleStream magnitudes = DoubleStream.of(x).map(Math::abs);
        if (Double.isInfinite(p)) {
            return p > 0 ? magnitudes.max().orElseThrow() : magnitudes.min().orElseThrow();
        }
        return p == 0
                ? magnitudes.filter(v -> v != 0).count()
                : Math.pow(magnitudes.map(v -> Math.pow(v, p)).sum(), 1 / p);
    }
}
