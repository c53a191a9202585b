package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A backward pass adds to all stored gradients, or to none; {@link OutOfMemoryTest} tests passes that run out of memory while they compute
 * the sums.
 */
class AccumulationsTest {
    private static double first(Tensor tensor) {
        return Objects.requireNonNull(tensor.grad()).data().get(0);
    }

    @Test
    void aPassWhoseHookFailsLeavesEveryGradientAsItWas() {
        Tensor a = Tensor.of(1, 2).requiresGrad(true);
        Tensor b = Tensor.of(3, 4).requiresGrad(true);
        Tensor loss = b.mul(a.mul(2)).sum();
        loss.backward(GraphMode.KEEP);
        for (Tensor hooked : List.of(a, b)) {
            Hook hook = hooked.onGradient(g -> {
                throw new IllegalStateException("hook");
            });
            assertThatThrownBy(() -> loss.backward(GraphMode.KEEP)).hasMessageContaining("hook");
            hook.remove();
        }

        assertThat(first(a)).isEqualTo(6);
        assertThat(first(b)).isEqualTo(2);
    }

    /**
     * A pass computes a sum in an array of its own: neither in an array that the program has read, nor in an array that two leaves share.
     */
    @ParameterizedTest
    @ValueSource(ints = {3, 5000})
    void gradientsThatWereReadStayAsTheyWere(int size) {
        Tensor a = Tensor.ones(size).requiresGrad(true);
        Tensor b = Tensor.ones(size).requiresGrad(true);
        List<NdArray> read = new ArrayList<>();
        for (int pass = 1; pass <= 4; pass++) {
            a.mul(2).add(b.mul(3)).add(a).add(b).sum().backward();
            a.add(b).sum().backward();
            if (pass != 2) {
                read.add(Objects.requireNonNull(a.grad()).data());
                read.add(Objects.requireNonNull(b.grad()).data());
            }
        }

        int[] passes = {1, 3, 4};
        for (int k = 0; k < passes.length; k++) {
            assertThat(read.get(2 * k)).isEqualTo(NdArray.full(DType.FLOAT64, Shape.of(size), 4 * passes[k]));
            assertThat(read.get(2 * k + 1)).isEqualTo(NdArray.full(DType.FLOAT64, Shape.of(size), 5 * passes[k]));
        }
    }

    /** Each thread's graph has the leaves in another order. */
    @Test
    void passesOfSeveralThreadsThroughTheSameLeavesAddExactlyAndEnd() throws Exception {
        List<Tensor> leaves = new ArrayList<>();
        for (int k = 0; k < 8; k++) {
            leaves.add(Tensor.ones(k % 2 == 0 ? 3 : 5000).requiresGrad(true));
        }
        int passes = 200;
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int shift = thread;
                tasks.add(() -> {
                    for (int pass = 0; pass < passes; pass++) {
                        Tensor sum = Tensor.scalar(0);
                        for (int k = 0; k < 8; k++) {
                            int at = shift % 2 == 0 ? k : 7 - k;
                            sum = sum.add(leaves.get((at + shift) % 8).mul(3).sum());
                        }
                        sum.backward();
                        if (pass % 7 == shift) {
                            leaves.forEach(leaf -> Objects.requireNonNull(leaf.grad()));
                        }
                    }
                    return true;
                });
            }
            for (Future<Boolean> done : pool.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }

        for (Tensor leaf : leaves) {
            double[] all = Objects.requireNonNull(leaf.grad()).data().toDoubleArray();
            assertThat(all).containsOnly(3 * 4 * passes);
        }
    }
}
