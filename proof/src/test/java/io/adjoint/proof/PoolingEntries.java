package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Interpolation;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Padding;
import io.adjoint.core.Shape;
import io.adjoint.core.Window;
import io.adjoint.proof.WindowReferences.Slide;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;

/** The entries of {@link ConvolutionFamily} for pooling and interpolation. */
final class PoolingEntries {
    /**
     * The number of flags at the beginning of a window's settings. The first is 0 for default options, the second is 1 if sizes are rounded
     * up, and the third is 0 if padding doesn't count.
     */
    private static final int FLAGS = 3;

    private PoolingEntries() {}

    static List<Entry> all() {
        List<Entry> entries = new ArrayList<>();
        for (int axes = 1; axes <= 3; axes++) {
            entries.add(pooling(axes, true));
            entries.add(pooling(axes, false));
            entries.add(adaptive(axes, true));
            entries.add(adaptive(axes, false));
        }
        entries.add(interpolate());
        entries.add(interpolateBy());
        return entries;
    }

    static String dims(int axes) {
        return "(...," + ",3,2,5".substring(7 - 2 * axes) + ")";
    }

    private static Values values(boolean largest) {
        Values values = Values.between(-2, 2);
        return largest ? values.distinct() : values;
    }

    // ---- windows ----

    private static Entry pooling(int axes, boolean largest) {
        String name = (largest ? "maxPool" : "avgPool") + axes + "d";
        Entry entry = entry(name, (t, a) -> pooled(axes, largest, t[0], a))
                .shapes(dims(axes))
                .axes(0, 2)
                .within(values(largest))
                .argumentsOf(shape -> settings(axes, shape))
                .reference((t, a) ->
                        WindowReferences.pooled(t[0], slide(axes, a), a[1] == 1, largest, a[0] == 0 || a[2] != 0))
                .order(2);
        Entry covering = largest
                ? entry.covering(name + "(int)", name + "(Window)")
                : entry.covering(name + "(int)", name + "(Window)", name + "(Window,Padding)");
        return covering.rejects(
                        "a window longer than an axis",
                        x -> windowed(axes, largest, x.reshape(1, 2, 3), Window.kernel(4)),
                        "[1, 2, 3] … spans 4 on axis " + -axes + " … padding")
                .rejects(
                        "positions of nothing but padding",
                        x -> windowed(
                                axes,
                                largest,
                                x.reshape(1, 2, 3),
                                Window.kernel(2).padding(2)),
                        "position 0 of axis " + -axes + " … padding … half")
                .fails(
                        "a stride of 0",
                        x -> windowed(axes, largest, x, Window.kernel(2).stride(0)),
                        "stride … at least 1 … [0]")
                .rejects(
                        "a window for other axes",
                        x -> windowed(axes, largest, x.reshape(1, 2, 3), Window.kernel(1, 1, 1, 1)),
                        "kernel … [1, 1, 1, 1] … " + axes + " axes")
                .rejects(
                        "no axes",
                        x -> windowed(axes, largest, x.sum(), Window.kernel(1)),
                        "expected " + axes + " axes … []")
                .rejects(
                        "INT32 elements",
                        x -> windowed(axes, largest, x.to(DType.INT32).reshape(1, 2, 3), Window.kernel(1)),
                        "INT32 … to(FLOAT64)");
    }

    private static Tensor pooled(int axes, boolean largest, Tensor x, int[] a) {
        if (a[0] == 0) {
            int kernel = a[FLAGS];
            return switch (axes) {
                case 1 -> largest ? x.maxPool1d(kernel) : x.avgPool1d(kernel);
                case 2 -> largest ? x.maxPool2d(kernel) : x.avgPool2d(kernel);
                default -> largest ? x.maxPool3d(kernel) : x.avgPool3d(kernel);
            };
        }
        Window rounded = window(axes, a);
        if (largest || a[2] == 1) {
            return windowed(axes, largest, x, rounded);
        }
        Padding padding = a[2] == 0 ? Padding.EXCLUDED : Padding.COUNTED;
        return switch (axes) {
            case 1 -> x.avgPool1d(rounded, padding);
            case 2 -> x.avgPool2d(rounded, padding);
            default -> x.avgPool3d(rounded, padding);
        };
    }

    /** The window with the given settings. */
    static Window window(int axes, int... a) {
        Window window = Window.kernel(part(a, axes, 0))
                .stride(part(a, axes, 1))
                .padding(part(a, axes, 2))
                .dilation(part(a, axes, 3));
        return a[1] == 1 ? window.ceilMode() : window;
    }

    private static Tensor windowed(int axes, boolean largest, Tensor x, Window window) {
        return switch (axes) {
            case 1 -> largest ? x.maxPool1d(window) : x.avgPool1d(window);
            case 2 -> largest ? x.maxPool2d(window) : x.avgPool2d(window);
            default -> largest ? x.maxPool3d(window) : x.avgPool3d(window);
        };
    }

    /** Draws flags, kernels, strides, paddings and dilations such that the window fits, and each window has elements besides padding. */
    static Arbitrary<int[]> settings(int axes, Shape shape) {
        int[] dims = WindowReferences.last(shape.toArray(), axes);
        int shortest = Arrays.stream(dims).min().orElse(1);
        return ConvolutionFamily.numbers(FLAGS + 4 * axes).map(raw -> {
            int[] a = raw.clone();
            for (int axis = 0; axis < axes; axis++) {
                int at = FLAGS + axis;
                boolean plain = raw[0] == 0;
                int kernel = Math.min(1 + raw[plain ? FLAGS : at], plain ? shortest : dims[axis]);
                int distance = !plain && (kernel - 1) * 2 < dims[axis] ? 1 + raw[at + 3 * axes] % 2 : 1;
                a[at] = kernel;
                a[at + axes] = plain ? kernel : 1 + raw[at + axes];
                // The padding is at most half of the kernel, and 0 with a dilation.
                a[at + 2 * axes] = plain || distance > 1 ? 0 : Math.min(raw[at + 2 * axes], kernel / 2);
                a[at + 3 * axes] = distance;
            }
            a[1] = raw[0] == 0 || raw[1] != 1 ? 0 : 1;
            return a;
        });
    }

    private static int[] part(int[] a, int axes, int which) {
        return Arrays.copyOfRange(a, FLAGS + which * axes, FLAGS + (which + 1) * axes);
    }

    static Slide slide(int axes, int[] a) {
        return new Slide(
                axes,
                axis -> a[FLAGS + axis],
                axis -> a[FLAGS + axes + axis],
                axis -> a[FLAGS + 2 * axes + axis],
                axis -> a[FLAGS + 3 * axes + axis]);
    }

    // ---- adaptive ----

    private static Entry adaptive(int axes, boolean largest) {
        String name = (largest ? "adaptiveMaxPool" : "adaptiveAvgPool") + axes + "d";
        return entry(name, (t, a) -> adapted(axes, largest, t[0], a))
                .shapes(dims(axes))
                .axes(0, 2)
                .within(values(largest))
                .arguments(shapes -> ConvolutionFamily.numbers(axes)
                        .map(raw -> Arrays.stream(raw).map(part -> 1 + 2 * part).toArray()))
                .reference((t, a) -> WindowReferences.adaptive(t[0], largest, a))
                .order(2)
                .covering(name + "(int[])")
                .rejects("no part", x -> adapted(axes, largest, x, 0), "at least 1 … [0]")
                .rejects(
                        "parts of other axes",
                        x -> adapted(axes, largest, x.reshape(1, 2, 3), 1, 1, 1, 1),
                        "1 size for the last " + axes + " axes of [1, 2, 3] … got 4")
                .rejects(
                        "an axis of nothing",
                        x -> adapted(axes, largest, x.slice(1, 0, 0).reshape(1, 2, 0), 1),
                        "axis -1 of [1, 2, 0] … no elements")
                .rejects("no axes", x -> adapted(axes, largest, x.sum(), 1), axes + " axes … []")
                .rejects("INT32 elements", x -> adapted(axes, largest, x.to(DType.INT32), 1), "INT32");
    }

    private static Tensor adapted(int axes, boolean largest, Tensor x, int... parts) {
        return switch (axes) {
            case 1 -> largest ? x.adaptiveMaxPool1d(parts) : x.adaptiveAvgPool1d(parts);
            case 2 -> largest ? x.adaptiveMaxPool2d(parts) : x.adaptiveAvgPool2d(parts);
            default -> largest ? x.adaptiveMaxPool3d(parts) : x.adaptiveAvgPool3d(parts);
        };
    }

    // ---- interpolation ----

    private static Entry interpolate() {
        return entry("interpolate", (t, a) -> t[0].interpolate(mode(a[0]), perAxis(a)))
                .shapes("(n,c,3,4)")
                .arguments(shapes ->
                        ConvolutionFamily.numbers(4).map(raw -> oneOrEach(raw, 1 + 2 * raw[1], 2 + 3 * raw[2])))
                .reference((t, a) -> interpolated(
                        mode(a[0]), interpolated(mode(a[0]), t[0], -1, last(a), 4, last(a)), -2, a[1], 3, a[1]))
                .order(2)
                .covering("interpolate(Interpolation,int[])")
                .rejects("a size of 0", x -> image(x).interpolate(Interpolation.LINEAR, 0), "1 … [0]")
                .rejects(
                        "no sizes",
                        x -> image(x).interpolate(Interpolation.LINEAR),
                        "1 size for the last 2 axes … [1, 1, 2, 3] … got 0")
                .rejects(
                        "a size for the axis of channels",
                        x -> image(x).interpolate(Interpolation.LINEAR, 1, 2, 3),
                        "or 2, one for each, got 3")
                .rejects(
                        "no axes but batch and channels",
                        x -> x.interpolate(Interpolation.LINEAR, 10),
                        "[batch, channels, sizes...] … [2, 3] … unsqueeze(0)")
                .rejects(
                        "an axis of nothing",
                        x -> image(x).slice(3, 0, 0).interpolate(Interpolation.NEAREST, 2),
                        "axis -1 of [1, 1, 2, 0] … no elements")
                .rejects(
                        "INT32 elements",
                        x -> image(x).to(DType.INT32).interpolate(Interpolation.NEAREST, 2),
                        "INT32 … to(FLOAT64)");
    }

    private static Entry interpolateBy() {
        return entry(
                        "interpolateBy",
                        (t, a) -> t[0].interpolateBy(
                                mode(a[0]),
                                Arrays.stream(perAxis(a))
                                        .mapToDouble(quarters -> quarters / 4.0)
                                        .toArray()))
                .shapes("(n,c,3,4)")
                .arguments(shapes ->
                        ConvolutionFamily.numbers(4).map(raw -> oneOrEach(raw, 2 + 3 * raw[1], 3 + 5 * raw[2])))
                .reference((t, a) -> interpolated(
                        mode(a[0]), interpolated(mode(a[0]), t[0], -1, last(a), 4, last(a)), -2, 3 * a[1] / 4, 4, a[1]))
                .order(2)
                .covering("interpolateBy(Interpolation,double[])")
                .rejects("a factor of 0", x -> image(x).interpolateBy(Interpolation.LINEAR, 0), "0.0 … [1, 1, 2, 3]")
                .rejects(
                        "a factor that is NaN",
                        x -> image(x).interpolateBy(Interpolation.LINEAR, Double.NaN),
                        "NaN … [1, 1, 2, 3]")
                .rejects(
                        "no factors",
                        x -> image(x).interpolateBy(Interpolation.LINEAR),
                        "1 factor for the last 2 axes … got 0")
                .rejects(
                        "no axes but batch and channels",
                        x -> x.interpolateBy(Interpolation.LINEAR, 2),
                        "[2, 3] … unsqueeze(0)")
                .rejects(
                        "INT32 elements",
                        x -> image(x).to(DType.INT32).interpolateBy(Interpolation.NEAREST, 2),
                        "INT32 … to(FLOAT64)");
    }

    private static Tensor image(Tensor matrix) {
        return matrix.reshape(1, 1, 2, 3);
    }

    /** Arguments of {@code interpolate}: a mode, followed by a number for each of two axes, or by one for both. */
    private static int[] oneOrEach(int[] raw, int first, int second) {
        return raw[3] == 0 ? new int[] {raw[0], first} : new int[] {raw[0], first, second};
    }

    private static int[] perAxis(int[] arguments) {
        return Arrays.copyOfRange(arguments, 1, arguments.length);
    }

    private static int last(int[] arguments) {
        return arguments[arguments.length - 1];
    }

    private static Interpolation mode(int number) {
        return List.of(Interpolation.NEAREST, Interpolation.LINEAR, Interpolation.LINEAR_CORNERS)
                .get(number);
    }

    /**
     * Interpolates along an axis: a new element is the sum of the old ones, weighted by max(0, 1 − distance) from its position; {@code
     * fresh} new elements cover the same length as {@code old} old ones.
     */
    private static NdArray interpolated(Interpolation mode, NdArray x, int axis, int positions, int old, int fresh) {
        int last = x.shape().dim(axis) - 1;
        int[] dims = x.shape().toArray();
        int at = dims.length + axis;
        dims[at] = positions;
        return Reference.build(Shape.of(dims), index -> {
            int i = index[at];
            double position = switch (mode) {
                case NEAREST -> Math.floorDiv(i * old, fresh);
                case LINEAR -> (i + 0.5) * old / fresh - 0.5;
                case LINEAR_CORNERS -> positions == 1 ? 0 : (double) i * last / (positions - 1);
            };
            double inside = Math.max(0, Math.min(last, position));
            double sum = 0;
            for (int k = 0; k <= last; k++) {
                int[] from = index.clone();
                from[at] = k;
                sum += Math.max(0, 1 - Math.abs(inside - k)) * x.get(from);
            }
            return sum;
        });
    }
}
