package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.core.DType;
import io.adjoint.core.Lease;
import io.adjoint.testkit.Case;
import io.adjoint.testkit.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests every operation of the catalogue in a workspace: it computes the same bits as without one, its results end with their step, and it
 * refuses inputs that ended with their step.
 */
class EndedStepsTest {
    private static final int CASES = 3;

    @TestFactory
    Stream<DynamicNode> anOperationHasTheBitsOfThePlainCallAndRefusesWhatHasEnded() {
        return Catalogue.FAMILIES.stream()
                .map(family -> DynamicContainer.dynamicContainer(
                        family.title(),
                        family.entries().stream()
                                .map(Entry::operation)
                                .map(operation -> DynamicTest.dynamicTest(operation.name(), () -> check(operation)))));
    }

    @TestFactory
    Stream<DynamicTest> aLayerHasTheBitsOfThePlainCallAndRefusesWhatHasEnded() {
        return LayerCatalogue.ROWS.stream()
                .map(LayerCatalogue.Row::spec)
                .map(spec -> DynamicTest.dynamicTest(spec.name(), () -> check(spec.operation())));
    }

    @TestFactory
    Stream<DynamicTest> anOutputAndItsGradientsEndWithTheirStepInBothTypes() {
        return Stream.of(
                        Catalogue.entries().map(Entry::operation),
                        LossCatalogue.ROWS.stream().map(LossCatalogue.Row::operation),
                        LayerCatalogue.ROWS.stream().map(row -> row.spec().operation()))
                .flatMap(operations -> operations)
                .map(operation -> DynamicTest.dynamicTest(operation.name(), () -> checkEnds(operation)));
    }

    private static void checkEnds(Operation operation) {
        JqwikSession.run(() -> {
            RandomGenerator<Case> cases = operation.cases().generator(1000);
            Random random = new Random(operation.name().hashCode());
            for (int k = 0; k < CASES; k++) {
                Case some = cases.next(random).value();
                int[] arguments = some.arguments().stream().mapToInt(n -> n).toArray();
                for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
                    Map<String, Tensor> results = new Workspace().run(() -> {
                        Tensor[] inputs = Arrays.stream(computed(leaves(some)))
                                .map(x -> x.dtype().isFloating() ? x.to(dtype).requiresGrad(true) : x)
                                .toArray(Tensor[]::new);
                        Tensor output = operation.apply(inputs, arguments);
                        return output.requiresGrad()
                                ? withGradients(output, inputs)
                                : new TreeMap<>(Map.of("output", output));
                    });
                    results.values().removeIf(result -> Lease.hasEnded(result.data()));
                    assertThat(results.keySet())
                            .as("results of %s in %s that live on, for %s", operation.name(), dtype, some)
                            .isEmpty();
                }
            }
        });
    }

    private static Map<String, Tensor> withGradients(Tensor output, Tensor... inputs) {
        Gradients gradients = Autograd.gradients(
                List.of(output),
                List.of(output.detach().mul(1)),
                Arrays.stream(inputs).filter(Tensor::requiresGrad).toList(),
                GraphMode.FREE);
        Map<String, Tensor> results = new TreeMap<>(Map.of("output", output));
        for (int k = 0; k < inputs.length; k++) {
            String name = "gradient of input " + k;
            gradients.find(inputs[k]).ifPresent(gradient -> results.put(name, gradient));
        }
        return results;
    }

    /** Copies that an operation of the current step computes. */
    private static Tensor[] computed(Tensor... inputs) {
        return Arrays.stream(inputs)
                .map(x -> Tensor.stack(0, x.detach()).squeeze(0))
                .toArray(Tensor[]::new);
    }

    private static void check(Operation operation) {
        JqwikSession.run(() -> {
            RandomGenerator<Case> cases = operation.cases().generator(1000);
            Random random = new Random(operation.name().hashCode());
            Workspace workspace = new Workspace();
            for (int k = 0; k < CASES; k++) {
                Case some = cases.next(random).value();
                int[] arguments = some.arguments().stream().mapToInt(n -> n).toArray();
                Function<Tensor[], Tensor> function = t -> operation.apply(t, arguments);
                List<Object> plain = outcome(function, leaves(some));
                for (int step = 0; step < 2; step++) {
                    assertThat(workspace.run(() -> outcome(function, leaves(some))))
                            .isEqualTo(plain);
                }
                Tensor[] ended = workspace.run(() -> computed(leaves(some)));
                if (!(plain.get(0) instanceof String)) {
                    assertThat(outcome(function, ended).get(0).toString()).contains("ended with its step");
                    List<Object> late = laterGradients(workspace, function, leaves(some));
                    if (late.get(0) instanceof String refusal) {
                        assertThat(refusal).contains("ended with its step");
                    } else {
                        assertThat(late).isEqualTo(plain);
                    }
                }
            }
        });
    }

    private static Tensor[] leaves(Case some) {
        return some.inputs().stream()
                .map(input -> input.dtype().isFloating() ? input.detach().requiresGrad(true) : input)
                .toArray(Tensor[]::new);
    }

    /**
     * Value and gradients of a backward pass after the end of the step. Only the output was kept beyond the step, so arrays that the
     * backward rules read may have ended with the step.
     */
    private static List<Object> laterGradients(
            Workspace workspace, Function<Tensor[], Tensor> function, Tensor... inputs) {
        Tensor output = workspace.run(() -> Workspace.keep(function.apply(inputs)));
        return outcome(unused -> output, inputs);
    }

    /** Value and gradients of a function, or the exception that it throws. */
    private static List<Object> outcome(Function<Tensor[], Tensor> function, Tensor... inputs) {
        List<Object> outcome = new ArrayList<>();
        try {
            Tensor output = function.apply(inputs);
            outcome.add(output.data().copy());
            if (output.requiresGrad()) {
                output.backward(output.detach());
            }
            for (Tensor input : inputs) {
                outcome.add(input.grad() == null ? "none" : input.grad().data().copy());
            }
        } catch (RuntimeException e) {
            outcome.add(0, e.toString());
        }
        return outcome;
    }
}
