package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.DoubleFunction;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * Tests that every F16 and BF16 number is read and written back exactly, and that a double between two neighbours is rounded to the nearer
 * one, and halfway between them to the even one.
 */
class HalfFloatsTest {
    /**
     * The value of a pattern without a sign, by the definition; for the pattern of infinity the value that would follow the largest number.
     */
    private static double value(int bits, int fractionBits, int bias) {
        int exponent = bits >> fractionBits;
        int fraction = bits & ((1 << fractionBits) - 1);
        return exponent == 0
                ? Math.scalb((double) fraction, 1 - bias - fractionBits)
                : Math.scalb((double) (fraction + (1 << fractionBits)), exponent - bias - fractionBits);
    }

    @Test
    void everyPatternIsRead() {
        for (int bits = 0; bits < 0x8000; bits++) {
            assertRead(HalfFloats.ofF16((short) bits), HalfFloats.ofF16((short) (bits | 0x8000)), bits, 10, 15);
            assertRead(HalfFloats.ofBF16((short) bits), HalfFloats.ofBF16((short) (bits | 0x8000)), bits, 7, 127);
        }
    }

    private static void assertRead(float plus, float minus, int bits, int fractionBits, int bias) {
        int infinity = 0x7fff >> fractionBits << fractionBits;
        int expected = bits < infinity
                ? Float.floatToRawIntBits((float) value(bits, fractionBits, bias))
                : 0x7f800000 | (bits - infinity) << (23 - fractionBits);
        assertSame(Float.floatToRawIntBits(plus), expected, bits);
        assertSame(Float.floatToRawIntBits(minus), expected | 0x80000000, bits);
    }

    /** Calls AssertJ only if the numbers differ, since it would take most of the time of these comparisons. */
    private static void assertSame(int actual, int expected, Object of) {
        if (actual != expected) {
            assertThat(actual).as("of %s", of).isEqualTo(expected);
        }
    }

    @Test
    void everyPatternIsWrittenAsItWasRead() {
        for (int bits = 0; bits < 0x10000; bits++) {
            float half = HalfFloats.ofF16((short) bits);
            assertSame(HalfFloats.toF16(half) & 0xffff, Float.isNaN(half) ? bits | 0x200 : bits, half);
            float brain = HalfFloats.ofBF16((short) bits);
            assertSame(HalfFloats.toBF16(brain) & 0xffff, Float.isNaN(brain) ? bits | 0x40 : bits, brain);
        }
    }

    @Test
    void numbersBetweenAreRoundedToTheNearestOfTwoTheEvenOne() {
        assertRounding(HalfFloats::toF16, 0x7c00, bits -> value(bits, 10, 15));
        assertRounding(HalfFloats::toBF16, 0x7f80, bits -> value(bits, 7, 127));
    }

    private static void assertRounding(DoubleFunction<Short> round, int infinity, IntToDoubleFunction value) {
        Random random = new Random(1);
        for (int bits = 0; bits < infinity; bits++) {
            double low = value.applyAsDouble(bits);
            double high = value.applyAsDouble(bits + 1);
            double middle = low + (high - low) / 2;
            assertRounded(round, middle, bits % 2 == 0 ? bits : bits + 1);
            assertRounded(round, Math.nextDown(middle), bits);
            assertRounded(round, Math.nextUp(middle), bits + 1);
            double between = low + random.nextDouble() * (high - low);
            if (between != middle) {
                assertRounded(round, between, between < middle ? bits : bits + 1);
            }
        }
        assertRounded(round, Double.MIN_VALUE, 0);
        assertRounded(round, Double.MIN_NORMAL, 0);
        assertRounded(round, Double.MAX_VALUE, infinity);
        assertRounded(round, Double.POSITIVE_INFINITY, infinity);
    }

    private static void assertRounded(DoubleFunction<Short> round, double value, int expected) {
        assertSame(round.apply(value) & 0xffff, expected, value);
        assertSame(round.apply(-value) & 0xffff, expected | 0x8000, -value);
    }
}
