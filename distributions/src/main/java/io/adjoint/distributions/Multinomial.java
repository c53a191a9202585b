package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.math.RejectionSampling;
import java.util.random.RandomGenerator;

/** The distribution of the counts of K classes in n draws, of probability {@code n!/∏kᵢ!·∏pᵢ^kᵢ}, along the last axis. */
@CheckReturnValue
public final class Multinomial implements Distribution {
    private final int totalCount;
    private final Classes classes;

    private Multinomial(int totalCount, Classes classes) {
        if (totalCount < 0) {
            throw new IllegalArgumentException("Multinomial: totalCount must not be negative, but it is " + totalCount);
        }
        this.totalCount = totalCount;
        this.classes = classes;
    }

    /**
     * The distributions of the probabilities.
     *
     * @param totalCount the number n of draws
     * @param probs the probabilities, K of them along the last axis; they are divided by their sum
     * @throws IllegalArgumentException if n is negative, or a vector has a number that is negative or not finite, or only zeros
     */
    public static Multinomial ofProbs(int totalCount, Tensor probs) {
        Tensor checked = Params.checked(Multinomial.class, "probs", probs, Classes.WEIGHTS);
        return new Multinomial(totalCount, new Classes.OfProbs(checked));
    }

    /**
     * The distributions of the softmax of the logits.
     *
     * @param totalCount the number n of draws
     * @param logits the logarithms of the probabilities but for a common constant, K of them along the last axis
     * @throws IllegalArgumentException if n is negative, or a vector has a number that is NaN or +∞, or only −∞
     */
    public static Multinomial ofLogits(int totalCount, Tensor logits) {
        Tensor checked = Params.checked(Multinomial.class, "logits", logits, Classes.LOGITS);
        return new Multinomial(totalCount, new Classes.OfLogits(checked));
    }

    /** The number n of draws. */
    public int totalCount() {
        return totalCount;
    }

    /** The probabilities of the classes, which add up to 1 along the last axis. */
    public Tensor probs() {
        return classes.probs();
    }

    /** The logarithms of the probabilities. */
    public Tensor logits() {
        return classes.logits();
    }

    private int count() {
        return classes.shape().dim(-1);
    }

    @Override
    public Shape batchShape() {
        return Terms.batch(classes.shape(), 1);
    }

    @Override
    public Shape eventShape() {
        return Shape.of(count());
    }

    @Override
    public Constraint support() {
        return Constraints.vectors(
                1,
                "a vector of " + count() + " integers from 0 on that add up to " + totalCount,
                x -> Constraint.COUNT.check(x).all(-1).and(x.sum(-1).eq(totalCount)),
                null);
    }

    @Override
    public Tensor logProb(Tensor value) {
        Terms.requireSupported(this, classes.dtype(), value);
        // The probability of K Poisson numbers, divided by that of their sum: terms that lose no digits.
        Tensor n = Terms.constant(value.dtype(), totalCount);
        return classes.logGamma(value.add(1), totalCount).sum(-1).sub(Terms.logGamma(n.add(1), n));
    }

    @Override
    public Tensor sample(RandomGenerator generator, int... sizes) {
        NdArray probs = classes.probs().data();
        double[] all = probs.toDoubleArray();
        double[] rests = rests(all);
        int count = count();
        double[] left = {0};
        Shape shape = Terms.shape(this, generator, sizes);
        return Tensor.of(NdArray.generate(probs.dtype(), shape, k -> {
            int at = k % all.length;
            int index = at % count;
            left[0] = index == 0 ? totalCount : left[0];
            double drawn =
                    left[0] == 0 || index == count - 1 ? left[0] : binomial(left[0], all[at], rests[at], generator);
            left[0] -= drawn;
            return drawn;
        }));
    }

    /** A binomial number of the classes that are left, of which one has probability p, and the others together the rest. */
    private static double binomial(double n, double p, double rest, RandomGenerator generator) {
        double both = p + rest;
        return both == 0 ? 0 : RejectionSampling.binomial(n, p / both, rest / both, generator);
    }

    /** For each class the sum of the probabilities of the classes after it. */
    private double[] rests(double[] probs) {
        double[] rests = new double[probs.length];
        for (int k = probs.length - 2; k >= 0; k--) {
            rests[k] = (k + 1) % count() == 0 ? 0 : rests[k + 1] + probs[k + 1];
        }
        return rests;
    }

    @Override
    public Tensor mean() {
        return probs().mul(totalCount);
    }

    @Override
    public Tensor variance() {
        Tensor p = probs();
        return p.mul(p.rsub(1)).mul(totalCount);
    }

    @Override
    public String toString() {
        return "Multinomial[totalCount=" + totalCount + ", probs=" + probs() + "]";
    }
}
