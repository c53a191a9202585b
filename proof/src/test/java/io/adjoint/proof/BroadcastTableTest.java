package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests every operation of two tensors on all pairs of shapes of up to 3 axes with sizes of 0 to 3. If the shapes broadcast, value and
 * gradients are right; otherwise the operation throws an error that names it and the shapes.
 */
class BroadcastTableTest {
    private static final int BROADCASTING = 2479;
    private static final int REJECTED = 4746;

    /** An operation, its function of two numbers, and the derivatives of the function by both numbers. */
    private record Row(
            String name,
            BinaryOperator<Tensor> operation,
            DoubleBinaryOperator value,
            @Nullable DoubleBinaryOperator first,
            @Nullable DoubleBinaryOperator second) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("add", Tensor::add, (a, b) -> a + b, (a, b) -> 1, (a, b) -> 1),
                new Row("sub", Tensor::sub, (a, b) -> a - b, (a, b) -> 1, (a, b) -> -1),
                new Row("mul", Tensor::mul, (a, b) -> a * b, (a, b) -> b, (a, b) -> a),
                new Row("div", Tensor::div, (a, b) -> a / b, (a, b) -> 1 / b, (a, b) -> -a / (b * b)),
                new Row(
                        "pow",
                        Tensor::pow,
                        Math::pow,
                        (a, b) -> b * Math.pow(a, b - 1),
                        (a, b) -> Math.pow(a, b) * Math.log(a)),
                new Row("lerp", (a, b) -> a.lerp(b, 0.3), (a, b) -> a + 0.3 * (b - a), (a, b) -> 0.7, (a, b) -> 0.3),
                new Row(
                        "lerp",
                        (a, b) -> a.lerp(b, b),
                        (a, b) -> a + b * (b - a),
                        (a, b) -> 1 - b,
                        (a, b) -> 2 * b - a),
                new Row(
                        "remainder",
                        Tensor::remainder,
                        (a, b) -> a - b * Math.floor(a / b),
                        (a, b) -> 1,
                        (a, b) -> -Math.floor(a / b)),
                new Row(
                        "fmod",
                        Tensor::fmod,
                        (a, b) -> a - b * Math.floor(a / b),
                        (a, b) -> 1,
                        (a, b) -> -Math.floor(a / b)),
                new Row("floorDivide", Tensor::floorDivide, (a, b) -> Math.floor(a / b), (a, b) -> 0, (a, b) -> 0),
                new Row(
                        "atan2",
                        Tensor::atan2,
                        (a, b) -> Math.atan(a / b),
                        (a, b) -> b / (a * a + b * b),
                        (a, b) -> -a / (a * a + b * b)),
                new Row(
                        "hypot",
                        Tensor::hypot,
                        (a, b) -> Math.sqrt(a * a + b * b),
                        (a, b) -> a / Math.sqrt(a * a + b * b),
                        (a, b) -> b / Math.sqrt(a * a + b * b)),
                new Row(
                        "logAddExp",
                        Tensor::logAddExp,
                        (a, b) -> Math.log(Math.exp(a) + Math.exp(b)),
                        (a, b) -> Math.exp(a) / (Math.exp(a) + Math.exp(b)),
                        (a, b) -> Math.exp(b) / (Math.exp(a) + Math.exp(b))),
                new Row(
                        "logAddExp2",
                        Tensor::logAddExp2,
                        (a, b) -> Math.log(Math.pow(2, a) + Math.pow(2, b)) / Math.log(2),
                        (a, b) -> Math.pow(2, a) / (Math.pow(2, a) + Math.pow(2, b)),
                        (a, b) -> Math.pow(2, b) / (Math.pow(2, a) + Math.pow(2, b))),
                new Row("xlogy", Tensor::xlogy, (a, b) -> a * Math.log(b), (a, b) -> Math.log(b), (a, b) -> a / b),
                new Row(
                        "maximum",
                        Tensor::maximum,
                        (a, b) -> a > b ? a : b,
                        (a, b) -> a > b ? 1 : 0,
                        (a, b) -> a > b ? 0 : 1),
                new Row(
                        "minimum",
                        Tensor::minimum,
                        (a, b) -> a < b ? a : b,
                        (a, b) -> a < b ? 1 : 0,
                        (a, b) -> a < b ? 0 : 1),
                new Row(
                        "fmax",
                        Tensor::fmax,
                        (a, b) -> a > b ? a : b,
                        (a, b) -> a > b ? 1 : 0,
                        (a, b) -> a > b ? 0 : 1),
                new Row(
                        "fmin",
                        Tensor::fmin,
                        (a, b) -> a < b ? a : b,
                        (a, b) -> a < b ? 1 : 0,
                        (a, b) -> a < b ? 0 : 1),
                new Row(
                        "clamp",
                        (a, b) -> a.clamp(b, b.add(0.4)),
                        (a, b) -> Math.min(Math.max(a, b), b + 0.4),
                        (a, b) -> a > b && a < b + 0.4 ? 1 : 0,
                        (a, b) -> a > b && a < b + 0.4 ? 0 : 1),
                new Row(
                        "where",
                        (a, b) -> Tensor.where(Tensor.ones(DType.BOOL), a, b),
                        (a, b) -> a,
                        (a, b) -> 1,
                        (a, b) -> 0),
                new Row(
                        "where",
                        (a, b) -> Tensor.where(a.gt(1.3), 0.5, b),
                        (a, b) -> a > 1.3 ? 0.5 : b,
                        (a, b) -> 0,
                        (a, b) -> a > 1.3 ? 0 : 1),
                new Row(
                        "where",
                        (a, b) -> Tensor.where(a.gt(1.3), b, Tensor::exp, Tensor::square),
                        (a, b) -> a > 1.3 ? Math.exp(b) : b * b,
                        (a, b) -> 0,
                        (a, b) -> a > 1.3 ? Math.exp(b) : 2 * b),
                new Row("eq", Tensor::eq, (a, b) -> a == b ? 1 : 0, null, null),
                new Row("ne", Tensor::ne, (a, b) -> a != b ? 1 : 0, null, null),
                new Row("lt", Tensor::lt, (a, b) -> a < b ? 1 : 0, null, null),
                new Row("le", Tensor::le, (a, b) -> a <= b ? 1 : 0, null, null),
                new Row("gt", Tensor::gt, (a, b) -> a > b ? 1 : 0, null, null),
                new Row("ge", Tensor::ge, (a, b) -> a >= b ? 1 : 0, null, null),
                new Row("and", (a, b) -> a.gt(1.3).and(b.gt(1.7)), (a, b) -> a > 1.3 && b > 1.7 ? 1 : 0, null, null),
                new Row("or", (a, b) -> a.gt(1.3).or(b.gt(1.7)), (a, b) -> a > 1.3 || b > 1.7 ? 1 : 0, null, null),
                new Row("xor", (a, b) -> a.gt(1.3).xor(b.gt(1.7)), (a, b) -> a > 1.3 == b > 1.7 ? 0 : 1, null, null));
    }

    /**
     * Two shapes, the shape to which they broadcast, and for each element of the result the elements of which it is computed. The result is
     * null if the shapes don't broadcast.
     */
    private record Pair(Shape a, Shape b, @Nullable Shape result, List<Integer> ofA, List<Integer> ofB) {}

    private static final List<Pair> PAIRS = pairs();

    private static List<Pair> pairs() {
        List<int[]> shapes = new ArrayList<>();
        for (int rank = 0; rank <= 3; rank++) {
            for (int code = 0; code < Math.pow(4, rank); code++) {
                int digits = code;
                shapes.add(IntStream.range(0, rank)
                        .map(axis -> digits / (int) Math.pow(4, axis) % 4)
                        .toArray());
            }
        }
        return shapes.stream()
                .flatMap(a -> shapes.stream().map(b -> pair(a, b)))
                .toList();
    }

    private static Pair pair(int[] a, int[] b) {
        int rank = Math.max(a.length, b.length);
        int[] dims = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            int m = length(a, axis - rank + a.length);
            int n = length(b, axis - rank + b.length);
            if (m != n && m != 1 && n != 1) {
                return new Pair(Shape.of(a), Shape.of(b), null, List.of(), List.of());
            }
            dims[axis] = m == 1 ? n : m;
        }
        int size = Arrays.stream(dims).reduce(1, (m, n) -> m * n);
        return new Pair(Shape.of(a), Shape.of(b), Shape.of(dims), elements(dims, size, a), elements(dims, size, b));
    }

    private static int length(int[] dims, int axis) {
        return axis < 0 ? 1 : dims[axis];
    }

    /** For each element of the result, the index of the operand's element from which it is computed. */
    private static List<Integer> elements(int[] dims, int size, int... operand) {
        return IntStream.range(0, size)
                .map(element -> {
                    int rest = element;
                    int at = 0;
                    int step = 1;
                    for (int back = 1; back <= dims.length; back++) {
                        int index = rest % dims[dims.length - back];
                        rest /= dims[dims.length - back];
                        int length = length(operand, operand.length - back);
                        at += length == 1 ? 0 : index * step;
                        step *= length;
                    }
                    return at;
                })
                .boxed()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void allPairsOfSmallShapesAreRightOrRejected(Row row) {
        int right = 0;
        int rejected = 0;
        for (Pair pair : PAIRS) {
            Tensor a = leaf(0.6137, 0.0711, pair.a());
            Tensor b = leaf(1.1, 0.0503, pair.b());
            if (pair.result() == null) {
                assertThatThrownBy(() -> row.operation().apply(a, b))
                        .isInstanceOf(ShapeException.class)
                        .hasMessageContaining(row.name() + ":")
                        .hasMessageContaining(pair.a().toString())
                        .hasMessageContaining(pair.b().toString());
                rejected++;
            } else {
                check(row, pair, a, b, row.operation().apply(a, b));
                right++;
            }
        }
        assertThat(right).isEqualTo(BROADCASTING);
        assertThat(rejected).isEqualTo(REJECTED);
    }

    private static Tensor leaf(double first, double step, Shape shape) {
        return Tensor.of(NdArray.generate(DType.FLOAT64, shape, k -> first + k * step))
                .requiresGrad(true);
    }

    private static void check(Row row, Pair pair, Tensor a, Tensor b, Tensor value) {
        double[] x = a.data().toDoubleArray();
        double[] y = b.data().toDoubleArray();
        double[] expected = new double[pair.ofA().size()];
        double[] first = new double[x.length];
        double[] second = new double[y.length];
        for (int e = 0; e < expected.length; e++) {
            int i = pair.ofA().get(e);
            int j = pair.ofB().get(e);
            expected[e] = row.value().applyAsDouble(x[i], y[j]);
            if (row.first() != null && row.second() != null) {
                first[i] += (e + 1) * row.first().applyAsDouble(x[i], y[j]);
                second[j] += (e + 1) * row.second().applyAsDouble(x[i], y[j]);
            }
        }
        assertThat(value.shape()).isEqualTo(pair.result());
        assertClose(value, expected);
        if (row.first() == null) {
            assertThat(value.requiresGrad()).isFalse();
            return;
        }
        Tensor upstream = Tensor.of(NdArray.generate(DType.FLOAT64, value.shape(), e -> e + 1));
        Gradients gradients = Autograd.gradients(List.of(value), List.of(upstream), List.of(a, b), GraphMode.FREE);
        assertClose(gradients.find(a).orElseGet(() -> Tensor.zerosLike(a)), first);
        assertClose(gradients.find(b).orElseGet(() -> Tensor.zerosLike(b)), second);
    }

    private static void assertClose(Tensor actual, double... expected) {
        double[] elements = actual.detach().data().toDoubleArray();
        double scale = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        assertThat(elements).hasSameSizeAs(expected);
        for (int e = 0; e < expected.length; e++) {
            if (!(Math.abs(elements[e] - expected[e]) <= 1e-12 * scale)) {
                assertThat(elements[e]).isCloseTo(expected[e], within(1e-12 * scale));
            }
        }
    }
}
