package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.Samples.Pair;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

@Domain(Samples.class)
@Domain(net.jqwik.api.domains.DomainContext.Global.class)
class ShapeProperties {
    @Property
    void broadcastingTakesTheGreaterOfEachPairOfSizesUnlessOneIsZero(@ForAll Pair pair) {
        int rank = Math.max(pair.a().rank(), pair.b().rank());
        int[] expected = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            int m = padded(pair.a(), rank)[axis];
            int n = padded(pair.b(), rank)[axis];
            expected[axis] = m * n == 0 ? 0 : Math.max(m, n);
        }

        Shape broadcast = Shape.broadcast("op", pair.a(), pair.b());

        assertThat(broadcast.toArray()).isEqualTo(expected);
        assertThat(Shape.broadcast("op", pair.b(), pair.a())).isEqualTo(broadcast);
        assertThat(pair.a().broadcastsTo(broadcast)).isTrue();
        assertThat(pair.b().broadcastsTo(broadcast)).isTrue();
        if (pair.b().broadcastsTo(pair.a())) {
            assertThat(broadcast).isSameAs(pair.a());
        }
    }

    private static int[] padded(Shape shape, int rank) {
        int[] padded = new int[rank];
        Arrays.fill(padded, 1);
        System.arraycopy(shape.toArray(), 0, padded, rank - shape.rank(), shape.rank());
        return padded;
    }

    @Property
    void eachPositionHasTheIndexThatItsStridesLeadTo(@ForAll Shape shape) {
        for (int position = 0; position < shape.size(); position++) {
            int[] index = shape.unravelIndex(position);
            int at = 0;
            for (int axis = 0; axis < shape.rank(); axis++) {
                assertThat(index[axis]).isBetween(0, shape.dim(axis) - 1);
                at = at * shape.dim(axis) + index[axis];
            }
            assertThat(at).isEqualTo(position);
        }
    }

    @Property
    void broadcastingOfAnyTwoShapesFailsExactlyWhereAPairOfSizesDiffersAndNeitherIsOne(
            @ForAll Shape a, @ForAll Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        int[] m = padded(a, rank);
        int[] n = padded(b, rank);
        int[] bad = IntStream.range(0, rank)
                .filter(axis -> m[axis] != n[axis] && m[axis] != 1 && n[axis] != 1)
                .toArray();

        if (bad.length == 0) {
            assertThat(Shape.broadcast("op", a, b).rank()).isEqualTo(rank);
        } else {
            int last = bad[bad.length - 1];
            assertThatThrownBy(() -> Shape.broadcast("op", a, b))
                    .isInstanceOf(ShapeException.class)
                    .hasMessage(
                            "op: cannot broadcast %s with %s: axis %d has %d vs %d",
                            a, b, last - rank, m[last], n[last]);
        }
    }

    @Property
    void aShapeBroadcastsToAnotherIfBroadcastingLeavesThatOneAsItIs(@ForAll Shape a, @ForAll Shape b) {
        boolean same;
        try {
            same = Shape.broadcast("op", a, b).equals(b);
        } catch (ShapeException e) {
            same = false;
        }

        assertThat(a.broadcastsTo(b)).isEqualTo(same);
    }

    @Property
    void axesAreCountedFromTheFrontAndSorted(@ForAll Shape shape, @ForAll Random random) {
        int[] axes = Samples.axes(shape.rank(), random);
        boolean[] named = Naive.named(shape.rank(), axes);

        assertThat(shape.axes("op", axes))
                .isEqualTo(
                        IntStream.range(0, shape.rank()).filter(a -> named[a]).toArray());
    }

    @Property
    void reducingRemovesTheAxesOrLeavesThemWithSizeOne(@ForAll Shape shape, @ForAll Random random) {
        int[] axes = Samples.axes(shape.rank(), random);
        boolean[] gone = Naive.named(shape.rank(), axes);
        int[] dims = shape.toArray();

        assertThat(shape.reduce("op", Dims.DROP, axes).toArray()).isEqualTo(Naive.reduced(dims, gone, Dims.DROP));
        assertThat(shape.reduce("op", Dims.KEEP, axes).toArray())
                .isEqualTo(IntStream.range(0, dims.length)
                        .map(a -> gone[a] ? 1 : dims[a])
                        .toArray());
    }

    @Property
    void aSizeOfMinusOneIsWhatTheOthersLeave(@ForAll Shape shape, @ForAll Random random) {
        Assume.that(shape.rank() > 0 && shape.size() > 0);
        int[] dims = shape.toArray();
        dims[random.nextInt(dims.length)] = -1;

        assertThat(Shape.of(shape.size()).reshaped(dims)).isEqualTo(shape);
    }

    @Property
    void equalSizesMakeEqualShapes(@ForAll Shape a, @ForAll Shape b) {
        assertThat(a.equals(b)).isEqualTo(Arrays.equals(a.toArray(), b.toArray()));
        assertThat(Shape.of(a.toArray())).isEqualTo(a).hasSameHashCodeAs(a);
        assertThat(a).hasToString(Arrays.toString(a.toArray()));
    }

    @Property
    void theSizeIsTheProductOfTheSizes(@ForAll Shape shape) {
        assertThat(shape.size()).isEqualTo(Naive.indices(shape).size());
        for (int axis = 0; axis < shape.rank(); axis++) {
            assertThat(shape.dim(axis))
                    .isEqualTo(shape.dim(axis - shape.rank()))
                    .isEqualTo(shape.toArray()[axis]);
        }
    }
}
