package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Window;
import org.junit.jupiter.api.Test;

/**
 * Tests the indices of max pooling, and the operations that write elements to these indices; the catalogue in proof tries each with many
 * shapes and settings.
 */
class UnpoolingRulesTest {
    private static IndexedValues pooled(int kernel, double... x) {
        return Tensor.of(x).reshape(1, x.length).maxPool1dWithIndices(Window.kernel(kernel));
    }

    @Test
    void indicesCountTheElementsOfThePlaneInRowMajorOrder() {
        Tensor x = Tensor.of(1, 5, 5, 5, 9, 0, 7, 8).reshape(2, 1, 2, 2);
        Window window = Window.kernel(2).stride(1).padding(1);

        IndexedValues whole = x.maxPool2dWithIndices(Window.kernel(2));

        assertThat(whole.indices().data()).isEqualTo(NdArray.of(Shape.of(2, 1, 1, 1), new int[] {1, 0}));
        assertThat(x.maxPool2dWithIndices(window).indices().select(0, 0).data())
                .isEqualTo(NdArray.of(Shape.of(1, 3, 3), new int[] {0, 1, 1, 2, 1, 1, 2, 2, 3}));
        assertThat(x.maxPool2dWithIndices(window).values().data())
                .isEqualTo(x.maxPool2d(window).data());
        assertThat(x.reshape(1, 2, 2, 2)
                        .maxPool3dWithIndices(Window.kernel(2))
                        .indices()
                        .data())
                .isEqualTo(NdArray.of(Shape.of(1, 1, 1, 1), new int[] {4}));
    }

    @Test
    void ofTiesAndOfNaNTheFirstIsNamedAndGetsTheGradient() {
        double nan = Double.NaN;

        assertThat(pooled(3, 1, 2, 2).indices().item()).isEqualTo(1);
        assertThat(pooled(4, 1, nan, nan, 4).indices().item()).isEqualTo(1);
        assertThat(pooled(2, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY)
                        .indices()
                        .item())
                .isEqualTo(0);
        Tensor x = Tensor.of(1, nan, nan, 4).reshape(1, 4).requiresGrad(true);
        x.maxPool1dWithIndices(Window.kernel(4)).values().sum().backward();
        assertThat(Leaves.gradient(x)).isEqualTo(NdArray.of(Shape.of(1, 4), 0, 1, 0, 0));
    }

    @Test
    void poolingAndBackKeepsTheLargestAndPutsZerosElsewhere() {
        Tensor x = Tensor.of(3, 1, 2, 4, 5, 6, 9, 8).reshape(2, 4);
        IndexedValues pooled = x.maxPool1dWithIndices(Window.kernel(2));

        Tensor back = pooled.values().maxUnpool1d(pooled.indices(), 4);

        assertThat(back.data()).isEqualTo(NdArray.of(Shape.of(2, 4), 3, 0, 0, 4, 0, 6, 9, 0));
    }

    @Test
    void ofARepeatedIndexTheLastElementStaysAndIsTheOneWithAGradient() {
        Tensor x = Tensor.of(1, 2, 3).reshape(1, 3).requiresGrad(true);
        Tensor indices = Tensor.of(new int[] {1, 1, 4}).reshape(1, 3);

        Tensor y = x.maxUnpool1d(indices, 6);
        y.backward(Tensor.of(1, 2, 3, 4, 5, 6).reshape(1, 6));

        assertThat(y.data()).isEqualTo(NdArray.of(Shape.of(1, 6), 0, 2, 0, 0, 3, 0));
        assertThat(Leaves.gradient(x)).isEqualTo(NdArray.of(Shape.of(1, 3), 0, 2, 5));
        GradCheck.check(2, t -> t[0].maxUnpool1d(indices, 6), Tensor.of(1, 2, 3).reshape(1, 3));
    }

    @Test
    void nothingStaysNothing() {
        Tensor x = Tensor.zeros(0, 2, 3).requiresGrad(true);
        IndexedValues pooled = Tensor.zeros(0, 4, 4).maxPool2dWithIndices(Window.kernel(2));

        Tensor y = x.maxUnpool2d(Tensor.zeros(0, 2, 3).to(DType.INT32), 4, 6);
        y.sum().backward();

        assertThat(y.shape()).isEqualTo(Shape.of(0, 4, 6));
        assertThat(Leaves.gradient(x).shape()).isEqualTo(x.shape());
        assertThat(pooled.indices().shape()).isEqualTo(Shape.of(0, 2, 2));
        assertThat(pooled.indices().dtype()).isEqualTo(DType.INT32);
    }

    @Test
    void float32StaysFloat32() {
        Tensor x = Tensor.of(3, 1, 2, 4).reshape(1, 4).to(DType.FLOAT32);
        IndexedValues pooled = x.maxPool1dWithIndices(Window.kernel(2));

        assertThat(pooled.indices().dtype()).isEqualTo(DType.INT32);
        assertThat(pooled.values().maxUnpool1d(pooled.indices(), 4).dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void wrongIndicesAreRefusedWithThePlane() {
        Tensor x = Tensor.zeros(1, 2, 2);
        Tensor ones = Tensor.ones(1, 2, 2);

        assertThatThrownBy(() -> x.maxUnpool2d(ones.mul(16).to(DType.INT32), 4))
                .isInstanceOf(ShapeException.class)
                .hasMessage("maxUnpool2d: index 16 is not in a plane of sizes [4, 4], which has 16 elements;"
                        + " take the sizes of what was pooled");
        assertThatThrownBy(() -> x.maxUnpool2d(ones.neg().to(DType.INT32), 4, 3))
                .hasMessageContaining("index -1 is not in a plane of sizes [4, 3]");
        assertThatThrownBy(() -> x.maxUnpool2d(ones, 4))
                .isInstanceOf(DTypeException.class)
                .hasMessageContaining("expected INT32 indices, got FLOAT64");
    }
}
