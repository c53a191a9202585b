package io.adjoint.nn.layer;

import org.jspecify.annotations.Nullable;

/**
 * The settings of normalizations beside the sizes that they are of. What is not set is as the layer says. Options are values: each
 * method returns a changed copy.
 *
 * <pre>{@code new BatchNorm2d(64, new NormOptions().epsilon(1e-3).momentum(0.01), init)}</pre>
 *
 * <p>Only batch and instance normalization have running statistics: the other layers refuse options that set something about them.
 */
public final class NormOptions {
    private final @Nullable Double epsilon;
    private final @Nullable Double momentum;
    private final boolean cumulative;
    private final @Nullable Boolean affine;
    private final @Nullable Boolean bias;
    private final @Nullable Boolean tracking;

    /** Options that leave everything to the layer. */
    public NormOptions() {
        this(null, null, false, null, null, null);
    }

    private NormOptions(
            @Nullable Double epsilon,
            @Nullable Double momentum,
            boolean cumulative,
            @Nullable Boolean affine,
            @Nullable Boolean bias,
            @Nullable Boolean tracking) {
        this.epsilon = epsilon;
        this.momentum = momentum;
        this.cumulative = cumulative;
        this.affine = affine;
        this.bias = bias;
        this.tracking = tracking;
    }

    /**
     * Sets ε, which is added to the variance and keeps what is constant from a division by 0.
     *
     * @throws IllegalArgumentException if it is negative, infinite or NaN
     */
    public NormOptions epsilon(double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("NormOptions.epsilon: expected a number from 0 on, got " + value);
        }
        return new NormOptions(value, momentum, cumulative, affine, bias, tracking);
    }

    /**
     * Sets the momentum m, the weight of a new batch in the running statistics: {@code r = (1 − m)·r + m·batch}.
     *
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public NormOptions momentum(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("NormOptions.momentum: expected a number from 0 to 1, got " + value);
        }
        return new NormOptions(epsilon, value, false, affine, bias, tracking);
    }

    /** Makes the running statistics the means of all batches so far, each with the same weight, instead of a momentum. */
    public NormOptions cumulativeAverage() {
        return new NormOptions(epsilon, null, true, affine, bias, tracking);
    }

    /** Sets whether the layer has a weight and a bias. */
    public NormOptions affine(boolean value) {
        return new NormOptions(epsilon, momentum, cumulative, value, bias, tracking);
    }

    /** Sets whether a layer with a weight has a bias, too. */
    public NormOptions bias(boolean value) {
        return new NormOptions(epsilon, momentum, cumulative, affine, value, tracking);
    }

    /** Sets whether the layer keeps running statistics; without, it normalises with the batch's in evaluation as well. */
    public NormOptions trackRunningStats(boolean value) {
        return new NormOptions(epsilon, momentum, cumulative, affine, bias, value);
    }

    double epsilonOr(double standard) {
        return epsilon == null ? standard : epsilon;
    }

    double momentumOr(double standard) {
        return momentum == null ? standard : momentum;
    }

    boolean isCumulative() {
        return cumulative;
    }

    boolean affineOr(boolean standard) {
        return affine == null ? standard : affine;
    }

    boolean hasBias() {
        return bias == null || bias;
    }

    boolean tracksOr(boolean standard) {
        return tracking == null ? standard : tracking;
    }

    /** Refuses what only layers with running statistics have. */
    void requireNoStatistics(String name) {
        if (momentum != null || cumulative || tracking != null) {
            throw new IllegalArgumentException(
                    name
                            + ": has no running statistics; leave momentum, cumulativeAverage and trackRunningStats out of its options");
        }
    }

    /** Refuses a bias. */
    void requireNoBias(String name) {
        if (bias != null) {
            throw new IllegalArgumentException(name + ": has no bias; leave bias out of its options");
        }
    }
}
