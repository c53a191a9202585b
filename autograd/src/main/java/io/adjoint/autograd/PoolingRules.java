package io.adjoint.autograd;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Padding;
import io.adjoint.core.ResamplingKernels;
import io.adjoint.core.ResamplingKernels.Largest;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Sizes;
import io.adjoint.core.Sliding;
import io.adjoint.core.Window;
import io.adjoint.core.loops.Taps;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Pooling and interpolation over the last axes, axis by axis. */
final class PoolingRules {
    private PoolingRules() {}

    // ---- windows ----

    /** A window whose stride is its kernel size; errors name the operation. */
    static Window adjacent(String name, int kernel) {
        if (kernel < 1) {
            throw new IllegalArgumentException(name + ": the kernel must be at least 1, got " + kernel);
        }
        return Window.kernel(kernel);
    }

    static IndexedValues maximum(String name, int axes, Tensor x, Window window) {
        Sliding sliding = sliding(name, axes, x, window);
        Shape to = sliding.outputShape(leading(x, axes));
        return largest(name, x, to, axes, axis -> sliding.taps(axis, Padding.EXCLUDED));
    }

    static Tensor average(int axes, Tensor x, Window window, Padding padding) {
        String name = "avgPool" + axes + "d";
        Sliding sliding = sliding(name, axes, x, window);
        Shape to = sliding.outputShape(leading(x, axes));
        return weighted(name, x, to, axes, axis -> sliding.taps(axis, padding));
    }

    private static Sliding sliding(String name, int axes, Tensor x, Window window) {
        x.dtype().requireFloating(name);
        Sliding sliding = Sliding.pooling(name, x.shape(), axes, window);
        for (int axis = 0; axis < axes; axis++) {
            int position = sliding.emptyPosition(axis);
            if (position >= 0) {
                throw new ShapeException(
                        name + ": output position " + position + " of axis " + (axis - axes) + " holds nothing but"
                                + " padding: " + window + " on " + x.shape()
                                + "; use padding of at most half of what the window spans");
            }
        }
        return sliding;
    }

    private static int[] leading(Tensor x, int axes) {
        return Arrays.copyOf(x.shape().toArray(), x.shape().rank() - axes);
    }

    // ---- adaptive ----

    static Tensor adaptiveMaximum(int axes, Tensor x, int... sizes) {
        String name = "adaptiveMaxPool" + axes + "d";
        Shape to = adaptive(name, axes, x, sizes);
        return largest(name, x, to, axes, axis -> regions(x, to, axis - axes)).values();
    }

    static Tensor adaptiveAverage(int axes, Tensor x, int... sizes) {
        String name = "adaptiveAvgPool" + axes + "d";
        Shape to = adaptive(name, axes, x, sizes);
        return weighted(name, x, to, axes, axis -> regions(x, to, axis - axes));
    }

    private static Shape adaptive(String name, int axes, Tensor x, int... sizes) {
        x.dtype().requireFloating(name);
        return target(name, axes, x.shape(), sizes);
    }

    private static Taps regions(Tensor x, Shape to, int axis) {
        return Taps.adaptive(x.shape().dim(axis), to.dim(axis));
    }

    // ---- interpolation ----

    static Tensor interpolate(Tensor x, Interpolation mode, int... sizes) {
        x.dtype().requireFloating("interpolate");
        int axes = spatialAxes("interpolate", x.shape());
        Shape to = target("interpolate", axes, x.shape(), sizes);
        return weighted("interpolate", x, to, axes, axis -> {
            int size = x.shape().dim(axis - axes);
            int target = to.dim(axis - axes);
            return mode.taps(size, target, size, target);
        });
    }

    static Tensor interpolateBy(Tensor x, Interpolation mode, double... factors) {
        x.dtype().requireFloating("interpolateBy");
        int axes = spatialAxes("interpolateBy", x.shape());
        requireOneOrEach("interpolateBy", "factor", axes, factors.length, x.shape());
        double[] scale = new double[axes];
        Arrays.setAll(scale, axis -> factors[factors.length == 1 ? 0 : axis]);
        requireElements("interpolateBy", axes, x.shape());
        int[] sizes = new int[axes];
        Arrays.setAll(sizes, axis -> scaled(x.shape(), axis - axes, scale[axis]));
        Shape to = resized("interpolateBy", x.shape(), sizes);
        return weighted("interpolateBy", x, to, axes, axis -> {
            int back = axis - axes;
            return mode.taps(x.shape().dim(back), to.dim(back), 1, scale[axis]);
        });
    }

    private static int scaled(Shape shape, int axis, double factor) {
        double size = Math.floor(shape.dim(axis) * factor);
        if (!(size >= 1 && size <= Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("interpolateBy: factor " + factor + " makes axis " + axis + " of "
                    + shape + " " + size + " long; expected a number that leaves at least one element");
        }
        return (int) size;
    }

    // ---- checks of axes and sizes ----

    /** The number of spatial axes, which follow the axes of batch and channels. */
    private static int spatialAxes(String name, Shape shape) {
        if (shape.rank() < 3) {
            throw new ShapeException(name + ": expected [batch, channels, sizes...] with at least 3 axes, got " + shape
                    + "; add those that are missing with unsqueeze(0)");
        }
        return shape.rank() - 2;
    }

    /** The shape with other sizes of the last axes: one size for all of these axes, or one size for each axis; no size may be 0. */
    static Shape target(String name, int axes, Shape shape, int... sizes) {
        requireOneOrEach(name, "size", axes, sizes.length, shape);
        if (Arrays.stream(sizes).anyMatch(size -> size < 1)) {
            throw new ShapeException(name + ": expected sizes of at least 1, got " + Arrays.toString(sizes));
        }
        requireElements(name, axes, shape);
        int[] all = new int[axes];
        Arrays.setAll(all, axis -> sizes[sizes.length == 1 ? 0 : axis]);
        return resized(name, shape, all);
    }

    private static Shape resized(String name, Shape shape, int... sizes) {
        long[] last = Arrays.stream(sizes).asLongStream().toArray();
        return Sizes.replaced(name, shape, shape.rank() - last.length, last.length, last);
    }

    private static void requireOneOrEach(String name, String what, int axes, int count, Shape shape) {
        if (count != 1 && count != axes) {
            throw new ShapeException(name + ": expected 1 " + what + " for the last " + axes + " axes of " + shape
                    + ", or " + axes + ", one for each, got " + count);
        }
    }

    private static void requireElements(String name, int axes, Shape shape) {
        if (shape.rank() < axes) {
            throw new ShapeException(
                    name + ": expected at least " + axes + " axes, but " + shape + " has " + shape.rank());
        }
        for (int axis = -axes; axis < 0; axis++) {
            if (shape.dim(axis) == 0) {
                throw new ShapeException(name + ": axis " + axis + " of " + shape + " has no elements");
            }
        }
    }

    // ---- linear resampling and maxima ----

    /** Resamples the last axes linearly. The weights of an axis are only computed if the result has elements. */
    private static Tensor weighted(String name, Tensor x, Shape to, int axes, IntFunction<Taps> taps) {
        return to.size() == 0 ? nothing(name, x, to) : weighted(name, x, taps(axes, taps));
    }

    private static IndexedValues largest(String name, Tensor x, Shape to, int axes, IntFunction<Taps> taps) {
        return to.size() == 0
                ? new IndexedValues(nothing(name, x, to), Tensor.of(NdArray.zeros(DType.INT32, to)))
                : largest(name, x, taps(axes, taps));
    }

    private static List<Taps> taps(int axes, IntFunction<Taps> ofAxis) {
        return IntStream.range(0, axes).mapToObj(ofAxis).toList();
    }

    /** The operation for a result without elements; the gradient of x is zero. */
    private static Tensor nothing(String name, Tensor x, Shape to) {
        Shape from = x.shape();
        return op(name, NdArray.zeros(x.dtype(), to), edge(x, g -> Tensor.of(NdArray.zeros(g.dtype(), from))));
    }

    /**
     * Resamples the last axes, one after the other. Each resampling is linear: its backward rule resamples with the transposed {@link
     * Taps}, which are the weights of an axis.
     */
    private static Tensor weighted(String name, Tensor x, List<Taps> axes) {
        NdArray value = x.data();
        for (int axis = 0; axis < axes.size(); axis++) {
            value = ResamplingKernels.weighted(name, value, axis - axes.size(), axes.get(axis));
        }
        return op(
                name,
                value,
                edge(
                        x,
                        g -> weighted(
                                name, g, axes.stream().map(Taps::transposed).toList())));
    }

    private static IndexedValues largest(String name, Tensor x, List<Taps> axes) {
        Shape from = x.shape();
        Largest largest = ResamplingKernels.largest(name, x.data(), axes);
        Tensor values = op(name, largest.values(), edge(x, g -> spread(name, g, largest, from)));
        return new IndexedValues(
                values,
                LibraryOps.plain(
                        name + "Indices",
                        Attributes.NONE,
                        largest.index().reshape(largest.values().shape()),
                        x));
    }

    /**
     * Writes each element of g to the position at which pooling found the element's maximum, and zeros to all other positions. The backward
     * rule reads its gradient at the positions of the maxima.
     */
    private static Tensor spread(String name, Tensor g, Largest largest, Shape target) {
        Shape from = g.shape();
        Tensor index = Tensor.of(largest.index());
        int planes = index.shape().dim(0);
        Shape flat = Shape.of(planes, planes == 0 ? 0 : target.size() / planes);
        return op(
                name + "ToInput",
                ResamplingKernels.spread(name, g.data(), largest, target),
                edge(g, h -> h.reshape(flat).gather(1, index).reshape(from)));
    }
}
