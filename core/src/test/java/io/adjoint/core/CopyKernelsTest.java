package io.adjoint.core;

import static io.adjoint.core.TestCalls.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import org.junit.jupiter.api.Test;

class CopyKernelsTest {
    private static NdArray zeros(int... dims) {
        return NdArray.zeros(DType.FLOAT64, Shape.of(dims));
    }

    @Test
    void aConcatOfTooManyElementsIsRefused() {
        NdArray large = zeros(1).broadcastTo(Shape.of(1 << 30));
        refused(
                () -> NdArray.concat(0, Collections.nCopies(2, large)),
                "concat: the parts have 2147483648 entries along axis 0, more than 2147483647");
        refused(
                () -> NdArray.concat(0, Collections.nCopies(3, large.unsqueeze(0))),
                "concat: [1, 1073741824] would become [3, 1073741824], which has more than 2147483647 elements, the most that a Java array holds");
    }

    @Test
    void whatDoesNotFitItsViewIsRefused() {
        refused(
                () -> zeros(2).unview(Shape.of(5), zeros -> zeros.slice(0, 0, 3)),
                "unview: [2] does not fit the view [3] of [5]");
        assertThatThrownBy(() -> NdArray.zeros(DType.FLOAT64, Shape.of(2)).unview(Shape.of(5), whole -> null))
                .hasMessage("unview: the function returned null instead of a view");
    }

    @Test
    void aRowThatRepeatsIsCopiedAsOften() {
        NdArray row = NdArray.wrap(Shape.of(3), new double[] {1, -0.0, Double.NaN});
        for (int count = 1; count < 12; count++) {
            NdArray repeated = row.broadcastTo(Shape.of(2, count, 3)).slice(0, 1, 2);
            NdArray joined = NdArray.concat(1, zeros(1, 2, 3), repeated);

            assertThat(joined.slice(1, 0, 2)).isEqualTo(zeros(1, 2, 3));
            for (int k = 0; k < count; k++) {
                assertThat(joined.select(0, 0).select(0, k + 2)).isEqualTo(row);
                assertThat(repeated.contiguous().select(0, 0).select(0, k)).isEqualTo(row);
            }
        }
    }

    @Test
    void aContiguousArrayIsItsOwnDenseForm() {
        NdArray dense = zeros(2, 3);
        assertThat(dense.contiguous()).isSameAs(dense);
        assertThat(dense.isContiguous()).isTrue();
        assertThat(dense.slice(0, 1, 2).isContiguous()).isTrue();
        assertThat(dense.transpose().isContiguous()).isFalse();
        assertThat(dense.transpose().contiguous().isContiguous()).isTrue();
    }

    @Test
    void theStridesOfAxesWithoutNeighboursDontMatter() {
        assertThat(zeros(1, 3).transpose().isContiguous()).isTrue();
        assertThat(zeros(3, 1).transpose().isContiguous()).isTrue();
        assertThat(zeros(5, 3).slice(0, 0, 5, 7).isContiguous()).isTrue();
        assertThat(zeros(1).broadcastTo(Shape.of(1, 1)).isContiguous()).isTrue();
        assertThat(zeros(0, 3).transpose().isContiguous()).isTrue();
        assertThat(zeros(1).broadcastTo(Shape.of(2)).isContiguous()).isFalse();
        assertThat(Fusion.defer(zeros(2, 3)).isContiguous()).isFalse();
    }

    @Test
    void aPadThatDoesNotFitIsRefused() {
        refused(
                () -> zeros(2, 3).pad(new int[1], new int[2], 0),
                "pad: expected a number for each axis of [2, 3], but got [0] before and [0, 0] after");
    }

    @Test
    void farDiagonalsAreEmptyAndLeaveAllOrNothing() {
        NdArray x = NdArray.of(Shape.of(2, 2), 1, 2, 3, 4);
        assertThat(x.tril(Integer.MAX_VALUE)).isEqualTo(x);
        assertThat(x.tril(Integer.MIN_VALUE)).isEqualTo(zeros(2, 2));
        assertThat(x.triu(Integer.MIN_VALUE)).isEqualTo(x);
        assertThat(x.triu(Integer.MAX_VALUE)).isEqualTo(zeros(2, 2));
        assertThat(x.diagonal(0, 1, Integer.MAX_VALUE).shape()).isEqualTo(Shape.of(0));
        assertThat(x.diagonal(0, 1, Integer.MIN_VALUE).shape()).isEqualTo(Shape.of(0));
    }
}
