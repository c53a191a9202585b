package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.equations.OdeOptions;
import io.adjoint.autograd.equations.OdeSolution;
import io.adjoint.autograd.equations.Odes;
import io.adjoint.core.Generator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Measures the memory that a long solution keeps for its backward pass, with and without checkpoints. */
@Tag("slow")
class OdeMemoryTest {
    @CanIgnoreReturnValue
    private static long kept(OdeOptions options) throws InterruptedException {
        Generator rng = new Generator(1);
        Tensor first = Tensor.randn(rng, 2, 64).requiresGrad(true);
        Tensor second = Tensor.randn(rng, 64, 2).mul(0.1);
        Tensor start = Tensor.randn(rng, 128, 2);
        long before = TestMemory.used();
        long clock = System.nanoTime();
        OdeSolution<Tensor> solution =
                Odes.solve((t, y) -> y.matmul(first).tanh().matmul(second), start, 0, 20, options);
        long forward = System.nanoTime() - clock;
        long kept = TestMemory.used() - before;
        clock = System.nanoTime();
        solution.end().sum().backward();
        System.out.printf(
                "%d steps keep %d kB; %d ms, backward %d ms%n",
                solution.steps(), kept / 1024, forward / 1_000_000, (System.nanoTime() - clock) / 1_000_000);
        return kept;
    }

    @Test
    void checkpointsKeepTwoStatesAStep() throws InterruptedException {
        OdeOptions options = new OdeOptions().tolerances(1e-6, 1e-8);
        kept(options);
        kept(options.checkpoints());

        assertThat((double) kept(options.checkpoints())).isLessThan(kept(options) / 20.0);
    }
}
