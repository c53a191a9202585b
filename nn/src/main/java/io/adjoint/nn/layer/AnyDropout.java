package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;
import java.util.random.RandomGenerator;

/**
 * The layers that drop something at random while training, and in evaluation return their input.
 *
 * <p>Each {@link #forward} in training takes one number of the generator, whatever the input's size; to continue a saved training with
 * the same masks, save the generator's state. To be used through the layers that extend it.
 */
public abstract sealed class AnyDropout extends Layer permits Dropout, ChannelDropout, AlphaDropout {
    final double p;
    final RandomGenerator generator;

    AnyDropout(double p, RandomGenerator generator) {
        String name = getClass().getSimpleName();
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException(name + ": p is the probability of being dropped, from 0 to 1, got " + p);
        }
        if (generator == null) {
            throw new IllegalArgumentException(name + ": the generator is null");
        }
        this.p = p;
        this.generator = generator;
    }

    /** The probability p of being dropped. */
    public final double probability() {
        return p;
    }

    @Override
    protected final Tensor compute(Tensor x) {
        requireInput(x);
        return isTraining() ? dropped(x) : x;
    }

    /** Checks an input, in evaluation as well. */
    void requireInput(Tensor x) {
        x.dtype().requireFloating("dropout");
    }

    abstract Tensor dropped(Tensor x);

    @Override
    protected final String describe() {
        return "p = " + p;
    }
}
