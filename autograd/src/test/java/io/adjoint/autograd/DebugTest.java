package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

class DebugTest {
    private final Tensor x = Tensor.of(4, 0, -1).requiresGrad(true);

    @Test
    void aFailingRuleNamesTheOperationTheLayerAndTheLine() {
        Tensor y = Debug.traced(() -> Debug.within(
                "net.hidden",
                () -> op("broken", x.data(), edge(x, g -> {
                    throw new IllegalArgumentException("no rule");
                }))));
        Throwable failure = catchThrowable(() -> y.sum().backward());
        assertThat(failure).isInstanceOf(IllegalArgumentException.class).hasMessage("no rule");
        assertThat(failure.getSuppressed()).hasSize(1);
        Throwable origin = failure.getSuppressed()[0];
        assertThat(origin)
                .isInstanceOf(ForwardTrace.class)
                .hasMessage("'broken' of shape [3] in layer net.hidden was computed here");
        assertThat(origin.getStackTrace()[0].getClassName()).isEqualTo(DebugTest.class.getName());
    }

    @Test
    void withoutTracingNothingIsAttached() {
        Tensor y = op("broken", x.data(), edge(x, g -> {
            throw new IllegalArgumentException("no rule");
        }));
        assertThat(catchThrowable(() -> y.sum().backward()).getSuppressed()).isEmpty();
        assertThat(Debug.isTracing()).isFalse();
    }

    @Test
    void theFirstValueThatIsNotFiniteIsNamedWithItsLine() {
        assertThatThrownBy(() -> Debug.detectNaN(() -> x.mul(2).log().add(1).sum()))
                .isInstanceOf(NaNException.class)
                .hasMessageStartingWith("'log' of shape [3] has a value that is not finite, called at ")
                .hasMessageContaining("DebugTest.java:");
    }

    @Test
    void theFirstGradientThatIsNotFiniteIsNamedWithItsLine() {
        Tensor zero = Tensor.of(0).requiresGrad(true);
        assertThatThrownBy(() -> Debug.detectNaN(() -> {
                    zero.sqrt().mul(3).sum().backward();
                    return true;
                }))
                .isInstanceOf(NaNException.class)
                .hasMessageStartingWith(
                        "the backward rule of 'sqrt' of shape [1] returned a gradient that is not finite, called at ")
                .hasMessageContaining("DebugTest.java:");
    }

    @Test
    void settingsEndWithTheBodyEvenWhenItFails() {
        assertThatThrownBy(() -> Debug.detectNaN(() -> {
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(Debug.isTracing()).isFalse();
        assertThat(x.log().requiresGrad()).isTrue();
    }
}
