package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Block;
import io.adjoint.nn.Functional;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent network over batches of sequences: {@link RNN}, {@link GRU} and {@link LSTM}, of one layer or several, in one direction or
 * both. Each layer runs a {@link RecurrentCell} over the sequence of the layer before.
 *
 * <p>Shapes, with L layers, D directions (1 or 2), and P the size of h, which is H but for a projection: input {@code [N, T, in]},
 * sequence {@code [N, T, D·P]}, forward direction first; each tensor of a state {@code [L·D, N, P]} (c of an LSTM {@code [L·D, N, H]}):
 * the first layer forward, the first layer backward, the second layer forward, and so on.
 *
 * <p>Parameters: each cell has its parameters, as {@code l0.inputWeight}, {@code l0Reverse.inputWeight}, {@code l1.inputWeight}, …; the
 * cell of every layer but the first has D·P inputs. PyTorch's names follow from these: {@code weight_ih_l0}, {@code weight_ih_l0_reverse},
 * {@code weight_ih_l1}, …
 *
 * <p>Sequences of different lengths are padded to one length; pass their lengths as a further argument. Padding never influences a result:
 * outputs beyond the end of a sequence are 0, the last state is the state at the end of the sequence, and the backward direction begins
 * there.
 *
 * @param <S> the state
 */
public abstract sealed class Recurrent<S> extends Block permits RNN, GRU, LSTM {
    private final int in;
    private final int hidden;
    private final RecurrentOptions options;
    private final List<RecurrentCell<S>> cells = new ArrayList<>();

    /**
     * The result of a batch of sequences.
     *
     * @param sequence h of the last layer after each step, {@code [N, T, D·P]}
     * @param last the state of all layers and directions after the last step of each sequence
     * @param <S> the state
     */
    public record Output<S>(Tensor sequence, S last) {}

    /** Makes a cell with the given number of input features. */
    @FunctionalInterface
    interface CellFactory<S> {
        RecurrentCell<S> of(int in, int hidden, RecurrentOptions options, RandomGenerator init);
    }

    Recurrent(Gates gates, int in, int hidden, RecurrentOptions options, CellFactory<S> factory, RandomGenerator init) {
        RecurrentCell.requireSizes(getClass().getSimpleName(), gates, in, hidden, options);
        this.in = in;
        this.hidden = hidden;
        this.options = options;
        int inputs = in;
        for (int layer = 0; layer < options.layers; layer++) {
            for (String direction : options.isBidirectional ? List.of("", "Reverse") : List.of("")) {
                cells.add(child("l" + layer + direction, factory.of(inputs, hidden, options.ofCell(), init)));
            }
            inputs = options.directions() * cells.get(0).output();
        }
    }

    /**
     * The output for sequences {@code [N, T, in]}, from a state of zeros.
     *
     * @throws ShapeException if the input has another shape
     * @throws DTypeException if it is not of this block's dtype
     */
    public final Output<S> forward(Tensor x) {
        return within(List.of(x), () -> run(x, null, null));
    }

    /**
     * The output for sequences {@code [N, T, in]} that continue from a state.
     *
     * @throws ShapeException if input or state are not of the shapes above
     * @throws DTypeException if they are not of this block's dtype
     */
    public final Output<S> forward(Tensor x, S initial) {
        return within(() -> run(x, null, cells.get(0).tensors(initial)));
    }

    /**
     * The output for sequences {@code [N, T, in]} of different lengths, from a state of zeros.
     *
     * @param lengths INT32, {@code [N]}, each from 0 to T
     * @throws ShapeException if input or lengths are not of these shapes
     * @throws DTypeException if the input is not of this block's dtype, or the lengths are not INT32
     * @throws IllegalArgumentException if a length is negative or above T
     */
    public final Output<S> forward(Tensor x, Tensor lengths) {
        return within(List.of(x, lengths), () -> run(x, lengths, null));
    }

    /** As {@link #forward(Tensor, Tensor)}, for sequences that continue from a state. */
    public final Output<S> forward(Tensor x, Tensor lengths, S initial) {
        return within(() -> run(x, lengths, cells.get(0).tensors(initial)));
    }

    private Output<S> run(Tensor x, @Nullable Tensor each, @Nullable List<Tensor> initial) {
        RecurrentCell<S> first = cells.get(0);
        String op = first.operation();
        if (x.shape().rank() != 3 || x.shape().dim(2) != in) {
            throw new ShapeException(op + ": expected input [N, T, " + in + "], got " + x.shape());
        }
        DTypeException.requireSameFloating(op, first.dtype(), x.dtype());
        if (initial != null) {
            first.requireState(op, initial, x, cells.size());
        }
        Lengths lengths = each == null ? null : Lengths.of(op, each, x);
        Tensor mask = lengths == null ? null : lengths.mask();
        List<Tensor> zeros = first.zeros(x.shape().dim(0));
        List<List<Tensor>> last = new ArrayList<>();
        // Time is the first axis here, so that the rows of a step are neighbours.
        Tensor sequence = masked(x.transpose(0, 1), mask);
        for (int layer = 0; layer < options.layers; layer++) {
            List<Tensor> outputs = new ArrayList<>();
            for (int direction = 0; direction < options.directions(); direction++) {
                int at = last.size();
                List<Tensor> state = initial == null
                        ? zeros
                        : initial.stream().map(tensor -> tensor.select(0, at)).toList();
                Scan.Output output = new Scan(cells.get(at), direction == 1, lengths).run(sequence, state);
                outputs.add(output.sequence());
                last.add(output.last());
            }
            Tensor joined = outputs.size() == 1 ? outputs.get(0) : Tensor.concat(2, outputs);
            sequence = masked(layer < options.layers - 1 ? dropped(joined) : joined, mask);
        }
        return new Output<>(sequence.transpose(0, 1), first.state(stacked(last)));
    }

    /** Sets the steps beyond the ends of sequences to 0, so that they contribute nothing. */
    private static Tensor masked(Tensor x, @Nullable Tensor mask) {
        return mask == null ? x : Tensor.where(mask, x, 0);
    }

    private Tensor dropped(Tensor x) {
        return !isTraining() || options.dropout == 0
                ? x
                : Functional.dropout(x, options.dropout, Objects.requireNonNull(options.generator));
    }

    /** Stacks the states of all layers and directions. */
    private static List<Tensor> stacked(List<List<Tensor>> states) {
        List<Tensor> tensors = new ArrayList<>();
        for (int k = 0; k < states.get(0).size(); k++) {
            int number = k;
            tensors.add(Tensor.stack(
                    0, states.stream().map(state -> state.get(number)).toList()));
        }
        return tensors;
    }

    @Override
    protected String describe() {
        return in + " -> " + hidden + (options.toString().isEmpty() ? "" : ", " + options)
                + Descriptions.of(cells.get(0).dtype());
    }
}
