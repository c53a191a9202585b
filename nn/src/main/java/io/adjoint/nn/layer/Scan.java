package io.adjoint.nn.layer;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Edge;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.KeepsNoGradients;
import io.adjoint.core.NdArray;
import io.adjoint.core.RecurrentKernels;
import io.adjoint.nn.layer.RecurrentCell.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A cell that runs over sequences, from the first step to the last or the other way round: one recorded step beside the product with the
 * inputs. Its backward rule is one loop, or the composition of the cell's steps when something records.
 *
 * @param lengths of the sequences; null if all last to the end. Beyond its end a sequence keeps its state
 */
@KeepsNoGradients
record Scan(
        RecurrentCell<?> cell, boolean isReverse, @Nullable Lengths lengths) {
    /**
     * The result of a scan.
     *
     * @param sequence h after each step, {@code [T, N, P]}, also beyond the end of a sequence
     * @param last the state after all steps
     */
    record Output(Tensor sequence, List<Tensor> last) {}

    /** Runs over inputs {@code [T, N, in]} from an initial state. */
    Output run(Tensor x, List<Tensor> initial) {
        Tensor ofInput = cell.ofInput(x);
        int steps = x.shape().dim(0);
        int samples = x.shape().dim(1);
        Tensor states = states(ofInput, initial, cell.weights());
        List<Tensor> blocks = new ArrayList<>();
        int at = 0;
        for (int k = 0; k < initial.size(); k++) {
            int size = (steps + 1) * samples * cell.size(k);
            Tensor part = initial.size() == 1 ? states : states.slice(0, at, at + size);
            blocks.add(part.reshape(steps + 1, samples, cell.size(k)));
            at += size;
        }
        Tensor sequence = blocks.get(0).slice(0, isReverse ? 0 : 1, isReverse ? steps : steps + 1);
        return new Output(
                sequence,
                blocks.stream()
                        .map(part -> part.select(0, isReverse ? 0 : steps))
                        .toList());
    }

    /** The states before, between and after the steps as a vector: all of h, {@code [T + 1, N, P]}, then all of c. */
    private Tensor states(Tensor ofInput, List<Tensor> initial, Weights weights) {
        List<Tensor> inputs = new ArrayList<>();
        inputs.add(ofInput);
        inputs.addAll(initial);
        inputs.addAll(weights.all());
        boolean keeps = Autograd.isRecording() && inputs.stream().anyMatch(Tensor::requiresGrad);
        RecurrentKernels scan = RecurrentKernels.scan(
                cell.loops(ofInput.dtype()),
                isReverse,
                lengths == null ? null : lengths.toArray(),
                keeps,
                operands(ofInput, initial, weights));
        return Autograd.op(
                cell.operation(),
                scan.states(),
                inputs,
                g -> Autograd.isRecording()
                        ? composedGradients(g, inputs, weights)
                        : gradients(g, scan, operands(ofInput, initial, weights), inputs));
    }

    private static List<@Nullable Tensor> gradients(
            Tensor g, RecurrentKernels scan, RecurrentKernels.Operands operands, List<Tensor> inputs) {
        List<@Nullable Tensor> gradients = new ArrayList<>();
        for (NdArray gradient : scan.backward(g.data(), operands, k -> Autograd.isWanted(inputs.get(k)))) {
            gradients.add(gradient == null ? null : Tensor.of(gradient));
        }
        return gradients;
    }

    private static RecurrentKernels.Operands operands(Tensor ofInput, List<Tensor> initial, Weights weights) {
        return new RecurrentKernels.Operands(
                ofInput.data(),
                initial.stream().map(Tensor::data).toList(),
                weights.hidden().data(),
                data(weights.bias()),
                data(weights.projection()));
    }

    private static @Nullable NdArray data(@Nullable Tensor tensor) {
        return tensor == null ? null : tensor.data();
    }

    // ---- the second form ----

    /** The gradients of the composition, which can be differentiated. */
    private List<Tensor> composedGradients(Tensor g, List<Tensor> inputs, Weights weights) {
        // Each under another name: one may have been computed from another.
        List<Tensor> own = inputs.stream()
                .map(input -> Autograd.op(cell.operation(), input.data(), Edge.edge(input, upstream -> upstream)))
                .toList();
        int states = cell.states();
        Tensor composed =
                composed(own.get(0), own.subList(1, states + 1), weights.replaced(own.subList(states + 1, own.size())));
        List<Tensor> asked = IntStream.range(0, own.size())
                .filter(k -> Autograd.isWanted(inputs.get(k)))
                .mapToObj(own::get)
                .toList();
        // Of no steps the states are those before them, which may be constants.
        Gradients found = composed.requiresGrad()
                ? Autograd.gradients(List.of(composed), List.of(g), asked, GraphMode.CREATE)
                : null;
        return own.stream()
                .map(input -> (found != null ? found.find(input) : Optional.<Tensor>empty())
                        .orElseGet(() -> Tensor.zerosLike(input)))
                .toList();
    }

    private Tensor composed(Tensor ofInput, List<Tensor> initial, Weights weights) {
        int steps = ofInput.shape().dim(0);
        Tensor lasts = lengths == null ? null : lengths.mask();
        List<List<Tensor>> blocks = new ArrayList<>();
        blocks.add(initial);
        for (int k = 0; k < steps; k++) {
            int t = isReverse ? steps - 1 - k : k;
            List<Tensor> before = blocks.get(k);
            List<Tensor> after = cell.step(ofInput.select(0, t), before, weights);
            blocks.add(lasts == null ? after : chosen(lasts.select(0, t), after, before));
        }
        Tensor[] parts = new Tensor[initial.size()];
        Arrays.setAll(parts, part -> {
            Tensor stacked = Tensor.stack(
                    0, blocks.stream().map(state -> state.get(part)).toList());
            return (isReverse ? stacked.flip(0) : stacked).reshape(-1);
        });
        return Tensor.concat(0, parts);
    }

    private static List<Tensor> chosen(Tensor mask, List<Tensor> a, List<Tensor> b) {
        List<Tensor> chosen = new ArrayList<>();
        for (int k = 0; k < a.size(); k++) {
            chosen.add(Tensor.where(mask, a.get(k), b.get(k)));
        }
        return chosen;
    }
}
