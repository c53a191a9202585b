package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Correction;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.proof.ReductionFamily.Full;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Tests value, shape and gradient, or the error, of every reduction over every set of axes, for shapes of every rank in every layout. */
class ReductionTableTest {
    private static final double TOLERANCE = 1e-12;
    private static final double INF = Double.POSITIVE_INFINITY;

    private static final List<Shape> SHAPES = List.of(
            Shape.scalar(),
            Shape.of(0),
            Shape.of(1),
            Shape.of(4),
            Shape.of(0, 3),
            Shape.of(3, 0),
            Shape.of(1, 3),
            Shape.of(3, 1),
            Shape.of(2, 3),
            Shape.of(2, 0, 3),
            Shape.of(0, 1, 2),
            Shape.of(2, 3, 2),
            Shape.of(3, 1, 2),
            Shape.of(1, 1, 1),
            Shape.of(2, 1, 3, 2),
            Shape.of(2, 2, 0, 1),
            Shape.of(2, 3, 2, 3));

    /**
     * A reduction, with references for the elements that are reduced to one number.
     *
     * @param value the value
     * @param gradient the derivative of the value by each of the reduced elements
     * @param ofNothing whether the reduction of no elements has a value
     */
    private record Row(
            String name,
            Full function,
            ToDoubleFunction<double[]> value,
            UnaryOperator<double[]> gradient,
            boolean ofNothing) {}

    private static Row row(
            String name, Full function, ToDoubleFunction<double[]> value, UnaryOperator<double[]> gradient) {
        return new Row(name, function, value, gradient, true);
    }

    private static double[] each(double[] x, DoubleUnaryOperator function) {
        return DoubleStream.of(x).map(function).toArray();
    }

    private static double[] shared(double[] x, double extreme) {
        double ties = DoubleStream.of(x).filter(v -> v == extreme).count();
        return each(x, v -> v == extreme ? 1 / ties : 0);
    }

    private static double largest(double... x) {
        return DoubleStream.of(x).max().orElseThrow();
    }

    private static double smallest(double... x) {
        return DoubleStream.of(x).min().orElseThrow();
    }

    private static Stream<Row> rows() {
        return Stream.of(
                row("sum", Tensor::sum, x -> DoubleStream.of(x).sum(), x -> each(x, v -> 1)),
                row("mean", Tensor::mean, Slices::mean, x -> each(x, v -> 1.0 / x.length)),
                row(
                        "prod",
                        Tensor::prod,
                        Slices::prod,
                        x -> IntStream.range(0, x.length)
                                .mapToDouble(k -> {
                                    double[] others = x.clone();
                                    others[k] = 1;
                                    return Slices.prod(others);
                                })
                                .toArray()),
                new Row("amax", Tensor::amax, x -> largest(x), x -> shared(x, largest(x)), false),
                new Row("amin", Tensor::amin, x -> smallest(x), x -> shared(x, smallest(x)), false),
                row("var", Tensor::var, x -> Slices.variance(1, x), x -> varianceGradient(1, x)),
                row(
                        "var, biased",
                        (x, dims, axes) -> x.var(Correction.NONE, dims, axes),
                        x -> Slices.variance(0, x),
                        x -> varianceGradient(0, x)),
                row(
                        "std",
                        (x, dims, axes) -> x.std(Correction.NONE, dims, axes),
                        x -> Math.sqrt(Slices.variance(0, x)),
                        x -> {
                            double std = Math.sqrt(Slices.variance(0, x));
                            return each(varianceGradient(0, x), v -> std == 0 ? 0 : v / (2 * std));
                        }),
                row(
                        "logSumExp",
                        Tensor::logSumExp,
                        Slices::logSumExp,
                        x -> each(x, v -> Math.exp(v - Slices.logSumExp(x)))),
                norm(2),
                norm(1),
                norm(3),
                norm(0),
                new Row(
                        "vectorNorm ∞",
                        (x, dims, axes) -> x.vectorNorm(INF, dims, axes),
                        x -> Slices.norm(INF, x),
                        x -> {
                            double[] share = shared(each(x, Math::abs), Slices.norm(INF, x));
                            return IntStream.range(0, x.length)
                                    .mapToDouble(k -> share[k] * Math.signum(x[k]))
                                    .toArray();
                        },
                        false));
    }

    private static double[] varianceGradient(int correction, double... x) {
        double mean = Slices.mean(x);
        return each(x, v -> 2 * (v - mean) / Math.max(0, x.length - correction));
    }

    private static Row norm(double p) {
        return row("vectorNorm " + p, (x, dims, axes) -> x.vectorNorm(p, dims, axes), x -> Slices.norm(p, x), x -> {
            double norm = Slices.norm(p, x);
            return each(
                    x, v -> p == 0 || norm == 0 || v == 0 ? 0 : Math.signum(v) * Math.pow(Math.abs(v) / norm, p - 1));
        });
    }

    @TestFactory
    Stream<DynamicTest> everySetOfAxesOfEveryShape() {
        return rows().map(row -> DynamicTest.dynamicTest(row.name(), () -> {
            for (Shape shape : SHAPES) {
                for (int set = 0; set < 1 << shape.rank(); set++) {
                    check(row, shape, axes(shape.rank(), set, false));
                    check(row, shape, axes(shape.rank(), set, true));
                }
            }
        }));
    }

    /** The axes in a set of bits; if {@code negative}, counted from the end and in descending order. */
    private static int[] axes(int rank, int set, boolean negative) {
        int[] axes =
                IntStream.range(0, rank).filter(axis -> (set >> axis & 1) == 1).toArray();
        return negative
                ? IntStream.range(0, axes.length)
                        .map(k -> axes[axes.length - 1 - k] - rank)
                        .toArray()
                : axes;
    }

    /** Draws small integers, so that there are equal elements and zeros. */
    private static NdArray elements(Shape shape) {
        Random random = new Random(shape.hashCode());
        return NdArray.of(
                shape,
                IntStream.range(0, shape.size())
                        .mapToDouble(k -> random.nextInt(5) - 2)
                        .toArray());
    }

    private static void check(Row row, Shape shape, int... axes) {
        NdArray elements = elements(shape);
        int[] reversed =
                IntStream.range(0, shape.rank()).map(k -> shape.rank() - 1 - k).toArray();
        NdArray view = elements.permute(reversed).copy().permute(reversed);
        for (Dims dims : Dims.values()) {
            for (NdArray x : List.of(elements, view)) {
                String call = row.name() + " of " + shape + " over " + Arrays.toString(axes)
                        + (dims == Dims.KEEP ? ", kept" : "") + (x.isContiguous() ? "" : ", transposed");
                if (!row.ofNothing() && isOfNothing(elements, dims, axes)) {
                    assertThatThrownBy(() -> row.function().of(Tensor.of(x), dims, axes))
                            .as(call)
                            .isInstanceOf(ShapeException.class)
                            .hasMessageContaining(shape.toString());
                } else {
                    checkValueAndGradient(row, call, x, dims, axes);
                }
            }
        }
    }

    private static boolean isOfNothing(NdArray x, Dims dims, int... axes) {
        return x.size() == 0 && Slices.reduced(x, dims, axes, slice -> 0).size() > 0;
    }

    private static void checkValueAndGradient(Row row, String call, NdArray x, Dims dims, int... axes) {
        Tensor leaf = Tensor.of(x).requiresGrad(true);
        Tensor value = row.function().of(leaf, dims, axes);
        assertClose(call, value.detach().data(), Slices.reduced(x, dims, axes, row.value()));

        Tensor upstream = Tensor.of(NdArray.arange(DType.FLOAT64, value.shape().size())
                .reshape(value.shape())
                .map(v -> v + 0.5));
        double[] expected = new double[x.size()];
        int[] slice = new int[1];
        Slices.at(x, dims, axes, (elements, positions) -> {
            double g = slice[0]++ + 0.5;
            double[] gradient = row.gradient().apply(elements);
            for (int k = 0; k < positions.length; k++) {
                expected[positions[k]] = g * gradient[k];
            }
            return 0;
        });
        for (GraphMode graph : List.of(GraphMode.KEEP, GraphMode.CREATE)) {
            Tensor gradient = Autograd.grad(value, upstream, graph, leaf);
            assertClose("gradient of " + call, gradient.detach().data(), NdArray.of(x.shape(), expected));
        }
    }

    private static void assertClose(String what, NdArray actual, NdArray expected) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        double[] a = actual.toDoubleArray();
        double[] e = expected.toDoubleArray();
        for (int k = 0; k < a.length; k++) {
            boolean same =
                    Double.compare(a[k], e[k]) == 0 || Math.abs(a[k] - e[k]) <= TOLERANCE * Math.max(1, Math.abs(e[k]));
            assertThat(same)
                    .as("%s, element %d: %s, expected %s", what, k, a[k], e[k])
                    .isTrue();
        }
    }
}
