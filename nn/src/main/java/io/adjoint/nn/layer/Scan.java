package io.adjoint.nn.layer;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.LibraryOps;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a recurrent cell over sequences, forward or in reverse. Apart from the product with the inputs a scan is one recorded operation,
 * whose backward rule is one loop over the steps; gradients of gradients come from an equivalent composition of the cell's steps.
 *
 * @param lengths the lengths of the sequences; null if all have full length. Beyond its end a sequence keeps its state
 */
record Scan(
        RecurrentCell<?> cell, boolean isReverse, @Nullable Lengths lengths) {
    /**
     * The result of a scan.
     *
     * @param sequence h after each step, {@code [T, N, P]}, including the steps beyond the end of a sequence
     * @param last the state after the last step: h {@code [N, P]} and, for cells that have one, c {@code [N, H]}
     */
    record Output(Tensor sequence, List<Tensor> last) {}

    /** Runs the cell over inputs {@code [T, N, in]} from an initial state. */
    Output run(Tensor x, List<Tensor> initial) {
        int steps = x.shape().dim(0);
        int samples = x.shape().dim(1);
        Tensor states = states(new ScanOperands(cell.ofInput(x), initial, cell.weights()));
        List<Tensor> blocks = new ArrayList<>();
        int at = 0;
        for (int k = 0; k < initial.size(); k++) {
            int size = (steps + 1) * samples * cell.size(k);
            Tensor ofState = initial.size() == 1 ? states : states.slice(0, at, at + size);
            blocks.add(ofState.reshape(steps + 1, samples, cell.size(k)));
            at += size;
        }
        Tensor sequence = blocks.get(0).slice(0, isReverse ? 0 : 1, isReverse ? steps : steps + 1);
        return new Output(
                sequence,
                blocks.stream()
                        .map(block -> block.select(0, isReverse ? 0 : steps))
                        .toList());
    }

    /** The initial states and the states after each step as one vector: h {@code [T + 1, N, P]}, then c {@code [T + 1, N, H]}. */
    private Tensor states(ScanOperands operands) {
        List<Tensor> inputs = operands.all();
        boolean keeps = Autograd.isRecording() && inputs.stream().anyMatch(Tensor::requiresGrad);
        RecurrentKernels scan = new RecurrentKernels(this, keeps, operands);
        return LibraryOps.fusedOp(
                cell.operation(),
                scan.states(),
                inputs,
                (g, y) -> gradients(g, scan, operands, inputs),
                own -> composed(operands.replaced(own)));
    }

    private static List<@Nullable Tensor> gradients(
            Tensor g, RecurrentKernels scan, ScanOperands operands, List<Tensor> inputs) {
        List<@Nullable Tensor> gradients = new ArrayList<>();
        for (NdArray gradient : scan.backward(g.data(), operands, k -> Autograd.isWanted(inputs.get(k)))) {
            gradients.add(gradient == null ? null : Tensor.of(gradient));
        }
        return gradients;
    }

    /** Computes the value of {@link #states} by tensor operations, step by step: the composition from which gradients of gradients come. */
    private Tensor composed(ScanOperands operands) {
        Tensor ofInput = operands.input();
        int steps = ofInput.shape().dim(0);
        Tensor lasts = lengths == null ? null : lengths.mask();
        List<List<Tensor>> blocks = new ArrayList<>();
        blocks.add(operands.initial());
        for (int k = 0; k < steps; k++) {
            int t = isReverse ? steps - 1 - k : k;
            List<Tensor> before = blocks.get(k);
            List<Tensor> after = cell.step(ofInput.select(0, t), before, operands.weights());
            blocks.add(lasts == null ? after : chosen(lasts.select(0, t), after, before));
        }
        Tensor[] joined = new Tensor[operands.initial().size()];
        Arrays.setAll(joined, number -> {
            Tensor stacked = Tensor.stack(
                    0, blocks.stream().map(state -> state.get(number)).toList());
            return (isReverse ? stacked.flip(0) : stacked).reshape(-1);
        });
        return Tensor.concat(0, joined);
    }

    private static List<Tensor> chosen(Tensor mask, List<Tensor> a, List<Tensor> b) {
        List<Tensor> chosen = new ArrayList<>();
        for (int k = 0; k < a.size(); k++) {
            chosen.add(Tensor.where(mask, a.get(k), b.get(k)));
        }
        return chosen;
    }
}
