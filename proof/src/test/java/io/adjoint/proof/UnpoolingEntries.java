package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.joined;

import io.adjoint.autograd.IndexedValues;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Window;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The entries of {@link ConvolutionFamily} for max pooling with the indices of the maxima, and for unpooling, which puts elements at these
 * indices.
 */
final class UnpoolingEntries {
    private UnpoolingEntries() {}

    static List<Entry> all() {
        List<Entry> entries = new ArrayList<>();
        for (int axes = 1; axes <= 3; axes++) {
            entries.add(values(axes));
            entries.add(indices(axes));
            entries.add(unpooling(axes));
        }
        return entries;
    }

    // ---- the indices of the largest ----

    private static Entry values(int axes) {
        String name = "maxPool" + axes + "dWithIndices";
        return mistaken(
                        axes,
                        entry(
                                name,
                                (t, a) -> pooled(axes, t[0], PoolingEntries.window(axes, a))
                                        .values()))
                .shapes(PoolingEntries.dims(axes))
                .axes(0, 2)
                .within(Values.between(-2, 2).distinct())
                .argumentsOf(shape -> PoolingEntries.settings(axes, shape))
                .reference((t, a) -> largest(axes, t[0], a))
                .order(2)
                .covering(name + "(Window)");
    }

    private static Entry indices(int axes) {
        String name = "maxPool" + axes + "dWithIndices (indices)";
        return mistaken(
                        axes,
                        entry(
                                name,
                                (t, a) -> pooled(axes, t[0], PoolingEntries.window(axes, a))
                                        .indices()))
                .shapes(PoolingEntries.dims(axes))
                .axes(0, 2)
                .within(Values.between(-2, 2).distinct())
                .argumentsOf(shape -> PoolingEntries.settings(axes, shape))
                .reference((t, a) -> indicesOf(axes, t[0], largest(axes, t[0], a)))
                .order(0);
    }

    private static Entry mistaken(int axes, Entry entry) {
        return entry.rejects(
                        "a window longer than an axis",
                        x -> pooled(axes, x.reshape(1, 2, 3), Window.kernel(4)),
                        "[1, 2, 3] … spans 4 on axis " + -axes + " … padding")
                .rejects(
                        "a window for other axes",
                        x -> pooled(axes, x.reshape(1, 2, 3), Window.kernel(1, 1, 1, 1)),
                        "kernel … [1, 1, 1, 1] … " + axes + " axes")
                .rejects("no axes", x -> pooled(axes, x.sum(), Window.kernel(1)), "expected " + axes + " axes … []")
                .rejects(
                        "INT32 elements",
                        x -> pooled(axes, x.to(DType.INT32).reshape(1, 2, 3), Window.kernel(1)),
                        "INT32 … to(FLOAT64)");
    }

    private static IndexedValues pooled(int axes, Tensor x, Window window) {
        return switch (axes) {
            case 1 -> x.maxPool1dWithIndices(window);
            case 2 -> x.maxPool2dWithIndices(window);
            default -> x.maxPool3dWithIndices(window);
        };
    }

    private static NdArray largest(int axes, NdArray x, int... a) {
        return WindowReferences.pooled(x, PoolingEntries.slide(axes, a), a[1] == 1, true, false);
    }

    /** The index in its plane of each of the pooled values; the plane's elements are distinct. */
    private static NdArray indicesOf(int axes, NdArray x, NdArray values) {
        int[] dims = WindowReferences.last(x.shape().toArray(), axes);
        return Reference.build(values.shape(), index -> {
            int[] count = {0};
            int[] found = {-1};
            WindowReferences.forEach(dims, at -> {
                if (x.get(joined(WindowReferences.front(index, axes), at)) == values.get(index)) {
                    found[0] = count[0];
                }
                count[0]++;
            });
            return found[0];
        });
    }

    // ---- elements at indices ----

    /**
     * The entry of unpooling. The arguments are the result's sizes less 2, the first index, and the distance of consecutive indices less 1;
     * some indices are repeated.
     */
    private static Entry unpooling(int axes) {
        String name = "maxUnpool" + axes + "d";
        return entry(name, (t, a) -> unpooled(axes, t[0], index(t[0].shape(), axes, a), sizes(axes, a)))
                .shapes(PoolingEntries.dims(axes))
                .axes(0, 2)
                .arguments(shapes -> ConvolutionFamily.numbers(axes + 2))
                .reference((t, a) -> put(axes, t[0], a))
                .order(2)
                .covering(name + "(Tensor,int[])")
                .rejects(
                        "indices of another shape",
                        x -> unpooled(axes, x.reshape(1, 2, 3), Tensor.of(new int[] {0, 1}), 3),
                        "[1, 2, 3] … indices of [2]")
                .rejects(
                        "indices that are not INT32",
                        x -> unpooled(axes, x, x, 3),
                        "INT32 indices, got FLOAT64 … maxPool" + axes + "dWithIndices")
                .rejects(
                        "an index outside the plane",
                        x -> unpooled(axes, x.reshape(1, 2, 3), ofNumber(999, 1, 2, 3), 3),
                        "index 999 … plane … 3 … " + (int) Math.pow(3, axes) + " elements")
                .rejects(
                        "a negative index",
                        x -> unpooled(axes, x.reshape(1, 2, 3), ofNumber(-1, 1, 2, 3), 3),
                        "index -1 … plane")
                .rejects(
                        "sizes of other axes",
                        x -> unpooled(axes, x.reshape(1, 2, 3), ofNumber(0, 1, 2, 3), 3, 3, 3, 3),
                        "1 size for the last " + axes + " axes of [1, 2, 3] … got 4")
                .rejects(
                        "INT32 elements",
                        x -> unpooled(axes, x.to(DType.INT32), ofNumber(0, 2, 3), 3),
                        "INT32 … to(FLOAT64)");
    }

    private static Tensor ofNumber(int number, int... dims) {
        return Tensor.of(NdArray.full(DType.INT32, Shape.of(dims), number));
    }

    private static Tensor unpooled(int axes, Tensor x, Tensor indices, int... sizes) {
        return switch (axes) {
            case 1 -> x.maxUnpool1d(indices, sizes);
            case 2 -> x.maxUnpool2d(indices, sizes);
            default -> x.maxUnpool3d(indices, sizes);
        };
    }

    private static int[] sizes(int axes, int... a) {
        return Arrays.stream(a).limit(axes).map(size -> size + 2).toArray();
    }

    private static int number(int element, int axes, int... a) {
        int plane = Arrays.stream(sizes(axes, a)).reduce(1, (x, y) -> x * y);
        return (a[axes] + element * (1 + a[axes + 1])) % plane;
    }

    private static Tensor index(Shape shape, int axes, int... a) {
        int[] numbers = new int[shape.size()];
        Arrays.setAll(numbers, element -> number(element, axes, a));
        return Tensor.of(NdArray.of(shape, numbers));
    }

    private static NdArray put(int axes, NdArray x, int... a) {
        int[] dims = x.shape().toArray();
        Shape to = Shape.of(joined(WindowReferences.front(dims, axes), sizes(axes, a)));
        int positions = Arrays.stream(WindowReferences.last(dims, axes)).reduce(1, (m, n) -> m * n);
        int plane = Arrays.stream(sizes(axes, a)).reduce(1, (m, n) -> m * n);
        double[] result = new double[to.size()];
        int[] element = {0};
        WindowReferences.forEach(dims, index -> {
            int k = element[0]++;
            result[k / positions * plane + number(k, axes, a)] = x.get(index);
        });
        return NdArray.of(to, result);
    }
}
