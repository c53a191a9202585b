package io.adjoint.view;

import java.util.Arrays;

/**
 * Numbers over epochs or steps, thinned to at most {@value #MOST} points: each point is the mean of as many consecutive numbers as
 * {@link #interval} says, at the place of the last of them. A point is not finite if one of its numbers isn't.
 */
final class Series {
    static final int MOST = 1000;

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
}
