package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import java.util.random.RandomGenerator;

/**
 * A long short-term memory (Hochreiter and Schmidhuber, 1997), whose step is {@link LSTMCell}. {@link Recurrent} describes its shapes, its
 * parameters, and sequences of different lengths.
 */
public final class LSTM extends Recurrent<LSTM.State> {
    /**
     * The state after a step, with P the size of h, which is H but for a projection.
     *
     * @param hidden h, {@code [L·D, N, P]}; of a cell {@code [N, P]}
     * @param cell c, {@code [L·D, N, H]}; of a cell {@code [N, H]}
     */
    @CheckReturnValue
    public record State(Tensor hidden, Tensor cell) {
        /** The state for the next part of a longer sequence: not linked to this part, and living on after a step of a {@link Workspace}. */
        public State detach() {
            return new State(Workspace.keep(hidden.detach()), Workspace.keep(cell.detach()));
        }
    }

    /**
     * A memory of H hidden units in one layer, forward in time.
     *
     * @throws IllegalArgumentException if in or hidden is less than 1, or a weight would have too many elements
     */
    public LSTM(int in, int hidden, RandomGenerator init) {
        this(in, hidden, new RecurrentOptions(), init);
    }

    /**
     * A network of H hidden units in each layer and direction.
     *
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if in or hidden is less than 1, a weight would have too many elements, or the options have a
     *     projection that is not smaller than hidden, or a nonlinearity
     */
    public LSTM(int in, int hidden, RecurrentOptions options, RandomGenerator init) {
        super(Gates.LSTM, in, hidden, options, LSTMCell::new, init);
    }
}
