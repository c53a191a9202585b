package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values and gradients at kinks, ties, poles, infinities and NaN. They are PyTorch's, except that NaN in is NaN out for gradients
 * too, that what is undefined has no finite gradient, and that limits are taken where they exist.
 */
class SpecialValuesTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    /** The gradients are those of the sum of the output, and of the sum of all gradients; empty where not stated. */
    private record Row(
            String name,
            Function<Tensor[], Tensor> function,
            List<List<Double>> inputs,
            List<Double> value,
            List<List<Double>> gradient,
            List<List<Double>> second) {
        Row second(List<?>... gradients) {
            return new Row(name, function, inputs, value, gradient, lists(gradients));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Row row(
            String name, Function<Tensor, Tensor> function, List<?> input, List<?> value, List<?> gradient) {
        return new Row(name, t -> function.apply(t[0]), lists(input), doubles(value), lists(gradient), List.of());
    }

    private static List<List<Double>> lists(List<?>... lists) {
        return Arrays.stream(lists).map(SpecialValuesTest::doubles).toList();
    }

    private static List<Double> doubles(List<?> numbers) {
        return numbers.stream().map(n -> ((Number) n).doubleValue()).toList();
    }

    static Stream<Row> rows() {
        return pointwise();
    }

    private static Stream<Row> pointwise() {
        return Stream.of(
                row(
                                "abs",
                                Tensor::abs,
                                List.of(0, -0.0, 2, -2, NAN),
                                List.of(0, 0, 2, 2, NAN),
                                List.of(0, 0, 1, -1, NAN))
                        .second(List.of(0, 0, 0, 0, NAN)),
                row("sign", Tensor::sign, List.of(0, -0.0, 2, -3), List.of(0, 0, 1, -1), List.of(0, 0, 0, 0))
                        .second(List.of(0, 0, 0, 0)),
                row(
                                "relu",
                                Tensor::relu,
                                List.of(0, -0.0, 1, -1, NAN),
                                List.of(0, 0, 1, 0, NAN),
                                List.of(0, 0, 1, 0, NAN))
                        .second(List.of(0, 0, 0, 0, 0)),
                row(
                                "sqrt",
                                Tensor::sqrt,
                                List.of(0, -0.0, 4, -1, INF),
                                List.of(0, 0, 2, NAN, INF),
                                List.of(INF, -INF, 0.25, NAN, 0))
                        .second(List.of(-INF, INF, -0.03125, NAN, 0)),
                row("log", Tensor::log, List.of(0, -1, 1, INF), List.of(-INF, NAN, 0, INF), List.of(INF, NAN, 1, 0))
                        .second(List.of(-INF, NAN, -1, 0)),
                row("exp", Tensor::exp, List.of(710, -1000, 0), List.of(INF, 0, 1), List.of(INF, 0, 1))
                        .second(List.of(INF, 0, 1)),
                row(
                                "reciprocal",
                                Tensor::reciprocal,
                                List.of(0, 2, -0.0),
                                List.of(INF, 0.5, -INF),
                                List.of(-INF, -0.25, -INF))
                        .second(List.of(INF, 0.25, -INF)),
                row(
                                "sigmoid",
                                Tensor::sigmoid,
                                List.of(0, 1000, -1000, INF, -INF),
                                List.of(0.5, 1, 0, 1, 0),
                                List.of(0.25, 0, 0, 0, 0))
                        .second(List.of(0, 0, 0, 0, 0)),
                row("tanh", Tensor::tanh, List.of(0, 1000, -1000), List.of(0, 1, -1), List.of(1, 0, 0))
                        .second(List.of(0, 0, 0)),
                row("square", Tensor::square, List.of(0, -3, INF), List.of(0, 9, INF), List.of(0, -6, INF))
                        .second(List.of(2, 2, 2)),
                row("x·log x", x -> x.mul(x.log()), List.of(0, 1), List.of(NAN, 0), List.of(NAN, 1)));
    }

    }

    private static void assertClose(Tensor actual, List<Double> expected) {
        double[] numbers = Leaves.numbers(actual);
        assertThat(numbers).hasSize(expected.size());
        for (int e = 0; e < numbers.length; e++) {
            double wanted = expected.get(e);
            assertThat(
                            Double.isNaN(wanted)
                                    ? Double.isNaN(numbers[e])
                                    : numbers[e] == wanted || Math.abs(numbers[e] - wanted) < 1e-12)
                    .as("%s should be %s", actual, expected)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void valuesAndGradientsOfBothOrders(Row row) {
        for (Graph graph : Graph.values()) {
            Tensor[] leaves = row.inputs().stream()
                    .map(in -> NdArray.of(
                            Shape.of(in.size()), in.stream().mapToDouble(v -> v).toArray()))
                    .map(array -> Tensor.of(array).requiresGrad(true))
                    .toArray(Tensor[]::new);
            Tensor output = row.function().apply(leaves);
            assertClose(output.detach().reshape(-1), row.value());

            List<Tensor> gradients = Autograd.grad(output.sum(), graph, leaves);
            for (int k = 0; k < leaves.length; k++) {
                assertClose(gradients.get(k).detach(), row.gradient().get(k));
            }
            if (graph == Graph.CREATE && !row.second().isEmpty()) {
                second(row, gradients, leaves);
            }
        }
    }

    private static void second(Row row, List<Tensor> gradients, Tensor... leaves) {
        Tensor total = gradients.stream().map(g -> g.sum()).reduce(Tensor.scalar(0), Tensor::add);
        Gradients second = total.requiresGrad() ? Autograd.gradients(total) : null;
        for (int k = 0; k < leaves.length; k++) {
            Tensor zero = Tensor.of(NdArray.zeros(leaves[k].dtype(), leaves[k].shape()));
            assertClose(
                    second == null ? zero : second.find(leaves[k]).orElse(zero),
                    row.second().get(k));
        }
    }
}
