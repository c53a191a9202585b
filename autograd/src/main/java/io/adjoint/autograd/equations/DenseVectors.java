package io.adjoint.autograd.equations;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Internal;
import io.adjoint.core.NdArray;

/**
 * Tensors' elements as vectors of doubles; sums are in the order of the elements.
 *
 * @hidden
 */
@Internal
public final class DenseVectors {
    private DenseVectors() {}

    /** A copy of the elements. */
    public static double[] of(Tensor x) {
        return x.data().toDoubleArray();
    }

    /** A tensor of another one's shape and dtype. */
    public static Tensor tensor(double[] elements, Tensor like) {
        return Tensor.of(NdArray.wrap(like.shape(), elements).to(like.dtype()));
    }

    /** The sum of products. */
    public static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    /** The Euclidean norm, also of elements whose squares overflow or underflow. */
    public static double norm(double[] x) {
        return norm(x, 0, x.length);
    }

    /** The norm of the elements from one index to another, which is not included. */
    static double norm(double[] x, int from, int to) {
        double squares = 0;
        for (int k = from; k < to; k++) {
            squares += x[k] * x[k];
        }
        if (squares > 1e-280 && squares < Double.POSITIVE_INFINITY) {
            return Math.sqrt(squares);
        }
        double largest = largest(x, from, to);
        if (!(largest > 0 && largest < Double.POSITIVE_INFINITY)) {
            return largest;
        }
        double parts = 0;
        for (int k = from; k < to; k++) {
            parts += (x[k] / largest) * (x[k] / largest);
        }
        return largest * Math.sqrt(parts);
    }

    /** The largest absolute value; NaN if one is. */
    public static double largest(double... values) {
        return largest(values, 0, values.length);
    }

    /** The largest absolute value from one index to another, which is not included. */
    static double largest(double[] values, int from, int to) {
        double largest = 0;
        for (int k = from; k < to; k++) {
            largest = Math.max(largest, Math.abs(values[k]));
        }
        return largest;
    }

    /** {@code a + factor·b}. */
    public static double[] plus(double[] a, double factor, double[] b) {
        double[] sum = a.clone();
        add(sum, factor, b);
        return sum;
    }

    /** {@code factor·x}. */
    static double[] times(double factor, double[] x) {
        double[] product = x.clone();
        for (int k = 0; k < product.length; k++) {
            product[k] *= factor;
        }
        return product;
    }

    /** Adds {@code factor·x} to a sum. */
    static void add(double[] sum, double factor, double[] x) {
        for (int k = 0; k < sum.length; k++) {
            sum[k] += factor * x[k];
        }
    }
}
