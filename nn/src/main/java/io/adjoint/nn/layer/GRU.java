package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import java.util.random.RandomGenerator;

/**
 * A network of gated recurrent units (Cho and others, 2014), whose step is {@link GRUCell}. {@link Recurrent} describes properties common
 * to recurrent networks: shapes, parameters, and sequences of different lengths.
 */
public final class GRU extends Recurrent<GRU.State> {
    /**
     * The state after a step.
     *
     * @param hidden h, {@code [L·D, N, H]}; of a cell {@code [N, H]}
     */
    @CheckReturnValue
    public record State(Tensor hidden) {
        /** The state for the next part of a longer sequence: not linked to this part, and living on after a step of a {@link Workspace}. */
        public State detach() {
            return new State(Workspace.keep(hidden.detach()));
        }
    }

    /**
     * A network of H hidden units in one layer, forward in time.
     *
     * @throws IllegalArgumentException if in or hidden is less than 1, or a weight would have too many elements
     */
    public GRU(int in, int hidden, RandomGenerator init) {
        this(in, hidden, new RecurrentOptions(), init);
    }

    /**
     * A network of H hidden units in each layer and direction.
     *
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if in or hidden is less than 1, a weight would have too many elements, or the options have a
     *     projection or a nonlinearity
     */
    public GRU(int in, int hidden, RecurrentOptions options, RandomGenerator init) {
        super(Gates.GRU, in, hidden, options, GRUCell::new, init);
    }
}
