package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Order;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that extremes are found at every index of an axis: along the first axis, the last axis and an axis in between, and for many sizes,
 * so that some have elements left after the last whole block of a loop.
 */
class ExtremesTest {
    /** All sizes up to a few vectors of the longest vector registers, and some around powers of two. */
    private static final int[] SIZES = IntStream.concat(
                    IntStream.rangeClosed(1, 40), IntStream.of(63, 65, 127, 129, 258))
            .toArray();

    /** The axis along which each of the {@link #layouts} has its rows. */
    private static final int[] AXES = {1, 0, 1};

    private static final List<DType> FLOATING = List.of(DType.FLOAT64, DType.FLOAT32);
    private static final List<DType> NUMBERS = List.of(DType.FLOAT64, DType.FLOAT32, DType.INT32);

    /** A function of a tensor and an axis. */
    private interface Along {
        Tensor of(Tensor x, int axis);
    }

    /**
     * A function that finds the largest or the smallest element, or its index, along an axis.
     *
     * @param sign 1 if the function finds the largest element, −1 if it finds the smallest
     */
    private record Row(String name, int sign, List<DType> dtypes, boolean isIndex, Along function) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Row value(String name, int sign, List<DType> dtypes, Along function) {
        return new Row(name, sign, dtypes, false, function);
    }

    private static Row index(String name, int sign, Along function) {
        return new Row(name, sign, NUMBERS, true, function);
    }

    private static Tensor last(Tensor x, int axis) {
        return x.select(axis, -1);
    }

    /** Max pooling over the whole of an axis, which is moved to the end. */
    private static Tensor pooled(Tensor x, int axis, UnaryOperator<Tensor> pool) {
        Tensor rows = x.transpose(axis, -1);
        return pool.apply(rows.reshape(-1, 1, rows.shape().dim(-1)))
                .reshape(rows.shape().reduce("pooled", Dims.DROP, -1).toArray());
    }

    static List<Row> rows() {
        return List.of(
                value("amax", 1, NUMBERS, Tensor::amax),
                value("amin", -1, NUMBERS, Tensor::amin),
                value("max", 1, NUMBERS, (x, axis) -> x.max(axis).values()),
                value("min", -1, NUMBERS, (x, axis) -> x.min(axis).values()),
                value("cummax", 1, NUMBERS, (x, axis) -> last(x.cummax(axis).values(), axis)),
                value("cummin", -1, NUMBERS, (x, axis) -> last(x.cummin(axis).values(), axis)),
                value("sort", 1, NUMBERS, (x, axis) -> last(x.sort(axis).values(), axis)),
                value(
                        "sort, descending",
                        -1,
                        NUMBERS,
                        (x, axis) -> last(x.sort(axis, Order.DESCENDING).values(), axis)),
                value("topK", 1, NUMBERS, (x, axis) -> last(x.topK(axis, 1).values(), axis)),
                value("quantile", -1, FLOATING, (x, axis) -> x.quantile(0, axis)),
                value(
                        "maxPool1d",
                        1,
                        FLOATING,
                        (x, axis) -> pooled(
                                x, axis, rows -> rows.maxPool1d(rows.shape().dim(-1)))),
                value(
                        "adaptiveMaxPool1d",
                        1,
                        FLOATING,
                        (x, axis) -> pooled(x, axis, rows -> rows.adaptiveMaxPool1d(1))),
                index("argMax", 1, Tensor::argMax),
                index("argMin", -1, Tensor::argMin),
                index("indices of max", 1, (x, axis) -> x.max(axis).indices()),
                index("indices of min", -1, (x, axis) -> x.min(axis).indices()),
                index("indices of cummax", 1, (x, axis) -> last(x.cummax(axis).indices(), axis)),
                index("indices of sort", 1, (x, axis) -> last(x.sort(axis).indices(), axis)),
                index("indices of topK", 1, (x, axis) -> last(x.topK(axis, 1).indices(), axis)));
    }

    /** A matrix of n rows; the elements are −9 to −5, except that the k-th element of row k is −2. */
    private static double[] rows(int n) {
        double[] x = IntStream.range(0, n * n).mapToDouble(k -> -5 - k % 5).toArray();
        for (int row = 0; row < n; row++) {
            x[row * n + row] = -2;
        }
        return x;
    }

    /** Returns the rows in three layouts: along the last axis, the first axis, and the middle axis of three. */
    private static List<Tensor> layouts(Tensor rows) {
        Tensor columns = Tensor.of(rows.data().transpose().contiguous());
        Tensor middle = Tensor.of(Tensor.stack(0, columns, columns).data().contiguous());
        return List.of(rows, columns, middle);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void anExtremeIsFoundAtEveryIndex(Row row) {
        for (int n : SIZES) {
            for (DType dtype : row.dtypes()) {
                Tensor rows = Tensor.of(
                        NdArray.of(Shape.of(n, n), rows(n)).mul(row.sign()).to(dtype));
                NdArray found = row.isIndex()
                        ? NdArray.arange(DType.INT32, n)
                        : NdArray.full(dtype, Shape.of(n), -2 * row.sign());
                List<Tensor> layouts = layouts(rows);
                for (int k = 0; k < layouts.size(); k++) {
                    Tensor x = layouts.get(k);
                    NdArray expected = found.broadcastTo(x.shape().reduce("expected", Dims.DROP, AXES[k]));
                    assertThat(row.function().of(x, AXES[k]).data())
                            .as("%s of %d, layout %d", dtype, n, k)
                            .isEqualTo(expected);
                }
            }
        }
    }

    /** Only the extreme element gets a gradient. */
    @ParameterizedTest
    @MethodSource("rows")
    void theGradientOfAnExtremeIsAtItsIndex(Row row) {
        if (row.isIndex()) {
            return; // indices have no gradient
        }
        for (int n : new int[] {1, 7, 8, 9, 33, 65, 129}) {
            for (DType dtype : FLOATING) {
                Tensor rows = Tensor.of(
                        NdArray.of(Shape.of(n, n), rows(n)).mul(row.sign()).to(dtype));
                List<Tensor> layouts = layouts(rows);
                for (int k = 0; k < layouts.size(); k++) {
                    Tensor leaf = layouts.get(k).requiresGrad(true);
                    Tensor sum = row.function().of(leaf, AXES[k]).sum();
                    assertThat(Autograd.grad(sum, leaf).data())
                            .as("%s of %d, layout %d", dtype, n, k)
                            .isEqualTo(Tensor.eye(dtype, n, n).data().broadcastTo(leaf.shape()));
                }
            }
        }
    }
}
