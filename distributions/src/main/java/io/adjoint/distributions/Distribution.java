package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;

/**
 * A batch of probability distributions of one family. A value has the shape {@code batchShape + eventShape}, or with axes in front, and
 * {@link #logProb} gives one number for each event. The densities of a batch are independent of each other.
 *
 * <p>A family of your own implements {@link #batchShape}, {@link #support}, {@link #logProb}, and {@link #rsample} or {@link #sample}, and
 * the further methods that it has; every other method throws an {@link UnsupportedOperationException} that says what to do instead.
 */
@CheckReturnValue
public interface Distribution {
    /** The shape of the batch: of the parameters, broadcast, without the axes that belong to one event. */
    Shape batchShape();

    /** The shape of one event, a scalar by default. */
    default Shape eventShape() {
        return Shape.scalar();
    }

    /** The values that the distribution can have. */
    Constraint support();

    /**
     * The logarithm of the density, or of the probability of a discrete distribution, at each value.
     *
     * @param value broadcasts with {@code batchShape + eventShape}
     * @return a number for each event: the broadcast shape without the axes of an event
     * @throws IllegalArgumentException if a value is not in the {@linkplain #support() support}
     */
    Tensor logProb(Tensor value);

    /**
     * Random values without a gradient, the values of {@link #rsample} if the family has it.
     *
     * @param generator the source of all randomness
     * @param sizes axes in front of {@code batchShape + eventShape}, none for one value for each distribution of the batch
     */
    default Tensor sample(RandomGenerator generator, int... sizes) {
        return Autograd.noGrad(() -> rsample(generator, sizes));
    }

    /**
     * Random values that are differentiable functions of the parameters (reparametrised), so that the gradient of a mean over samples
     * estimates the gradient of an expectation. With the same state of the generator they equal the values of {@link #sample}.
     *
     * @param sizes as for {@link #sample}
     * @throws UnsupportedOperationException if the family has no such samples
     */
    default Tensor rsample(RandomGenerator generator, int... sizes) {
        throw Terms.refused(
                this,
                "rsample",
                "its values are no differentiable function of the parameters; multiply logProb(sample) by the function of"
                        + " the detached sample (score function). A family of your own implements rsample or sample");
    }

    /** The mean, of shape {@code batchShape + eventShape}; NaN where there is none. */
    default Tensor mean() {
        throw Terms.refused(this, "mean", Terms.BY_SAMPLES);
    }

    /** The variance of each element, of shape {@code batchShape + eventShape}; NaN where there is none. */
    default Tensor variance() {
        throw Terms.refused(this, "variance", Terms.BY_SAMPLES);
    }

    /** The standard deviation, the square root of the {@link #variance()}. */
    default Tensor stddev() {
        return variance().sqrt();
    }

    /** The value of the highest density, of shape {@code batchShape + eventShape}; NaN where there is no single one. */
    default Tensor mode() {
        throw Terms.refused(this, "mode", "maximise logProb");
    }

    /** The entropy in nats, the mean of {@code −logProb}, of shape {@link #batchShape()}. */
    default Tensor entropy() {
        throw Terms.refused(this, "entropy", "estimate it by logProb(sample(generator, 10_000)).mean(0).neg()");
    }

    /**
     * The probability of a value up to the given one, 0 below the support and 1 above it.
     *
     * @param value broadcasts with {@code batchShape + eventShape}
     */
    default Tensor cdf(Tensor value) {
        throw Terms.refused(
                this, "cdf", "estimate it by sample(generator, 10_000).le(value).to(value.dtype()).mean(0)");
    }

    /**
     * The quantile: the value whose {@link #cdf} is the given probability.
     *
     * @param probability broadcasts with {@code batchShape + eventShape}
     * @throws IllegalArgumentException if a probability is not from 0 to 1
     */
    default Tensor icdf(Tensor probability) {
        throw Terms.refused(this, "icdf", "take a quantile of samples: sample(generator, 10_000).quantile(0.5, 0)");
    }
}
