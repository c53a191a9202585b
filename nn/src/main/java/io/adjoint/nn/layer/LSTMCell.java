package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.nn.Functional;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One step of a long short-term memory (Hochreiter and Schmidhuber, 1997), with four gates, the rows of the parameters in the order
 * i, f, g, o.
 *
 * <pre>{@code
 * i, f, o = σ(W·x + b + U·h + d),  g = tanh(W·x + b + U·h + d)
 * c = f·c + i·g
 * h = o·tanh(c)
 * }</pre>
 *
 * <p>With a projection to P, h is {@code R·(o·tanh(c))} with a further parameter R, {@code projectionWeight [P, H]}, PyTorch's
 * {@code weight_hr}; then {@code hiddenWeight} is {@code [4·H, P]}.
 */
public final class LSTMCell extends RecurrentCell<LSTM.State> {
    /**
     * A cell with biases.
     *
     * @throws IllegalArgumentException if in or hidden is less than 1, or a weight would have too many elements
     */
    public LSTMCell(int in, int hidden, RandomGenerator init) {
        this(in, hidden, new RecurrentOptions(), init);
    }

    /**
     * A cell.
     *
     * @param options bias and projection
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if in or hidden is less than 1, a weight would have too many elements, the projection is not
     *     smaller than hidden, or a cell has no use for an option
     */
    public LSTMCell(int in, int hidden, RecurrentOptions options, RandomGenerator init) {
        super(Gates.LSTM, LSTM.State.class, in, hidden, options, init);
    }

    @Override
    List<Tensor> unchecked(LSTM.State state) {
        return List.of(state.hidden(), state.cell());
    }

    @Override
    LSTM.State state(List<Tensor> tensors) {
        return new LSTM.State(tensors.get(0), tensors.get(1));
    }

    @Override
    GateLoops<?> loops(DType dtype) {
        return dtype == DType.FLOAT64 ? new DoubleLSTMGates() : new FloatLSTMGates();
    }

    @Override
    List<Tensor> step(Tensor ofInput, List<Tensor> state, Weights weights) {
        List<Tensor> gates = ofInput.add(Functional.linear(state.get(0), weights.hidden(), weights.bias()))
                .chunk(1, 4);
        Tensor kept = gates.get(1).sigmoid().mul(state.get(1));
        Tensor c = kept.add(gates.get(0).sigmoid().mul(gates.get(2).tanh()));
        Tensor h = gates.get(3).sigmoid().mul(c.tanh());
        return List.of(weights.projection() == null ? h : Functional.linear(h, weights.projection()), c);
    }
}
