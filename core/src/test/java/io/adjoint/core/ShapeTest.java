package io.adjoint.core;

import static io.adjoint.core.TestCalls.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
    private static final Shape MATRIX = Shape.of(2, 3);

    @Test
    void aScalarHasNoAxesAndOneElement() {
        assertThat(Shape.scalar()).isEqualTo(Shape.of()).hasToString("[]");
        assertThat(Shape.scalar().size()).isEqualTo(1);
        assertThat(Shape.scalar().rank()).isZero();
    }

    @Test
    void theSizesGivenAreCopied() {
        int[] dims = {2, 3};
        Shape shape = Shape.of(dims);
        dims[0] = 7;
        shape.toArray()[1] = 7;

        assertThat(shape).isEqualTo(MATRIX);
    }

    @Test
    void aNegativeSizeIsRefused() {
        refused(() -> Shape.of(2, -3), "Shape.of: [2, -3] has a negative size: -3");
    }

    @Test
    void moreElementsThanAJavaArrayHoldsAreRefused() {
        String text = " has more than 2147483647 elements, the most that a Java array holds";
        refused(() -> Shape.of(65536, 32768), "Shape.of: [65536, 32768]" + text);
        refused(() -> Shape.of(65536, 65536), "Shape.of: [65536, 65536]" + text);
        refused(
                () -> Shape.of(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, 4),
                "Shape.of: [2147483647, 2147483647, 2147483647, 4]" + text);
        assertThat(Shape.of(Integer.MAX_VALUE).size()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void hugeSizesAreFineWhereOneIsZero() {
        assertThat(Shape.of(65536, 65536, 0).size()).isZero();
        assertThat(Shape.of(0, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE)
                        .size())
                .isZero();
    }

    @Test
    void valuesOfAWrongLengthAreRefused() {
        String text = "NdArray.of: the shape [2, 3] takes 6 elements, but got 5";
        refused(() -> NdArray.of(MATRIX, 1, 2, 3, 4, 5), text);
        refused(() -> NdArray.of(MATRIX, new float[5]), text);
        refused(() -> NdArray.of(MATRIX, new int[5]), text);
        refused(() -> NdArray.wrap(MATRIX, new double[5]), text.replace(".of", ".wrap"));
        refused(() -> NdArray.wrap(MATRIX, new float[5]), text.replace(".of", ".wrap"));
    }

    @Test
    void anAxisOutOfRangeIsNamedWithTheOperation() {
        refused(() -> MATRIX.axis("sum", 2), "sum: axis 2 is out of range for shape [2, 3]; expected -2 to 1");
        refused(() -> MATRIX.axis("sum", -3), "sum: axis -3 is out of range for shape [2, 3]; expected -2 to 1");
        refused(() -> Shape.scalar().axis("sum", 0), "sum: axis 0 is out of range for shape [], which has no axes");
        refused(() -> MATRIX.dim(5), "dim: axis 5 is out of range for shape [2, 3]; expected -2 to 1");
    }

    @Test
    void anAxisNamedTwiceIsRefused() {
        refused(() -> MATRIX.axes("sum", 1, -1), "sum: axis -1 is named twice in [1, -1]");
        refused(() -> MATRIX.reduce("sum", Dims.KEEP, 0, 0), "sum: axis 0 is named twice in [0, 0]");
    }

    @Test
    void noAxesMeansAll() {
        assertThat(MATRIX.axes("sum")).containsExactly(0, 1);
        assertThat(MATRIX.reduce("sum", Dims.DROP)).isEqualTo(Shape.scalar());
        assertThat(MATRIX.reduce("sum", Dims.KEEP)).isEqualTo(Shape.of(1, 1));
    }

    @Test
    void anImpossibleReshapeSaysWhy() {
        refused(() -> MATRIX.reshaped(4), "reshape: cannot make [4] of [2, 3]: it has 6 elements, not 4");
        refused(
                () -> MATRIX.reshaped(4, -1),
                "reshape: cannot make [4, -1] of [2, 3]: it has 6 elements, not a multiple of 4");
        refused(() -> MATRIX.reshaped(-1, -1), "reshape: only one size can be inferred, but [-1, -1] has two of -1");
        refused(
                () -> Shape.of(0, 3).reshaped(0, -1),
                "reshape: -1 in [0, -1] is ambiguous for [0, 3], which has no elements");
        refused(
                () -> MATRIX.reshaped(0, -1),
                "reshape: cannot make [0, -1] of [2, 3]: it has 6 elements, not a multiple of 0");
    }

    @Test
    void aNegativeSizeInAReshapeIsRefused() {
        String text = " has a negative size: -2; only -1 stands for a size, the one to be inferred";
        refused(() -> MATRIX.reshaped(-2, -3), "reshape: [-2, -3]" + text);
        refused(() -> MATRIX.reshaped(-1, -2), "reshape: [-1, -2]" + text);
    }

    @Test
    void aReshapeToHugeSizesIsRefusedAsAnyOther() {
        int huge = Integer.MAX_VALUE;
        assertThatThrownBy(() -> MATRIX.reshaped(huge, huge, huge, 2)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> MATRIX.reshaped(huge, huge, huge, -1)).isInstanceOf(ShapeException.class);
        assertThat(Shape.of(0).reshaped(huge, huge, huge, 0).size()).isZero();
    }

    @Test
    void noElementsAreInferredToo() {
        assertThat(Shape.of(0, 3).reshaped(-1, 3)).isEqualTo(Shape.of(0, 3));
        assertThat(Shape.of(0, 3).reshaped(-1)).isEqualTo(Shape.of(0));
    }

    @Test
    void aPositionOutsideIsRefused() {
        for (int position : new int[] {-1, 6}) {
            assertThatThrownBy(() -> MATRIX.unravelIndex(position))
                    .isInstanceOf(ShapeException.class)
                    .hasMessage("unravelIndex: position " + position
                            + " is out of range for shape [2, 3]; expected 0 to 5");
        }
        assertThatThrownBy(() -> Shape.of(0, 3).unravelIndex(0))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("which has no elements");
    }
}
