package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tape;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.testkit.Case;
import io.adjoint.testkit.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Tests that a tape has all that an operation computes from its inputs: no constant on it depends on them. */
class TracesTest {
    private static final int TRIES = 5;
    /** Operations that read numbers to choose what they compute; a tape has only what they chose. */
    private static final List<String> CHOOSING =
            List.of("index by mask", "embeddingBag (max)", "fractionalMaxPool2d", "gridSample", "where (functions)");

    /** The operations that were written to a tape for some inputs, the constants that they read, and the result. */
    private record Trace(List<String> operations, List<NdArray> constants, boolean hasResult) {
        static Trace of(Operation operation, Tensor[] inputs, int... numbers) {
            Tape tape = new Tape(name -> false);
            Tensor result = Autograd.noGrad(() -> tape.write(() -> operation.apply(inputs, numbers)));
            Set<Tensor> known = Collections.newSetFromMap(new IdentityHashMap<>());
            Collections.addAll(known, inputs);
            List<NdArray> constants = new ArrayList<>();
            for (Tape.Operation taped : tape.operations()) {
                taped.inputs().stream()
                        .filter(input -> !known.contains(input))
                        .forEach(input -> constants.add(input.data()));
                known.add(taped.output());
            }
            return new Trace(
                    tape.operations().stream().map(Tape.Operation::op).toList(), constants, known.contains(result));
        }
    }

    private static Tensor reversed(Tensor x) {
        int[] order = new int[x.shape().size()];
        Arrays.setAll(order, k -> order.length - 1 - k);
        return Tensor.of(x.flatten().indexSelect(0, order).reshape(x.shape()).data());
    }

    @TestFactory
    Stream<DynamicTest> operationsReadNothingBesideTheirInputs() {
        return Catalogue.FAMILIES.stream()
                .flatMap(family -> family.entries().stream())
                .map(entry ->
                        DynamicTest.dynamicTest(entry.name(), () -> JqwikSession.run(() -> check(entry.operation()))));
    }

    private static void check(Operation operation) {
        RandomGenerator<Case> cases = operation.cases().generator(1000);
        Random random = new Random(1);
        for (int k = 0; k < TRIES; k++) {
            Case drawn = cases.next(random).value();
            int[] numbers =
                    drawn.arguments().stream().mapToInt(number -> number).toArray();
            Tensor[] inputs =
                    drawn.inputs().stream().map(x -> Tensor.of(x.data())).toArray(Tensor[]::new);
            Tensor[] others = drawn.inputs().stream().map(TracesTest::reversed).toArray(Tensor[]::new);
            Trace trace = Trace.of(operation, inputs, numbers);
            Trace other;
            try {
                other = Trace.of(operation, others, numbers);
            } catch (RuntimeException e) {
                continue; // The other inputs are out of the operation's domain.
            }
            if (inputs.length > 0 && inputs[0].shape().size() > 0) {
                assertThat(trace.hasResult())
                        .as("%s: the result is on the tape", operation.name())
                        .isTrue();
            }
            if (trace.operations().equals(other.operations())
                    && CHOOSING.stream().noneMatch(operation.name()::startsWith)) {
                assertThat(other.constants())
                        .as("%s: the constants of %s", operation.name(), trace.operations())
                        .isEqualTo(trace.constants());
            }
        }
    }
}
