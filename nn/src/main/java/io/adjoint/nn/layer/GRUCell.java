package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.nn.Functional;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One step of a gated recurrent unit (Cho and others, 2014), with three gates, the rows of the parameters in the order r, z, n.
 *
 * <pre>{@code
 * r, z = σ(W·x + b + U·h + d)
 * n = tanh(W·x + b + r·(U·h + d))
 * h = (1 − z)·n + z·h
 * }</pre>
 *
 * <p>As in PyTorch, r multiplies the product with h; in the paper it multiplies h itself.
 */
public final class GRUCell extends RecurrentCell<GRU.State> {
    /**
     * A cell with biases.
     *
     * @throws IllegalArgumentException if in or hidden is less than 1, or a weight would have too many elements
     */
    public GRUCell(int in, int hidden, RandomGenerator init) {
        this(in, hidden, new RecurrentOptions(), init);
    }

    /**
     * A cell.
     *
     * @param options bias
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if in or hidden is less than 1, a weight would have too many elements, or a cell has no use for
     *     an option
     */
    public GRUCell(int in, int hidden, RecurrentOptions options, RandomGenerator init) {
        super(Gates.GRU, GRU.State.class, in, hidden, options, init);
    }

    @Override
    List<Tensor> unchecked(GRU.State state) {
        return List.of(state.hidden());
    }

    @Override
    GRU.State state(List<Tensor> tensors) {
        return new GRU.State(tensors.get(0));
    }

    @Override
    GateLoops<?> loops(DType dtype) {
        return dtype == DType.FLOAT64 ? new DoubleGRUGates() : new FloatGRUGates();
    }

    @Override
    List<Tensor> step(Tensor ofInput, List<Tensor> state, Weights weights) {
        Tensor h = state.get(0);
        List<Tensor> a = ofInput.chunk(1, 3);
        List<Tensor> b = Functional.linear(h, weights.hidden(), weights.bias()).chunk(1, 3);
        Tensor r = a.get(0).add(b.get(0)).sigmoid();
        Tensor z = a.get(1).add(b.get(1)).sigmoid();
        Tensor n = a.get(2).add(r.mul(b.get(2))).tanh();
        return List.of(n.add(z.mul(h.sub(n))));
    }
}
