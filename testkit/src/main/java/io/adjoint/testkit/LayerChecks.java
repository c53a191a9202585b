package io.adjoint.testkit;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Block;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The checks of {@link LayerProperties} that operations do not have. */
final class LayerChecks {
    private LayerChecks() {}

    static void stateRoundTrip(LayerSpec spec, Case drawn) {
        Block block = spec.create(false);
        List<Tensor> parameters = block.parameters();
        int inputs = drawn.inputs().size() - parameters.size();
        for (int k = 0; k < parameters.size(); k++) {
            parameters.get(k).assign(drawn.inputs().get(inputs + k).data());
        }
        Tensor[] x = drawn.inputs().subList(0, inputs).toArray(Tensor[]::new);
        Map<String, NdArray> state = block.state();
        NdArray output = spec.run(block, x).data();
        if (!block.state().equals(state)) {
            throw new AssertionError(
                    spec.name() + ": forward in evaluation changed the state from " + state + " to " + block.state());
        }
        Block other = spec.create(false);
        other.load(state);
        NdArray again = spec.run(other, x).data();
        if (!again.equals(output)) {
            throw new AssertionError(spec.name() + ": the output was " + output
                    + ", but of a new block with the same state it is " + again);
        }
    }

    static void sameSeedSameLayer(LayerSpec spec) {
        Map<String, NdArray> first = spec.create(true).state();
        Map<String, NdArray> second = spec.create(true).state();
        if (!List.copyOf(first.entrySet()).equals(List.copyOf(second.entrySet()))) {
            throw new AssertionError(
                    spec.name() + ": from equal generators, the state is " + first + " first, then " + second);
        }
    }

    /** Returns whether values and gradients, those of gradients among them, have the same bits in training as in evaluation. */
    static boolean isSameInTraining(LayerSpec spec) {
        Operation evaluation = spec.operation(false);
        Operation training = spec.operation(true);
        return Search.allMatch(
                evaluation.differentiableCases(),
                Search.defaultTries(),
                evaluation.name().hashCode(),
                drawn -> bits(training, drawn).equals(bits(evaluation, drawn)));
    }

    private static List<NdArray> bits(Operation operation, Case drawn) {
        Run plain = Run.of(operation, drawn);
        Run recorded = Run.of(operation, Run.leaves(drawn), drawn.integers(), GraphMode.CREATE);
        Stream<Tensor> second = recorded.gradients().stream()
                .filter(gradient -> operation.order() > 1 && gradient.requiresGrad())
                .flatMap(gradient -> {
                    Gradients found = Autograd.gradients(
                            List.of(gradient), List.of(Run.distinct(gradient)), recorded.leaves(), GraphMode.KEEP);
                    return recorded.leaves().stream().map(found::find).flatMap(Optional::stream);
                });
        return Stream.of(Stream.of(plain.value()), plain.gradients().stream(), recorded.gradients().stream(), second)
                .flatMap(tensors -> tensors)
                .map(Tensor::data)
                .toList();
    }
}
