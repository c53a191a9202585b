package io.adjoint.proof;

import static io.adjoint.proof.Places.joined;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/** Computes references of convolutions, pooling and interpolation by their formulas, as sums over indices. */
final class WindowReferences {
    private WindowReferences() {}

    /** The settings of a sliding window, with one number for each axis. */
    record Slide(
            int axes,
            IntUnaryOperator kernel,
            IntUnaryOperator stride,
            IntUnaryOperator padding,
            IntUnaryOperator dilation) {
        int extent(int axis) {
            return (kernel.applyAsInt(axis) - 1) * dilation.applyAsInt(axis) + 1;
        }

        int first(int axis, int position) {
            return position * stride.applyAsInt(axis) - padding.applyAsInt(axis);
        }

        int at(int axis, int position, int element) {
            return first(axis, position) + element * dilation.applyAsInt(axis);
        }

        /** The number of positions of the window along an axis, found by counting. */
        int positions(int axis, int size, boolean ceil) {
            int end = size + padding.applyAsInt(axis);
            int positions = 0;
            while (first(axis, positions) + extent(axis) <= end
                    || (ceil
                            && positions > 0
                            && first(axis, positions - 1) + extent(axis) < end
                            && first(axis, positions) < size)) {
                positions++;
            }
            return positions;
        }

        int[] kernels() {
            int[] kernels = new int[axes];
            Arrays.setAll(kernels, kernel);
            return kernels;
        }
    }

    static void forEach(int[] dims, Consumer<int[]> body) {
        int total = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
        for (int e = 0; e < total; e++) {
            int[] index = new int[dims.length];
            for (int axis = dims.length - 1, rest = e; axis >= 0; axis--) {
                index[axis] = rest % dims[axis];
                rest /= dims[axis];
            }
            body.accept(index);
        }
    }

    static int[] front(int[] index, int lastAxes) {
        return Arrays.copyOf(index, index.length - lastAxes);
    }

    static int[] last(int[] index, int lastAxes) {
        return Arrays.copyOfRange(index, index.length - lastAxes, index.length);
    }

    static boolean inside(int[] index, int[] dims) {
        for (int axis = 0; axis < index.length; axis++) {
            if (index[axis] < 0 || index[axis] >= dims[axis]) {
                return false;
            }
        }
        return true;
    }

    private static int[] at(Slide slide, int[] position, int[] element) {
        int[] at = new int[position.length];
        Arrays.setAll(at, axis -> slide.at(axis, position[axis], element[axis]));
        return at;
    }

    static NdArray convolution(NdArray input, NdArray weight, NdArray bias, Slide slide) {
        int axes = slide.axes();
        boolean single = input.shape().rank() == axes + 1;
        NdArray x = single ? input.unsqueeze(0) : input;
        int[] dims = last(x.shape().toArray(), axes);
        int perGroup = weight.shape().dim(1);
        int groups = perGroup == 0 ? 1 : x.shape().dim(1) / perGroup;
        int outs = weight.shape().dim(0);
        int[] positions = new int[axes];
        Arrays.setAll(positions, axis -> slide.positions(axis, dims[axis], false));
        NdArray y = Reference.build(Shape.of(joined(new int[] {x.shape().dim(0), outs}, positions)), index -> {
            int group = index[1] / (outs / groups);
            double[] sum = {bias.size() == 0 ? 0 : bias.get(index[1])};
            forEach(joined(new int[] {perGroup}, slide.kernels()), element -> {
                int[] at = at(slide, last(index, axes), last(element, axes));
                if (inside(at, dims)) {
                    sum[0] += x.get(joined(new int[] {index[0], group * perGroup + element[0]}, at))
                            * weight.get(joined(new int[] {index[1]}, element));
                }
            });
            return sum[0];
        });
        return single ? y.squeeze(0) : y;
    }

    static NdArray transposed(NdArray input, NdArray weight, NdArray bias, Slide slide, IntUnaryOperator extra) {
        int axes = slide.axes();
        boolean single = input.shape().rank() == axes + 1;
        NdArray x = single ? input.unsqueeze(0) : input;
        int perGroup = weight.shape().dim(1);
        int channels = x.shape().dim(1);
        int groups = bias.size() == 0 ? 1 : bias.size() / perGroup;
        int[] dims = new int[axes];
        Arrays.setAll(
                dims,
                axis -> slide.first(axis, x.shape().dim(2 + axis) - 1)
                        + slide.extent(axis)
                        - slide.padding().applyAsInt(axis)
                        + extra.applyAsInt(axis));
        Shape shape = Shape.of(joined(new int[] {x.shape().dim(0), groups * perGroup}, dims));
        double[] sums = new double[shape.size()];
        for (int e = 0; e < sums.length; e++) {
            sums[e] = bias.size() == 0 ? 0 : bias.get(e / Math.max(1, product(dims)) % bias.size());
        }
        forEach(
                x.shape().toArray(),
                index -> forEach(joined(new int[] {perGroup}, slide.kernels()), element -> {
                    int[] at = at(slide, last(index, axes), last(element, axes));
                    if (inside(at, dims)) {
                        int out = index[1] / (channels / groups) * perGroup + element[0];
                        int to = index[0] * groups * perGroup + out;
                        for (int axis = 0; axis < axes; axis++) {
                            to = to * dims[axis] + at[axis];
                        }
                        sums[to] += x.get(index) * weight.get(joined(new int[] {index[1]}, element));
                    }
                }));
        NdArray y = NdArray.of(shape, sums);
        return single ? y.squeeze(0) : y;
    }

    private static int product(int... dims) {
        return Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    }

    /** Pools the elements of each window to the largest element or the mean. */
    static NdArray pooled(NdArray x, Slide slide, boolean ceil, boolean largest, boolean countPadding) {
        int axes = slide.axes();
        int[] dims = last(x.shape().toArray(), axes);
        int[] positions = new int[axes];
        Arrays.setAll(positions, axis -> slide.positions(axis, dims[axis], ceil));
        int[] padded = new int[axes];
        Arrays.setAll(padded, axis -> dims[axis] + slide.padding().applyAsInt(axis));
        return Reference.build(Shape.of(joined(front(x.shape().toArray(), axes), positions)), index -> {
            double[] result = {largest ? Double.NEGATIVE_INFINITY : 0};
            int[] count = {0};
            forEach(slide.kernels(), element -> {
                int[] at = at(slide, last(index, axes), element);
                boolean inside = inside(at, dims);
                int[] raised = new int[axes];
                Arrays.setAll(raised, axis -> Math.max(at[axis], 0));
                count[0] += inside || (countPadding && inside(raised, padded)) ? 1 : 0;
                if (inside) {
                    double value = x.get(joined(front(index, axes), at));
                    result[0] = largest ? Math.max(result[0], value) : result[0] + value;
                }
            });
            return largest ? result[0] : result[0] / count[0];
        });
    }

    /**
     * Computes adaptive pooling: each axis is divided into the given number of parts, and each part is reduced to its largest element or
     * its mean.
     */
    static NdArray adaptive(NdArray x, boolean largest, int... parts) {
        int axes = parts.length;
        int[] dims = last(x.shape().toArray(), axes);
        return Reference.build(Shape.of(joined(front(x.shape().toArray(), axes), parts)), index -> {
            int[] from = new int[axes];
            int[] length = new int[axes];
            for (int axis = 0; axis < axes; axis++) {
                int part = last(index, axes)[axis];
                from[axis] = (int) Math.floor((double) part * dims[axis] / parts[axis]);
                length[axis] = (int) Math.ceil((part + 1.0) * dims[axis] / parts[axis]) - from[axis];
            }
            double[] result = {largest ? Double.NEGATIVE_INFINITY : 0};
            forEach(length, element -> {
                int[] at = new int[axes];
                Arrays.setAll(at, axis -> from[axis] + element[axis]);
                double value = x.get(joined(front(index, axes), at));
                result[0] = largest ? Math.max(result[0], value) : result[0] + value / product(length);
            });
            return result[0];
        });
    }

    /** The reference of unfold: a column for each window. */
    static NdArray unfolded(NdArray x, Slide slide) {
        int axes = slide.axes();
        int[] dims = last(x.shape().toArray(), axes);
        int[] positions = new int[axes];
        Arrays.setAll(positions, axis -> slide.positions(axis, dims[axis], false));
        int window = product(slide.kernels());
        Shape shape = Shape.of(x.shape().dim(0), x.shape().dim(1) * window, product(positions));
        return Reference.build(shape, index -> {
            int[] element = unravelled(index[1] % window, slide.kernels());
            int[] at = at(slide, unravelled(index[2], positions), element);
            return inside(at, dims) ? x.get(joined(new int[] {index[0], index[1] / window}, at)) : 0;
        });
    }

    /** The reference of fold: each element is the sum of the columns' elements that unfold would read from it. */
    static NdArray folded(NdArray columns, Slide slide, int... dims) {
        int axes = slide.axes();
        int[] positions = new int[axes];
        Arrays.setAll(positions, axis -> slide.positions(axis, dims[axis], false));
        int window = product(slide.kernels());
        int channels = columns.shape().dim(1) / window;
        return Reference.build(Shape.of(joined(new int[] {columns.shape().dim(0), channels}, dims)), index -> {
            double[] sum = {0};
            forEach(new int[] {window, product(positions)}, pair -> {
                int[] at = at(slide, unravelled(pair[1], positions), unravelled(pair[0], slide.kernels()));
                if (Arrays.equals(at, last(index, axes))) {
                    sum[0] += columns.get(index[0], index[1] * window + pair[0], pair[1]);
                }
            });
            return sum[0];
        });
    }

    private static int[] unravelled(int number, int[] dims) {
        int[] index = new int[dims.length];
        for (int axis = dims.length - 1, rest = number; axis >= 0; axis--) {
            index[axis] = rest % dims[axis];
            rest /= dims[axis];
        }
        return index;
    }
}
