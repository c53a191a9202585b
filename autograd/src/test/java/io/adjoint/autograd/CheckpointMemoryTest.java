package io.adjoint.autograd;

import static io.adjoint.autograd.TestMemory.used;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.NdArray;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Measures the memory that a deep chain of operations keeps for its backward pass, with and without checkpoints. */
@Tag("slow")
class CheckpointMemoryTest {
    private static final int SEGMENTS = 32;
    private static final int LAYERS = 8;
    private static final int ELEMENTS = 1 << 16;

    private record Measured(long kept, long millis, NdArray gradient) {}

    private static Tensor segment(Tensor x) {
        Tensor h = x;
        for (int k = 0; k < LAYERS; k++) {
            h = h.mul(1.01).tanh();
        }
        return h;
    }

    private static Tensor chain(Tensor x, Function<Tensor, Tensor> segment) {
        Tensor h = x;
        for (int k = 0; k < SEGMENTS; k++) {
            h = segment.apply(h);
        }
        return h.sum();
    }

    @CanIgnoreReturnValue
    private static Measured measure(Function<Tensor, Tensor> segment) throws InterruptedException {
        Tensor x = Tensor.full(0.5, ELEMENTS).requiresGrad(true);
        long before = used();
        long start = System.nanoTime();
        Tensor loss = chain(x, segment);
        long forward = System.nanoTime() - start;
        long kept = used() - before;
        start = System.nanoTime();
        loss.backward();
        long backward = System.nanoTime() - start;
        return new Measured(
                kept,
                (forward + backward) / 1_000_000,
                Objects.requireNonNull(x.grad()).data());
    }

    @Test
    void aCheckpointKeepsOneValueASegment() throws InterruptedException {
        measure(CheckpointMemoryTest::segment); // warms up
        Measured plain = measure(CheckpointMemoryTest::segment);
        Measured checked = measure(x -> Transforms.checkpoint(CheckpointMemoryTest::segment, x));
        System.out.printf(
                "%d segments of %d layers, %d kB a value: kept %d kB and %d kB with checkpoints; %d ms and %d ms%n",
                SEGMENTS,
                LAYERS,
                ELEMENTS * Double.BYTES / 1024,
                plain.kept() / 1024,
                checked.kept() / 1024,
                plain.millis(),
                checked.millis());

        assertThat(checked.gradient()).isEqualTo(plain.gradient());
        assertThat((double) checked.kept()).isLessThan(plain.kept() / 4.0);
    }
}
