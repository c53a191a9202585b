package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.SGD;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Measures the overhead of a small network's step as allocated bytes, which don't depend on how busy the machine is. */
class SmallStepTest {
    private static final int STEPS = 500;

    @Test
    void allocatesLittle() {
        Tensor x = Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
        Tensor y = Tensor.of(new double[][] {{0}, {1}, {1}, {0}});
        SplittableRandom random = new SplittableRandom(0);
        Layer net = new Sequential(new Dense(2, 2, random), new Sigmoid(), new Dense(2, 1, random), new Sigmoid());
        MSE mse = new MSE();
        SGD sgd = new SGD(net.parameters(), 0.5);
        Runnable step = () -> {
            sgd.zeroGrad();
            mse.forward(net.forward(x), y).backward();
            sgd.step();
        };
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        step.run();
        long before = threads.getThreadAllocatedBytes(thread);
        for (int k = 0; k < STEPS; k++) {
            step.run();
        }
        assertThat((threads.getThreadAllocatedBytes(thread) - before) / STEPS).isLessThan(17_000);
    }
}
