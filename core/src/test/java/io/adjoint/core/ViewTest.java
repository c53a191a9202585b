package io.adjoint.core;

import static io.adjoint.core.TestCalls.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class ViewTest {
    private final NdArray matrix = NdArray.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

    @Test
    void aSliceMayBeginAtTheEndOfItsAxisAndIsEmptyThen() {
        assertThat(matrix.slice(1, 3, 3).shape()).isEqualTo(Shape.of(2, 0));
        assertThat(matrix.slice(1, -1, -1, -1).shape()).isEqualTo(Shape.of(2, 0));
        assertThat(matrix.slice(0, 1, 1).slice(0, 0, 0).shape()).isEqualTo(Shape.of(0, 3));
    }

    @Test
    void aStepBeyondTheEndTakesTheFirstElement() {
        NdArray vector = NdArray.of(Shape.of(3), 1, 2, 3);

        assertThat(vector.slice(0, 0, 3, 100).toDoubleArray()).containsExactly(1);
        assertThat(vector.slice(0, 0, 3, Integer.MAX_VALUE).toDoubleArray()).containsExactly(1);
        assertThat(vector.slice(0, 2, -1, -100).toDoubleArray()).containsExactly(3);
        assertThat(vector.slice(0, 2, -1, Integer.MIN_VALUE).toDoubleArray()).containsExactly(3);
    }

    @Test
    void aSliceThatDoesNotFitIsRefused() {
        refused(() -> matrix.slice(1, 0, 4), "slice: 0 to 4 by 1 does not fit axis 1 of [2, 3], which has 3 elements");
        refused(
                () -> matrix.slice(-1, -1, 2),
                "slice: -1 to 2 by 1 does not fit axis -1 of [2, 3], which has 3 elements");
        refused(() -> matrix.slice(1, 2, 1), "slice: 2 to 1 by 1 does not fit axis 1 of [2, 3], which has 3 elements");
        refused(
                () -> matrix.slice(1, 3, 0, -1),
                "slice: 3 to 0 by -1 does not fit axis 1 of [2, 3], which has 3 elements");
        refused(
                () -> matrix.slice(1, 2, -2, -1),
                "slice: 2 to -2 by -1 does not fit axis 1 of [2, 3], which has 3 elements");
        refused(
                () -> matrix.slice(1, 0, 2, -1),
                "slice: 0 to 2 by -1 does not fit axis 1 of [2, 3], which has 3 elements");
        refused(
                () -> matrix.slice(1, 0, 3, 0),
                "slice: the step is 0; expected a positive step, or a negative one to walk backwards");
        refused(() -> matrix.slice(2, 0, 1), "slice: axis 2 is out of range for shape [2, 3]; expected -2 to 1");
    }

    @Test
    void anIndexOutOfRangeIsRefused() {
        refused(
                () -> matrix.select(-1, -4),
                "select: index -4 is out of range for axis -1 of [2, 3], which has 3 elements");
        refused(() -> matrix.get(1), "get: [1] has 1 numbers, but [2, 3] has 2 axes");
        refused(() -> matrix.get(0, 1, 2), "get: [0, 1, 2] has 3 numbers, but [2, 3] has 2 axes");
        assertThat(matrix.get(-1, -1)).isEqualTo(6);
    }

    @Test
    void aBroadcastThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> matrix.broadcastTo(Shape.of(3))).isInstanceOf(ShapeException.class);
    }

    @Test
    void aTransposeOfAVectorIsTheVector() {
        NdArray vector = NdArray.of(Shape.of(3), 1, 2, 3);
        assertThat(vector.transpose()).isSameAs(vector);
        assertThat(matrix.transpose()).isEqualTo(NdArray.of(Shape.of(3, 2), 1, 4, 2, 5, 3, 6));
    }

    @Test
    void aViewSeesAChangeInPlaceAndItsNumber() {
        NdArray view = matrix.transpose().slice(0, 1, 3);
        InPlace.assign(matrix, NdArray.of(Shape.of(2, 3), 7, 8, 9, 10, 11, 12));

        assertThat(view.toDoubleArray()).containsExactly(8, 11, 9, 12);
        assertThat(view.modified()).isEqualTo(matrix.modified()).isPositive();
        assertThat(matrix.copy().modified()).isZero();
    }

    @Test
    void aReshapeThatStridesCanExpressIsAViewOfAnyLayout() {
        NdArray cube = NdArray.arange(DType.FLOAT64, 24).reshape(4, 3, 2);
        NdArray[] views = {
            cube.transpose(0, 2).reshape(2, 3, 2, 2),
            cube.transpose(0, 1).unsqueeze(1).reshape(3, 2, 2, 1, 2),
            cube.slice(0, 1, 3).slice(2, 0, 1).reshape(6),
            cube.flip(0).reshape(2, 2, 6),
            cube.slice(0, 0, 1).broadcastTo(Shape.of(4, 3, 2)).reshape(2, 2, 6),
            cube.slice(1, 0, 1).reshape(2, 2, 2)
        };
        for (NdArray view : views) {
            assertThat(view.elements()).isSameAs(cube.elements());
        }
        assertThat(views[0].get(1, 2, 0, 1)).isEqualTo(cube.get(1, 2, 1));
        assertThat(views[3].get(0, 1, 4)).isEqualTo(cube.get(2, 2, 0));
        assertThat(cube.transpose(0, 2).reshape(6, 4).elements()).isNotSameAs(cube.elements());
        assertThat(cube.slice(2, 0, 1).transpose(0, 1).reshape(12).elements()).isNotSameAs(cube.elements());
    }

    @Test
    void aDiagonalHasTwoAxes() {
        assertThat(matrix.diagonal(0, 1, 1)).isEqualTo(NdArray.of(Shape.of(2), 2, 6));
        assertThat(matrix.diagonal(0, 1, 0).elements()).isSameAs(matrix.elements());
    }

    @Test
    void equalityIsThatOfElementsWhateverTheLayout() {
        NdArray large = NdArray.arange(DType.INT32, 20_000).reshape(100, 200);
        NdArray copy = large.transpose().copy().transpose();
        assertThat(large).isEqualTo(copy);
        for (int k : new int[] {0, 8191, 8192, 16384, 19_999}) {
            NdArray other = NdArray.generate(DType.INT32, large.shape(), i -> i == k ? -1 : i);
            assertThat(large).isNotEqualTo(other);
            assertThat(other.transpose()).isNotEqualTo(copy.transpose());
        }
        NdArray special = NdArray.of(Shape.of(2), Double.NaN, 0);
        assertThat(special)
                .isEqualTo(NdArray.of(Shape.of(2), Double.NaN, 0))
                .isNotEqualTo(NdArray.of(Shape.of(2), Double.NaN, -0.0));
        assertThat(NdArray.zeros(DType.BOOL, Shape.of(0, 3))).isEqualTo(NdArray.zeros(DType.BOOL, Shape.of(0, 3)));
    }

    @Test
    void equalityTakesNoMemoryBesideTheArrays() {
        NdArray a = NdArray.arange(DType.FLOAT32, 1_000_000);
        NdArray b = NdArray.arange(DType.FLOAT32, 1_000_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        assertThat(a.equals(b)).isTrue();
        assertThat(threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before)
                .isLessThan(1_000_000);
    }
}
