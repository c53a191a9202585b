package io.adjoint.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import java.lang.management.ManagementFactory;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that losses of class indices make no one-hot array of N × C. */
class ManyClassesTest {
    private static final int SAMPLES = 64;
    private static final int CLASSES = 20_000;
    private static final long LOGITS = 4L * SAMPLES * CLASSES;

    enum Way {
        CROSS_ENTROPY(new CrossEntropy()::forward, 2.2),
        SMOOTHED(new CrossEntropy().labelSmoothing(0.1)::forward, 2.2),
        /** Allocates two more arrays: the value of the log softmax, and the gradient that NLL passes to it. */
        NLL((logits, target) -> new NLL().forward(logits.logSoftmax(1), target), 5.5);

        final BinaryOperator<Tensor> loss;
        /** The most that a step may allocate, as a multiple of the logits. */
        final double most;

        Way(BinaryOperator<Tensor> loss, double most) {
            this.loss = loss;
            this.most = most;
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a step of FLOAT32 allocates little beyond the gradient of the logits")
    void aStepAllocatesLittleBeyondTheGradientOfTheLogits(Way way) {
        Generator random = new Generator(1);
        Tensor logits = Tensor.randn(DType.FLOAT32, random, SAMPLES, CLASSES).requiresGrad(true);
        Tensor target = Tensor.randint(0, CLASSES, random, SAMPLES);
        way.loss.apply(logits, target).backward(); // the first step also loads classes, and is not counted
        assertThat(logits.grad())
                .as("read, and so kept from being written to again")
                .isNotNull();
        logits.zeroGrad();
        long before = allocated();

        way.loss.apply(logits, target).backward();

        assertThat((double) (allocated() - before) / LOGITS).isLessThan(way.most);
    }
}
