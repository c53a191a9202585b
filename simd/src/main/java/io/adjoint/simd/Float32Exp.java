package io.adjoint.simd;

import static io.adjoint.core.math.FloatSeries.*;
import static io.adjoint.simd.Float32Lanes.LONGS;
import static io.adjoint.simd.Float32Lanes.NARROW;
import static io.adjoint.simd.Float32Lanes.WIDE;

import io.adjoint.core.math.Buffers;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The exponential of floats in vectors, with the same bits as {@link io.adjoint.core.math.FloatMath}: only the clamping of arguments uses
 * other operations, and all other operations are the same in the same order.
 */
final class Float32Exp {
    private static final VectorSpecies<Float> SPECIES = VectorSpecies.of(float.class, Vectors.SHAPE);
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, Vectors.SHAPE);
    private static final Class<? extends FloatVector> TYPE =
            FloatVector.zero(SPECIES).getClass();
    private static final int LANES = SPECIES.length();

    private static final int HALF = WIDE.length();
    private static final int SIGN = 0x80000000;

    /**
     * The difference of the largest int and the bits of infinity: if this difference is added to the bits of a float without the sign bit,
     * the sum overflows to a negative int only for NaN.
     */
    private static final int WRAP = Integer.MAX_VALUE - Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    /**
     * The parts of {@code e^p = 2ᵏ·eʳ} for the clamped product {@code p = factor·x = k·ln 2 + r}: {@code eʳ − 1 = high − low}, and the
     * lowest bits of {@code rounded} are k + 1023. The arrays are the thread's buffers, which the thread's next call of {@link #parts}
     * overwrites.
     */
    @SuppressWarnings("ArrayRecordComponent") // no code calls equals of parts
    record Parts(float[] high, float[] low, float[] rounded) {}

    private Float32Exp() {}

    /**
     * Computes {@code eˣ = 2ᵏ·eʳ} from its {@link Parts}. Since 2ᵏ may be out of the range of floats, eʳ is multiplied by two powers of 2
     * within the range, whose product is 2ᵏ.
     */
    static void exp(float[] x, int i, float[] y, int j, int n) {
        Parts parts = parts(1, -FLOAT_EXP_MAX, FLOAT_EXP_MAX, x, i, n);
        for (int e = 0; e < n; e += LANES) {
            FloatVector high = FloatVector.fromArray(SPECIES, parts.high, e);
            FloatVector low = FloatVector.fromArray(SPECIES, parts.low, e);
            IntVector bits = FloatVector.fromArray(SPECIES, parts.rounded, e)
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

    /**
     * The parts of the exponential for products {@code factor·x} that are clamped to [min, max]; min is negative, max is positive or −0.
     * The method has more than 500 bytecodes, so that the JIT does not inline it ({@code FreqInlineSize} is 325). When the JIT compiled a
     * sigmoid's loop together with this method, the loop took 1.5 times as long, and with another version of this method 9 times, since the
     * loop's vectors were allocated as objects.
     *
     * <p>The method first tests whether the magnitudes of all products are at most −min and at most max, the usual case. The test compares
     * the bits of the magnitudes as integers, which have the order of the magnitudes, with NaN as the largest. If a magnitude is larger, or
     * if max is −0, for which the test is left out, the method clamps the products. Test and clamping use maxima and minima of integers,
     * which take one instruction; a maximum of floats takes six instructions, since it has to handle NaN and zeros of both signs. Adding
     * {@link #WRAP} makes the bits of NaN negative, so that the minimum of these bits and a limit leaves NaN unchanged. The clamped
     * products go to the thread's fourth buffer; x may be that buffer, from its first element on.
     */
    static Parts parts(float factor, float min, float max, float[] x, int i, int n) {
        float[][] buffers = Buffers.floats();
        IntVector largest = IntVector.zero(INTS);
        for (int e = 0; e < n && max > 0; e += LANES) {
            largest = FloatVector.fromArray(SPECIES, x, i + e)
                    .mul(factor)
                    .reinterpretAsInts()
                    .and(~SIGN)
                    .max(largest);
        }
        float[] from = x;
        int at = i;
        float by = factor;
        if (max <= 0 || largest.reduceLanes(VectorOperators.MAX) > Float.floatToRawIntBits(Math.min(-min, max))) {
            from = buffers[3];
            at = 0;
            by = 1;
            int above = Float.floatToRawIntBits(max);
            // Positive numbers are clamped to the magnitude of max, negative numbers to the magnitude −min. As bits
            // plus WRAP, these two limits are limit and limit + difference. If max is −0, zero is the sign bit, which
            // every clamped product gets, so that positive numbers become −0 and not 0.
            int limit = (above & ~SIGN) + WRAP;
            int zero = above & SIGN;
            int difference = Float.floatToRawIntBits(-min) + WRAP - limit;
            for (int e = 0; e < n; e += LANES) {
                IntVector all =
                        FloatVector.fromArray(SPECIES, x, i + e).mul(factor).reinterpretAsInts();
                IntVector sign = all.and(SIGN);
                IntVector most =
                        all.lanewise(VectorOperators.ASHR, 31).and(difference).add(limit);
                TYPE.cast(all.sub(sign)
                                .add(WRAP)
                                .min(most)
                                .sub(WRAP)
                                .or(sign)
                                .or(zero)
                                .reinterpretAsFloats())
                        .intoArray(from, e);
            }
        }
        float[] highs = buffers[0];
        float[] lows = buffers[1];
        float[] roundeds = buffers[2];
        for (int e = 0; e < n; e += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, from, at + e).mul(by);
            FloatVector rounded = v.mul(FLOAT_LOG2_E).add(FLOAT_ROUND_BIASED);
            FloatVector k = rounded.sub(FLOAT_ROUND_BIASED);
            FloatVector high = v.sub(k.mul(FLOAT_LN2));
            FloatVector rest = k.mul(FLOAT_LN2_REST);
            FloatVector r = high.sub(rest);
            FloatVector square = r.mul(r);
            FloatVector even = square.mul(FLOAT_EXP_4).add(FLOAT_EXP_2).mul(square);
            FloatVector odd =
                    square.mul(FLOAT_EXP_5).add(FLOAT_EXP_3).mul(square).add(FLOAT_EXP_1);
            FloatVector sum = odd.mul(r).add(even).add(FLOAT_EXP_0);
            TYPE.cast(high).intoArray(highs, e);
            TYPE.cast(rest.sub(square.mul(sum))).intoArray(lows, e);
            TYPE.cast(rounded).intoArray(roundeds, e);
        }
        return new Parts(highs, lows, roundeds);
    }

    /**
     * Clamps each product {@code factor·x} to [min, max], splits it into {@code k·ln 2 + r}, where k is the integer nearest to the product
     * divided by ln 2, and computes 2ᵏ and {@code eʳ − 1} in double, which go to the first and the second of the returned {@link Buffers}.
     * As in {@link #parts}, min is negative, and max is positive or −0.
     */
    static double[][] split(float factor, float min, float max, float[] x, int i, int n) {
        Parts parts = parts(factor, min, max, x, i, n);
        double[][] split = Buffers.get();
        widen(parts, split[0], split[1], n);
        return split;
    }

    private static void widen(Parts parts, double[] power, double[] fraction, int n) {
        for (int e = 0; e < n; e += HALF) {
            IntVector bits = FloatVector.fromArray(NARROW, parts.rounded, e).reinterpretAsInts();
            ((LongVector) bits.convertShape(VectorOperators.I2L, LONGS, 0))
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles()
                    .intoArray(power, e);
            DoubleVector high = (DoubleVector)
                    FloatVector.fromArray(NARROW, parts.high, e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector low = (DoubleVector)
                    FloatVector.fromArray(NARROW, parts.low, e).convertShape(VectorOperators.F2D, WIDE, 0);
            high.sub(low).intoArray(fraction, e);
        }
    }

    /**
     * Clamps the doubles in the first of the thread's {@link Buffers} to [min, max], and computes 2ᵏ and {@code eʳ − 1} for each clamped
     * double {@code k·ln 2 + r}; 2ᵏ goes to the first buffer, {@code eʳ − 1} to the second.
     */
    static double[][] split(double min, double max, int n) {
        double[][] split = Buffers.get();
        split(min, max, split[0], split[1], n);
        return split;
    }

    private static void split(double min, double max, double[] power, double[] fraction, int n) {
        for (int e = 0; e < n; e += HALF) {
            DoubleVector v = DoubleVector.fromArray(WIDE, power, e).max(min).min(max);
            DoubleVector rounded = v.mul(LOG2_E).add(ROUND_BIASED);
            DoubleVector r = v.sub(rounded.sub(ROUND_BIASED).mul(LN2));
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

    /** Computes {@code −|x|}. */
    static void negativeMagnitude(float[] x, int i, float[] y, int n) {
        for (int e = 0; e < n; e += LANES) {
            TYPE.cast(FloatVector.fromArray(SPECIES, x, i + e).abs().neg()).intoArray(y, e);
        }
    }
}
