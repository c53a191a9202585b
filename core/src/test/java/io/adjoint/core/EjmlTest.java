package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.data.MatrixType;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class EjmlTest {
    private final NdArray doubles = NdArray.of(Shape.of(2, 3), 1.0, 2, 3, 4, 5, 6);
    private final NdArray floats = NdArray.of(Shape.of(2, 3), new float[] {1, 2, 3, 4, 5, 6});

    @Test
    void matricesHaveTheArraysTypeSizesAndElements() {
        DMatrixRMaj ofDoubles = Ejml.toDMatrix(doubles);
        assertThat(new int[] {ofDoubles.numRows, ofDoubles.numCols}).containsExactly(2, 3);
        assertThat(ofDoubles.data).containsExactly(1, 2, 3, 4, 5, 6);

        FMatrixRMaj ofFloats = Ejml.toFMatrix(floats);
        assertThat(new int[] {ofFloats.numRows, ofFloats.numCols}).containsExactly(2, 3);
        assertThat(ofFloats.data).containsExactly(1, 2, 3, 4, 5, 6);

        assertThat(Ejml.toSimpleMatrix(doubles).getType()).isEqualTo(MatrixType.DDRM);
        assertThat(Ejml.toSimpleMatrix(floats).getType()).isEqualTo(MatrixType.FDRM);
        assertThat(Ejml.toSimpleMatrix(doubles).get(1, 0)).isEqualTo(4);
    }

    @Test
    void viewsArriveInTheirOwnOrder() {
        assertThat(Ejml.toDMatrix(doubles.transpose()).data).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(Ejml.toFMatrix(floats.slice(1, 1, 3)).data).containsExactly(2, 3, 5, 6);
    }

    @Test
    void thereAndBackIsTheSameArray() {
        assertThat(Ejml.fromMatrix(Ejml.toSimpleMatrix(doubles))).isEqualTo(doubles);
        assertThat(Ejml.fromMatrix(Ejml.toSimpleMatrix(floats))).isEqualTo(floats);
        assertThat(Ejml.fromMatrix(Ejml.toDMatrix(doubles))).isEqualTo(doubles);
        assertThat(Ejml.fromMatrix(Ejml.toFMatrix(floats))).isEqualTo(floats);
        NdArray empty = NdArray.zeros(DType.FLOAT64, Shape.of(0, 3));
        assertThat(Ejml.fromMatrix(Ejml.toDMatrix(empty))).isEqualTo(empty);
    }

    @Test
    void neitherSideSeesChangesOfTheOther() {
        DMatrixRMaj matrix = Ejml.toDMatrix(doubles);
        NdArray array = Ejml.fromMatrix(matrix);
        matrix.set(0, 0, 100);

        assertThat(doubles.get(0, 0)).isEqualTo(1);
        assertThat(array.get(0, 0)).isEqualTo(1);
    }

    @Test
    void reshapedMatrixGivesOnlyItsElements() {
        DMatrixRMaj matrix = Ejml.toDMatrix(doubles);
        matrix.reshape(1, 2);

        assertThat(Ejml.fromMatrix(matrix)).isEqualTo(NdArray.of(Shape.of(1, 2), 1.0, 2));
    }

    @Test
    void sparseMatrixIsFilledUpWithZeros() {
        SimpleMatrix sparse = new SimpleMatrix(2, 2, MatrixType.DSCC);
        sparse.set(1, 0, 5);

        assertThat(Ejml.fromMatrix(sparse)).isEqualTo(NdArray.of(Shape.of(2, 2), 0.0, 0, 5, 0));
    }

    @Test
    void complexMatrixIsAnError() {
        assertThatThrownBy(() -> Ejml.fromMatrix(new SimpleMatrix(2, 2, MatrixType.ZDRM)))
                .isInstanceOf(DTypeException.class)
                .hasMessage(
                        "fromMatrix: a complex matrix (ZDRM) has no array type; convert its real and imaginary parts with"
                                + " real() and imaginary()");
    }

    @Test
    void otherTypeIsAnErrorThatNamesTheConversion() {
        assertThatThrownBy(() -> Ejml.toDMatrix(floats))
                .isInstanceOf(DTypeException.class)
                .hasMessage("toDMatrix: expected FLOAT64, got FLOAT32; convert with to(FLOAT64)");
        assertThatThrownBy(() -> Ejml.toFMatrix(doubles)).isInstanceOf(DTypeException.class);
        assertThatThrownBy(() -> Ejml.toSimpleMatrix(NdArray.zeros(DType.INT32, Shape.of(2, 2))))
                .isInstanceOf(DTypeException.class)
                .hasMessageContaining("toSimpleMatrix: expected FLOAT64 or FLOAT32 elements, got INT32");
    }

    @Test
    void otherRankIsAnErrorThatNamesTheShape() {
        assertThatThrownBy(() -> Ejml.toSimpleMatrix(NdArray.of(Shape.of(3), 1.0, 2, 3)))
                .isInstanceOf(ShapeException.class)
                .hasMessage(
                        "toSimpleMatrix: expected a matrix, got shape [3] with 1 axes; reshape it to two, e.g. a vector to"
                                + " a column with reshape(-1, 1)");
    }
}
