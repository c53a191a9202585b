package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.nn.Functional;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One step of an Elman network (Elman, 1990), of one gate, with the nonlinearity φ, tanh or relu.
 *
 * <pre>{@code
 * h = φ(W·x + b + U·h + d)
 * }</pre>
 */
public final class RNNCell extends RecurrentCell<RNN.State> {
    /**
     * A cell with biases and tanh.
     *
     * @throws IllegalArgumentException if in or hidden is less than 1, or a weight would have too many elements
     */
    public RNNCell(int in, int hidden, RandomGenerator init) {
        this(in, hidden, new RecurrentOptions(), init);
    }

    /**
     * A cell.
     *
     * @param options bias and nonlinearity
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if in or hidden is less than 1, a weight would have too many elements, or a cell has no use for
     *     an option
     */
    public RNNCell(int in, int hidden, RecurrentOptions options, RandomGenerator init) {
        super(Gates.RNN, RNN.State.class, in, hidden, options, init);
    }

    @Override
    List<Tensor> unchecked(RNN.State state) {
        return List.of(state.hidden());
    }

    @Override
    RNN.State state(List<Tensor> tensors) {
        return new RNN.State(tensors.get(0));
    }

    @Override
    GateLoops<?> loops(DType dtype) {
        boolean isTanh = options.nonlinearity == RNN.Nonlinearity.TANH;
        return dtype == DType.FLOAT64
                ? (isTanh ? DoubleRNNGates.TANH : DoubleRNNGates.RELU)
                : (isTanh ? FloatRNNGates.TANH : FloatRNNGates.RELU);
    }

    @Override
    List<Tensor> step(Tensor ofInput, List<Tensor> state, Weights weights) {
        Tensor sum = ofInput.add(Functional.linear(state.get(0), weights.hidden(), weights.bias()));
        return List.of(options.nonlinearity == RNN.Nonlinearity.TANH ? sum.tanh() : sum.relu());
    }

    /** The function of the sum. */
    public RNN.Nonlinearity nonlinearity() {
        return options.nonlinearity;
    }
}
