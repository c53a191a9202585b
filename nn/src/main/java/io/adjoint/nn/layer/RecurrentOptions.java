package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.Options;
import io.adjoint.nn.Settings;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The settings of {@link RNN}, {@link GRU}, {@link LSTM} and their cells other than their sizes: by default one layer, forward in time,
 * with biases, without dropout and projection, and tanh as the nonlinearity.
 *
 * <pre>{@code new GRU(32, 64, new RecurrentOptions().layers(2).bidirectional().dropout(0.2, rng), init)}</pre>
 *
 * <p>Options are values: each method returns a changed copy. A class refuses settings that don't apply to it: a cell has one layer and
 * one direction, the projection belongs to the LSTM, and the nonlinearity to the RNN.
 */
@CheckReturnValue
public final class RecurrentOptions extends Options<RecurrentOptions> {
    int layers = 1;
    boolean isBidirectional;
    boolean hasBias = true;
    double dropout;

    @Nullable
    RandomGenerator generator;
    /** The number of features to which h is projected; 0 for no projection. */
    int projection;

    RNN.Nonlinearity nonlinearity = RNN.Nonlinearity.TANH;

    /** One layer, forward in time, with biases. */
    public RecurrentOptions() {}

    /**
     * Stacks layers: each reads the sequence of the one before.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    public RecurrentOptions layers(int number) {
        return with(copy -> copy.layers = Settings.requireCount(RecurrentOptions.class, "number of layers", number));
    }

    /** Gives each layer a second direction, backward in time, whose outputs follow the outputs of the first: 2·H in all. */
    public RecurrentOptions bidirectional() {
        return with(copy -> copy.isBidirectional = true);
    }

    /** Leaves the biases out. */
    public RecurrentOptions withoutBias() {
        return with(copy -> copy.hasBias = false);
    }

    /**
     * Sets the dropout, in training, of the outputs of every layer but the last; see {@link io.adjoint.nn.Functional#dropout}. With one
     * layer that changes nothing.
     *
     * @param p the probability, from 0 to 1
     * @param generator gives one number for each layer but the last in each call
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public RecurrentOptions dropout(double p, RandomGenerator generator) {
        return with(copy -> {
            copy.dropout = Settings.requireFraction(RecurrentOptions.class, "probability of dropout", p);
            copy.generator = Settings.requireGenerator(RecurrentOptions.class, generator);
        });
    }

    /**
     * Lets an LSTM multiply h by a matrix {@code [size, H]} before it is used (Sak, Senior and Beaufays, 2014): outputs and the h of
     * states have this size, while c keeps H.
     *
     * @param size less than H, which the LSTM checks
     * @throws IllegalArgumentException if the size is less than 1
     */
    public RecurrentOptions projection(int size) {
        return with(copy ->
                copy.projection = Settings.requireCount(RecurrentOptions.class, "size of the projection", size));
    }

    /** Sets the function that an RNN applies. */
    public RecurrentOptions nonlinearity(RNN.Nonlinearity function) {
        return with(copy -> copy.nonlinearity = function);
    }

    /** The settings for a single cell of a stack of layers. */
    RecurrentOptions ofCell() {
        return with(copy -> {
            copy.layers = 1;
            copy.isBidirectional = false;
            copy.dropout = 0;
            copy.generator = null;
        });
    }

    int directions() {
        return isBidirectional ? 2 : 1;
    }

    /** The settings that are not the defaults, for messages: {@code 2 layers, bidirectional}. */
    @Override
    public String toString() {
        String text = (layers == 1 ? "" : ", " + layers + " layers")
                + (isBidirectional ? ", bidirectional" : "")
                + (dropout == 0 ? "" : ", dropout " + dropout)
                + (projection == 0 ? "" : ", projection " + projection)
                + (nonlinearity == RNN.Nonlinearity.TANH ? "" : ", relu")
                + (hasBias ? "" : ", no bias");
        return text.isEmpty() ? text : text.substring(2);
    }
}
