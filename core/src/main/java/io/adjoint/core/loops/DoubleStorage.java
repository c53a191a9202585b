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
    public void copy(double[] array, int from, int stride, double[] target, int to, int toStride, int n) {
        if (stride == 1 && toStride == 1) {
            System.arraycopy(array, from, target, to, n);
        } else if (stride == 0 && toStride == 1 && n > 0) {
            Arrays.fill(target, to, to + n, array[from]);
        } else {
            for (int e = 0; e < n; e++) {
                target[to + e * toStride] = array[from + e * stride];
            }
        }
    }

    @Override
    public void pick(
            double[] array,
            int from,
            int stride,
            int axisStride,
            int[] at,
            int i,
            int di,
            double[] target,
            int to,
            int n) {
        if (stride == 1 && di == 1) {
            // The most frequent case, a stride of 1, has a loop without multiplications by it, which is a third faster.
            for (int e = 0; e < n; e++) {
                target[to + e] = array[from + e + at[i + e] * axisStride];
            }
            return;
        }
        for (int e = 0; e < n; e++) {
            target[to + e] = array[from + e * stride + at[i + e * di] * axisStride];
        }
    }

    @Override
    public void put(
            double[] array,
            int from,
            int stride,
            int[] at,
            int i,
            int di,
            double[] target,
            int to,
            int toStride,
            int axisStride,
            int n) {
        for (int e = 0; e < n; e++) {
            target[to + e * toStride + at[i + e * di] * axisStride] = array[from + e * stride];
        }
    }

    @Override
    public void total(
            double[] array,
            int from,
            int stride,
            int[] at,
            int i,
            int di,
            /*wide*/ double[] totals,
            int to,
            int toStride,
            int axisStride,
            int n) {
        for (int e = 0; e < n; e++) {
            totals[to + e * toStride + at[i + e * di] * axisStride] += array[from + e * stride];
        }
    }

    @Override
    public void read(double[] array, int from, int stride, /*wide*/ double[] target, int to, int n) {
        for (int e = 0; e < n; e++) {
            target[to + e] = array[from + e * stride];
        }
    }

    @Override
    public void write(/*wide*/ double[] source, int from, double[] array, int to, int n) {
        for (int e = 0; e < n; e++) {
            array[to + e] = element(source[from + e]);
        }
    }

    @Override
    public void choose(byte[] mask, double[] a, double[] b, int[] offsets, int[] strides, double[] out, int k, int n) {
        for (int e = 0, m = offsets[0], i = offsets[1], j = offsets[2]; e < n; e++) {
            out[k + e] = mask[m] != 0 ? a[i] : b[j];
            m += strides[0];
            i += strides[1];
            j += strides[2];
        }
    }
}
