package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Samples.Layout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

@Domain(Samples.class)
@Domain(DomainContext.Global.class)
class CopyKernelsProperties {
    @Property
    void concatPutsThePartsOneAfterAnother(
            @ForAll DType dtype,
            @ForAll Shape shape,
            @ForAll @IntRange(min = 1, max = 4) int count,
            @ForAll Random random) {
        Assume.that(shape.rank() > 0);
        int axis = random.nextInt(shape.rank());
        List<NdArray> parts = new ArrayList<>();
        int total = 0;
        for (int k = 0; k < count; k++) {
            int[] dims = shape.toArray();
            dims[axis] = random.nextInt(4);
            total += dims[axis];
            Layout layout = k % 2 == 0 ? Layout.ANY : Layout.REPEATED;
            parts.add(Samples.special(dtype, Shape.of(dims), layout, random));
        }
        int[] dims = shape.toArray();
        dims[axis] = total;
        Shape result = Shape.of(dims);

        NdArray joined = NdArray.concat(random.nextBoolean() ? axis : axis - shape.rank(), parts);

        Naive.assertSame(joined, dtype, result, Naive.values(result, index -> {
            int[] source = index.clone();
            int k = 0;
            while (source[axis] >= parts.get(k).shape().dim(axis)) {
                source[axis] -= parts.get(k).shape().dim(axis);
                k++;
            }
            return Naive.at(parts.get(k), source);
        }));
    }

    @Property
    void unviewPutsTheElementsBackWhereTheSliceTookThem(
            @ForAll DType dtype, @ForAll Shape shape, @ForAll Layout layout, @ForAll Random random) {
        Assume.that(shape.rank() > 0);
        int axis = random.nextInt(shape.rank());
        int size = shape.dim(axis);
        int step = random.nextBoolean() ? 1 + random.nextInt(3) : -1 - random.nextInt(3);
        int low = random.nextInt(size + 1);
        int high = low + random.nextInt(size - low + 1);
        int from = step > 0 ? low : high - 1;
        int to = step > 0 ? high : low - 1;
        Shape taken = NdArray.zeros(dtype, shape).slice(axis, from, to, step).shape();
        NdArray x = Samples.special(dtype, taken, layout, random);

        NdArray back = x.unview(shape, zeros -> zeros.slice(axis, from, to, step));

        Naive.assertSame(back, dtype, shape, Naive.values(shape, index -> {
            int distance = index[axis] - from;
            int[] source = index.clone();
            source[axis] = distance / step;
            boolean hit = distance % step == 0 && distance / step >= 0 && distance / step < taken.dim(axis);
            return hit ? Naive.at(x, source) : 0;
        }));
        assertThat(back.slice(axis, from, to, step)).isEqualTo(x);
    }

    @Property
    void conversionIsJavasCastAndTruthIsNotBeingZero(
            @ForAll DType from, @ForAll DType to, @ForAll Shape shape, @ForAll Layout layout, @ForAll Random random) {
        NdArray x = Samples.special(from, shape, layout, random);
        NdArray converted = x.to(to);

        Naive.assertSame(converted, to, shape, Naive.values(shape, index -> {
            double value = Naive.at(x, index);
            return switch (to) {
                case FLOAT64 -> value;
                case FLOAT32 -> (float) value;
                case INT32 -> (int) value;
                case BOOL -> value != 0 ? 1 : 0;
            };
        }));
        if (from == to) {
            assertThat(converted).isSameAs(x);
        }
    }

    @Property
    void copiesOutAreInRowMajorOrder(
            @ForAll DType dtype, @ForAll Shape shape, @ForAll Layout layout, @ForAll Random random) {
        NdArray x = Samples.special(dtype, shape, layout, random);
        double[] expected = Naive.elements(x);

        assertThat(Naive.bits(x.toDoubleArray())).isEqualTo(Naive.bits(expected));
        float[] floats = x.toFloatArray();
        int[] ints = x.toIntArray();
        for (int e = 0; e < expected.length; e++) {
            assertThat(Float.compare(floats[e], (float) expected[e])).isZero();
            assertThat(ints[e]).isEqualTo((int) expected[e]);
        }
    }

    @Property(tries = 20)
    void largeCopiesRunInSeveralBlocks(@ForAll DType dtype, @ForAll Layout layout, @ForAll Random random) {
        NdArray x = Samples.array(dtype, Shape.of(7, 71, 83), layout, random);
        double[] expected = Naive.elements(x);

        Naive.assertSame(x.copy(), dtype, x.shape(), expected);
        assertThat(Naive.bits(x.toDoubleArray())).isEqualTo(Naive.bits(expected));
    }

    @Property(tries = 50)
    void copiesAndPartsOfManyShortRowsMoveEachElement(
            @ForAll DType dtype, @ForAll Layout layout, @ForAll Random random) {
        NdArray x = Samples.array(dtype, Samples.shortRows(random), layout, random);
        NdArray y = Samples.array(dtype, Shape.of(x.shape().dim(0), x.shape().dim(1), 3), layout, random);

        Naive.assertSame(x.copy(), dtype, x.shape(), Naive.elements(x));
        NdArray joined = NdArray.concat(-1, List.of(y, x));
        Naive.assertSame(joined.slice(-1, 0, 3), dtype, y.shape(), Naive.elements(y));
        Naive.assertSame(joined.slice(-1, 3, 3 + x.shape().dim(-1)), dtype, x.shape(), Naive.elements(x));
    }

    /**
     * Copies arrays with their axes in any order. The arrays are larger than a block, so they are copied block by block, and most of their
     * sizes are no multiples of a block's, so the last blocks are smaller.
     */
    @Property(tries = 50)
    void largeCopiesInAnotherOrderOfAxesMoveEachElement(
            @ForAll DType dtype, @ForAll Layout layout, @ForAll Random random) {
        int[] dims = {2 + random.nextInt(3), 33 + random.nextInt(9), 1 + random.nextInt(40), 1 + random.nextInt(40)};
        NdArray x = Samples.array(dtype, Shape.of(dims), layout, random);
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
        Collections.shuffle(order, random);
        NdArray permuted =
                x.permute(order.stream().mapToInt(axis -> axis).toArray()).flip(random.nextInt(4));

        Naive.assertSame(permuted.copy(), dtype, permuted.shape(), Naive.elements(permuted));
        NdArray joined = NdArray.concat(-1, List.of(permuted, permuted));
        assertThat(joined.slice(-1, permuted.shape().dim(-1), joined.shape().dim(-1)))
                .isEqualTo(permuted);
    }

    @Property
    void padPutsAValueAroundAndTakesOff(
            @ForAll DType dtype, @ForAll Shape shape, @ForAll Layout layout, @ForAll Random random) {
        int rank = shape.rank();
        int[] before = new int[rank];
        int[] after = new int[rank];
        int[] dims = shape.toArray();
        for (int axis = 0; axis < rank; axis++) {
            int off = random.nextInt(dims[axis] + 1);
            before[axis] = random.nextBoolean() ? -off : random.nextInt(3);
            after[axis] = random.nextBoolean() ? -random.nextInt(dims[axis] - Math.max(0, -before[axis]) + 1) : 1;
            dims[axis] += before[axis] + after[axis];
        }
        NdArray x = Samples.special(dtype, shape, layout, random);
        Shape padded = Shape.of(dims);
        double value = dtype == DType.BOOL ? 1 : 7;

        Naive.assertSame(x.pad(before, after, value), dtype, padded, Naive.values(padded, index -> {
            int[] source = new int[rank];
            for (int axis = 0; axis < rank; axis++) {
                source[axis] = index[axis] - before[axis];
                if (source[axis] < 0 || source[axis] >= shape.dim(axis)) {
                    return value;
                }
            }
            return Naive.at(x, source);
        }));
    }

    @Property
    void trianglesKeepOneSideOfADiagonal(
            @ForAll DType dtype, @ForAll Shape shape, @ForAll Layout layout, @ForAll Random random) {
        int rank = shape.rank();
        Assume.that(rank > 1);
        int k = random.nextInt(9) - 4;
        NdArray x = Samples.special(dtype, shape, layout, random);

        Naive.assertSame(
                x.tril(k),
                dtype,
                shape,
                Naive.values(shape, index -> index[rank - 1] - index[rank - 2] <= k ? Naive.at(x, index) : 0));
        Naive.assertSame(
                x.triu(k),
                dtype,
                shape,
                Naive.values(shape, index -> index[rank - 1] - index[rank - 2] >= k ? Naive.at(x, index) : 0));
    }

    @Property
    void unviewIsTheAdjointOfADiagonal(
            @ForAll DType dtype, @ForAll Shape shape, @ForAll Layout layout, @ForAll Random random) {
        int rank = shape.rank();
        Assume.that(rank > 1);
        int row = random.nextInt(rank);
        int column = (row + 1 + random.nextInt(rank - 1)) % rank;
        int k = random.nextInt(9) - 4;
        Shape taken = NdArray.zeros(dtype, shape).diagonal(row, column, k).shape();
        NdArray x = Samples.special(dtype, taken, layout, random);

        NdArray back = x.unview(shape, zeros -> zeros.diagonal(row, column - rank, k));

        assertThat(back.diagonal(row, column, k)).isEqualTo(x);
        for (int[] index : Naive.indices(shape)) {
            if (index[column] - index[row] != k) {
                assertThat(Naive.at(back, index)).isZero();
            }
        }
    }
}
