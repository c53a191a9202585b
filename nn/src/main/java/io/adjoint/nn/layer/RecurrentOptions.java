package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CheckReturnValue;
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
public final class RecurrentOptions {
    final int layers;
    final boolean isBidirectional;
    final boolean hasBias;
    final double dropout;
    final @Nullable RandomGenerator generator;
    /** The number of features to which h is projected; 0 for no projection. */
    final int projection;

    final RNN.Nonlinearity nonlinearity;

    /** One layer, forward in time, with biases. */
    public RecurrentOptions() {
        this(1, false, true, 0, null, 0, RNN.Nonlinearity.TANH);
    }

    private RecurrentOptions(
            int layers,
            boolean isBidirectional,
            boolean hasBias,
            double dropout,
            @Nullable RandomGenerator generator,
            int projection,
            RNN.Nonlinearity nonlinearity) {
        this.layers = layers;
        this.isBidirectional = isBidirectional;
        this.hasBias = hasBias;
        this.dropout = dropout;
        this.generator = generator;
        this.projection = projection;
        this.nonlinearity = nonlinearity;
    }

    /**
     * Stacks layers: each reads the sequence of the one before.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    public RecurrentOptions layers(int number) {
        Settings.requireCount(RecurrentOptions.class, "number of layers", number);
        return new RecurrentOptions(number, isBidirectional, hasBias, dropout, generator, projection, nonlinearity);
    }

    /** Gives each layer a second direction, backward in time, whose outputs follow the outputs of the first: 2·H in all. */
    public RecurrentOptions bidirectional() {
        return new RecurrentOptions(layers, true, hasBias, dropout, generator, projection, nonlinearity);
    }

    /** Leaves the biases out. */
    public RecurrentOptions withoutBias() {
        return new RecurrentOptions(layers, isBidirectional, false, dropout, generator, projection, nonlinearity);
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
        Settings.requirePart(RecurrentOptions.class, "probability of dropout", p);
        RandomGenerator source = Settings.requireGenerator(RecurrentOptions.class, generator);
        return new RecurrentOptions(layers, isBidirectional, hasBias, p, source, projection, nonlinearity);
    }

    /**
     * Lets an LSTM multiply h by a matrix {@code [size, H]} before it is used (Sak, Senior and Beaufays, 2014): outputs and the h of
     * states have this size, while c keeps H.
     *
     * @param size less than H, which the LSTM checks
     * @throws IllegalArgumentException if the size is less than 1
     */
    public RecurrentOptions projection(int size) {
        Settings.requireCount(RecurrentOptions.class, "size of the projection", size);
        return new RecurrentOptions(layers, isBidirectional, hasBias, dropout, generator, size, nonlinearity);
    }

    /** Sets the function that an RNN applies. */
    public RecurrentOptions nonlinearity(RNN.Nonlinearity function) {
        return new RecurrentOptions(layers, isBidirectional, hasBias, dropout, generator, projection, function);
    }

    /** The settings for a single cell of a stack of layers. */
    RecurrentOptions ofCell() {
        return new RecurrentOptions(1, false, hasBias, 0, null, projection, nonlinearity);
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
