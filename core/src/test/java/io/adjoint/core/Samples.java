package io.adjoint.core;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/**
 * Shapes and layouts for jqwik, which shrinks them if a property fails, and arrays of these shapes and layouts with elements from a {@link
 * Random}.
 */
final class Samples extends DomainContextBase {
    /**
     * The layouts of an array's elements in its storage; unused positions between the elements hold NaN or, for INT32, the smallest
     * integer, so that a test fails if they are read.
     */
    enum Layout {
        DENSE,
        /** Dense, but not from the beginning of the storage. */
        OFFSET,
        TRANSPOSED,
        STEPPED,
        FLIPPED,
        /** Any order of axes, each with any step and direction. */
        ANY,
        /** Some axes repeat one element. */
        REPEATED
    }

    /** Two shapes that broadcast with one another. */
    record Pair(Shape a, Shape b) {}

    @Provide
    Arbitrary<Shape> shapes() {
        return dims().list().ofMaxSize(4).map(Samples::shape).withoutEdgeCases();
    }

    @Provide
    Arbitrary<Pair> pairs() {
        Arbitrary<int[]> axis = Combinators.combine(
                        dims(), Arbitraries.integers().between(0, 5))
                .as((size, who) -> new int[] {who == 4 ? 1 : size, who == 5 ? 1 : size});
        Arbitrary<Integer> dropped =
                Arbitraries.frequency(Tuple.of(3, 0), Tuple.of(1, 1), Tuple.of(1, 2), Tuple.of(1, 4));
        return Combinators.combine(axis.list().ofMaxSize(4), dropped, dropped)
                .as((axes, dropA, dropB) -> {
                    List<Integer> a = axes.stream().map(dims -> dims[0]).toList();
                    List<Integer> b = axes.stream().map(dims -> dims[1]).toList();
                    return new Pair(
                            shape(a.subList(Math.min(dropA, a.size()), a.size())),
                            shape(b.subList(Math.min(dropB, b.size()), b.size())));
                })
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<Layout> layouts() {
        return Arbitraries.of(Layout.class);
    }

    /** Sizes from 1 to 4; 0 is rare, since a single axis of size 0 makes the whole array empty. */
    private static Arbitrary<Integer> dims() {
        return Arbitraries.frequencyOf(
                Tuple.of(24, Arbitraries.integers().between(1, 4)), Tuple.of(1, Arbitraries.just(0)));
    }

    private static Shape shape(List<Integer> dims) {
        return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
    }

    /** A random shape that broadcasts to the given shape. */
    static Shape shrunk(Shape target, Random random) {
        int[] dims = target.toArray();
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = random.nextInt(3) == 0 ? 1 : dims[axis];
        }
        int from = random.nextBoolean() ? 0 : random.nextInt(dims.length + 1);
        return Shape.of(Arrays.copyOfRange(dims, from, dims.length));
    }

    /** A random shape with many short rows. */
    static Shape shortRows(Random random) {
        return Shape.of(
                1 + random.nextInt(random.nextBoolean() ? 3 : 90), 1 + random.nextInt(40), 1 + random.nextInt(35));
    }

    /** A random list of axes, perhaps none or all, in any order, each counted from either end. */
    static int[] axes(int rank, Random random) {
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            if (random.nextBoolean()) {
                axes.add(random.nextBoolean() ? axis : axis - rank);
            }
        }
        Collections.shuffle(axes, random);
        return axes.stream().mapToInt(Integer::intValue).toArray();
    }

    static DType floating(Random random) {
        return random.nextBoolean() ? DType.FLOAT64 : DType.FLOAT32;
    }

    /** An array of Gaussian numbers or, if it is not of a floating type, of small integers. */
    static NdArray array(DType dtype, Shape shape, Layout layout, Random random) {
        return array(
                dtype, shape, layout, random, dtype.isFloating() ? random::nextGaussian : () -> random.nextInt(19) - 9);
    }

    /**
     * An array mostly of small integers, many of which are equal, with some special floating point numbers: −0, NaN, infinities, and
     * numbers that are subnormal or near the limits.
     */
    static NdArray special(DType dtype, Shape shape, Layout layout, Random random) {
        double[] rare = {
            -0.0,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            4.9e-324,
            1.4e-45,
            -3e38,
            1e308,
            1e-310
        };
        return array(
                dtype,
                shape,
                layout,
                random,
                () -> random.nextInt(4) == 0 ? rare[random.nextInt(rare.length)] : random.nextInt(5) - 2);
    }

    /** An array with the given elements, built from strides and storage without the operations under test. */
    static NdArray array(DType dtype, Shape shape, Layout layout, Random random, DoubleSupplier values) {
        int rank = shape.rank();
        Integer[] order = new Integer[rank];
        Arrays.setAll(order, k -> k);
        if (layout == Layout.TRANSPOSED) {
            Collections.reverse(Arrays.asList(order));
        } else if (layout == Layout.ANY) {
            Collections.shuffle(Arrays.asList(order), random);
        }
        int[] strides = new int[rank];
        int offset = layout == Layout.DENSE ? 0 : 1 + random.nextInt(3);
        int length = 1;
        for (int k = rank - 1; k >= 0; k--) {
            int axis = order[k];
            boolean repeated = layout == Layout.REPEATED && random.nextBoolean();
            boolean any = layout == Layout.ANY && random.nextBoolean();
            int step = layout == Layout.STEPPED || any ? 1 + random.nextInt(2) : 1;
            boolean flipped = layout == Layout.FLIPPED || (any && random.nextBoolean());
            int size = shape.dims()[axis];
            strides[axis] = repeated ? 0 : flipped ? -length * step : length * step;
            offset += flipped ? Math.max(size - 1, 0) * length * step : 0;
            length *= repeated ? 1 : Math.max(size, 1) * step;
        }
        Object storage = dtype.storage().allocate(length + offset + 1);
        dtype.storage().fill(storage, 0, length + offset + 1, dtype == DType.INT32 ? Integer.MIN_VALUE : Double.NaN);
        NdArray array = new NdArray(dtype, shape, strides, offset, storage, null, null);
        for (int[] index : Naive.indices(shape)) {
            set(array, Naive.position(array, index), values.getAsDouble());
        }
        return array;
    }

    private static void set(NdArray array, int at, double value) {
        switch (array.dtype) {
            case FLOAT64 -> Array.setDouble(array.elements(), at, value);
            case FLOAT32 -> Array.setFloat(array.elements(), at, (float) value);
            case INT32 -> Array.setInt(array.elements(), at, (int) value);
            case BOOL -> Array.setByte(array.elements(), at, (byte) (value != 0 ? 1 : 0));
        }
    }
}
