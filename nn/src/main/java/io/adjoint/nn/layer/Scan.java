package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.layer.RecurrentCell.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cell that runs over sequences, from the first step to the last or the other way round.
 *
 * @param lengths of the sequences; null if all last to the end. Beyond its end a sequence keeps its state
 */
record Scan(
        RecurrentCell<?> cell, boolean isReverse, @Nullable Lengths lengths) {
    /**
     * The result of a scan.
     *
     * @param sequence h after each step, {@code [T, N, size]}, also beyond the end of a sequence
     * @param last the state after all steps
     */
    record Output(Tensor sequence, List<Tensor> last) {}

    /** Runs over inputs {@code [T, N, in]} from an initial state. */
    Output run(Tensor x, List<Tensor> initial) {
        return composed(cell.ofInput(x), initial, cell.weights());
    }

    private Output composed(Tensor ofInput, List<Tensor> initial, Weights weights) {
        int steps = ofInput.shape().dim(0);
        Tensor lasts = lengths == null ? null : lengths.mask();
        Tensor[] sequence = new Tensor[steps];
        List<Tensor> state = initial;
        for (int k = 0; k < steps; k++) {
            int t = isReverse ? steps - 1 - k : k;
            List<Tensor> next = cell.step(ofInput.select(0, t), state, weights);
            state = lasts == null ? next : chosen(lasts.select(0, t), next, state);
            sequence[t] = state.get(0);
        }
        Tensor stacked = steps == 0
                ? Tensor.zeros(ofInput.dtype(), 0, ofInput.shape().dim(1), cell.output())
                : Tensor.stack(0, Arrays.asList(sequence));
        return new Output(stacked, state);
    }

    private static List<Tensor> chosen(Tensor mask, List<Tensor> a, List<Tensor> b) {
        List<Tensor> chosen = new ArrayList<>();
        for (int k = 0; k < a.size(); k++) {
            chosen.add(Tensor.where(mask, a.get(k), b.get(k)));
        }
        return chosen;
    }
}
