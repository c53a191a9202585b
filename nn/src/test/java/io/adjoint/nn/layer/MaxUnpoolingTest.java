package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.IndexedValues;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Window;
import io.adjoint.nn.Init;
import org.junit.jupiter.api.Test;

/** Elements that unpooling puts back where pooling found them, and windows and options with a wrong number of axes. */
class MaxUnpoolingTest {
    private final Init init = new Init(new Generator(1));

    private static Tensor counted(int... dims) {
        Shape shape = Shape.of(dims);
        return Tensor.of(NdArray.arange(DType.FLOAT64, shape.size()).reshape(shape));
    }

    private static Tensor indices(int... dims) {
        return Tensor.of(NdArray.zeros(DType.INT32, Shape.of(dims)));
    }

    @Test
    void theUsualSizesAreThoseOfWindowsThatFitExactly() {
        Window window = Window.kernel(3, 2).stride(2, 3).padding(1, 0).dilation(1, 2);
        Tensor x = counted(1, 5, 9);
        IndexedValues pooled = x.maxPool2dWithIndices(window);

        Tensor back = new MaxUnpool2d(window).forward(pooled.values(), pooled.indices());

        assertThat(back.shape()).isEqualTo(x.shape());
        assertThat(back.maxPool2d(window).data()).isEqualTo(pooled.values().data());
    }

    @Test
    void theSizesOfWhatWasPooledAreTakenAndOthersRefused() {
        MaxUnpool1d unpool = new MaxUnpool1d(Window.kernel(3));
        Tensor x = counted(2, 3);

        for (int size = 7; size <= 11; size++) {
            assertThat(unpool.forward(x, indices(2, 3), size).shape()).isEqualTo(Shape.of(2, size));
        }
        for (int size : new int[] {-1, 6, 12}) {
            thrown(ShapeException.class, () -> unpool.forward(x, indices(2, 3), size))
                    .withMessageStartingWith("MaxUnpool1d(kernel 3)")
                    .withMessageContaining("MaxUnpool1d: Window(kernel 3)"
                            + " doesn't pool " + size + " elements to the 3 of axis -1 of [2, 3];"
                            + " expected an output size from 7 to 11");
        }
        refused(() -> unpool.forward(x, indices(2, 3), 7, 7))
                .withMessageContaining("MaxUnpool1d: output sizes [7, 7] has 2 numbers; expected one for all 1 axes");
    }

    @Test
    void poolingThatRoundsUpIsUndoneWithItsSizes() {
        Window window = Window.kernel(2).ceilMode();
        Tensor x = counted(1, 1, 3, 5, 2);
        IndexedValues pooled = x.maxPool3dWithIndices(window);

        Tensor back = new MaxUnpool3d(window).forward(pooled.values(), pooled.indices(), 3, 5, 2);

        assertThat(pooled.values().shape()).isEqualTo(Shape.of(1, 1, 2, 3, 1));
        assertThat(back.sum().item()).isEqualTo(pooled.values().sum().item());
        assertThat(back.mul(x.sub(back)).abs().amax().item()).isZero();
    }

    @Test
    void wrongInputsAreRefused() {
        MaxUnpool2d unpool = new MaxUnpool2d(2);

        assertThat(unpool).hasToString("MaxUnpool2d(kernel 2)");
        thrown(ShapeException.class, () -> unpool.forward(counted(3), indices(3)))
                .withMessageContaining("MaxUnpool2d: expected 2 axes to slide over, but [3] has 1");
        thrown(ShapeException.class, () -> unpool.forward(counted(2, 2), indices(2, 3)))
                .withMessageContaining(
                        "maxUnpool2d: expected an index for each element of [2, 2], got indices of [2, 3]");
        thrown(
                        ShapeException.class,
                        () -> new MaxUnpool2d(Window.kernel(1).padding(1)).forward(counted(2, 2), indices(2, 2)))
                .withMessageContaining("doesn't pool 0 elements");
        refused(() -> new MaxUnpool2d(0)).withMessageContaining("MaxUnpool2d: the kernel must be at least 1, got 0");
    }

    @Test
    void settingsForOtherAxesAreRefusedWhenALayerIsMade() {
        ConvOptions three = new ConvOptions().stride(1, 2, 3);

        refused(() -> new Conv2d(1, 1, Shape.of(2, 2), three, init))
                .withMessageContaining(
                        "Conv2d: stride [1, 2, 3] has 3 numbers; expected one for all 2 axes, or one for each");
        refused(() -> new ConvTranspose1d(1, 1, Shape.of(2), new ConvOptions().outputPadding(0, 0), init))
                .withMessageContaining("ConvTranspose1d: output padding [0, 0]");
        refused(() -> new Conv3d(1, 1, Shape.of(1, 1, 1), new ConvOptions().padding(1, 1), init))
                .withMessageContaining("Conv3d: padding [1, 1]");
        refused(() -> Conv1d.withoutBias(1, 1, Shape.of(1), new ConvOptions().dilation(1, 1), init))
                .withMessageContaining("Conv1d: dilation [1, 1]");
        refused(() -> new MaxPool3d(Window.kernel(2, 2).stride(1, 1, 1)))
                .withMessageContaining("MaxPool3d: kernel [2, 2]");
        refused(() -> new AvgPool2d(Window.kernel(2).padding(1, 1, 1)))
                .withMessageContaining("AvgPool2d: padding [1, 1, 1]");
        refused(() -> new MaxUnpool2d(Window.kernel(2).stride(1, 1, 1)))
                .withMessageContaining("MaxUnpool2d: stride [1, 1, 1]");
        assertThat(new Conv3d(1, 1, Shape.of(1, 1, 1), three, init)
                        .forward(Tensor.zeros(1, 1, 4, 4, 4))
                        .shape())
                .isEqualTo(Shape.of(1, 1, 4, 2, 2));
    }
}
