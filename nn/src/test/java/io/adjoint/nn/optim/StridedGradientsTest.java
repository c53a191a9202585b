package io.adjoint.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests of gradients that aren't contiguous, such as transposed ones. */
class StridedGradientsTest {
    private static final int SIZE = 200;

    static List<Function<List<Tensor>, Optimizer>> optimizers() {
        return List.of(
                parameters -> new SGD(parameters, 0.1).momentum(0.9),
                parameters -> new Adam(parameters, 0.1),
                parameters -> new NAdam(parameters, 0.1),
                parameters -> new Adafactor(parameters, 0.1),
                parameters -> new LAMB(parameters, 0.1),
                parameters -> new Muon(parameters, 0.1));
    }

    private static List<Tensor> parameters() {
        return IntStream.range(0, 5)
                .mapToObj(k -> Tensor.randn(DType.FLOAT64, new Generator(k), SIZE, SIZE)
                        .requiresGrad(true))
                .toList();
    }

    private static void setGradients(List<Tensor> parameters, boolean isStrided, int step) {
        for (int k = 0; k < parameters.size(); k++) {
            Tensor gradient = Tensor.randn(DType.FLOAT64, new Generator(10L * step + k), SIZE, SIZE)
                    .transpose(0, 1);
            parameters
                    .get(k)
                    .setGrad(isStrided ? gradient : Tensor.of(gradient.data().copy()));
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void aStepHasTheBitsOfContiguousGradients(Function<List<Tensor>, Optimizer> factory) {
        List<Tensor> strided = parameters();
        List<Tensor> contiguous = parameters();
        Optimizer first = factory.apply(strided);
        Optimizer second = factory.apply(contiguous);
        for (int step = 0; step < 3; step++) {
            setGradients(strided, true, step);
            setGradients(contiguous, false, step);
            first.step();
            second.step();
        }
        for (int k = 0; k < strided.size(); k++) {
            assertThat(strided.get(k).data()).isEqualTo(contiguous.get(k).data());
        }
    }

    @Test
    void aStepCopiesThemToOneArrayForAllParameters() {
        List<Tensor> parameters = parameters();
        Optimizer optimizer = new SGD(parameters, 0.1);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        for (int step = 0; step < 5; step++) {
            setGradients(parameters, true, step);
            long start = thread.getCurrentThreadAllocatedBytes();
            optimizer.step();
            allocated = Math.min(allocated, thread.getCurrentThreadAllocatedBytes() - start);
        }
        assertThat(allocated).isLessThan(2L * SIZE * SIZE * Double.BYTES);
    }
}
