package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Block;
import io.adjoint.nn.layer.GRU;
import io.adjoint.nn.layer.GRUCell;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.LSTMCell;
import io.adjoint.nn.layer.RNN;
import io.adjoint.nn.layer.RNNCell;
import io.adjoint.nn.layer.Recurrent;
import io.adjoint.nn.layer.RecurrentCell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The export rules of recurrent networks and cells, by ONNX's operators RNN, GRU and LSTM. In these operators time is axis 0, one tensor
 * holds the weights of both directions, and the order of the gates differs from the order in this library's cells.
 */
final class OnnxRecurrent {
    private OnnxRecurrent() {}

    static void addTo(OnnxRules rules) {
        rules.block(Recurrent.class, OnnxRecurrent::network)
                .forward(
                        Recurrent.class,
                        (block, x) ->
                                outputs(x.size() == 1 ? block.forward(x.get(0)) : block.forward(x.get(0), x.get(1))))
                .block(RecurrentCell.class, OnnxRecurrent::cell)
                .forward(RecurrentCell.class, OnnxRecurrent::runCell);
    }

    /** Returns whether a block has an LSTM with a projected hidden state, which ONNX's LSTM doesn't have. */
    static boolean isProjected(Block block) {
        return block.namedParameters().keySet().stream().anyMatch(name -> name.endsWith("projectionWeight"))
                && (block instanceof Recurrent || block instanceof RecurrentCell);
    }

    private static List<Tensor> runCell(RecurrentCell<?> block, List<Tensor> x) {
        boolean isFirst = x.size() == 1;
        if (block instanceof LSTMCell cell) {
            return outputs(
                    isFirst ? cell.forward(x.get(0)) : cell.forward(x.get(0), new LSTM.State(x.get(1), x.get(2))));
        } else if (block instanceof GRUCell cell) {
            return outputs(isFirst ? cell.forward(x.get(0)) : cell.forward(x.get(0), new GRU.State(x.get(1))));
        } else if (block instanceof RNNCell cell) {
            return outputs(isFirst ? cell.forward(x.get(0)) : cell.forward(x.get(0), new RNN.State(x.get(1))));
        }
        throw new IllegalArgumentException("a cell of another kind than RNN, GRU and LSTM");
    }

    /** The tensors in the output of a block with an export rule. */
    static List<Tensor> outputs(Object output) {
        if (output instanceof Recurrent.Output<?> run) {
            List<Tensor> outputs = new ArrayList<>(List.of(run.sequence()));
            outputs.addAll(outputs(run.last()));
            return outputs;
        } else if (output instanceof LSTM.State both) {
            return List.of(both.hidden(), both.cell());
        }
        return List.of(
                output instanceof GRU.State gru
                        ? gru.hidden()
                        : output instanceof RNN.State rnn ? rnn.hidden() : (Tensor) output);
    }

    /**
     * The outputs of a recurrent layer for N sequences of T steps: the hidden states after all steps, {@code [T, directions, N, H]}, and
     * the states after the last step, {@code [directions, N, H]}; H is the size of a state.
     */
    record Run(OnnxValue sequence, List<OnnxValue> last) {}

    private static List<OnnxValue> network(OnnxGraph g, Recurrent<?> block, List<OnnxValue> inputs) {
        OnnxValue x = inputs.get(0);
        OnnxValue lengths = inputs.size() == 1 ? null : inputs.get(1);
        List<List<RecurrentCell<?>>> layers = layers(block);
        List<List<OnnxValue>> last = new ArrayList<>();
        OnnxValue sequence = g.transpose(x, 1, 0, 2);
        for (List<RecurrentCell<?>> layer : layers) {
            Run run = run(g, layer, sequence, lengths, List.of());
            OnnxValue steps = run.sequence();
            sequence =
                    g.reshape(g.transpose(steps, 0, 2, 1, 3), steps.dim(0), steps.dim(2), steps.dim(1) * steps.dim(3));
            last.add(run.last());
        }
        List<OnnxValue> outputs = new ArrayList<>(List.of(g.transpose(sequence, 1, 0, 2)));
        for (int state = 0; state < last.get(0).size(); state++) {
            int at = state;
            outputs.add(joined(g, 0, last.stream().map(states -> states.get(at)).toArray(OnnxValue[]::new)));
        }
        return outputs;
    }

    /** The cells of each layer of a recurrent network: the forward cell and, if the network is bidirectional, the reverse cell. */
    private static List<List<RecurrentCell<?>>> layers(Recurrent<?> block) {
        List<List<RecurrentCell<?>>> layers = new ArrayList<>();
        for (int k = 0; block.children().containsKey("l" + k); k++) {
            List<RecurrentCell<?>> cells = new ArrayList<>();
            for (String name : List.of("l" + k, "l" + k + "Reverse")) {
                Block child = block.children().get(name);
                if (child instanceof RecurrentCell<?> cell) {
                    cells.add(cell);
                }
            }
            layers.add(cells);
        }
        return layers;
    }

    /** Exports a recurrent cell as a recurrent layer that runs over a sequence of one step. */
    private static List<OnnxValue> cell(OnnxGraph g, RecurrentCell<?> cell, List<OnnxValue> inputs) {
        List<OnnxValue> steps =
                inputs.stream().map(input -> unsqueezed(g, input)).toList();
        return run(g, List.of(cell), steps.get(0), null, steps.subList(1, steps.size())).last().stream()
                .map(state -> g.op("Squeeze").to(new int[] {state.dim(1), state.dim(2)}, state, g.integers(0)))
                .toList();
    }

    private static OnnxValue unsqueezed(OnnxGraph g, OnnxValue x) {
        g.requireRank(2, x);
        return g.op("Unsqueeze").to(new int[] {1, x.dim(0), x.dim(1)}, x, g.integers(0));
    }

    /**
     * Adds the nodes that run the cells of a layer, one cell for each direction.
     *
     * @param x {@code [T, N, in]}
     * @param lengths the number of steps of each sequence, INT32 {@code [N]}; null if all sequences have T steps
     * @param initial the initial states {@code [directions, N, H]}; empty for zeros
     */
    private static Run run(
            OnnxGraph g,
            List<RecurrentCell<?>> cells,
            OnnxValue x,
            @Nullable OnnxValue lengths,
            List<OnnxValue> initial) {
        RecurrentCell<?> first = cells.get(0);
        int directions = cells.size();
        int hidden = first.hiddenWeight().shape().dim(1);
        String type = first.getClass().getSimpleName().replace("Cell", "");
        OnnxNode node = g.op(type).integer("hidden_size", hidden);
        if (directions == 2) {
            node = node.text("direction", "bidirectional");
        }
        if (first instanceof GRUCell) {
            // The attribute makes the reset gate multiply the product of the hidden weights with h, as in this library,
            // and not h itself.
            node = node.integer("linear_before_reset", 1);
        }
        if (first instanceof RNNCell cell) {
            String function = cell.nonlinearity() == RNN.Nonlinearity.TANH ? "Tanh" : "Relu";
            node = node.texts("activations", Collections.nCopies(directions, function));
        }
        int[] state = {directions, x.dim(1), hidden};
        List<int[]> dims = new ArrayList<>(List.of(new int[] {x.dim(0), directions, x.dim(1), hidden}, state));
        if (first instanceof LSTMCell) {
            dims.add(state);
        }
        String prefix = type.toLowerCase(Locale.ROOT);
        List<OnnxValue> outputs = node.outputs(
                dims,
                x,
                g.constant(prefix + ".W", stacked(cells, RecurrentCell::inputWeight)),
                g.constant(prefix + ".R", stacked(cells, RecurrentCell::hiddenWeight)),
                first.inputBias() == null ? null : g.constant(prefix + ".B", biases(cells)),
                lengths,
                initial.isEmpty() ? null : initial.get(0),
                initial.size() < 2 ? null : initial.get(1));
        return new Run(outputs.get(0), outputs.subList(1, outputs.size()));
    }

    private static OnnxValue joined(OnnxGraph g, int axis, OnnxValue... parts) {
        return parts.length == 1
                ? parts[0]
                : g.op("Concat")
                        .integer("axis", axis)
                        .to(parts[0].with(axis, parts.length * parts[0].dim(axis)), parts);
    }

    // ---- weights ----

    @FunctionalInterface
    private interface PartOfCell {
        @Nullable
        Tensor of(RecurrentCell<?> cell);
    }

    private static NdArray stacked(List<RecurrentCell<?>> cells, PartOfCell part) {
        return NdArray.concat(
                0,
                cells.stream()
                        .map(cell -> ordered(cell, part.of(cell)).unsqueeze(0))
                        .toList());
    }

    private static NdArray biases(List<RecurrentCell<?>> cells) {
        return NdArray.concat(
                1, List.of(stacked(cells, RecurrentCell::inputBias), stacked(cells, RecurrentCell::hiddenBias)));
    }

    /** Reorders the rows of a cell's weight or bias, which belong to one gate after the other, so that the gates are in ONNX's order. */
    private static NdArray ordered(RecurrentCell<?> cell, @Nullable Tensor rows) {
        NdArray all = Objects.requireNonNull(rows).data();
        int[] order = cell instanceof LSTMCell
                // the gates from i, f, g, o to i, o, f, g
                ? new int[] {0, 3, 1, 2}
                // the gates from r, z, n to z, r, n
                : cell instanceof GRUCell ? new int[] {1, 0, 2} : new int[] {0};
        int size = all.shape().dim(0) / order.length;
        return NdArray.concat(
                0,
                Arrays.stream(order)
                        .mapToObj(gate -> all.slice(0, gate * size, (gate + 1) * size))
                        .toList());
    }
}
