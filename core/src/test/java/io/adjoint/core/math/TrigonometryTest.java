package io.adjoint.core.math;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Sine and cosine have the bits of StrictMath")
class TrigonometryTest {
    private static void check(double x) {
        for (double angle : new double[] {x, -x}) {
            assertEquals(bits(StrictMath.sin(angle)), bits(Trigonometry.sin(angle)), () -> "sin " + angle);
            assertEquals(bits(StrictMath.cos(angle)), bits(Trigonometry.cos(angle)), () -> "cos " + angle);
        }
    }

    private static long bits(double x) {
        return Double.doubleToLongBits(x);
    }

    @Test
    @DisplayName("at special values and where the algorithm has a branch")
    void branches() {
        DoubleStream.of(
                        0,
                        Double.MIN_VALUE,
                        0x1p-27,
                        0x1p19,
                        1e22,
                        Double.MAX_VALUE,
                        Double.POSITIVE_INFINITY,
                        Double.NaN)
                .forEach(TrigonometryTest::check);
        for (double branch : new double[] {0x1p-27, 0x1.33333p-2, 0x1.90001p-1, Math.PI / 4, 0x1.921fcp-1, 0x1p19}) {
            check(Math.nextDown(branch));
            check(branch);
            check(Math.nextUp(branch));
        }
    }

    @Test
    @DisplayName("next to multiples of π/4")
    void multiples() {
        for (int k = 1; k < 100_000; k++) {
            double angle = k * (Math.PI / 4);
            check(Math.nextDown(angle));
            check(angle);
            check(angle * (1 + 0x1p-20));
            check(angle * (1 - 0x1p-17));
        }
    }

    @Test
    @DisplayName("at random angles of all sizes")
    void random() {
        SplittableRandom random = new SplittableRandom(5);
        for (int k = 0; k < 300_000; k++) {
            check(random.nextDouble(-10, 10));
            check(StrictMath.exp(random.nextDouble(-30, 20)));
        }
    }
}
