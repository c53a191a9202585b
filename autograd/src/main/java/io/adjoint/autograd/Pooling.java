package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.core.NdArray;
import io.adjoint.core.Resampling;
import io.adjoint.core.Resampling.Greatest;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Sliding;
import io.adjoint.core.Taps;
import io.adjoint.core.Window;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What makes a few elements of many, or many of a few, axis by axis: pooling and interpolation. All axes but the last stay. */
final class Pooling {
    private Pooling() {}

    // ---- windows ----

    static Tensor maximum(int axes, Tensor x, Window window) {
        String name = "maxPool" + axes + "d";
        Sliding sliding = sliding(name, axes, x, window);
        return greatest(name, x, taps(axes, axis -> Taps.of(sliding, axis, false)));
    }

    static Tensor average(int axes, Tensor x, Window window, boolean countPadding) {
        String name = "avgPool" + axes + "d";
        Sliding sliding = sliding(name, axes, x, window);
        return weighted(name, x, taps(axes, axis -> Taps.of(sliding, axis, countPadding)));
    }

    private static Sliding sliding(String name, int axes, Tensor x, Window window) {
        x.dtype().requireFloating(name);
        Sliding sliding = window.over(name, x.shape(), axes, true);
        for (int axis = 0; axis < axes; axis++) {
            int place = Taps.of(sliding, axis, false).emptyPlace();
            if (place >= 0) {
                throw new ShapeException(name + ": place " + place + " of axis " + (axis - axes) + " holds nothing but"
                        + " padding: " + window + " on " + x.shape()
                        + "; use padding of at most half of what the window spans");
            }
        }
        return sliding;
    }

    private static List<Taps> taps(int axes, IntFunction<Taps> ofAxis) {
        return IntStream.range(0, axes).mapToObj(ofAxis).toList();
    }

    // ---- adaptive ----

    static Tensor adaptiveMaximum(int axes, Tensor x, int... sides) {
        String name = "adaptiveMaxPool" + axes + "d";
        return greatest(name, x, adaptive(name, axes, x, sides));
    }

    static Tensor adaptiveAverage(int axes, Tensor x, int... sides) {
        String name = "adaptiveAvgPool" + axes + "d";
        return weighted(name, x, adaptive(name, axes, x, sides));
    }

    private static List<Taps> adaptive(String name, int axes, Tensor x, int... sides) {
        x.dtype().requireFloating(name);
        if ((sides.length != 1 && sides.length != axes) || Arrays.stream(sides).anyMatch(side -> side < 1)) {
            throw new IllegalArgumentException(name + ": expected one side for all " + axes
                    + " axes, or one for each, of at least 1, got " + Arrays.toString(sides));
        }
        requireElements(name, axes, x);
        return taps(
                axes, axis -> Taps.adaptive(x.shape().dim(axis - axes), sides.length == 1 ? sides[0] : sides[axis]));
    }

    private static void requireElements(String name, int axes, Tensor x) {
        Shape shape = x.shape();
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

    // ---- interpolation ----

    static Tensor interpolate(Tensor x, Interpolation mode, int... sides) {
        if (sides.length == 0 || Arrays.stream(sides).anyMatch(side -> side < 1)) {
            throw new IllegalArgumentException("interpolate: expected new sides of the last axes of " + x.shape()
                    + ", of at least 1, got " + Arrays.toString(sides));
        }
        int axes = sides.length;
        x.dtype().requireFloating("interpolate");
        requireElements("interpolate", axes, x);
        return weighted("interpolate", x, taps(axes, axis -> {
            int side = x.shape().dim(axis - axes);
            return mode.taps(side, sides[axis], side, sides[axis]);
        }));
    }

    static Tensor interpolateBy(Tensor x, Interpolation mode, double... factors) {
        int axes = factors.length;
        x.dtype().requireFloating("interpolateBy");
        requireElements("interpolateBy", axes, x);
        int[] sides = new int[axes];
        for (int axis = 0; axis < axes; axis++) {
            double side = Math.floor(x.shape().dim(axis - axes) * factors[axis]);
            if (!(side >= 1 && side <= Integer.MAX_VALUE)) {
                throw new IllegalArgumentException("interpolateBy: factor " + factors[axis] + " of axis "
                        + (axis - axes) + " of " + x.shape() + " makes a side of " + side
                        + "; expected a number that leaves at least one element");
            }
            sides[axis] = (int) side;
        }
        if (axes == 0) {
            throw new IllegalArgumentException(
                    "interpolateBy: expected a factor for each of the last axes of " + x.shape() + ", got none");
        }
        return weighted(
                "interpolateBy",
                x,
                taps(axes, axis -> mode.taps(x.shape().dim(axis - axes), sides[axis], 1, factors[axis])));
    }

    // ---- the two kinds ----

    /** The last axes made anew, one after the other, each linear: the rule is the same with the taps turned round. */
    private static Tensor weighted(String name, Tensor x, List<Taps> axes) {
        NdArray value = x.data();
        for (int axis = 0; axis < axes.size(); axis++) {
            value = Resampling.weighted(name, value, axis - axes.size(), axes.get(axis));
        }
        return op(
                name,
                value,
                edge(
                        x,
                        g -> weighted(
                                name, g, axes.stream().map(Taps::transposed).toList())));
    }

    private static Tensor greatest(String name, Tensor x, List<Taps> axes) {
        Shape from = x.shape();
        Greatest greatest = Resampling.greatest(name, x.data(), axes);
        Tensor index = Tensor.of(greatest.index());
        return op(name, greatest.values(), edge(x, g -> spread(name, g, index, from)));
    }

    /** Each element at the position that was the greatest; its rule picks them again. */
    private static Tensor spread(String name, Tensor g, Tensor index, Shape target) {
        Shape from = g.shape();
        int planes = index.shape().dim(0);
        Shape flat = Shape.of(planes, planes == 0 ? 0 : target.size() / planes);
        return op(
                name + "ToInput",
                Resampling.spread(name, g.data(), index.data(), target),
                edge(g, h -> h.reshape(flat).gather(1, index).reshape(from)));
    }
}
