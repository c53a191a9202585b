package io.adjoint.simd;

import static io.adjoint.simd.Float64Lanes.LANES;
import static io.adjoint.simd.Float64Lanes.SPECIES;

import io.adjoint.core.math.ActivationTerms;
import jdk.incubator.vector.DoubleVector;

/** The argument of the exponential in the tanh approximation of GELU, computed in vectors as in core's {@code ErrorFunctions}. */
final class Float64Gelu {
    private static final double LINEAR = ActivationTerms.GELU_LINEAR;
    private static final double LINEAR_LOW = ActivationTerms.GELU_LINEAR_LOW;
    private static final double CUBIC = ActivationTerms.GELU_CUBIC;
    private static final double CUBIC_LOW = ActivationTerms.GELU_CUBIC_LOW;

    private Float64Gelu() {}

    /** Computes {@code √(8/π)·(x + 0.044715x³)} as {@code high + low}; fma computes the rounding errors of products exactly. */
    static void argument(double[] x, int i, double[] high, double[] low, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i + e);
            DoubleVector square = v.mul(v);
            DoubleVector squareLow = v.fma(v, square.neg());
            DoubleVector cubic = DoubleVector.broadcast(SPECIES, CUBIC);
            DoubleVector product = cubic.mul(square);
            DoubleVector productLow =
                    cubic.fma(square, product.neg()).add(cubic.mul(squareLow).add(square.mul(CUBIC_LOW)));
            DoubleVector linear = DoubleVector.broadcast(SPECIES, LINEAR);
            DoubleVector sum = linear.add(product);
            DoubleVector other = sum.sub(linear);
            DoubleVector sumLow =
                    linear.sub(sum.sub(other)).add(product.sub(other)).add(productLow.add(LINEAR_LOW));
            DoubleVector result = v.mul(sum);
            result.intoArray(high, e);
            v.fma(sum, result.neg()).add(v.mul(sumLow)).intoArray(low, e);
        }
    }
}
