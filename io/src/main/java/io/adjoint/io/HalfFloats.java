package io.adjoint.io;

/** Converts floating-point numbers of 16 bits, binary16 and bfloat16. */
final class HalfFloats {
    private HalfFloats() {}

    /** Converts a binary16 to a float exactly, including the payload of a NaN. */
    static float ofF16(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >>> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            // The value of a subnormal is its fraction times 2^-24, which is a normal float.
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int wide = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }

    /** Converts a bfloat16 to a float exactly. */
    static float ofBF16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Rounds to the nearest binary16, ties to even; the result is infinity from 65520 on. */
    static short toF16(double value) {
        return round(value, 5, 10);
    }

    /** Rounds to the nearest bfloat16, ties to even. */
    static short toBF16(double value) {
        return round(value, 8, 7);
    }

    private static short round(double value, int exponentBits, int fractionBits) {
        long bits = Double.doubleToRawLongBits(value);
        int sign = (int) (bits >>> 48) & 0x8000;
        int infinity = ((1 << exponentBits) - 1) << fractionBits;
        if (Double.isNaN(value)) {
            // The result keeps the upper bits of the payload. The bit of a quiet NaN is set, since with a fraction of 0
            // the result would be an infinity.
            int payload = (int) (bits >>> (52 - fractionBits)) & ((1 << fractionBits) - 1);
            return (short) (sign | infinity | 1 << (fractionBits - 1) | payload);
        }
        int bias = (1 << (exponentBits - 1)) - 1;
        // The exponent that determines the unit in the last place of the result; for a subnormal result, the exponent
        // of the smallest normal number.
        int exponent = Math.max(Math.getExponent(value), 1 - bias);
        double units = Math.rint(Math.abs(value) * Math.scalb(1.0, fractionBits - exponent));
        if (exponent > bias) {
            return (short) (sign | infinity);
        }
        // The units of a normal number include the leading 1 of its significand. The addition carries this 1 into the
        // exponent field, so the exponent in the first summand is 1 less. If rounding gave the next power of 2, the
        // addition carries into the exponent field in the same way.
        long magnitude = ((long) (exponent + bias - 1) << fractionBits) + (long) units;
        return (short) (sign | (int) Math.min(magnitude, infinity));
    }
}
