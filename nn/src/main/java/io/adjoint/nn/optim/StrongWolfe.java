package io.adjoint.nn.optim;

/**
 * A line search for a step that satisfies the strong Wolfe conditions, by cubic interpolation. It evaluates the same points in the same
 * order as PyTorch's line search, which follows the MATLAB package minFunc.
 */
final class StrongWolfe {
    private static final double SUFFICIENT = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final int MAX_TRIES = 25;

    /**
     * A point on the line: the step that leads to it, as a multiple of the direction, and the function's value, gradient and directional
     * derivative at it.
     */
    record Point(double step, double value, Flat gradient, double slope) {}

    /** Evaluates the function at the point to which a step along the line leads. */
    @FunctionalInterface
    interface Line {
        Point at(double step);
    }

    private final Line line;
    private final Point origin;
    private int tries;

    StrongWolfe(Line line, Point origin) {
        this.line = line;
        this.origin = origin;
    }

    /** The number of points evaluated so far. */
    int tries() {
        return tries;
    }

    /**
     * Searches for a point that satisfies the strong Wolfe conditions.
     *
     * @param first the first step to try
     * @param reach the largest absolute value of the direction's elements
     * @param tolerance an interval of steps is not divided any more if no element of a parameter changes by this number or more within the
     *     interval
     */
    Point search(double first, double reach, double tolerance) {
        Point before = origin;
        Point now = evaluate(first);
        for (int round = 0; round < MAX_TRIES; round++) {
            if (isTooHigh(now) || (round > 1 && now.value >= before.value)) {
                return zoom(before, now, round, reach, tolerance);
            }
            if (isFlat(now)) {
                return now;
            }
            if (now.slope >= 0) {
                return zoom(before, now, round, reach, tolerance);
            }
            double low = now.step + 0.01 * (now.step - before.step);
            double next = interpolate(before, now, low, now.step * 10);
            before = now;
            now = evaluate(next);
        }
        return origin.value <= now.value ? origin : now;
    }

    @SuppressWarnings("ReferenceEquality") // the comparisons ask whether two points are the same object
    private Point zoom(Point a, Point b, int rounds, double reach, double tolerance) {
        Point low = a.value <= b.value ? a : b;
        Point high = a.value <= b.value ? b : a;
        // Left and right are the ends of the interval in the order of a and b, since the order affects rounding in the
        // interpolation; low and high are the ends in the order of their values.
        Point left = a;
        Point right = b;
        boolean isInsufficient = false;
        for (int round = rounds; round < MAX_TRIES; round++) {
            if (Math.abs(right.step - left.step) * reach < tolerance) {
                break;
            }
            double from = Math.min(left.step, right.step);
            double to = Math.max(left.step, right.step);
            double step = interpolate(left, right, from, to);
            double margin = 0.1 * (to - from);
            if (Math.min(to - step, step - from) < margin) {
                // A step so close to an end of the interval may make too little progress. One such step is allowed; a
                // second one in a row is moved away from the end.
                if (isInsufficient || step >= to || step <= from) {
                    step = Math.abs(step - to) < Math.abs(step - from) ? to - margin : from + margin;
                    isInsufficient = false;
                } else {
                    isInsufficient = true;
                }
            } else {
                isInsufficient = false;
            }
            Point now = evaluate(step);
            Point oldLow = low;
            Point oldHigh = high;
            boolean isDone = false;
            if (isTooHigh(now) || now.value >= low.value) {
                high = now;
            } else {
                isDone = isFlat(now);
                if (!isDone && now.slope * (high.step - low.step) >= 0) {
                    high = low;
                }
                low = now;
            }
            boolean isLowLeft = oldLow == left;
            left = isLowLeft ? low : high;
            right = isLowLeft ? high : low;
            if (oldHigh != high && low == oldLow) {
                boolean isLeftLower = left.value <= right.value;
                low = isLeftLower ? left : right;
                high = isLeftLower ? right : left;
            }
            if (isDone) {
                break;
            }
        }
        return low;
    }

    private Point evaluate(double step) {
        tries++;
        return line.at(step);
    }

    private boolean isTooHigh(Point point) {
        return point.value > origin.value + SUFFICIENT * point.step * origin.slope;
    }

    private boolean isFlat(Point point) {
        return Math.abs(point.slope) <= -CURVATURE * origin.slope;
    }

    /**
     * The step at which the cubic polynomial with the points' values and slopes has its minimum, clamped to the interval from {@code low}
     * to {@code high}; the interval's midpoint if the polynomial has no minimum.
     */
    private static double interpolate(Point a, Point b, double low, double high) {
        double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step);
        double square = d1 * d1 - a.slope * b.slope;
        if (!(square >= 0)) {
            return (low + high) / 2;
        }
        double d2 = Math.sqrt(square);
        double min = a.step <= b.step
                ? b.step - (b.step - a.step) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
                : a.step - (a.step - b.step) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
        return Math.min(Math.max(min, low), high);
    }
}
