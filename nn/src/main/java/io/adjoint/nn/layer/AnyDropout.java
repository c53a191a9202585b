package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;
import java.util.random.RandomGenerator;

/**
 * The layers that drop something at random while training, and in evaluation return their input.
 *
 * <p>Each {@link #forward} in training takes one number of the generator, for any size of the input; to continue a saved training with the
 * same masks, save the generator's state. To be used through the layers that extend it.
 */
public abstract class AnyDropout extends Layer {
    final double p;
    final RandomGenerator generator;

    AnyDropout(double p, RandomGenerator generator) {
        this.p = Settings.requireFraction(getClass(), "probability p of being dropped", p);
        this.generator = Settings.requireGenerator(getClass(), generator);
    }

    /** The probability p of being dropped. */
    public double probability() {
        return p;
    }

    @Override
    protected final Tensor compute(Tensor x) {
        requireInput(x);
        return isTraining() ? dropped(x) : x;
    }

    /** Checks an input; called in training and in evaluation. */
    void requireInput(Tensor x) {
        x.dtype().requireFloating("dropout");
    }

    abstract Tensor dropped(Tensor x);

    @Override
    protected final String describe() {
        return "p = " + p;
    }
}
