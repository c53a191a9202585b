package io.adjoint.autograd;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.TestMemory.allocatedBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.GradientPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that a backward pass allocates few arrays, and keeps few arrays for the next pass. The functions whose allocations are measured
 * have loops of the library's own: until it is compiled, {@code StrictMath.sin} of newer JDKs allocates 32 bytes a call, as many as four
 * arrays here.
 */
class ReuseMemoryTest {
    private static final long BYTES = 8L * 64 * 128;

    private static Tensor leaf() {
        return Tensor.full(0.5, 64, 128).requiresGrad(true);
    }

    @Test
    void passesThatFailKeepNoMoreArraysThanOthers() {
        long most = 0;
        for (int size = 5000; size < 5200; size++) {
            Tensor x = Tensor.zeros(size).requiresGrad(true);
            Tensor failing = Autograd.op("failing", x.data(), edge(x.sin(), g -> {
                throw new IllegalStateException("failing");
            }));
            assertThatThrownBy(failing.tanh().sin().sum()::backward).hasMessageContaining("failing");
            most = Math.max(most, GradientPool.idleElements());
        }
        assertThat(most).isLessThan(10 * 5200);
    }

    @Test
    void fusedStepsTakeFewerArraysThanThereAreSteps() {
        Tensor x = leaf();
        long allocated = 0;
        for (int pass = 0; pass < 3; pass++) {
            Tensor y = x;
            for (int k = 0; k < 20; k++) {
                y = Transforms.fused(z -> z.tanh().mul(z), y);
            }
            Tensor loss = y.sum();
            allocated = allocatedBy(loss::backward);
        }
        assertThat(allocated).isLessThan(20 * BYTES);
    }

    @Test
    void arraysThatThePassHasNoUseForAreNotKept() {
        long most = 0;
        for (int size = 5000; size < 5200; size++) {
            Tensor x = Tensor.zeros(size).requiresGrad(true);
            x.sin().tanh().sum().backward();
            x.zeroGrad();
            most = Math.max(most, GradientPool.idleElements());
        }
        assertThat(most).isLessThan(10 * 5200);
    }

    @Test
    void arraysOfAThreadWithoutPassesAreNotKept() throws InterruptedException {
        Tensor x = leaf();
        long before = GradientPool.idleElements();
        for (int step = 0; step < 20; step++) {
            Tensor loss = x.sin().sum();
            Thread other = new Thread(loss::backward);
            other.start();
            other.join();
            x.zeroGrad();
        }
        assertThat(GradientPool.idleElements()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 200})
    void theGradientsOfAChainTakeFewArrays(int length) {
        Tensor x = leaf();
        long allocated = 0;
        for (int pass = 0; pass < 3; pass++) {
            Tensor y = x;
            for (int k = 0; k < length; k++) {
                y = y.tanh();
            }
            Tensor loss = y.sum();
            allocated = allocatedBy(loss::backward);
        }
        assertThat(allocated).isLessThan(4 * BYTES);
    }

    @Test
    void gradientsThatNobodyReadTakeTheArraysOfTheStepBefore() {
        Tensor x = leaf();
        Tensor y = leaf();
        long allocated = 0;
        for (int step = 0; step < 4; step++) {
            Tensor loss = x.mul(y).tanh().sum();
            allocated = allocatedBy(() -> {
                x.zeroGrad();
                y.zeroGrad();
                loss.backward();
            });
        }
        assertThat(allocated).isLessThan(BYTES);
    }
}
