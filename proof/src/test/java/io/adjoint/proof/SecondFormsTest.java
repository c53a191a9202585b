package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.testkit.Case;
import io.adjoint.testkit.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests that values, gradients and gradients of gradients of a layer's kernels agree with a composition of simple operations. FLOAT32
 * results are compared with the composition in FLOAT64.
 */
@Tag("slow")
@Tag("any-jdk")
class SecondFormsTest {
    private static final int CASES = 20;
    private static final int ROUGHLY = 1000;

    @TestFactory
    Stream<DynamicTest> theKernelsAgreeWithTheComposition() {
        return SecondForms.ROWS.stream()
                .flatMap(row -> Stream.of(DType.FLOAT64, DType.FLOAT32)
                        .map(dtype -> DynamicTest.dynamicTest(row.name() + ", " + dtype, () -> check(row, dtype))));
    }

    private static void check(SecondForms.Row row, DType dtype) {
        Operation fused = row.fused().apply(dtype);
        Operation composed = fused.computing((t, none) -> row.composed().apply(t));
        double relative = dtype == DType.FLOAT64 ? 1e-13 : 3e-5;
        JqwikSession.run(() -> {
            RandomGenerator<Case> cases = fused.cases().generator(ROUGHLY);
            Random random = new Random(row.name().hashCode());
            for (int k = 0; k < CASES; k++) {
                List<Tensor> inputs = cases.next(random).value().inputs().stream()
                        .map(input -> input.to(dtype))
                        .toList();
                List<Tensor> actual = derivatives(fused, inputs);
                List<Tensor> expected = derivatives(
                        composed,
                        inputs.stream().map(input -> input.to(DType.FLOAT64)).toList());
                for (int e = 0; e < expected.size(); e++) {
                    assertThat(actual.get(e).dtype()).isEqualTo(dtype);
                    assertThat(actual.get(e).shape()).isEqualTo(expected.get(e).shape());
                    assertThat(difference(actual.get(e), expected.get(e)))
                            .as("result %d of inputs %s", e, inputs)
                            .isLessThan(relative);
                }
            }
        });
    }

    /** The largest absolute difference of two elements, divided by the largest absolute value or by 1, whichever is larger. */
    private static double difference(Tensor actual, Tensor expected) {
        double largest = Math.max(1, expected.abs().amax().item());
        return actual.to(DType.FLOAT64).sub(expected).abs().amax().item() / largest;
    }

    /** The value; the gradients of a plain and of a recorded backward pass; and the gradients of a function of the recorded gradients. */
    private static List<Tensor> derivatives(Operation operation, List<Tensor> inputs) {
        Tensor[] leaves =
                inputs.stream().map(input -> input.detach().requiresGrad(true)).toArray(Tensor[]::new);
        Tensor value = operation.apply(leaves);
        Tensor upstream = Tensor.randn(DType.FLOAT32, value.shape(), new Generator(1))
                .to(value.dtype())
                .requiresGrad(true);
        List<Tensor> plain = Autograd.grad(value, upstream.detach(), GraphMode.KEEP, leaves);
        List<Tensor> recorded = Autograd.grad(value, upstream, GraphMode.CREATE, leaves);
        Tensor sum = Tensor.zeros(value.dtype());
        for (int k = 0; k < leaves.length; k++) {
            sum = sum.add(recorded.get(k).mul(leaves[k].cos()).sum());
        }
        Tensor[] all = Arrays.copyOf(leaves, leaves.length + 1);
        all[leaves.length] = upstream;
        List<Tensor> results = new ArrayList<>(List.of(value));
        results.addAll(plain);
        results.addAll(recorded);
        results.addAll(Autograd.grad(sum, all));
        return results.stream().map(Tensor::detach).toList();
    }
}
