package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.Options;
import io.adjoint.nn.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The settings of normalizations other than their sizes. Each layer has its own default for a setting that is not set. Immutable: each
 * method returns a changed copy.
 *
 * <pre>{@code new BatchNorm2d(64, new NormOptions().eps(1e-3).momentum(0.01), init)}</pre>
 *
 * <p>Only batch and instance normalization have running statistics: the other layers refuse options that set something about them.
 */
@CheckReturnValue
public final class NormOptions extends Options<NormOptions> {
    @Nullable
    Double eps;

    private @Nullable Double momentum;
    boolean cumulative;
    private @Nullable Boolean affine;
    boolean hasBias = true;
    private @Nullable Boolean tracking;

    /** Options that leave everything to the layer. */
    public NormOptions() {}

    /**
     * Sets ε, which is added to the variance and prevents a division by 0 for constant inputs: without it, 0/0 is NaN, as in PyTorch's
     * layer norm; its batch norm gives 0.
     *
     * @throws IllegalArgumentException if it is negative, infinite or NaN
     */
    public NormOptions eps(double value) {
        return with(copy -> copy.eps = Settings.requireNotNegative(NormOptions.class, "eps", value));
    }

    /**
     * Sets the momentum m, the weight of a new batch in the running statistics: {@code r = (1 − m)·r + m·batch}.
     *
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public NormOptions momentum(double value) {
        Settings.requireFraction(NormOptions.class, "momentum", value);
        return with(copy -> {
            copy.momentum = value;
            copy.cumulative = false;
        });
    }

    /** Makes the running statistics the means of all batches so far, each with the same weight, instead of a momentum. */
    public NormOptions cumulativeAverage() {
        return with(copy -> {
            copy.momentum = null;
            copy.cumulative = true;
        });
    }

    /** Sets whether the layer has a weight and a bias. */
    public NormOptions affine(boolean value) {
        return with(copy -> copy.affine = value);
    }

    /** Leaves the bias of a layer with a weight out. */
    public NormOptions withoutBias() {
        return with(copy -> copy.hasBias = false);
    }

    /** Sets whether the layer keeps running statistics; without them, it normalizes by the statistics of the batch in evaluation, too. */
    public NormOptions trackRunningStats(boolean value) {
        return with(copy -> copy.tracking = value);
    }

    /** The settings that were set, each preceded by a comma. */
    String describe() {
        return (eps == null ? "" : ", eps " + eps)
                + (momentum == null ? "" : ", momentum " + momentum)
                + (cumulative ? ", cumulative average" : "");
    }

    double epsOr(double standard) {
        return eps == null ? standard : eps;
    }

    double momentumOr(double standard) {
        return momentum == null ? standard : momentum;
    }

    boolean affineOr(boolean standard) {
        return affine == null ? standard : affine;
    }

    boolean tracksOr(boolean standard) {
        return tracking == null ? standard : tracking;
    }

    /** Refuses the settings that only layers with running statistics have. */
    void requireNoStatistics(String name) {
        if (momentum != null || cumulative || tracking != null) {
            throw new IllegalArgumentException(
                    name
                            + ": has no running statistics; leave momentum, cumulativeAverage and trackRunningStats out of its options");
        }
    }

    /** Refuses {@link #withoutBias}, for a layer that never has a bias. */
    void requireNoBias(String name) {
        if (!hasBias) {
            throw new IllegalArgumentException(name + ": never has a bias; leave withoutBias out of its options");
        }
    }
}
