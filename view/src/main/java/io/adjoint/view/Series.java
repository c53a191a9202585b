package io.adjoint.view;

import java.util.Arrays;

/**
 * Numbers over epochs or steps, thinned to at most {@value #MOST} points: each point is the mean of as many consecutive numbers as
 * {@link #interval} says, at the place of the last of them. A point is not finite if one of its numbers isn't.
 */
final class Series {
    static final int MOST = 1000;
    /** The numbers of a packed series before its points. */
    private static final int HEAD = 4;

    private double[] x = new double[16];
    private double[] y = new double[16];
    private int size;
    private int interval = 1;
    /** The sum of the numbers of the point that isn't complete, their count, and the place of the last. */
    private double sum;

    private int count;
    private double last;

    Series copy() {
        Series copy = new Series();
        copy.x = x.clone();
        copy.y = y.clone();
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
                // The number belongs to a point of twice as many.
                return;
            }
            append(last, sum / count);
            sum = 0;
            count = 0;
        }
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
        size /= 2;
        for (int k = 0; k < size; k++) {
            x[k] = x[2 * k + 1];
            y[k] = (y[2 * k] + y[2 * k + 1]) / 2;
        }
        interval *= 2;
    }

    /** Forgets the numbers after a place; the point that it falls into is forgotten as a whole. */
    void cut(double place) {
        if (last <= place) {
            return;
        }
        sum = 0;
        count = 0;
        while (size > 0 && x[size - 1] > place) {
            size--;
        }
        last = size == 0 ? Double.NEGATIVE_INFINITY : x[size - 1];
    }

    /** The number of numbers that a point is the mean of. */
    int interval() {
        return interval;
    }

    /** The number of points, one that isn't complete included. */
    int size() {
        return size + (count > 0 ? 1 : 0);
    }

    double x(int point) {
        return point < size ? x[point] : last;
    }

    double y(int point) {
        return point < size ? y[point] : sum / count;
    }

    /** All of it as numbers. */
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

    /** Returns whether numbers may be those of a series. */
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

    /** The series that was packed. */
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
