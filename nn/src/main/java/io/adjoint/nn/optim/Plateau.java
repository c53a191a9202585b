package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Settings;

/**
 * Lowers a learning rate when a metric stops getting better: after more than {@code patience} calls in a row without an improvement the
 * rate is multiplied by a factor; PyTorch's {@code ReduceLROnPlateau}. It has state, so it is not a {@link Schedule}:
 *
 * <pre>{@code
 * Plateau plateau = new Plateau(0.1).patience(5);
 * …
 * optimizer.learningRate(plateau.step(validationLoss));    // after each epoch
 * }</pre>
 *
 * <p>By default smaller is better ({@link #goal(Goal)}), by more than 10⁻⁴ of the best value; the factor is 0.1, the patience 10, the
 * cool-down 0, and the smallest rate 0. NaN is never an improvement. The settings change this object and return it. For one thread at a
 * time.
 */
public final class Plateau implements Stateful {
    private double rate;
    private double factor = 0.1;
    private int patience = 10;
    private double threshold = 1e-4;
    private boolean isRelative = true;
    private Goal goal = Goal.MIN;
    private int cooldown;
    private double minRate;
    private double minDecrease = 1e-8;

    private double best = Double.POSITIVE_INFINITY;
    private int bad;
    private int cooling;

    /**
     * Begins with a rate.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Plateau(double rate) {
        this.rate = Settings.requireNotNegative(Plateau.class, "rate", rate);
    }

    // ---- settings ----

    /**
     * Sets the factor of the rate.
     *
     * @throws IllegalArgumentException unless it is at least 0 and less than 1
     */
    @CanIgnoreReturnValue
    public Plateau factor(double factor) {
        Settings.require(factor >= 0 && factor < 1, Plateau.class, "factor", "be at least 0 and less than 1", factor);
        this.factor = factor;
        return this;
    }

    /**
     * Sets the number of calls in a row without an improvement after which the rate stays; one more lowers it.
     *
     * @throws IllegalArgumentException if it is negative
     */
    @CanIgnoreReturnValue
    public Plateau patience(int patience) {
        Settings.requireNotNegative(Plateau.class, "patience", patience);
        this.patience = patience;
        return this;
    }

    /**
     * Sets by which fraction of the best value an improvement must be better: below {@code best − threshold·|best|}, or above
     * {@code best + threshold·|best|} if larger is better. PyTorch multiplies the best value by {@code 1 − threshold} or
     * {@code 1 + threshold}, so for a negative metric it takes slightly worse values for improvements.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public Plateau relativeThreshold(double threshold) {
        return threshold(threshold, true);
    }

    /**
     * Sets by how much an improvement must be better: below {@code best − threshold}, or above {@code best + threshold} if larger is
     * better.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public Plateau absoluteThreshold(double threshold) {
        return threshold(threshold, false);
    }

    private Plateau threshold(double value, boolean relative) {
        this.threshold = Settings.requireNotNegative(Plateau.class, "threshold", value);
        this.isRelative = relative;
        return this;
    }

    /** Sets the direction in which the metric gets better, {@link Goal#MAX} for an accuracy; set it before the first step. */
    @CanIgnoreReturnValue
    public Plateau goal(Goal goal) {
        this.goal = goal;
        best = goal == Goal.MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        return this;
    }

    /** The direction in which the metric gets better. */
    public Goal goal() {
        return goal;
    }

    /**
     * Sets the number of calls after a fall of the rate that don't count as calls without an improvement.
     *
     * @throws IllegalArgumentException if it is negative
     */
    @CanIgnoreReturnValue
    public Plateau cooldown(int calls) {
        Settings.requireNotNegative(Plateau.class, "cool-down", calls);
        this.cooldown = calls;
        return this;
    }

    /**
     * Sets the smallest rate, below which the rate does not fall.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public Plateau minRate(double rate) {
        this.minRate = Settings.requireNotNegative(Plateau.class, "smallest rate", rate);
        return this;
    }

    /**
     * Sets the smallest fall that is made, PyTorch's {@code eps}: 10⁻⁸ by default.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public Plateau minDecrease(double decrease) {
        this.minDecrease = Settings.requireNotNegative(Plateau.class, "smallest decrease", decrease);
        return this;
    }

    // ---- steps ----

    /** The rate as it is now. */
    public double rate() {
        return rate;
    }

    /**
     * Takes a metric, usually of an epoch's validation.
     *
     * @return the rate from now on
     */
    @CanIgnoreReturnValue
    public double step(double metric) {
        if (isBetter(metric)) {
            best = metric;
            bad = 0;
        } else {
            bad++;
        }
        if (cooling > 0) {
            cooling--;
            bad = 0;
        }
        if (bad > patience) {
            double lower = Math.max(rate * factor, minRate);
            rate = rate - lower > minDecrease ? lower : rate;
            cooling = cooldown;
            bad = 0;
        }
        return rate;
    }

    private boolean isBetter(double metric) {
        double margin = Double.isInfinite(best) ? 0 : isRelative ? threshold * Math.abs(best) : threshold;
        return goal.isBetter(metric, goal == Goal.MIN ? best - margin : best + margin);
    }

    // ---- state ----

    /** Declares all that is carried from call to call: the rate, the best metric, and the counts. Settings are not part of it. */
    @Override
    public void declareState(StateFields fields) {
        double loaded = fields.number("rate", rate, value -> rate = value);
        fields.require(
                loaded >= 0 && Double.isFinite(loaded), "the rate must be finite and not negative, got " + loaded);
        fields.number("best", best, value -> best = value);
        fields.count("bad", bad, value -> bad = value);
        fields.count("cooling", cooling, value -> cooling = value);
    }
}
