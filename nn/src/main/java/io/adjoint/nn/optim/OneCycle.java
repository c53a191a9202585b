package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;

/**
 * The one-cycle schedule (Smith and Topin, 2017): from {@code max/divFactor} up to {@code max} in the first part of the steps, then down
 * to {@code max/(divFactor·finalDivFactor)}, each along half a cosine; PyTorch's {@code OneCycleLR}. It stays there after the last step.
 * Immutable: each setting returns a changed copy.
 *
 * @param max the largest value
 * @param steps the number of steps of the cycle
 * @param warmUp the fraction of the steps in which the value rises, PyTorch's {@code pct_start}, 0.3 by default
 * @param divFactor the ratio of the largest to the first value, 25 by default
 * @param finalDivFactor the ratio of the first to the last value, 10⁴ by default
 * @param isLinear true to go along straight lines instead of cosines
 * @param isThreePhase true to go back to the first value in as many steps as up, and only then to the last one
 */
@CheckReturnValue
public record OneCycle(
        double max,
        long steps,
        double warmUp,
        double divFactor,
        double finalDivFactor,
        boolean isLinear,
        boolean isThreePhase)
        implements Schedule {
    /**
     * A cycle.
     *
     * @throws IllegalArgumentException if the largest value or a ratio is not positive and finite, there are fewer than 2 steps, the
     *     fraction of the rise is not between 0 and 1, or it is above a half in three phases
     */
    public OneCycle {
        if (!(max > 0
                        && divFactor > 0
                        && finalDivFactor > 0
                        && max * divFactor * finalDivFactor < Double.POSITIVE_INFINITY)
                || steps < 2
                || !(warmUp > 0 && warmUp < 1)) {
            throw new IllegalArgumentException(
                    "OneCycle: expected positive factors, at least 2 steps and a fraction from 0 to 1"
                            + " for the rise, got " + max + ", " + steps + ", " + warmUp + ", " + divFactor + " and "
                            + finalDivFactor);
        }
        Settings.require(
                !isThreePhase || warmUp <= 0.5, OneCycle.class, "rise", "be at most half of three phases", warmUp);
    }

    /** A cycle with the default fractions and ratios. */
    public OneCycle(double max, long steps) {
        this(max, steps, 0.3, 25, 1e4, false, false);
    }

    /** With another fraction of the steps in which the value rises. */
    public OneCycle warmUp(double fraction) {
        return new OneCycle(max, steps, fraction, divFactor, finalDivFactor, isLinear, isThreePhase);
    }

    /** With another ratio of the largest to the first value. */
    public OneCycle divFactor(double ratio) {
        return new OneCycle(max, steps, warmUp, ratio, finalDivFactor, isLinear, isThreePhase);
    }

    /** With another ratio of the first to the last value. */
    public OneCycle finalDivFactor(double ratio) {
        return new OneCycle(max, steps, warmUp, divFactor, ratio, isLinear, isThreePhase);
    }

    /** Along straight lines instead of cosines. */
    public OneCycle linear() {
        return new OneCycle(max, steps, warmUp, divFactor, finalDivFactor, true, isThreePhase);
    }

    /** Back to the first value in as many steps as up, and only then to the last one. */
    public OneCycle threePhase() {
        return new OneCycle(max, steps, warmUp, divFactor, finalDivFactor, isLinear, true);
    }

    @Override
    public double at(long step) {
        return cycle(step, max / divFactor, max, max / divFactor / finalDivFactor);
    }

    /**
     * The opposite cycle of a momentum: from {@code high} down to {@code low} while this schedule rises, then back. PyTorch's
     * {@code OneCycleLR} sets one from 0.95 to 0.85 unless told otherwise; here it is a schedule to be set.
     *
     * @throws IllegalArgumentException if {@code low} is above {@code high}
     */
    public Schedule momentum(double low, double high) {
        Settings.require(
                low <= high, OneCycle.class, "low momentum", "come first, and be at most the high one, " + high, low);
        return step -> cycle(step, high, low, high);
    }

    private double cycle(long step, double first, double middle, double last) {
        double t = Settings.requireStep(getClass(), step);
        double top = warmUp * steps - 1;
        double back = isThreePhase ? 2 * top : top;
        // If the maximum is at step 0 there is no rising phase, and the first step has the largest value.
        if (t <= top && top > 0) {
            return along(first, middle, t / top);
        }
        if (t <= back && back > top) {
            return along(middle, first, (t - top) / (back - top));
        }
        return along(isThreePhase ? first : middle, last, Math.min(1, (t - back) / (steps - 1 - back)));
    }

    private double along(double from, double to, double fraction) {
        return isLinear ? from + (to - from) * fraction : alongCosine(from, to, fraction);
    }

    static double alongCosine(double from, double to, double fraction) {
        return to + (from - to) / 2 * (1 + StrictMath.cos(Math.PI * fraction));
    }
}
