package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.PadMode;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Init;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PaddingModesTest {
    private static final ConvOptions REFLECT = new ConvOptions().paddingMode(PadMode.REFLECT);
    private final Init init = new Init(new Generator(1), DType.FLOAT64);

    @ParameterizedTest
    @EnumSource
    void aModeIsAPaddedInput(PadMode mode) {
        ConvOptions options = new ConvOptions().padding(2, 1).stride(2, 1);
        Tensor x = init.normal(Shape.of(2, 3, 4, 5), 0, 1).detach();
        Tensor weight = init.normal(Shape.of(4, 3, 3, 2), 0, 1).detach();

        assertThat(x.conv2d(weight, options.paddingMode(mode)).data())
                .isEqualTo(x.pad(mode, 1, 1, 2, 2)
                        .conv2d(weight, options.padding(0))
                        .data());
    }

    @Test
    void paddingOfTheSameSizePutsTheOddElementAtTheEnd() {
        Tensor x = Tensor.of(1, 2, 4).reshape(1, 1, 3);
        Tensor weight = Tensor.of(1, 10, 100, 1000).reshape(1, 1, 4);
        ConvOptions same = new ConvOptions().samePadding();

        assertThat(x.conv1d(weight, same.paddingMode(PadMode.REPLICATE))
                        .flatten()
                        .data())
                .isEqualTo(NdArray.of(Shape.of(3), 4211, 4421, 4442));
        assertThat(x.conv1d(weight, same.paddingMode(PadMode.CIRCULAR))
                        .flatten()
                        .data())
                .isEqualTo(NdArray.of(Shape.of(3), 4214, 1421, 2142));
    }

    @Test
    void theModeRemainsWhenOtherSettingsChange() {
        ConvOptions options = REFLECT.padding(1).stride(2).dilation(2).groups(2).outputPadding(0);

        assertThat(options.paddingMode()).isEqualTo(PadMode.REFLECT);
        assertThat(options.stride(1).samePadding().paddingMode()).isEqualTo(PadMode.REFLECT);
        assertThat(new Conv1d(2, 4, Shape.of(3), options, init))
                .asString()
                .contains("stride 2, padding 1, dilation 2, padding mode reflect");
        assertThat(options).asString().endsWith("padding mode reflect, 2 groups)");
    }

    @Test
    void anInputWithTooFewElementsIsNamed() {
        Conv2d conv = new Conv2d(1, 1, Shape.of(5, 1), REFLECT.padding(2, 0), init);

        thrown(ShapeException.class, () -> conv.forward(Tensor.zeros(1, 1, 2, 9)))
                .withMessage(
                        "Conv2d(1 -> 1, kernel 5×1, padding 2×0, padding mode reflect): conv2d: axis 2 of [1, 1, 2, 9] has 2"
                                + " entries, of which REFLECT makes at most 1 on either side, not 2; set a smaller padding, or another"
                                + " padding mode");
    }

    @Test
    void aTransposedConvolutionHasZerosOnly() {
        refused(() -> new ConvTranspose1d(1, 1, Shape.of(2), REFLECT, init))
                .withMessage("ConvTranspose1d: the padding mode REFLECT is for a convolution; a transposed one leaves"
                        + " elements out, and has ZEROS only");
        refused(() -> Tensor.zeros(1, 1, 3).convTranspose1d(Tensor.zeros(1, 1, 2), REFLECT))
                .withMessageStartingWith("convTranspose1d: the padding mode REFLECT");
    }
}
