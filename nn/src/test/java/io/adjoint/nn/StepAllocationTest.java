package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.adjoint.autograd.Interpolation;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.core.Generator;
import io.adjoint.core.Window;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.loss.CrossEntropy;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** A step of a {@link Workspace} takes the large arrays of forward and backward pass from the steps before. */
@DisabledIfSystemProperty(named = "adjoint.reuse", matches = "false", disabledReason = "asks for reuse")
class StepAllocationTest {
    private static final LSTM SCAN = new LSTM(64, 64, new Generator(1));
    private static final int[] CLASSES = new int[2048];

    @TestFactory
    Stream<DynamicTest> aStepAllocatesNoLargeArrayAfterTheFirstOnes() {
        Window window = Window.kernel(2, 2).stride(2);
        return Stream.of(
                test("tril", x -> x.tril()),
                test("unfold", x -> x.unfold(window)),
                test("fold", x -> x.reshape(4, 128, 256).fold(window, 32, 32)),
                test("interpolate", x -> x.interpolate(Interpolation.LINEAR, 96, 96)),
                test("lstm", x -> SCAN.forward(x.reshape(32, 64, 64)).sequence()),
                test("CrossEntropy", x -> new CrossEntropy().forward(x.reshape(-1, 64), Tensor.of(CLASSES))));
    }

    private static DynamicTest test(String name, UnaryOperator<Tensor> function) {
        return DynamicTest.dynamicTest(name, () -> {
            Tensor x = Tensor.ones(4, 8, 64, 64).requiresGrad(true);
            Workspace workspace = new Workspace();
            Runnable step = () -> {
                x.zeroGrad();
                function.apply(x).sum().backward();
            };
            ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long[] allocated = new long[4];
            for (int k = 0; k < allocated.length; k++) {
                long before = thread.getCurrentThreadAllocatedBytes();
                workspace.run(step);
                allocated[k] = thread.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(List.of(allocated[2], allocated[3]))
                    .anyMatch(bytes -> bytes < (long) Double.BYTES * x.data().size());
        });
    }
}
