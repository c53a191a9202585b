package io.adjoint.core.loops;

import io.adjoint.core.Internal;
import java.util.Arrays;

/**
 * {@link Storage} in {@code double[]}. The versions for float, int and byte (truth values) are generated from this file.
 *
 * @hidden
 */
@Internal
public final class DoubleStorage implements Storage<double[]> {
    /** Converts a number to an element. */
    private static double element(/*wide*/ double value) {
        return (double) value;
    }

    @Override
    public double[] allocate(int n) {
        return new double[n];
    }

    @Override
    public /*wide*/ double get(double[] array, int i) {
        return array[i];
    }

    @Override
    public void set(double[] array, int i, /*wide*/ double value) {
        array[i] = element(value);
    }

    @Override
    public void fill(double[] array, int from, int n, /*wide*/ double value) {
        Arrays.fill(array, from, from + n, element(value));
    }

    @Override
    public void copy(double[] array, int from, int step, double[] target, int to, int toStep, int n) {
        if (step == 1 && toStep == 1) {
            System.arraycopy(array, from, target, to, n);
        } else {
            for (int e = 0; e < n; e++) {
                target[to + e * toStep] = array[from + e * step];
            }
        }
    }

    @Override
    public void pick(
            double[] array, int from, int step, int stride, int[] at, int i, int di, double[] target, int to, int n) {
        if (step == 1 && di == 1) {
            // The most frequent case, steps of 1, has a loop without multiplications by steps, which is a third faster.
            for (int e = 0; e < n; e++) {
                target[to + e] = array[from + e + at[i + e] * stride];
            }
            return;
        }
        for (int e = 0; e < n; e++) {
            target[to + e] = array[from + e * step + at[i + e * di] * stride];
        }
    }

    @Override
    public void put(
            double[] array,
            int from,
            int step,
            int[] at,
            int i,
            int di,
            double[] target,
            int to,
            int toStep,
            int stride,
            int n) {
        for (int e = 0; e < n; e++) {
            target[to + e * toStep + at[i + e * di] * stride] = array[from + e * step];
        }
    }

    @Override
    public void total(
            double[] array,
            int from,
            int step,
            int[] at,
            int i,
            int di,
            /*wide*/ double[] totals,
            int to,
            int toStep,
            int stride,
            int n) {
        for (int e = 0; e < n; e++) {
            totals[to + e * toStep + at[i + e * di] * stride] += array[from + e * step];
        }
    }

    @Override
    public void read(double[] array, int from, int step, /*wide*/ double[] target, int to, int n) {
        for (int e = 0; e < n; e++) {
            target[to + e] = array[from + e * step];
        }
    }

    @Override
    public void write(/*wide*/ double[] source, int from, double[] array, int to, int n) {
        for (int e = 0; e < n; e++) {
            array[to + e] = element(source[from + e]);
        }
    }

    @Override
    public void choose(byte[] mask, double[] a, double[] b, int[] offsets, int[] steps, double[] out, int k, int n) {
        for (int e = 0, m = offsets[0], i = offsets[1], j = offsets[2]; e < n; e++) {
            out[k + e] = mask[m] != 0 ? a[i] : b[j];
            m += steps[0];
            i += steps[1];
            j += steps[2];
        }
    }
}
