package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CopyKernelsTest {
    private static NdArray zeros(int... dims) {
        return NdArray.zeros(DType.FLOAT64, Shape.of(dims));
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isExactlyInstanceOf(ShapeException.class).hasMessage(message);
    }

    @Test
    void concatNeedsPartsThatFit() {
        refused(() -> NdArray.concat(0, List.of()), "concat: expected at least one array, got none");
        refused(
                () -> NdArray.concat(0, List.of(zeros(2, 3), zeros(2, 4))),
                "concat: part 1 has shape [2, 4], which does not fit [2, 3] of part 0: all axes but 0 must be equal");
        refused(
                () -> NdArray.concat(0, List.of(zeros(2), zeros(2, 1))),
                "concat: part 1 has shape [2, 1], which does not fit [2] of part 0: all axes but 0 must be equal");
        refused(
                () -> NdArray.concat(0, List.of(zeros(2), zeros())),
                "concat: part 1 has shape [], which does not fit [2] of part 0: all axes but 0 must be equal");
        refused(
                () -> NdArray.concat(0, List.of(zeros())),
                "concat: scalars have no axis to be joined along; stack them along a new one");
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
                () -> zeros(2, 3).pad(new int[] {0, -2}, new int[] {0, -2}, 0),
                "pad: cannot take 2 entries off the front and 2 off the back of axis 1 of [2, 3], which has 3");
        refused(
                () -> zeros(2, 3).pad(new int[1], new int[2], 0),
                "pad: expected a number for each axis of [2, 3], but got [0] before and [0, 0] after");
        refused(
                () -> zeros(2).pad(new int[] {Integer.MAX_VALUE}, new int[] {Integer.MAX_VALUE}, 0),
                "pad: [2] would become [4294967296], which has more than 2147483647 elements, the most that a Java array holds");
        assertThatThrownBy(() -> zeros(2).to(DType.INT32).pad(new int[1], new int[1], 0.5))
                .isExactlyInstanceOf(DTypeException.class)
                .hasMessage("pad: 0.5 is no INT32; give an integer of 32 bits, or convert with to(FLOAT64)");
    }

    @Test
    void aVectorHasNoTriangle() {
        refused(() -> zeros(2).tril(0), "tril: [2] has 1 axes, but a matrix has two; insert one with unsqueeze");
        refused(() -> zeros().triu(0), "triu: [] has 0 axes, but a matrix has two; insert one with unsqueeze");
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
