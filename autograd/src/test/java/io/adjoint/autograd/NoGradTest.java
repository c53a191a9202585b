package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NoGradTest {
    private final Tensor x = Tensor.of(1, 2).requiresGrad(true);

    @AfterEach
    void recordingIsOnAgain() {
        assertThat(Autograd.isRecording()).isTrue();
    }

    @Test
    void nothingIsRecordedUntilItIsClosed() {
        Tensor inside;
        try (NoGrad off = Autograd.noGrad()) {
            inside = x.mul(2);
            assertThat(off).isNotNull();
        }
        assertThat(inside.requiresGrad()).isFalse();
        assertThat(x.mul(2).requiresGrad()).isTrue();
    }

    @Test
    void anExceptionEndsIt() {
        assertThatThrownBy(() -> {
                    try (NoGrad off = Autograd.noGrad()) {
                        throw new IllegalStateException("failing, off: " + (off != null));
                    }
                })
                .hasMessageContaining("failing");
    }

    @Test
    void oneWithinAnotherLeavesRecordingOff() {
        try (NoGrad outer = Autograd.noGrad()) {
            try (NoGrad inner = Autograd.noGrad()) {
                assertThat(inner).isNotSameAs(outer);
            }
            assertThat(Autograd.isRecording()).isFalse();
            assertThat(Autograd.<Boolean>enableGrad(Autograd::isRecording)).isTrue();
        }
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker") // Closes in the wrong order.
    void theOuterOneIsNotClosedBeforeTheInner() {
        NoGrad outer = Autograd.noGrad();
        NoGrad inner = Autograd.noGrad();
        assertThatThrownBy(outer::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed before a noGrad() that was called within it");
        assertThat(Autograd.isRecording()).isFalse();
        inner.close();
        outer.close();
        outer.close();
    }

    @Test
    void aBodyDoesNotEndTheOneAroundIt() {
        try (NoGrad outer = Autograd.noGrad()) {
            assertThatThrownBy(() -> Autograd.runWithoutGrad(outer::close))
                    .hasMessageContaining("within the body of one");
        }
        assertThat(Autograd.isRecording()).isTrue();
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker") // Is left open.
    void aBodyEndsThoseThatItLeftOpen() {
        AtomicReference<NoGrad> left = new AtomicReference<>();
        Tensor recorded = Autograd.enableGrad(() -> {
            left.set(Autograd.noGrad());
            return x.mul(2);
        });
        assertThat(recorded.requiresGrad()).isFalse();
        assertThat(x.mul(2).requiresGrad()).isTrue();
        assertThatThrownBy(Objects.requireNonNull(left.get())::close).hasMessageContaining("after the body");
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker") // Is closed by another thread.
    void anotherThreadDoesNotCloseIt() throws InterruptedException {
        NoGrad off = Autograd.noGrad();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread other = new Thread(() -> {
            try {
                off.close();
            } catch (IllegalStateException e) {
                failure.set(e);
            }
        });
        other.start();
        other.join();
        assertThat(failure.get()).hasMessageContaining("another thread turned recording off");
        assertThat(Autograd.isRecording()).isFalse();
        off.close();
    }

    @Test
    void aBackwardRuleMayTurnRecordingOff() {
        Tensor y = Autograd.op("twice", x.data().mul(2), Edge.edge(x, g -> {
            try (NoGrad off = Autograd.noGrad()) {
                return off == null ? g : g.mul(2);
            }
        }));
        y.sum().backward(GraphMode.CREATE);
        assertThat(Leaves.gradient(x).toDoubleArray()).containsExactly(2, 2);
    }
}
