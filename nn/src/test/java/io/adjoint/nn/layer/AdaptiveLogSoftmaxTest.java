package io.adjoint.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.ShapeException;
import org.junit.jupiter.api.Test;

class AdaptiveLogSoftmaxTest {
    private final Generator rng = new Generator(1);
    private final AdaptiveLogSoftmax layer = new AdaptiveLogSoftmax(8, 10, new int[] {3, 6}, rng);
    private final Tensor x = Tensor.randn(rng, 2, 5, 8);

    @Test
    void targetsHaveTheLogProbabilitiesOfAllClassesWhoseSumIsOne() {
        Tensor all = layer.forward(x);
        Tensor target = Tensor.arange(10).to(DType.INT32).reshape(2, 5);

        assertThat(all.exp().sum(-1).allClose(Tensor.ones(2, 5), 1e-14, 0)).isTrue();
        assertThat(layer.forward(x, target)
                        .allClose(all.gather(2, target.unsqueeze(2)).squeeze(2), 1e-14, 0))
                .isTrue();
        assertThat(layer.forward(x.slice(0, 0, 0), target.slice(0, 0, 0))
                        .shape()
                        .toArray())
                .containsExactly(0, 5);
    }

    @Test
    void wrongCutoffsAreRefused() {
        for (int[] cutoffs : new int[][] {{}, {0, 3}, {3, 3}, {5, 3}, {3, 10}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new AdaptiveLogSoftmax(8, 10, cutoffs, rng))
                    .withMessageContaining("AdaptiveLogSoftmax: the cutoffs must")
                    .withMessageContaining("ascend from at least 1 to below the number of classes 10");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdaptiveLogSoftmax(0, 10, new int[] {3}, rng))
                .withMessageContaining("number of inputs");
    }

    @Test
    void wrongTargetsAreRefused() {
        assertThatThrownBy(() -> layer.forward(x, Tensor.zeros(2, 5)))
                .isInstanceOf(DTypeException.class)
                .hasMessageContaining("class indices are INT32, but the target [2, 5] is FLOAT64");
        assertThatThrownBy(() -> layer.forward(x, Tensor.of(new int[] {1, 2})))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("the input is [2, 5, 8]")
                .hasMessageContaining("the target is [2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.forward(x.select(0, 0), Tensor.of(new int[] {1, 2, 10, 3, 4})))
                .withMessageContaining("target 10 at [2] is out of range for 10 classes; expected 0 to 9");
    }

    @Test
    void itsTextSaysSizesAndCutoffs() {
        assertThat(layer).asString().startsWith("AdaptiveLogSoftmax(8 -> 10, cutoffs [3, 6]");
    }
}
