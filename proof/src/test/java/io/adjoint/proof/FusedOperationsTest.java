package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.testkit.Case;
import io.adjoint.testkit.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests every operation of the catalogue within a fused function: it gives the same bits as outside, or is refused by an error that names
 * it.
 */
class FusedOperationsTest {
    private static final int CASES = 3;

    private static final Set<Class<?>> ELEMENTWISE = Set.of(
            ArithmeticFamily.class,
            ComparisonFamily.class,
            ElementaryFamily.class,
            ActivationFamily.class,
            SelectionFamily.class);

    /** Elementwise operations that can't be fused, since they also reshape, or compute with selected elements only. */
    private static final Set<String> REFUSED = Set.of("prelu", "prelu (one slope)", "where (functions)");

    @TestFactory
    Stream<DynamicNode> anOperationHasTheBitsOfThePlainCallOrIsRefusedByName() {
        return Catalogue.FAMILIES.stream()
                .map(family -> DynamicContainer.dynamicContainer(
                        family.title(),
                        family.entries().stream()
                                .map(Entry::operation)
                                .map(operation -> DynamicTest.dynamicTest(
                                        operation.name(),
                                        () -> check(
                                                operation,
                                                ELEMENTWISE.contains(family.getClass())
                                                        && !REFUSED.contains(operation.name()))))));
    }

    private static void check(Operation operation, boolean isElementwise) {
        JqwikSession.run(() -> {
            RandomGenerator<Case> cases = operation.cases().generator(1000);
            Random random = new Random(operation.name().hashCode());
            for (int k = 0; k < CASES; k++) {
                Case some = cases.next(random).value();
                int[] arguments = some.arguments().stream().mapToInt(n -> n).toArray();
                Function<Tensor[], Tensor> plain = t -> operation.apply(t, arguments);
                List<Object> fused = outcome(t -> Transforms.fused(plain, t), some);
                check(fused, outcome(plain, some));
                if (isElementwise) {
                    assertThat(fused.get(0)).isNotInstanceOf(UnsupportedOperationException.class);
                }
            }
        });
    }

    private static void check(List<Object> fused, List<Object> plain) {
        Object first = fused.get(0);
        if (first instanceof UnsupportedOperationException refusal) {
            // The error names the first operation in the entry's function that can't be fused, which isn't always the
            // entry's own operation.
            assertThat(refusal.getMessage()).matches("fused: '[a-z]\\w+' is more than .*");
            assertThat(refusal.getMessage()).doesNotContain("'backward'");
        } else {
            assertThat(fused).isEqualTo(plain);
        }
    }

    /** Returns value and gradients of a function, or the exception that it throws. */
    private static List<Object> outcome(Function<Tensor[], Tensor> function, Case some) {
        List<Object> outcome = new ArrayList<>();
        try {
            Tensor[] inputs = some.inputs().stream()
                    .map(input -> input.dtype().isFloating() ? input.detach().requiresGrad(true) : input)
                    .toArray(Tensor[]::new);
            Tensor output = function.apply(inputs);
            outcome.add(output.data());
            if (output.requiresGrad()) {
                output.backward(output.detach());
            }
            for (Tensor input : inputs) {
                outcome.add(input.grad() == null ? "none" : input.grad().data());
            }
        } catch (UnsupportedOperationException refusal) {
            outcome.add(0, refusal);
        } catch (RuntimeException e) {
            outcome.add(0, e.toString());
        }
        return outcome;
    }
}
