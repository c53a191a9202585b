package io.adjoint.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private final Tensor x = Tensor.of(new double[][] {{1, 2}, {3, 4}, {5, 6}});
    private final Tensor y = Tensor.of(new int[] {7, 8, 9});

    @Test
    void samplesLieAlongAxisZero() {
        Dataset<Batch> dataset = Dataset.of(x, y);
        Batch batch = dataset.batch(2, 0, 2);

        assertThat(dataset.size()).isEqualTo(3);
        assertThat(batch.x().data()).isEqualTo(NdArray.of(Shape.of(3, 2), 5, 6, 1, 2, 5, 6));
        assertThat(batch.y().data()).isEqualTo(NdArray.of(Shape.of(3), new int[] {9, 7, 9}));
    }

    @Test
    void inputsAndTargetsAreEquallyMany() {
        assertThatExceptionOfType(ShapeException.class)
                .isThrownBy(() -> Dataset.of(x, Tensor.of(1, 2)))
                .withMessage("Dataset: x [3, 2] has 3 samples, but y [2] has 2");
    }

    @Test
    void scalarsAreNotSamples() {
        assertThatExceptionOfType(ShapeException.class)
                .isThrownBy(() -> Dataset.of(x, Tensor.scalar(1)))
                .withMessage("Dataset: samples lie along axis 0, but x is [3, 2] and y is []");
    }

    @Test
    void anIndexOutOfRangeIsNamed() {
        assertThatExceptionOfType(ShapeException.class)
                .isThrownBy(() -> Dataset.of(x, y).batch(3))
                .withMessageContaining("3 is out of range");
    }
}
