package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class IndexingTest {
    private final NdArray matrix = NdArray.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

    private static NdArray ints(Shape shape, int... values) {
        return NdArray.of(shape, values);
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isExactlyInstanceOf(ShapeException.class).hasMessage(message);
    }

    @Test
    void anIndexMustBeOfIntegers() {
        assertThatThrownBy(() -> matrix.gather(0, matrix))
                .isExactlyInstanceOf(DTypeException.class)
                .hasMessage("gather: the index is FLOAT64; convert it with to(INT32)");
        assertThatThrownBy(() -> matrix.indexSelect(0, matrix))
                .isExactlyInstanceOf(DTypeException.class)
                .hasMessage("indexSelect: the index is FLOAT64; convert it with to(INT32)");
        assertThatThrownBy(() -> matrix.scatterAdd(Shape.of(2, 3), 0, matrix))
                .isExactlyInstanceOf(DTypeException.class)
                .hasMessage("scatterAdd: the index is FLOAT64; convert it with to(INT32)");
    }

    @Test
    void anIndexOfAWrongShapeIsRefused() {
        refused(
                () -> matrix.gather(0, ints(Shape.of(2), 0, 0)),
                "gather: the index [2] must have as many axes as [2, 3]");
        refused(
                () -> matrix.gather(1, ints(Shape.of(3, 1), 0, 0, 0)),
                "gather: the index [3, 1] is longer than [2, 3] on axis 0; only axis 1 may be");
        refused(
                () -> matrix.scatterAdd(Shape.of(2, 3), 1, ints(Shape.of(1, 3), 0, 0, 0)),
                "scatterAdd: the source [2, 3] and the index [1, 3] must have the same shape");
        refused(
                () -> matrix.indexSelect(0, ints(Shape.of(1, 1), 0)),
                "indexSelect: the index must have one axis, but its shape is [1, 1]");
        refused(
                () -> matrix.gather(2, ints(Shape.of(1, 1), 0)),
                "gather: axis 2 is out of range for shape [2, 3]; expected -2 to 1");
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
}
