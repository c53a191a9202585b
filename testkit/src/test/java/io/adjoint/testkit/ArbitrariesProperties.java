package io.adjoint.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Shrinkable;

/** Tests the promises of arbitraries for the values that they draw, and for all values to which these shrink. */
class ArbitrariesProperties {
    /** A drawn value, or a value on a random path of shrinking from it. */
    private static <T> T some(Arbitrary<T> arbitrary, Random random) {
        Shrinkable<T> current = arbitrary.generator(1000).next(random);
        while (random.nextInt(3) != 0) {
            List<Shrinkable<T>> next = current.shrink().toList();
            if (next.isEmpty()) {
                break;
            }
            Shrinkable<T> chosen = next.get(random.nextInt(next.size()));
            assertThat(chosen.distance()).isLessThan(current.distance());
            current = chosen;
        }
        return current.value();
    }

    @Property
    void mutuallyBroadcastable(@ForAll Random random) {
        Shapes.Fitting shapes = some(Shapes.mutuallyBroadcastable(3), random);

        Shape all = Shape.scalar();
        for (Shape shape : shapes.inputs()) {
            all = Shape.broadcast("test", all, shape);
        }
        assertThat(shapes.result()).contains(all);
    }

    @Property
    void fittingShapesMultiply(@ForAll Random random) {
        Shapes.Fitting shapes = some(Shapes.fitting("(...,n?,k),(...,k,m?)->(...,n?,m?)"), random);

        NdArray[] arrays = shapes.inputs().stream()
                .map(shape -> NdArray.zeros(DType.FLOAT64, shape))
                .toArray(NdArray[]::new);
        assertThat(shapes.result()).contains(arrays[0].matmul(arrays[1]).shape());
    }

    @Property
    void fixedSizesStay(@ForAll Random random) {
        Shapes.Fitting shapes = some(Shapes.fitting("(b, 2), (2, 3) -> (b, 3)"), random);

        int rows = shapes.inputs().get(0).dim(0);
        assertThat(shapes.inputs()).containsExactly(Shape.of(rows, 2), Shape.of(2, 3));
        assertThat(shapes.result()).contains(Shape.of(rows, 3));
    }

    @Property
    void broadcastableTo(@ForAll Shape target, @ForAll Random random) {
        assertThat(some(Shapes.broadcastableTo(target), random).broadcastsTo(target))
                .isTrue();
    }

    @Property
    void reshapes(@ForAll Random random) {
        Shape shape = some(Shapes.any(0, 3, 0, 4), random);
        assertThat(some(Shapes.reshapes(shape), random).size()).isEqualTo(shape.size());
    }

    @Property
    void axes(@ForAll Shape shape, @ForAll Random random) {
        int[] some = some(Axes.some(shape), random);
        assertThat(shape.axes("test", some)).hasSize(some.length == 0 ? shape.rank() : some.length);
        int[] order = some(Axes.permutations(shape), random);
        assertThat(order)
                .containsExactlyInAnyOrder(IntStream.range(0, shape.rank()).toArray());

        Assume.that(shape.rank() > 0);
        assertThat(shape.axis("test", some(Axes.one(shape), random))).isBetween(0, shape.rank() - 1);
        NdArray array = NdArray.zeros(DType.FLOAT64, shape);
        assertThat(array.get(some(Axes.index(shape), random))).isZero();
        int[] slice = some(Axes.slice(shape), random);
        assertThat(array.slice(slice[0], slice[1], slice[2], slice[3]).size()).isPositive();
    }

    @Property
    void einsum(@ForAll Random random) {
        Einsum einsum = Einsum.any().generator(1000).next(random).value();

        Map<Character, Integer> dims = new HashMap<>();
        for (int k = 0; k < einsum.inputs().size(); k++) {
            String labels = einsum.labels().get(k);
            assertThat(labels).hasSize(einsum.inputs().get(k).rank());
            for (int axis = 0; axis < labels.length(); axis++) {
                int size = einsum.inputs().get(k).dim(axis);
                assertThat(dims.getOrDefault(labels.charAt(axis), size)).isEqualTo(size);
                dims.put(labels.charAt(axis), size);
            }
        }
        String output = einsum.equation().substring(einsum.equation().indexOf('>') + 1);
        assertThat(output.chars().distinct().count()).isEqualTo(output.length());
        assertThat(einsum.result())
                .isEqualTo(Shape.of(
                        output.chars().map(label -> dims.get((char) label)).toArray()));
    }

    @Provide
    Arbitrary<Values> values() {
        Values interval = Values.between(-3, 2);
        return net.jqwik.api.Arbitraries.of(
                interval,
                Values.between(0, 1).openMin().openMax(),
                interval.awayFrom(0, 1).gap(0.1),
                Values.between(0.3, 0.31),
                Values.integers(-2, 4),
                interval.dtype(DType.FLOAT32),
                Values.between(-100, 100).distinct(),
                interval.withSpecials());
    }

    @Property
    void elementsAreAllowed(@ForAll("values") Values values, @ForAll Random random) {
        Tensor tensor = some(Tensors.of(values), random);

        assertThat(tensor.dtype()).isEqualTo(values.dtype());
        double[] elements = tensor.data().toDoubleArray();
        assertThat(Arrays.stream(elements)).allMatch(values::contains);
        if (values.isDistinct()) {
            assertThat(elements).doesNotHaveDuplicates();
        }
    }

    @Property(tries = 20)
    void jointlyDistinct(@ForAll Random random) {
        List<Tensor> tensors =
                some(Tensors.mutuallyBroadcastable(2, Values.between(-9, 9).distinct()), random);

        List<Double> all = new ArrayList<>();
        tensors.forEach(tensor -> Arrays.stream(tensor.data().toDoubleArray()).forEach(all::add));
        assertThat(all).doesNotHaveDuplicates();
    }

    @Property
    void specialValuesAreThere(@ForAll Random random) {
        Values values = Values.between(-3, 2).openMax().withSpecials();
        boolean[] seen = new boolean[4];
        for (int k = 0; k < 200; k++) {
            for (double element : Tensors.of(Shape.of(4), values)
                    .generator(1000)
                    .next(random)
                    .value()
                    .data()
                    .toDoubleArray()) {
                seen[0] |= Double.isNaN(element);
                seen[1] |= Double.isInfinite(element);
                seen[2] |= Double.compare(element, -0.0) == 0;
                seen[3] |= element == -3;
            }
        }
        assertThat(seen).containsOnly(true);
    }

    @Property
    void indices(@ForAll Random random) {
        Tensor index = some(Tensors.indices(Shapes.any(), 3), random);
        assertThat(index.dtype()).isEqualTo(DType.INT32);
        assertThat(Arrays.stream(index.data().toIntArray())).allMatch(number -> number >= 0 && number < 3);
    }

    @Property
    void layoutsKeepTheElements(@ForAll Layout layout, @ForAll("values") Values values, @ForAll Random random) {
        Tensor tensor = some(Tensors.of(values), random);
        Tensor view = layout.of(tensor);

        if (layout != Layout.EXPANDED) {
            assertThat(view.data()).isEqualTo(tensor.data());
        }
        assertThat(view.shape()).isEqualTo(tensor.shape());
    }

    @Property
    void domain(
            @ForAll @Domain(min = 1, max = 2, maxRank = 1, maxDim = 9) Tensor x,
            @Domain(dtype = DType.INT32) Tensor n) {
        assertThat(x.shape().rank()).isLessThanOrEqualTo(1);
        assertThat(Arrays.stream(x.data().toDoubleArray())).allMatch(element -> element >= 1 && element <= 2);
        assertThat(n.dtype()).isEqualTo(DType.INT32);
    }

    @Property
    void arraysAndShapes(@ForAll NdArray array, @ForAll Shape shape) {
        assertThat(array.dtype()).isEqualTo(DType.FLOAT64);
        assertThat(shape.size()).isPositive();
    }
}
