package io.adjoint.nn;

import static io.adjoint.nn.TestTensors.distance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that kernel and composition of a normalization agree in value and gradients, for any layout and size. */
class NormalizationRulesTest {
    /** A normalization as a function of the library, and the shapes by which it is composed of plain operations. */
    record Case(
            String name, Shape shape, Shape weights, Shape view, List<Integer> over, Shape weightView, Fused fused) {
        @Override
        public String toString() {
            return name + " of " + shape;
        }

        private int[] axes() {
            return over.stream().mapToInt(axis -> axis).toArray();
        }

        Tensor composed(Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
            Tensor whole = x.reshape(view);
            Tensor deviations = name.equals("rmsNorm") ? whole : whole.sub(whole.mean(Dims.KEEP, axes()));
            Tensor y = deviations.div(
                    deviations.square().mean(Dims.KEEP, axes()).add(eps).sqrt());
            y = weight == null ? y : y.mul(weight.reshape(weightView));
            y = bias == null ? y : y.add(bias.reshape(weightView));
            return y.reshape(shape);
        }
    }

    /** A normalization in {@link Functional}. */
    @FunctionalInterface
    interface Fused {
        Tensor of(Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, double eps);
    }

    /** Layouts in memory for the same elements. */
    enum Order {
        DENSE,
        TRANSPOSED,
        SLICED,
        FLIPPED;

        Tensor of(Tensor x) {
            NdArray data = x.data();
            NdArray laid = switch (this) {
                case DENSE -> data.copy();
                case TRANSPOSED -> data.transpose().copy().transpose();
                case SLICED ->
                    Tensor.concat(0, x, x).data().slice(0, 0, x.shape().dim(0));
                case FLIPPED -> data.flip(0).copy().flip(0);
            };
            return Tensor.of(laid);
        }
    }

    private static Case rows(String name, int end, int... dims) {
        Shape shape = Shape.of(dims);
        int[] last = new int[end];
        int size = 1;
        for (int k = 0; k < end; k++) {
            last[k] = shape.dim(k - end);
            size *= last[k];
        }
        Shape normalized = Shape.of(last);
        Fused fused = name.equals("layerNorm")
                ? (x, w, b, e) -> Functional.layerNorm(x, normalized, w, b, e)
                : (x, w, b, e) -> Functional.rmsNorm(x, normalized, w, e);
        return new Case(
                name, shape, normalized, Shape.of(shape.size() / size, size), List.of(1), Shape.of(1, size), fused);
    }

    private static Case channels(int... dims) {
        Shape shape = Shape.of(dims);
        int length = shape.size() / dims[0] / dims[1];
        return new Case(
                "batchNorm",
                shape,
                Shape.of(dims[1]),
                Shape.of(dims[0], dims[1], length),
                List.of(0, 2),
                Shape.of(1, dims[1], 1),
                Functional::batchNorm);
    }

    private static Case groups(int groups, int... dims) {
        Shape shape = Shape.of(dims);
        int own = dims[1] / groups;
        return new Case(
                "groupNorm",
                shape,
                Shape.of(dims[1]),
                Shape.of(dims[0], groups, own, shape.size() / dims[0] / dims[1]),
                List.of(2, 3),
                Shape.of(1, groups, own, 1),
                (x, w, b, e) -> Functional.groupNorm(x, groups, w, b, e));
    }

    static Stream<Case> cases() {
        return Stream.of(
                rows("layerNorm", 1, 5, 7),
                rows("layerNorm", 2, 3, 4, 5),
                rows("layerNorm", 1, 1),
                rows("layerNorm", 1, 4, 1),
                rows("layerNorm", 2, 6, 300),
                // The kernel divides 700 rows into three ranges, and each range into many blocks of rows.
                rows("layerNorm", 1, 700, 100),
                rows("rmsNorm", 1, 5, 7),
                rows("rmsNorm", 2, 3, 4, 5),
                rows("rmsNorm", 1, 4, 1),
                channels(5, 3),
                channels(4, 3, 2),
                // These are long enough for the kernel not to transpose the channels.
                channels(3, 2, 4, 9),
                channels(1, 2, 20),
                channels(2, 1),
                groups(1, 3, 4),
                groups(1, 2, 4, 5, 3),
                groups(2, 3, 4, 5),
                // Groups of one channel, and groups of one element.
                groups(4, 2, 4, 6),
                groups(4, 2, 4));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theKernelAgreesWithTheCompositionInAnyLayout(Case norm) {
        Generator rng = new Generator(1);
        Tensor numbers = Tensor.randn(DType.FLOAT64, norm.shape, rng);
        Tensor upstream = Tensor.randn(DType.FLOAT64, norm.shape, rng);
        for (Order order : Order.values()) {
            assertAgree(norm, order.of(numbers), order.of(upstream), 0.1, 1e-11);
            assertAgree(norm, order.of(numbers), upstream, 1e-2, 1e-9);
        }
        assertAgree(norm, numbers.to(DType.FLOAT32), upstream.to(DType.FLOAT32), 0.1, 2e-5);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void constantGroupsBecomeTheBiasInBothForms(Case norm) {
        Tensor upstream = Tensor.randn(DType.FLOAT64, norm.shape, new Generator(1));
        for (double constant : new double[] {0, 0.1, 1e8}) {
            Tensor x = Tensor.full(DType.FLOAT64, norm.shape, constant);
            assertAgree(norm, x, upstream, 0.1, 1e-11);
            if (!norm.name.equals("rmsNorm")) {
                Tensor bias = Tensor.full(DType.FLOAT64, norm.weights, 3);
                assertThat(norm.fused.of(x, null, bias, 1e-5).data())
                        .isEqualTo(NdArray.full(DType.FLOAT64, norm.shape, 3));
            }
        }
    }

    private static void assertAgree(Case norm, Tensor x, Tensor upstream, double eps, double error) {
        Generator rng = new Generator(2);
        Tensor weight = Tensor.randn(x.dtype(), norm.weights, rng).requiresGrad(true);
        Tensor bias = norm.name.equals("rmsNorm")
                ? null
                : Tensor.randn(x.dtype(), norm.weights, rng).requiresGrad(true);
        Tensor leaf = x.requiresGrad(true);
        assertAgree(norm, leaf, weight, bias, upstream, eps, error);
        assertAgree(norm, leaf, null, null, upstream, eps, error);
        assertAgree(norm, leaf, weight, null, upstream, eps, error);
        if (bias != null) {
            assertAgree(norm, leaf, null, bias, upstream, eps, error);
        }
    }

    private static void assertAgree(
            Case norm,
            Tensor x,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            Tensor upstream,
            double eps,
            double error) {
        List<Tensor> leaves = new ArrayList<>(List.of(x));
        if (weight != null) {
            leaves.add(weight);
        }
        if (bias != null) {
            leaves.add(bias);
        }
        Tensor[] inputs = leaves.toArray(Tensor[]::new);
        Tensor fused = norm.fused.of(x, weight, bias, eps);
        Tensor composed = norm.composed(x, weight, bias, eps);
        assertClose(fused, composed, error);

        List<Tensor> plain = Autograd.grad(fused, upstream, GraphMode.KEEP, inputs);
        List<Tensor> recorded = Autograd.grad(fused, upstream, GraphMode.CREATE, inputs);
        List<Tensor> expected = Autograd.grad(composed, upstream, GraphMode.KEEP, inputs);
        for (int k = 0; k < inputs.length; k++) {
            assertThat(plain.get(k).shape()).isEqualTo(inputs[k].shape());
            assertClose(plain.get(k), expected.get(k), error);
            assertClose(recorded.get(k), expected.get(k), error);
        }
    }

    private static void assertClose(Tensor actual, Tensor expected, double error) {
        assertThat(actual.dtype()).isEqualTo(expected.dtype());
        assertThat(distance(actual, expected)).isLessThanOrEqualTo(error);
    }

    static Stream<Case> groupsOfOneElement() {
        return Stream.of(rows("layerNorm", 1, 50, 1), groups(3, 20, 3), groups(3, 20, 3, 1));
    }

    @ParameterizedTest
    @MethodSource("groupsOfOneElement")
    void aGroupOfOneElementHasNoGradient(Case norm) {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            Generator rng = new Generator(3);
            Tensor x = Tensor.randn(dtype, norm.shape, rng).requiresGrad(true);
            Tensor weight = Tensor.randn(dtype, norm.weights, rng);
            for (double eps : new double[] {1e-5, 1e-12}) {
                Tensor y = norm.fused.of(x, weight, null, eps);
                Tensor gradient = Autograd.grad(y, Tensor.randn(dtype, norm.shape, rng), GraphMode.KEEP, x);
                assertThat(gradient.abs().max().item()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void givenStatisticsAreUsedInAnyLayout(Order order) {
        Generator rng = new Generator(3);
        for (Shape shape : List.of(Shape.of(4, 3), Shape.of(2, 3, 5), Shape.of(2, 3, 4, 6))) {
            Tensor x = order.of(Tensor.randn(DType.FLOAT64, shape, rng)).requiresGrad(true);
            Tensor mean = Tensor.of(1, 2, 3);
            Tensor variance = Tensor.of(0.5, 2, 4);
            Tensor weight = Tensor.of(1, -2, 0.5).requiresGrad(true);
            int[] dims = shape.toArray();
            Arrays.fill(dims, 1);
            dims[1] = 3;
            Shape along = Shape.of(dims);
            Tensor fused = Functional.batchNorm(x, mean, variance, weight, null, 0.1);
            Tensor composed = x.sub(mean.reshape(along))
                    .div(variance.reshape(along).add(0.1).sqrt())
                    .mul(weight.reshape(along));

            assertClose(fused, composed, 1e-13);
            Tensor upstream = order.of(Tensor.randn(DType.FLOAT64, shape, rng));
            List<Tensor> expected = Autograd.grad(composed, upstream, GraphMode.KEEP, x, weight);
            List<Tensor> actual = Autograd.grad(fused, upstream, GraphMode.KEEP, x, weight);
            assertClose(actual.get(0), expected.get(0), 1e-13);
            assertClose(actual.get(1), expected.get(1), 1e-12);
        }
    }

    @Test
    void aFirstElementFarOffCostsNoDigit() {
        double[] numbers = new Random(1).doubles(1 << 16).toArray();
        numbers[0] = 1e3;
        double mean = Arrays.stream(numbers).map(x -> x / numbers.length).sum();
        double variance = Arrays.stream(numbers)
                .map(x -> (x - mean) * (x - mean) / numbers.length)
                .sum();

        Tensor y = Functional.layerNorm(Tensor.of(numbers), Shape.of(numbers.length), null, null, 0);

        assertThat(y.get("0").item()).isCloseTo((1e3 - mean) / Math.sqrt(variance), withinPercentage(1e-11));
    }
}
