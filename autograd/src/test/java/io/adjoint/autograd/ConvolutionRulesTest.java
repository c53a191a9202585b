package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Padding;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Window;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Convolutions and pooling; the catalogue in proof tries each with many shapes and settings. */
class ConvolutionRulesTest {
    private static Tensor random(long seed, int... dims) {
        Shape shape = Shape.of(dims);
        return Tensor.of(NdArray.of(
                shape, new SplittableRandom(seed).doubles(shape.size(), -1, 1).toArray()));
    }

    @Test
    void nothingIsAllocatedForAResultWithoutElementsHoweverLargeItsOtherSizesAre() {
        int most = Integer.MAX_VALUE;
        assertThat(Tensor.ones(0, 2, 4, 4)
                        .maxPool2d(Window.kernel(1, 1 << 30).ceilMode())
                        .shape())
                .isEqualTo(Shape.of(0, 2, 4, 1));
        Tensor empty = Tensor.zeros(2, 0, 4, 4).requiresGrad(true);
        Tensor pooled = empty.adaptiveAvgPool2d(1, most);
        assertThat(pooled.shape()).isEqualTo(Shape.of(2, 0, 1, most));
        pooled.sum().backward();
        assertThat(Leaves.gradient(empty).shape()).isEqualTo(empty.shape());
        assertThat(Tensor.of(new int[0]).oneHot(most).shape()).isEqualTo(Shape.of(0, most));
    }

    @Test
    void aWindowThatIsMostlyBesideAnAxisCostsWhatIsOnIt() {
        Tensor x = Tensor.of(1, 2, 3, 4).reshape(1, 1, 4);
        Window window = Window.kernel(1 << 30).ceilMode();
        assertThat(x.maxPool1d(window).item()).isEqualTo(4);
        assertThat(x.avgPool1d(window, Padding.EXCLUDED).item()).isEqualTo(2.5);
    }

    @Test
    void anImageWithoutBatchIsABatchOfOne() {
        Tensor image = random(1, 2, 5, 5);
        Tensor weight = random(2, 3, 2, 3, 3);

        Tensor single = image.conv2d(weight, new ConvOptions());

        assertThat(single.shape()).isEqualTo(Shape.of(3, 3, 3));
        assertThat(single.data())
                .isEqualTo(image.unsqueeze(0)
                        .conv2d(weight, new ConvOptions())
                        .squeeze(0)
                        .data());
    }

    @Test
    void settingsAndShapesThatDoNotFitAreNamed() {
        Tensor x = random(1, 1, 2, 5, 5);

        assertThatThrownBy(() -> x.conv2d(random(2, 4, 3, 3, 3), new ConvOptions()))
                .isInstanceOf(ShapeException.class)
                .hasMessage("conv2d: the input has 2 channels on axis -3, but the weight is for 3: input [1, 2, 5, 5],"
                        + " weight [4, 3, 3, 3], groups 1");
        assertThatThrownBy(() -> new ConvOptions().groups(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ConvOptions.groups: must be at least 1, got 0");
        assertThatThrownBy(() -> new ConvOptions().outputPadding(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "ConvOptions.outputPadding: must be at least 0, one number for all axes or one for each, got"
                                + " [-1]");
        assertThatThrownBy(() -> new ConvOptions().stride(-2)).hasMessageStartingWith("ConvOptions.stride: must be at");
        assertThatThrownBy(() -> Window.kernel(2).padding())
                .hasMessageStartingWith("Window.padding: must be at least 0");
        assertThatThrownBy(() -> x.conv2d(random(2, 4, 2, 3, 3).to(DType.FLOAT32), new ConvOptions()))
                .hasMessageEndingWith("; convert the input with to(FLOAT32), or the rest with to(FLOAT64)");
        assertThatThrownBy(() -> x.to(DType.INT32).maxPool2d(2)).hasMessageContaining("INT32");
        assertThatThrownBy(() -> x.conv2d(random(2, 4, 2, 0, 3), new ConvOptions()))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("the kernel has a size of 0");
    }
}
