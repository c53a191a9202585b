package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;
import java.util.random.RandomGenerator;

/**
 * The leaky rectifier with random slopes (Xu et al., 2015), {@code x above 0, a·x below}. In training the slope a of each element is
 * drawn from U(lower, upper); in evaluation it is their mean. A number is drawn for every element, in row-major order.
 */
public final class RReLU extends Layer {
    private final double lower;
    private final double upper;
    private final RandomGenerator generator;

    /** A layer with slopes from 1/8 to 1/3. */
    public RReLU(RandomGenerator generator) {
        this(1.0 / 8, 1.0 / 3, generator);
    }

    /**
     * A layer with slopes from lower to upper.
     *
     * @throws IllegalArgumentException if a bound is not finite, or lower is above upper
     */
    public RReLU(double lower, double upper, RandomGenerator generator) {
        if (!(lower <= upper) || Double.isInfinite(lower) || Double.isInfinite(upper)) {
            throw new IllegalArgumentException(
                    "RReLU: expected finite slopes, lower <= upper, got " + lower + " and " + upper);
        }
        this.lower = lower;
        this.upper = upper;
        this.generator = Settings.requireGenerator(RReLU.class, generator);
    }

    @Override
    protected Tensor compute(Tensor x) {
        if (!isTraining()) {
            return x.leakyRelu(lower / 2 + upper / 2);
        }
        x.dtype().requireFloating("rrelu");
        Tensor slopes = Tensor.uniform(x.dtype(), x.shape(), lower, upper, generator);
        return Tensor.where(x.gt(0), x, x.mul(slopes));
    }

    /** The smallest slope. */
    public double lower() {
        return lower;
    }

    /** The largest slope. */
    public double upper() {
        return upper;
    }

    @Override
    protected String describe() {
        return "slopes from " + lower + " to " + upper;
    }
}
