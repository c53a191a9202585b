package io.adjoint.simd;

import static io.adjoint.core.math.FloatSeries.*;

import io.adjoint.core.math.Buffers;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The exponential of floats in vectors, by the operations of {@link io.adjoint.core.math.FloatMath} in their order, and so with its bits.
 * Its maxima and minima are those of integers, which take one instruction; those of floats take six, for zeros and NaN. The bits of
 * magnitudes have the order of the magnitudes, and those of NaN are the largest: adding {@link #WRAP} makes them negative, and so a
 * minimum leaves NaN as it is.
 */
final class Float32Exp {
    private static final VectorSpecies<Float> SPECIES = VectorSpecies.of(float.class, Vectors.SHAPE);
    private static final Class<? extends FloatVector> TYPE =
            FloatVector.zero(SPECIES).getClass();
    private static final int LANES = SPECIES.length();

    private static final VectorSpecies<Double> WIDE = VectorSpecies.of(double.class, Vectors.SHAPE);
    private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, Vectors.SHAPE);
    private static final VectorSpecies<Float> NARROW =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Vectors.SHAPE.vectorBitSize() / 2));
    private static final int HALF = WIDE.length();
    private static final int SIGN = 0x80000000;

    /** Added to the bits of infinity, makes the largest int. */
    private static final int WRAP = Integer.MAX_VALUE - Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    private Float32Exp() {}

    /** {@code eˣ}. */
    static void exp(float[] x, int i, float[] y, int j, int n) {
        float[][] parts = Buffers.floats();
        split(1, -FLOAT_EXP_MAX, FLOAT_EXP_MAX, x, i, parts[0], parts[1], parts[2], n);
        exp(parts[0], parts[1], parts[2], y, j, n);
    }

    /** {@code eˣ} from high, low and rounded; 2ᵏ may be too small or too large for a float, which its two factors are not. */
    private static void exp(float[] highs, float[] lows, float[] roundeds, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            FloatVector high = FloatVector.fromArray(SPECIES, highs, e);
            FloatVector low = FloatVector.fromArray(SPECIES, lows, e);
            IntVector bits = FloatVector.fromArray(SPECIES, roundeds, e)
                    .reinterpretAsInts()
                    .sub(EXCESS);
            IntVector half = bits.lanewise(VectorOperators.LSHR, 1);
            FloatVector power =
                    half.lanewise(VectorOperators.LSHL, FLOAT_SIGNIFICAND).reinterpretAsFloats();
            FloatVector other = bits.sub(half)
                    .lanewise(VectorOperators.LSHL, FLOAT_SIGNIFICAND)
                    .reinterpretAsFloats();
            TYPE.cast(high.sub(low).add(1).mul(power).mul(other)).intoArray(y, j + e);
        }
    }

    /** 2ᵏ and {@code eʳ − 1} in double with {@code factor·x = k·ln 2 + r}, for a product between min, which is negative, and max. */
    static double[][] split(float factor, float min, float max, float[] x, int i, int n) {
        float[][] parts = Buffers.floats();
        double[][] split = Buffers.get();
        split(factor, min, max, x, i, parts[0], parts[1], parts[2], n);
        widen(parts[0], parts[1], parts[2], split[0], split[1], n);
        return split;
    }

    /** The same of the doubles in the first buffer, which stand for products. */
    static double[][] split(double min, double max, int n) {
        double[][] split = Buffers.get();
        split(min, max, split[0], split[1], n);
        return split;
    }

    private static void split(double min, double max, double[] power, double[] fraction, int n) {
        for (int e = 0; e < n; e += HALF) {
            DoubleVector v = DoubleVector.fromArray(WIDE, power, e).max(min).min(max);
            DoubleVector rounded = v.mul(LOG2_E).add(ROUND);
            DoubleVector r = v.sub(rounded.sub(ROUND).mul(LN2));
            rounded.reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles()
                    .intoArray(power, e);
            r.mul(EXP_6)
                    .add(EXP_5)
                    .mul(r)
                    .add(EXP_4)
                    .mul(r)
                    .add(EXP_3)
                    .mul(r)
                    .add(EXP_2)
                    .mul(r)
                    .add(EXP_1)
                    .mul(r)
                    .add(EXP_0)
                    .mul(r)
                    .intoArray(fraction, e);
        }
    }

    /** {@code −|x|}. */
    static void negativeMagnitude(float[] x, int i, float[] y, int n) {
        for (int e = 0; e < n; e += LANES) {
            TYPE.cast(FloatVector.fromArray(SPECIES, x, i + e).abs().neg()).intoArray(y, e);
        }
    }

    /** 2ᵏ and {@code eʳ − 1} from high, low and rounded. */
    private static void widen(float[] highs, float[] lows, float[] roundeds, double[] power, double[] fraction, int n) {
        for (int e = 0; e < n; e += HALF) {
            IntVector bits = FloatVector.fromArray(NARROW, roundeds, e).reinterpretAsInts();
            ((LongVector) bits.convertShape(VectorOperators.I2L, LONGS, 0))
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles()
                    .intoArray(power, e);
            DoubleVector high =
                    (DoubleVector) FloatVector.fromArray(NARROW, highs, e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector low =
                    (DoubleVector) FloatVector.fromArray(NARROW, lows, e).convertShape(VectorOperators.F2D, WIDE, 0);
            high.sub(low).intoArray(fraction, e);
        }
    }

    /** High, low and rounded, as {@code FloatMath} has them. */
    private static void split(
            float factor,
            float min,
            float max,
            float[] x,
            int i,
            float[] highs,
            float[] lows,
            float[] roundeds,
            int n) {
        int above = Float.floatToRawIntBits(max);
        // Of those of a negative number and those of a positive one, which may be −0.
        int limit = (above & ~SIGN) + WRAP;
        int zero = above & SIGN;
        int difference = Float.floatToRawIntBits(-min) + WRAP - limit;
        for (int e = 0; e < n; e += LANES) {
            IntVector all = FloatVector.fromArray(SPECIES, x, i + e).mul(factor).reinterpretAsInts();
            IntVector sign = all.and(SIGN);
            IntVector most =
                    all.lanewise(VectorOperators.ASHR, 31).and(difference).add(limit);
            FloatVector v = all.sub(sign)
                    .add(WRAP)
                    .min(most)
                    .sub(WRAP)
                    .or(sign)
                    .or(zero)
                    .reinterpretAsFloats();
            FloatVector rounded = v.mul(FLOAT_LOG2_E).add(FLOAT_ROUND);
            FloatVector k = rounded.sub(FLOAT_ROUND);
            FloatVector high = v.sub(k.mul(FLOAT_LN2));
            FloatVector rest = k.mul(FLOAT_LN2_REST);
            FloatVector r = high.sub(rest);
            FloatVector sum = r.mul(FLOAT_EXP_5)
                    .add(FLOAT_EXP_4)
                    .mul(r)
                    .add(FLOAT_EXP_3)
                    .mul(r)
                    .add(FLOAT_EXP_2)
                    .mul(r)
                    .add(FLOAT_EXP_1)
                    .mul(r)
                    .add(FLOAT_EXP_0);
            TYPE.cast(high).intoArray(highs, e);
            TYPE.cast(rest.sub(r.mul(r).mul(sum))).intoArray(lows, e);
            TYPE.cast(rounded).intoArray(roundeds, e);
        }
    }
}
