package io.adjoint.simd;

import static io.adjoint.core.math.ExpSeries.LN2_HIGH;
import static io.adjoint.core.math.ExpSeries.LN2_LOW;
import static io.adjoint.simd.Float64Lanes.LANES;
import static io.adjoint.simd.Float64Lanes.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/** Logarithms in vectors, by the operations of core's {@code Logarithms}. */
final class Float64Log {
    private static final long ONE = Double.doubleToRawLongBits(1);
    private static final long ROOT_HALF = 0x3fe6a09e_00000000L;
    private static final long MANTISSA = (1L << 52) - 1;
    /** The bits of 2⁵². With a small integer n in the lowest bits, they are the bits of 2⁵² + n. */
    private static final long WHOLE = Double.doubleToRawLongBits(0x1p52);

    private static final double ODD_0 = 0.6666666666666735;
    private static final double ODD_1 = 0.2857142874366239;
    private static final double ODD_2 = 0.1818357216161805;
    private static final double ODD_3 = 0.14798198605116586;
    private static final double EVEN_0 = 0.3999999999940942;
    private static final double EVEN_1 = 0.22222198432149784;
    private static final double EVEN_2 = 0.15313837699209373;

    private Float64Log() {}

    /** Computes {@code log x} of normal numbers. */
    static void log(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            LongVector bits = DoubleVector.fromArray(SPECIES, x, i + e)
                    .reinterpretAsLongs()
                    .add(ONE - ROOT_HALF);
            DoubleVector k = exponent(bits);
            DoubleVector f =
                    bits.and(MANTISSA).add(ROOT_HALF).reinterpretAsDoubles().sub(1);
            DoubleVector s = f.div(f.add(2));
            DoubleVector half = f.mul(0.5).mul(f);
            s.mul(half.add(polynomial(s.mul(s))))
                    .add(k.mul(LN2_LOW))
                    .sub(half)
                    .add(f)
                    .add(k.mul(LN2_HIGH))
                    .intoArray(y, j + e);
        }
    }

    /** Computes the rounding error of {@code 1 + x}, divided by the power 2ᵏ for which {@code (1 + x)/2ᵏ} is in [√½, √2). */
    static void lost(double[] x, int i, double[] y, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i + e);
            DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
            DoubleVector sum = v.add(one);
            DoubleVector other = sum.sub(one);
            DoubleVector lost = one.sub(sum.sub(other)).add(v.sub(other));
            lost.mul(oneOver(sum.reinterpretAsLongs().add(ONE - ROOT_HALF))).intoArray(y, e);
        }
    }

    /** Computes {@code log(1 + x)} for x up to 2⁵⁴, given the {@link #lost} rounding errors; the result for −0 is 0. */
    static void log1p(double[] x, int i, double[] lost, double[] y, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i + e);
            LongVector bits = v.add(1).reinterpretAsLongs().add(ONE - ROOT_HALF);
            DoubleVector k = exponent(bits);
            DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
            DoubleVector f =
                    bits.and(MANTISSA).add(ROOT_HALF).reinterpretAsDoubles().sub(one);
            DoubleVector s = f.div(f.add(2));
            DoubleVector rest = DoubleVector.fromArray(SPECIES, lost, e)
                    .mul(one.sub(s.add(s).mul(one.sub(s))));
            DoubleVector half = f.mul(0.5).mul(f);
            // polynomial(s·s), written out: the JIT doesn't inline the call in a method as large as this one.
            DoubleVector z = s.mul(s);
            DoubleVector w = z.mul(z);
            DoubleVector odd = w.mul(ODD_3).add(ODD_2).mul(w).add(ODD_1).mul(w).add(ODD_0);
            DoubleVector even = w.mul(EVEN_2).add(EVEN_1).mul(w).add(EVEN_0);
            s.mul(half.add(odd.mul(z).add(even.mul(w))))
                    .add(k.mul(LN2_LOW).add(rest))
                    .sub(half)
                    .add(f)
                    .add(k.mul(LN2_HIGH))
                    .intoArray(y, e);
        }
    }

    /** Computes the numbers with the magnitudes of {@code magnitude} and the signs of x. */
    static void signed(double[] x, int i, double[] magnitude, double[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            LongVector sign = DoubleVector.fromArray(SPECIES, x, i + e)
                    .reinterpretAsLongs()
                    .and(Long.MIN_VALUE);
            DoubleVector.fromArray(SPECIES, magnitude, e)
                    .abs()
                    .reinterpretAsLongs()
                    .or(sign)
                    .reinterpretAsDoubles()
                    .intoArray(y, j + e);
        }
    }

    private static DoubleVector exponent(LongVector bits) {
        return bits.lanewise(VectorOperators.LSHR, 52)
                .or(WHOLE)
                .reinterpretAsDoubles()
                .sub(0x1p52 + 1023);
    }

    /** The reciprocals of the powers of 2 whose exponents are in the given bits of doubles; the bits of the significands are ignored. */
    private static DoubleVector oneOver(LongVector bits) {
        return LongVector.broadcast(Float64Lanes.BITS, 2 * ONE)
                .sub(bits.and(~MANTISSA))
                .reinterpretAsDoubles();
    }

    private static DoubleVector polynomial(DoubleVector z) {
        DoubleVector w = z.mul(z);
        DoubleVector odd = w.mul(ODD_3).add(ODD_2).mul(w).add(ODD_1).mul(w).add(ODD_0);
        DoubleVector even = w.mul(EVEN_2).add(EVEN_1).mul(w).add(EVEN_0);
        return odd.mul(z).add(even.mul(w));
    }

    /** Computes softplus, given {@code log = log(1 + e^−|x|)}: {@code max(x, 0) + log}, but x itself where x is above the threshold 20. */
    static void softplus(double[] x, int i, double[] log, double[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i + e);
            v.max(0)
                    .add(DoubleVector.fromArray(SPECIES, log, e))
                    .blend(v, v.compare(VectorOperators.GT, 20))
                    .intoArray(y, j + e);
        }
    }

    /** Computes the logarithm of the sigmoid, given {@code log = log(1 + e^−|x|)}: {@code min(x, 0) − log}. */
    static void logSigmoid(double[] x, int i, double[] log, double[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector.fromArray(SPECIES, x, i + e)
                    .min(0)
                    .sub(DoubleVector.fromArray(SPECIES, log, e))
                    .intoArray(y, j + e);
        }
    }
}
