package io.adjoint.nn.optim;

/**
 * The one-cycle schedule (Smith and Topin, 2017): from {@code max/divFactor} up to {@code max} in the first part of the steps, then down
 * to {@code max/(divFactor·finalDivFactor)}, each along half a cosine. It stays there after the last step.
 *
 * @param max the largest value
 * @param steps the number of steps of the cycle
 * @param warmUp the part of the steps in which the value rises, PyTorch's {@code pct_start}, 0.3 by default
 * @param divFactor the ratio of the largest to the first value, 25 by default
 * @param finalDivFactor the ratio of the first to the last value, 10⁴ by default
 */
public record OneCycle(double max, long steps, double warmUp, double divFactor, double finalDivFactor)
        implements Schedule {
    /**
     * A cycle.
     *
     * @throws IllegalArgumentException if the largest value or a ratio is not positive and finite, there are fewer than 2 steps, or the
     *     part of the rise is not between 0 and 1
     */
    public OneCycle {
        if (!(max > 0
                        && divFactor > 0
                        && finalDivFactor > 0
                        && max * divFactor * finalDivFactor < Double.POSITIVE_INFINITY)
                || steps < 2
                || !(warmUp > 0 && warmUp < 1)) {
            throw new IllegalArgumentException(
                    "OneCycle: expected positive factors, at least 2 steps and a part from 0 to 1"
                            + " for the rise, got " + max + ", " + steps + ", " + warmUp + ", " + divFactor + " and "
                            + finalDivFactor);
        }
    }

    /** A cycle with the default parts and ratios. */
    public OneCycle(double max, long steps) {
        this(max, steps, 0.3, 25, 1e4);
    }

    @Override
    public double at(long step) {
        return cycle(step, max / divFactor, max, max / divFactor / finalDivFactor);
    }

    /** The opposite cycle of a momentum: from {@code high} down to {@code low} while this schedule rises, then back. */
    public Schedule momentum(double low, double high) {
        return step -> cycle(step, high, low, high);
    }

    private double cycle(long step, double first, double middle, double last) {
        double top = warmUp * steps - 1;
        // With a top of 0 nothing rises: the first step has the largest value.
        return step <= top && top > 0
                ? alongCosine(first, middle, step / top)
                : alongCosine(middle, last, Math.min(1, (step - top) / (steps - 1 - top)));
    }

    private static double alongCosine(double from, double to, double part) {
        return to + (from - to) / 2 * (1 + Math.cos(Math.PI * part));
    }
}
