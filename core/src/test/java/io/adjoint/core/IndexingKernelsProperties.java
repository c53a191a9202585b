package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.Samples.Layout;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** Compares operations that pick elements by an index, and their adjoints, with loops over all indices. */
@Domain(Samples.class)
@Domain(DomainContext.Global.class)
class IndexingKernelsProperties {
    /**
     * A random index array for one axis of a shape: it has up to 5 entries along this axis, and at most the shape's size along all others.
     */
    private static NdArray index(Shape shape, int axis, Layout layout, Random random) {
        int[] dims = shape.toArray();
        for (int k = 0; k < dims.length; k++) {
            dims[k] = k == axis ? (dims[k] == 0 ? 0 : random.nextInt(6)) : random.nextInt(dims[k] + 1);
        }
        int size = Math.max(shape.dim(axis), 1);
        return Samples.array(DType.INT32, Shape.of(dims), layout, random, () -> random.nextInt(size));
    }

    private static int[] pointed(NdArray index, int[] at, int axis) {
        int[] source = at.clone();
        source[axis] = (int) Naive.at(index, at);
        return source;
    }

    private static int signed(int axis, int rank, Random random) {
        return random.nextBoolean() ? axis : axis - rank;
    }

    @Property
    void gatherPicksTheElementsThatTheIndexPointsTo(
            @ForAll DType dtype,
            @ForAll Shape shape,
            @ForAll Layout layout,
            @ForAll Layout layoutIndex,
            @ForAll Random random) {
        Assume.that(shape.rank() > 0);
        int axis = random.nextInt(shape.rank());
        NdArray x = Samples.special(dtype, shape, layout, random);
        NdArray index = index(shape, axis, layoutIndex, random);

        Naive.assertSame(
                x.gather(signed(axis, shape.rank(), random), index),
                dtype,
                index.shape(),
                Naive.values(index.shape(), at -> Naive.at(x, pointed(index, at, axis))));
    }

    @Property
    void scatterAddAddsUpWhereAnIndexRepeats(
            @ForAll Shape shape, @ForAll Layout layout, @ForAll Layout layoutIndex, @ForAll Random random) {
        Assume.that(shape.rank() > 0);
        DType dtype = Samples.floating(random);
        int axis = random.nextInt(shape.rank());
        NdArray index = index(shape, axis, layoutIndex, random);
        NdArray source = Samples.array(dtype, index.shape(), layout, random, () -> random.nextInt(9) - 4);
        double[] expected = new double[shape.size()];
        NdArray positions = NdArray.arange(DType.INT32, shape.size()).reshape(shape);
        for (int[] at : Naive.indices(index.shape())) {
            expected[(int) Naive.at(positions, pointed(index, at, axis))] += Naive.at(source, at);
        }

        Naive.assertSame(source.scatterAdd(shape, signed(axis, shape.rank(), random), index), dtype, shape, expected);
    }

    @Property
    void scatterAddIsTheAdjointOfGather(@ForAll Shape shape, @ForAll Layout layout, @ForAll Random random) {
        Assume.that(shape.rank() > 0);
        int axis = random.nextInt(shape.rank());
        NdArray x = Samples.array(DType.FLOAT64, shape, layout, random, () -> random.nextInt(9) - 4);
        NdArray index = index(shape, axis, layout, random);
        NdArray y = Samples.array(DType.FLOAT64, index.shape(), layout, random, () -> random.nextInt(9) - 4);

        assertThat(x.gather(axis, index).mul(y).sum())
                .isEqualTo(x.mul(y.scatterAdd(shape, axis, index)).sum());
    }

    @Property
    void indexSelectTakesWholeEntriesInTheOrderOfTheIndex(
            @ForAll DType dtype,
            @ForAll Shape shape,
            @ForAll Layout layout,
            @ForAll Layout layoutIndex,
            @ForAll Random random) {
        Assume.that(shape.rank() > 0);
        int axis = random.nextInt(shape.rank());
        int size = shape.dim(axis);
        Shape length = Shape.of(size == 0 ? 0 : random.nextInt(6));
        NdArray x = Samples.special(dtype, shape, layout, random);
        NdArray index = Samples.array(DType.INT32, length, layoutIndex, random, () -> random.nextInt(size));
        int[] dims = shape.toArray();
        dims[axis] = length.size();
        Shape result = Shape.of(dims);

        Naive.assertSame(
                x.indexSelect(signed(axis, shape.rank(), random), index), dtype, result, Naive.values(result, at -> {
                    int[] source = at.clone();
                    source[axis] = (int) Naive.at(index, at[axis]);
                    return Naive.at(x, source);
                }));
    }

    @Property
    void anIndexOutOfRangeIsNamedAndNothingIsReturned(
            @ForAll Shape shape, @ForAll boolean below, @ForAll Random random) {
        Assume.that(shape.rank() > 0 && shape.size() > 0);
        int axis = random.nextInt(shape.rank());
        int size = shape.dim(axis);
        int bad = below ? -1 : size;
        NdArray x = Samples.array(DType.FLOAT64, shape, Layout.ANY, random);
        int[] entries = new int[shape.size()];
        entries[random.nextInt(entries.length)] = bad;
        NdArray index = NdArray.of(shape, entries);
        String text = ": index " + bad + " is out of range for axis " + axis + " of " + shape + ", which has " + size
                + " elements";

        assertThatThrownBy(() -> x.gather(axis, index))
                .isExactlyInstanceOf(ShapeException.class)
                .hasMessage("gather" + text);
        assertThatThrownBy(() -> x.scatterAdd(shape, axis, index))
                .isExactlyInstanceOf(ShapeException.class)
                .hasMessage("scatterAdd" + text);
        assertThatThrownBy(() -> x.indexSelect(axis, index.reshape(-1)))
                .isExactlyInstanceOf(ShapeException.class)
                .hasMessage("indexSelect" + text);
    }
}
