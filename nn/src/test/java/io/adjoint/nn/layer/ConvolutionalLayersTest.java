package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Interpolation;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.PadMode;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Window;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Convolutions, pooling, activations and shapes as layers: their defaults, descriptions and errors. */
class ConvolutionalLayersTest {
    private final Init init = new Init(new Generator(1));

    private static Tensor counted(int... dims) {
        Shape shape = Shape.of(dims);
        return Tensor.of(NdArray.arange(DType.FLOAT64, shape.size()).reshape(shape));
    }

    // ---- convolutions ----

    @Test
    void theDescriptionHasTheSettingsThatAreNotTheDefaults() {
        ConvOptions options =
                new ConvOptions().stride(2, 1).padding(1).dilation(3).groups(2);

        assertThat(new Conv2d(4, 6, 3, init)).hasToString("Conv2d(4 -> 6, kernel 3×3)");
        assertThat(Conv2d.withoutBias(4, 6, Shape.of(3, 5), options, init))
                .hasToString("Conv2d(4 -> 6, kernel 3×5, stride 2×1, padding 1, dilation 3, 2 groups, no bias)");
        assertThat(new Conv1d(4, 6, Shape.of(3), new ConvOptions().samePadding().paddingMode(PadMode.REFLECT), init))
                .hasToString("Conv1d(4 -> 6, kernel 3, same padding, padding mode reflect)");
        assertThat(new ConvTranspose1d(
                        4, 6, Shape.of(3), new ConvOptions().stride(2).outputPadding(1), init))
                .hasToString("ConvTranspose1d(4 -> 6, kernel 3, stride 2, output padding 1)");
    }

    @Test
    void weightsAreLaidOutAndBoundedAsPyTorchs() {
        ConvOptions groups = new ConvOptions().groups(2);
        Conv1d conv = new Conv1d(4, 6, Shape.of(3), groups, init);
        ConvTranspose1d transposed = new ConvTranspose1d(4, 6, Shape.of(3), groups, init);

        assertThat(conv.weight().shape()).isEqualTo(Shape.of(6, 2, 3));
        assertThat(transposed.weight().shape()).isEqualTo(Shape.of(4, 3, 3));
        assertThat(conv.weight().abs().amax().item()).isBetween(0.8 / Math.sqrt(6), 1 / Math.sqrt(6));
        assertThat(transposed.weight().abs().amax().item()).isBetween(0.8 / 3, 1.0 / 3);
        assertThat(ConvTranspose1d.withoutBias(4, 6, Shape.of(3), groups, init).namedParameters())
                .containsOnlyKeys("weight");
    }

    @Test
    void samePaddingKeepsTheSizesAndPutsTheOddElementAtTheEnd() {
        ConvOptions same = new ConvOptions().dilation(3, 1).samePadding();
        Tensor x = Tensor.of(1, 2, 3).reshape(1, 1, 3);
        Tensor ones = Tensor.ones(1, 1, 2);

        assertThat(new Conv2d(2, 3, Shape.of(2, 5), same, init)
                        .forward(Tensor.zeros(1, 2, 4, 7))
                        .shape())
                .isEqualTo(Shape.of(1, 3, 4, 7));
        assertThat(x.conv1d(ones, new ConvOptions().samePadding()).flatten().data())
                .isEqualTo(NdArray.of(Shape.of(3), 3, 5, 3));
        assertThat(same.isSamePadding()).isTrue();
        assertThat(same.padding(1).isSamePadding()).isFalse();
        assertThat(same).hasToString("ConvOptions(same padding, dilation 3×1)");
    }

    @Test
    void samePaddingIsRefusedWhereItHasNoMeaning() {
        ConvOptions same = new ConvOptions().samePadding();

        refused(() -> same.stride(1, 2))
                .withMessageContaining("ConvOptions: padding that keeps the sizes needs stride 1, got stride [1, 2]");
        refused(() -> new ConvOptions().stride(2).samePadding())
                .withMessageContainingAll("ConvOptions: padding that keeps", "[2]");
        refused(() -> new ConvTranspose2d(1, 1, Shape.of(2, 2), same, init))
                .withMessageContaining("ConvTranspose2d: padding that keeps the sizes is for a convolution");
        refused(() -> Tensor.zeros(1, 1, 3).convTranspose1d(Tensor.zeros(1, 1, 2), same))
                .withMessageContaining("convTranspose1d: padding that keeps");
    }

    @Test
    void wrongConvolutionsAreRefusedWhenTheyAreMade() {
        refused(() -> new Conv1d(0, 1, 2, init))
                .withMessageContainingAll("Conv1d: expected at least 1 channel", "0 and 1");
        refused(() -> new Conv3d(1, 1, Shape.of(2, 2), new ConvOptions(), init))
                .withMessageContainingAll("Conv3d", "3 sizes", "kernel [2, 2]");
        refused(() -> new ConvTranspose3d(2, 3, Shape.of(1, 1, 1), new ConvOptions().groups(2), init))
                .withMessageContaining("ConvTranspose3d: 2 groups must divide");
    }

    @Test
    void wrongInputsAreRefusedWithTheLayersPath() {
        Sequential net = new Sequential(new Sequential(new Conv1d(2, 3, 2, init)), new MaxPool1d(4));

        thrown(ShapeException.class, () -> net.forward(Tensor.zeros(1, 3, 5)))
                .withMessageStartingWith("0.0: Conv1d(2 -> 3, kernel 2): conv1d: the input has 3 channels");
        thrown(ShapeException.class, () -> net.forward(Tensor.zeros(1, 2, 4)))
                .withMessageStartingWith("1: MaxPool1d(kernel 4")
                .withMessageContaining("does not fit");
        thrown(DTypeException.class, () -> net.forward(Tensor.zeros(1, 2, 4).to(DType.FLOAT32)))
                .withMessageStartingWith("0.0: Conv1d");
    }

    // ---- pooling ----

    @Test
    void wrongPoolsAreRefusedWhenTheyAreMade() {
        refused(() -> new MaxPool3d(0)).withMessageContaining("MaxPool3d: the kernel must be at least 1, got 0");
        refused(() -> new AvgPool2d(Window.kernel(1, 2, 3)))
                .withMessageContaining("AvgPool2d: kernel [1, 2, 3] has 3 numbers; expected one for all 2 axes");
        refused(() -> new AdaptiveMaxPool2d(1, 2, 3)).withMessageContainingAll("AdaptiveMaxPool2d", "[1, 2, 3]");
        refused(() -> new AdaptiveAvgPool1d(0)).withMessageContainingAll("AdaptiveAvgPool1d", "at least 1");
    }

    @Test
    void globalPoolsTakeAnyNumberOfAxes() {
        assertThat(new GlobalAvgPool().forward(counted(1, 2, 3)).data()).isEqualTo(NdArray.of(Shape.of(1, 2), 1, 4));
        assertThat(new GlobalMaxPool().forward(counted(1, 2, 2, 3)).data())
                .isEqualTo(NdArray.of(Shape.of(1, 2), 5, 11));
        thrown(ShapeException.class, () -> new GlobalAvgPool().forward(Tensor.zeros(2, 3)))
                .withMessage(
                        "GlobalAvgPool(): globalAvgPool: expected input [N, C, sizes...] with at least 3 axes, got [2, 3]");
    }

    // ---- activations ----

    @Test
    void wrongSettingsAreRefusedWhenTheLayerIsMade() {
        refused(() -> new ELU(Double.NaN)).withMessageContaining("ELU(alpha NaN): elu: expected a finite alpha");
        refused(() -> new Softplus(0, 20)).withMessageContaining("Softplus(beta 0.0, threshold 20.0)");
        refused(() -> new Hardtanh(1, 1)).withMessageContaining("Hardtanh(min 1.0, max 1.0)");
        refused(() -> new Softshrink(-1))
                .withMessageContaining("Softshrink(lambda -1.0): softshrink: expected a lambda from 0 on");
        refused(() -> new PReLU(0, init))
                .withMessageContaining("PReLU: expected a slope for at least 1 channel, got 0");
        refused(() -> new RReLU(1, 0, new Generator(1))).withMessageContaining("RReLU: expected finite slopes");
    }

    @Test
    void aLayerAlongAnAxisNeedsAnInputThatHasIt() {
        thrown(ShapeException.class, () -> new Softmax(2).forward(Tensor.zeros(2, 3)))
                .withMessageStartingWith("Softmax(axis 2): softmax: axis 2");
        thrown(ShapeException.class, () -> new GLU(1).forward(Tensor.zeros(2, 3)))
                .withMessageStartingWith("GLU(axis 1): glu: axis 1 of [2, 3] must have an even size");
    }

    @Test
    void randomSlopesAreOfTheirRangeInTrainingAndTheirMeanInEvaluation() {
        RReLU layer = new RReLU(0.2, 0.4, new Generator(3));
        Tensor x = Tensor.full(Shape.of(1000), -1);

        Tensor slopes = layer.forward(x).neg();
        Tensor again = new RReLU(0.2, 0.4, new Generator(3)).forward(x).neg();
        layer.eval();

        assertThat(slopes.amin().item()).isBetween(0.2, 0.21);
        assertThat(slopes.amax().item()).isBetween(0.39, 0.4);
        assertThat(again.data()).isEqualTo(slopes.data());
        assertThat(layer.forward(Tensor.of(-1, 0, 2)).data().toDoubleArray())
                .containsExactly(-0.30000000000000004, 0, 2);
    }

    // ---- shapes ----

    @Test
    void pixelUnshuffleIsTheInverseOfPixelShuffle() {
        Tensor x = counted(2, 8, 1, 3);
        Tensor shuffled = new PixelShuffle(2).forward(x);

        assertThat(shuffled.shape()).isEqualTo(Shape.of(2, 2, 2, 6));
        assertThat(new PixelUnshuffle(2).forward(shuffled).data()).isEqualTo(x.data());
        assertThat(new PixelShuffle(2).forward(Tensor.zeros(0, 4, 2, 3)).shape())
                .isEqualTo(Shape.of(0, 1, 4, 6));
    }

    @Test
    void wrongShapesAreRefused() {
        refused(() -> new PixelShuffle(0)).withMessageContaining("PixelShuffle: expected a factor from 1");
        refused(() -> new Unflatten(1)).withMessageContaining("Unflatten: expected the sizes");
        refused(() -> new Unflatten(1, -1, -1)).withMessageContainingAll("Unflatten", "[-1, -1]");
        refused(() -> new Pad(1)).withMessageContaining("Pad: expected a pair of numbers");
        refused(() -> Upsample.to(Interpolation.LINEAR, 0)).withMessageContainingAll("Upsample.to", "[0]");
        refused(() -> Upsample.by(Interpolation.LINEAR, Double.NaN)).withMessageContainingAll("Upsample.by", "[NaN]");
        for (Layer layer : List.of(new PixelShuffle(2), new PixelUnshuffle(2))) {
            thrown(ShapeException.class, () -> layer.forward(Tensor.zeros(3, 3, 3)))
                    .withMessageContaining("got [3, 3, 3]");
        }
    }

    @Test
    void aResidualLayerWhoseShapeDiffersAsksForAShortcut() {
        Residual residual = new Residual(new Dense(2, 3, init));

        assertThat(residual.namedParameters()).containsOnlyKeys("layer.weight", "layer.bias");
        thrown(ShapeException.class, () -> residual.forward(Tensor.zeros(4, 2)))
                .withMessageContaining("the layer makes [4, 3] of [4, 2], the shortcut [4, 2]; give a shortcut");
    }
}
