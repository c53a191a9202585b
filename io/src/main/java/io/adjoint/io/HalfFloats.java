package io.adjoint.io;

/** Floating-point numbers of 16 bits. */
final class HalfFloats {
    private HalfFloats() {}

    /** The value of a binary16, exactly, the payload of a NaN included. */
    static float ofF16(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >>> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            // A subnormal is its fraction times 2^-24, which is a normal float.
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int wide = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }

    /** The value of a bfloat16, exactly. */
    static float ofBF16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** The nearest binary16, of two the even one; infinity from 65520 on. */
    static short toF16(double value) {
        return round(value, 5, 10);
    }

    /** The nearest bfloat16, of two the even one. */
    static short toBF16(double value) {
        return round(value, 8, 7);
    }

    private static short round(double value, int exponentBits, int fractionBits) {
        long bits = Double.doubleToRawLongBits(value);
        int sign = (int) (bits >>> 48) & 0x8000;
        int infinity = ((1 << exponentBits) - 1) << fractionBits;
        if (Double.isNaN(value)) {
            // The upper bits of the payload; a quiet one, so that it is not lost if they are 0.
            int payload = (int) (bits >>> (52 - fractionBits)) & ((1 << fractionBits) - 1);
            return (short) (sign | infinity | 1 << (fractionBits - 1) | payload);
        }
        int bias = (1 << (exponentBits - 1)) - 1;
        // One unit in the last place of the result; below the normal numbers that of the smallest.
        int exponent = Math.max(Math.getExponent(value), 1 - bias);
        double units = Math.rint(Math.abs(value) * Math.scalb(1.0, fractionBits - exponent));
        if (exponent > bias) {
            return (short) (sign | infinity);
        }
        // The leading bit of a normal number adds 1 to its exponent, as does a fraction that was rounded up to the next
        // power of 2.
        long magnitude = ((long) (exponent + bias - 1) << fractionBits) + (long) units;
        return (short) (sign | (int) Math.min(magnitude, infinity));
    }
}
