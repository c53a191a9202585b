package io.adjoint.core;

import static io.adjoint.core.TestCalls.onThreads;
import static io.adjoint.core.TestCalls.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class IndexingKernelsTest {
    private final NdArray matrix = NdArray.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

    private static NdArray ints(Shape shape, int... values) {
        return NdArray.of(shape, values);
    }

    @Test
    void anIndexMustBeOfIntegers() {
        assertThatThrownBy(() -> matrix.scatterAdd(Shape.of(2, 3), 0, matrix))
                .isExactlyInstanceOf(DTypeException.class)
                .hasMessage("scatterAdd: the index is FLOAT64, but must be INT32; convert it with to(INT32)");
    }

    @Test
    void anIndexOfAWrongShapeIsRefused() {
        refused(
                () -> matrix.gather(1, ints(Shape.of(3, 1), 0, 0, 0)),
                "gather: the index [3, 1] is longer than [2, 3] on axis 0; only axis 1 may be");
    }

    @Test
    void anIndexIntoNothingIsRefused() {
        NdArray empty = NdArray.zeros(DType.FLOAT64, Shape.of(0));
        refused(
                () -> empty.gather(0, ints(Shape.of(1), 0)),
                "gather: index 0 is out of range for axis 0 of [0], which has 0 elements");
        refused(
                () -> empty.indexSelect(0, ints(Shape.of(1), 0)),
                "indexSelect: index 0 is out of range for axis 0 of [0], which has 0 elements");
        assertThat(empty.gather(0, ints(Shape.of(0))).size()).isZero();
    }

    @Test
    void largeSelectionsRunInSeveralBlocks() {
        int n = 70_000;
        int[] backwards = new int[n];
        for (int k = 0; k < n; k++) {
            backwards[k] = n - 1 - k;
        }
        NdArray x = NdArray.arange(DType.FLOAT32, n);
        assertThat(x.indexSelect(0, ints(Shape.of(n), backwards))).isEqualTo(x.flip());
        assertThat(x.gather(0, ints(Shape.of(n), backwards))).isEqualTo(x.flip());
    }

    @Test
    void anIndexThatRepeatsAlongTheOtherAxesIsOfWholeEntries() {
        NdArray x = NdArray.arange(DType.FLOAT64, 24).reshape(2, 3, 4);
        NdArray entries = ints(Shape.of(5), 2, 0, 2, 2, 1);
        NdArray index = entries.reshape(1, 5, 1).broadcastTo(Shape.of(2, 5, 4));
        NdArray source = NdArray.arange(DType.FLOAT64, 40).reshape(2, 5, 4);

        assertThat(x.gather(1, index)).isEqualTo(x.gather(1, index.copy())).isEqualTo(x.indexSelect(1, entries));
        assertThat(x.scatterAdd(1, index, source))
                .isEqualTo(x.scatterAdd(1, index.copy(), source))
                .isEqualTo(x.indexAdd(1, entries, source));
    }

    @Test
    void largeSumsDoNotDependOnTheNumberOfThreads() {
        int n = 3000;
        int[] numbers = new int[n * 64];
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] = (int) (k * 2654435761L % 97 + 97) % 97;
        }
        NdArray x = NdArray.full(DType.FLOAT64, Shape.of(97, 64), 0.1);
        NdArray index = ints(Shape.of(n, 64), numbers);
        NdArray entries = index.select(1, 0).copy();
        NdArray source = NdArray.arange(DType.FLOAT64, n * 64).reshape(n, 64).map(Math::sin);
        double[][] expected = {x.toDoubleArray(), x.toDoubleArray(), x.toDoubleArray()};
        double[] addends = source.toDoubleArray();
        for (int k = 0; k < addends.length; k++) {
            expected[0][numbers[k] * 64 + k % 64] += addends[k];
            expected[1][numbers[k / 64 * 64] * 64 + k % 64] += addends[k];
            expected[2][numbers[k] * 64 + k % 64] = addends[k];
        }
        for (int threads = 1; threads <= 4; threads++) {
            assertThat(onThreads(threads, () -> x.scatterAdd(0, index, source)).toDoubleArray())
                    .isEqualTo(expected[0]);
            assertThat(onThreads(threads, () -> x.indexAdd(0, entries, source)).toDoubleArray())
                    .isEqualTo(expected[1]);
            assertThat(onThreads(threads, () -> x.scatter(0, index, source)).toDoubleArray())
                    .isEqualTo(expected[2]);
        }
    }

    @Test
    void sumsOfFloatsAreTakenInDouble() {
        int n = 1 << 16;
        NdArray zeros = NdArray.zeros(DType.INT32, Shape.of(n));
        NdArray small = NdArray.full(DType.FLOAT32, Shape.of(n), 1e-4);
        NdArray large = NdArray.full(DType.FLOAT32, Shape.of(1), 4096);
        double expected = (float) (4096 + n * (double) 1e-4f);

        assertThat(large.indexAdd(0, zeros, small).item()).isEqualTo(expected);
        assertThat(large.scatterAdd(0, zeros, small).item()).isEqualTo(expected);
    }

    @Test
    void nanIsLargestAndZerosOfBothSignsAreEqual() {
        NdArray x = NdArray.of(
                Shape.of(8),
                0.0,
                Double.NaN,
                -1,
                -0.0,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.NaN,
                0.0);

        assertThat(x.argSort(0, Order.ASCENDING).toIntArray()).containsExactly(5, 2, 0, 3, 7, 4, 1, 6);
        assertThat(x.argSort(0, Order.DESCENDING).toIntArray()).containsExactly(1, 6, 4, 0, 3, 7, 2, 5);
        assertThat(x.unique().get(2).toIntArray()).containsExactly(1, 1, 3, 1, 2);
        for (Order order : Order.values()) {
            for (int k = 0; k <= 8; k++) {
                assertThat(x.argTopK(0, k, order)).isEqualTo(x.argSort(0, order).slice(0, 0, k));
            }
        }
        for (int k : new int[] {-1, 9}) {
            assertThatThrownBy(() -> x.argTopK(0, k, Order.DESCENDING))
                    .isInstanceOf(ShapeException.class)
                    .hasMessage("topK: cannot take " + k + " of the 8 elements along axis 0 of [8]; expected 0 to 8");
        }
        NdArray sorted = x.indexSelect(0, x.argSort(0, Order.ASCENDING));
        assertThat(sorted.searchSorted(x, Side.LEFT).toIntArray()).containsExactly(2, 6, 1, 2, 5, 0, 6, 2);
        assertThat(sorted.searchSorted(x, Side.RIGHT).toIntArray()).containsExactly(5, 8, 2, 5, 6, 1, 8, 5);
    }

    @Test
    void aPositionThatDoesNotFitIsRefused() {
        refused(
                () -> matrix.unview(Shape.of(2, 3), whole -> whole.select(0, 1)),
                "unview: [2, 3] does not fit the view [3] of [2, 3]");
    }
}
