package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Block;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One step of a recurrent network: {@link RNNCell}, {@link GRUCell} and {@link LSTMCell}, which {@link Recurrent} runs over sequences.
 *
 * <p>Parameters, with G the number of the cell's gates, each drawn from U(−1/√H, 1/√H) in this order: {@code inputWeight [G·H, in]},
 * {@code hiddenWeight [G·H, H]} and, unless they are left out, {@code inputBias [G·H]} and {@code hiddenBias [G·H]}. PyTorch's names
 * are {@code weight_ih}, {@code weight_hh}, {@code bias_ih} and {@code bias_hh}.
 *
 * @param <S> the state that the cell carries from step to step
 */
public abstract sealed class RecurrentCell<S> extends Block permits RNNCell, GRUCell, LSTMCell {
    final int in;
    final int hidden;
    final RecurrentOptions options;
    final Gates gates;
    private final Class<S> stateType;
    private final Tensor inputWeight;
    private final Tensor hiddenWeight;
    private final @Nullable Tensor inputBias;
    private final @Nullable Tensor hiddenBias;
    private final @Nullable Tensor projection;

    /** The parameters of a step, except the weight and bias of the product with the input. */
    record Weights(
            Tensor hidden, @Nullable Tensor bias, @Nullable Tensor projection) {
        /** The components that are not null: a cell may have no bias and no projection. */
        List<Tensor> all() {
            return Stream.of(hidden, bias, projection).filter(Objects::nonNull).toList();
        }

        /** A copy with other tensors in place of {@link #all()}, in the same order. */
        Weights replaced(List<Tensor> others) {
            Iterator<Tensor> rest = others.iterator();
            return new Weights(rest.next(), bias == null ? null : rest.next(), projection == null ? null : rest.next());
        }
    }

    RecurrentCell(Gates gates, Class<S> stateType, int in, int hidden, RecurrentOptions options, RandomGenerator init) {
        String name = getClass().getSimpleName();
        requireSizes(name, gates, in, hidden, options);
        if (options.layers > 1 || options.isBidirectional || options.dropout > 0) {
            throw new IllegalArgumentException(
                    name + ": a cell has one layer, one direction and no dropout, got options " + options + "; use "
                            + name.replace("Cell", ""));
        }
        this.in = in;
        this.hidden = hidden;
        this.options = options;
        this.gates = gates;
        this.stateType = stateType;
        double bound = 1 / Math.sqrt(hidden);
        Init source = Init.of(init);
        int rows = gates.count * hidden;
        inputWeight = parameter("inputWeight", source.uniform(Shape.of(rows, in), bound));
        hiddenWeight = parameter("hiddenWeight", source.uniform(Shape.of(rows, output()), bound));
        inputBias = options.hasBias ? parameter("inputBias", source.uniform(Shape.of(rows), bound)) : null;
        hiddenBias = options.hasBias ? parameter("hiddenBias", source.uniform(Shape.of(rows), bound)) : null;
        projection = options.projection > 0
                ? parameter("projectionWeight", source.uniform(Shape.of(options.projection, hidden), bound))
                : null;
    }

    /** Checks the arguments of a constructor of the class with this name, and returns the shape of its largest weight. */
    @CanIgnoreReturnValue
    static Shape requireSizes(String name, Gates gates, int in, int hidden, RecurrentOptions options) {
        int most = Integer.MAX_VALUE / gates.count;
        if (in < 1 || hidden < 1 || hidden > most) {
            throw new IllegalArgumentException(name + ": expected at least 1 input and 1 hidden unit, and at most "
                    + most + " of these, got " + in + " and " + hidden);
        }
        if (options.projection > 0 && (!gates.hasCell() || options.projection >= hidden)) {
            throw new IllegalArgumentException(name + ": "
                    + (gates.hasCell()
                            ? "the projection must be smaller than the " + hidden + " hidden units, got "
                                    + options.projection
                            : "there is no projection but in an LSTM, got one to " + options.projection));
        }
        if (options.nonlinearity != RNN.Nonlinearity.TANH && gates != Gates.RNN) {
            throw new IllegalArgumentException(
                    name + ": the nonlinearity " + options.nonlinearity + " is for an RNN; this one has its own gates");
        }
        return Shape.of(name, gates.count * hidden, Math.max(in, hidden));
    }

    /** The weights of the input, shape {@code [G·H, in]}. */
    public final Tensor inputWeight() {
        return inputWeight;
    }

    /** The weights of h, shape {@code [G·H, H]}. */
    public final Tensor hiddenWeight() {
        return hiddenWeight;
    }

    /** The bias of the input's product, shape {@code [G·H]}; null if this cell has none. */
    public final @Nullable Tensor inputBias() {
        return inputBias;
    }

    /** The bias of the product with h, shape {@code [G·H]}; null if this cell has none. */
    public final @Nullable Tensor hiddenBias() {
        return hiddenBias;
    }

    // ---- a step ----

    /**
     * The state after a step from a state of zeros.
     *
     * @param x {@code [N, in]}
     * @throws ShapeException if the input has another shape
     * @throws DTypeException if it is not of this cell's dtype
     */
    public final S forward(Tensor x) {
        return within(List.of(x), () -> {
            requireInput(x);
            return state(one(x, zeros(x.shape().dim(0))));
        });
    }

    /**
     * The state after a step.
     *
     * @param x {@code [N, in]}
     * @param before the state before it, whose tensors are {@code [N, H]}
     * @throws ShapeException if input or state have another shape
     * @throws DTypeException if they are not of this cell's dtype
     */
    public final S forward(Tensor x, S before) {
        List<Tensor> state = tensors(before);
        List<Tensor> inputs = new ArrayList<>(List.of(x));
        inputs.addAll(state);
        return within(inputs, () -> {
            requireInput(x);
            requireState(operation(), state, x);
            return state(one(x, state));
        });
    }

    private List<Tensor> one(Tensor x, List<Tensor> state) {
        return new Scan(this, false, null).run(x.unsqueeze(0), state).last();
    }

    private void requireInput(Tensor x) {
        if (x.shape().rank() != 2 || x.shape().dim(1) != in) {
            throw new ShapeException(operation() + ": expected input [N, " + in + "], got " + x.shape());
        }
        DTypeException.requireSameFloating(operation(), dtype(), x.dtype());
    }

    /** Checks that each tensor of a state has a row for each sample of the input, {@code [leading…, N, size]}. */
    final void requireState(String op, List<Tensor> state, Tensor x, int... leading) {
        for (int k = 0; k < state.size(); k++) {
            int[] dims = Arrays.copyOf(leading, leading.length + 2);
            dims[leading.length] = x.shape().dim(0);
            dims[leading.length + 1] = size(k);
            Tensor tensor = state.get(k);
            if (!tensor.shape().equals(Shape.of(dims))) {
                throw new ShapeException(op + ": expected a state whose " + (k == 0 ? "hidden" : "cell") + " is "
                        + Shape.of(dims) + " for the input " + x.shape() + ", got " + tensor.shape());
            }
            DTypeException.requireSameFloating(op, dtype(), tensor.dtype());
        }
    }

    // ---- for stacks of cells ----

    /** The name of the operation in messages and drawn graphs. */
    final String operation() {
        return gates.name().toLowerCase(Locale.ROOT);
    }

    final DType dtype() {
        return inputWeight.dtype();
    }

    /** The number of outputs, which is the size of h. */
    final int output() {
        return options.projection > 0 ? options.projection : hidden;
    }

    /** The number of features of the k-th tensor of a state; the first tensor is h. */
    final int size(int k) {
        return k == 0 ? output() : hidden;
    }

    final List<Tensor> zeros(int samples) {
        List<Tensor> state = new ArrayList<>();
        for (int k = 0; k < (gates.hasCell() ? 2 : 1); k++) {
            state.add(Tensor.zeros(dtype(), samples, size(k)));
        }
        return state;
    }

    /** The parameters of a step, without a bias that {@link #ofInput} has already added. */
    final Weights weights() {
        return new Weights(hiddenWeight, gates.isSeparate() ? hiddenBias : null, projection);
    }

    /**
     * The product of the input and its weight plus the input's bias, {@code [..., G·H]}; the hidden bias is added, too, if the cell's gates
     * need only the sum of the products with the input and with the hidden state h.
     */
    final Tensor ofInput(Tensor x) {
        Tensor bias =
                inputBias != null && hiddenBias != null && !gates.isSeparate() ? inputBias.add(hiddenBias) : inputBias;
        return Functional.linear(x, inputWeight, bias);
    }

    /** The tensors of a state, after a check of its type. */
    final List<Tensor> tensors(S state) {
        if (!stateType.isInstance(state)) {
            throw new IllegalArgumentException(getClass().getSimpleName() + ": expected a state of type "
                    + stateType.getCanonicalName() + ", got " + state);
        }
        return unchecked(state);
    }

    /** The tensors of a state of the right type. */
    abstract List<Tensor> unchecked(S state);

    /** Makes a state of its tensors. */
    abstract S state(List<Tensor> tensors);

    /** The loops that compute a step from the products, for a floating dtype. */
    abstract GateLoops<?> loops(DType dtype);

    /**
     * Computes the state after a step by tensor operations, so that gradients of gradients exist; the result is equal to the result of
     * {@link #loops}, which compute it from the products with the weights.
     *
     * @param ofInput the tensor that {@link #ofInput(Tensor)} returns for the step: input times weight, plus bias, {@code [N, G·H]}
     */
    abstract List<Tensor> step(Tensor ofInput, List<Tensor> state, Weights weights);

    @Override
    protected String describe() {
        return in + " -> " + hidden + (options.toString().isEmpty() ? "" : ", " + options) + Descriptions.of(dtype());
    }
}
