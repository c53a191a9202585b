package io.adjoint.view;

import io.adjoint.nn.optim.Goal;
import java.util.Arrays;

/**
 * Numbers over epochs or steps, thinned to at most {@value #MOST} points. A point is the mean of {@link #interval} consecutive numbers,
 * with the x of the last of these numbers. A point isn't finite if one of its numbers isn't.
 */
final class Series {
    static final int MOST = 1000;
    /** The number of elements in the array of {@link #packed} before the points. */
    private static final int HEAD = 4;

    private double[] x = new double[16];
    private double[] y = new double[16];
    private int size;
    private int interval = 1;
    /** The sum and the count of the numbers in the incomplete last point, and the x of the last number. */
    private double sum;

    private int count;
    private double last;

    /** A copy, which takes no further numbers: it shares the arrays, in which a point that is there never changes. */
    Series copy() {
        Series copy = new Series();
        copy.x = x;
        copy.y = y;
        copy.size = size;
        copy.interval = interval;
        copy.sum = sum;
        copy.count = count;
        copy.last = last;
        return copy;
    }

    void add(double place, double value) {
        sum += value;
        count++;
        last = place;
        if (count == interval) {
            if (size == MOST) {
                halve();
                // halve() has doubled the interval, so the numbers so far make only half of a point, which stays
                // incomplete.
                return;
            }
            append(last, sum / count);
            sum = 0;
            count = 0;
        }
    }

    /** The index of the first of the best points; -1 if no value is finite. */
    int best(Goal goal) {
        int best = -1;
        for (int k = 0; k < size; k++) {
            if (Double.isFinite(y[k]) && (best < 0 || goal.isBetter(y[k], y[best]))) {
                best = k;
            }
        }
        return best;
    }

    private void append(double place, double value) {
        if (size == x.length) {
            x = Arrays.copyOf(x, Math.min(MOST, 2 * size));
            y = Arrays.copyOf(y, x.length);
        }
        x[size] = place;
        y[size] = value;
        size++;
    }

    private void halve() {
        double[] places = new double[MOST];
        double[] means = new double[MOST];
        size /= 2;
        for (int k = 0; k < size; k++) {
            places[k] = x[2 * k + 1];
            means[k] = (y[2 * k] + y[2 * k + 1]) / 2;
        }
        x = places;
        y = means;
        interval *= 2;
    }

    /**
     * Removes the numbers whose x is larger than {@code place}; a point with a number before and a number after {@code place} is removed
     * completely.
     */
    void cut(double place) {
        if (last <= place) {
            return;
        }
        sum = 0;
        count = 0;
        while (size > 0 && x[size - 1] > place) {
            size--;
        }
        x = Arrays.copyOf(x, Math.max(1, size));
        y = Arrays.copyOf(y, x.length);
        last = size == 0 ? Double.NEGATIVE_INFINITY : x[size - 1];
    }

    /** The number of consecutive numbers of which a point is the mean. */
    int interval() {
        return interval;
    }

    /** The number of points, the last of which may be the mean of fewer than {@link #interval} numbers. */
    int size() {
        return size + (count > 0 ? 1 : 0);
    }

    double x(int point) {
        return point < size ? x[point] : last;
    }

    double y(int point) {
        return point < size ? y[point] : sum / count;
    }

    /** Packs the series into an array, in which the state of a report keeps the series. */
    double[] packed() {
        double[] packed = new double[HEAD + 2 * size];
        packed[0] = interval;
        packed[1] = count;
        packed[2] = sum;
        packed[3] = last;
        System.arraycopy(x, 0, packed, HEAD, size);
        System.arraycopy(y, 0, packed, HEAD + size, size);
        return packed;
    }

    /** Returns whether an array may be a packed series. */
    static boolean isPacked(double[] packed) {
        return packed.length >= HEAD
                && packed.length % 2 == 0
                && packed.length <= HEAD + 2 * MOST
                && packed[0] >= 1
                && packed[0] <= 1 << 30
                && Integer.bitCount((int) packed[0]) == 1
                && packed[1] >= 0
                && packed[1] < packed[0];
    }

    /** Unpacks a series. */
    static Series of(double[] packed) {
        Series series = new Series();
        series.interval = (int) packed[0];
        series.count = (int) packed[1];
        series.sum = packed[2];
        series.last = packed[3];
        series.size = (packed.length - HEAD) / 2;
        series.x = Arrays.copyOfRange(packed, HEAD, HEAD + Math.max(1, series.size));
        series.y = Arrays.copyOfRange(packed, HEAD + series.size, HEAD + series.size + Math.max(1, series.size));
        return series;
    }
}
