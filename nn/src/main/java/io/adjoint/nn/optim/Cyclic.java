package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;

/**
 * Cycles between two values along straight lines (Smith, 2017): {@code at(t) = min + (max − min)·height·scale}, where height goes from 0
 * to 1 in the first steps of a cycle and back in the others; PyTorch's {@code CyclicLR}.
 *
 * @param min the value at the beginning of each cycle
 * @param max the value at its top, before it is scaled
 * @param up the number of steps up, 2000 by default
 * @param down the number of steps down, as many by default
 * @param mode the scale, 1 by default
 * @param gamma the base of {@link Mode#EXPONENTIAL}, else without meaning
 */
@CheckReturnValue
public record Cyclic(double min, double max, long up, long down, Mode mode, double gamma) implements Schedule {
    /** The factor by which the maximum of each cycle is scaled. */
    public enum Mode {
        /** The factor is 1, so that all cycles have the same maximum. */
        TRIANGULAR,
        /** The factor halves with each cycle: it is ½ⁿ in cycle n, counted from 0; PyTorch's {@code triangular2}. */
        HALVING,
        /** The factor falls with each step: it is γᵗ at step t; PyTorch's {@code exp_range}. */
        EXPONENTIAL
    }

    /**
     * Cycles.
     *
     * @throws IllegalArgumentException if a value or γ is negative or not finite, or a number of steps is not positive
     */
    public Cyclic {
        Settings.requireNotNegative(Cyclic.class, "min", min);
        Settings.requireNotNegative(Cyclic.class, "max", max);
        Settings.requireCount(Cyclic.class, "number of steps up", up);
        Settings.requireCount(Cyclic.class, "number of steps down", down);
        Settings.requireNotNegative(Cyclic.class, "gamma", gamma);
    }

    /** Triangles of 2000 steps up and as many down. */
    public Cyclic(double min, double max) {
        this(min, max, 2000, 2000, Mode.TRIANGULAR, 1);
    }

    /** With other numbers of steps. */
    public Cyclic steps(long up, long down) {
        return new Cyclic(min, max, up, down, mode, gamma);
    }

    /** With tops of half the height in each cycle. */
    public Cyclic halving() {
        return new Cyclic(min, max, up, down, Mode.HALVING, gamma);
    }

    /** With heights that are multiplied by a factor at each step. */
    public Cyclic exponential(double factor) {
        return new Cyclic(min, max, up, down, Mode.EXPONENTIAL, factor);
    }

    @Override
    public double at(long step) {
        return min + (max - min) * height(step);
    }

    /**
     * The opposite cycles of a momentum: from {@code high} down to {@code low} while this schedule rises, then back. PyTorch's
     * {@code CyclicLR} sets one from 0.9 to 0.8 unless told otherwise; here it is a schedule to be set.
     */
    public Schedule momentum(double low, double high) {
        return step -> high - (high - low) * height(step);
    }

    private double height(long step) {
        double t = Settings.requireStep(getClass(), step);
        double total = (double) up + down;
        double cycle = Math.floor(t / total);
        double inCycle = t - cycle * total;
        double height = inCycle <= up ? inCycle / up : (total - inCycle) / down;
        return switch (mode) {
            case TRIANGULAR -> height;
            case HALVING -> height * StrictMath.pow(0.5, cycle);
            case EXPONENTIAL -> height * StrictMath.pow(gamma, t);
        };
    }
}
