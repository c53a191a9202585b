package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import ch.obermuhlner.math.big.BigDecimalMath;
import io.adjoint.core.Generator;
import io.adjoint.core.math.Powers;
import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class PowersTest {
    private static final MathContext DIGITS = new MathContext(50);
    private static final double[] SPECIAL = {
        0,
        -0.0,
        1,
        -1,
        2,
        -2,
        0.5,
        3,
        -3,
        1e300,
        -1e300,
        1e-300,
        Double.MIN_VALUE,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };

    /**
     * Tests powers of numbers near 1, where logarithms cancel, and of numbers far from 1, where the exponent multiplies the logarithm's
     * error.
     */
    @Test
    void powersAreWithinOneUlp() {
        Generator random = new Generator(1);
        double worst = 0;
        for (int k = 0; k < 1500; k++) {
            double x = StrictMath.exp(random.nextGaussian() * (k % 3 == 0 ? 0.05 : k % 3 == 1 ? 1 : 50));
            double y = random.nextDouble(-650, 650) / Math.max(Math.abs(StrictMath.log(x)), 1e-3);
            worst = Math.max(worst, ulps(Powers.pow(x, k % 2 == 0 ? y : y / 100), x, k % 2 == 0 ? y : y / 100));
            double z = random.nextGaussian() * (k % 2 == 0 ? 1 : 300);
            worst = Math.max(worst, ulps(Powers.exp2(z), 2, z));
        }
        assertThat(worst).isBetween(0.4, 1.0);
    }

    private static double ulps(double computed, double x, double y) {
        if (computed < Double.MIN_NORMAL || Double.isInfinite(computed)) {
            return 0;
        }
        BigDecimal exact = BigDecimalMath.pow(new BigDecimal(x), new BigDecimal(y), DIGITS);
        return exact.subtract(new BigDecimal(computed))
                .abs()
                .divide(new BigDecimal(Math.ulp(computed)), DIGITS)
                .doubleValue();
    }

    @Test
    void whatADoubleHoldsIsExact() {
        for (int base = 1; base < 100; base++) {
            double power = 1;
            for (int n = 0; power < 0x1p53; n++, power *= base) {
                assertThat(Powers.pow(base, n)).isEqualTo(power);
                if (base == 1 && n > 10) {
                    break;
                }
            }
            assertThat(Powers.pow(base * base, 0.5)).isEqualTo(base);
        }
        for (int n = -1074; n <= 1023; n++) {
            assertThat(Powers.exp2(n)).isEqualTo(Math.scalb(1.0, n));
            assertThat(Powers.pow(2, n)).isEqualTo(Math.scalb(1.0, n));
        }
    }

    @Test
    void specialNumbersHaveThePowersOfTheSpecification() {
        for (double x : SPECIAL) {
            for (double y : SPECIAL) {
                double expected = StrictMath.pow(x, y);
                boolean isFinite = expected != 0 && Double.isFinite(expected);
                assertThat(Powers.pow(x, y))
                        .as("%s to the power %s", x, y)
                        .satisfies(power -> assertThat(
                                        isFinite
                                                ? Math.abs(power - expected) <= Math.ulp(expected)
                                                : power.equals(expected))
                                .isTrue());
            }
            assertThat(Powers.exp2(x)).isEqualTo(Double.valueOf(StrictMath.pow(2, x)));
        }
    }
}
