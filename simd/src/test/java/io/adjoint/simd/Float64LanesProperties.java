package io.adjoint.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.BinaryFunction;
import io.adjoint.core.FunctionLoops;
import io.adjoint.core.UnaryFunction;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Functions by vectors have the bits of the default loops, which the enums' own methods run in these tests. */
class Float64LanesProperties {
    private static final double[] SPECIAL = {
        0,
        -0.0,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        1,
        -1
    };

    private final FunctionLoops<double[]> lanes = Float64Lanes.functions();

    @Property
    void functionsOfOneNumberHaveTheBitsOfTheDefaultLoops(
            @ForAll UnaryFunction f, @ForAll @IntRange(min = 256, max = 1300) int n, @ForAll long seed) {
        Random random = new Random(seed);
        check(f, numbers(random, n, random.nextInt(3)), random.nextInt(9));
    }

    @Property
    void functionsOfTwoNumbersHaveThemToo(
            @ForAll BinaryFunction f, @ForAll @IntRange(min = 256, max = 1300) int n, @ForAll long seed) {
        Random random = new Random(seed);
        int i = random.nextInt(9);
        int j = random.nextInt(9);
        int k = random.nextInt(9);
        double[] x = numbers(random, i + n, random.nextInt(3));
        double[] y = numbers(random, j + n, random.nextInt(3));
        double[] expected = new double[n + 9];
        double[] z = new double[n + 9];
        f.apply(x, i, y, j, expected, k, n);
        lanes.get(f).apply(x, i, y, j, z, k, n);
        assertSameBits(f, z, expected);
        boolean second = random.nextBoolean();
        double[] target = second ? y : x;
        int to = second ? j : i;
        lanes.get(f).apply(x, i, y, j, target, to, n);
        assertSameBits(f, Arrays.copyOfRange(target, to, to + n), Arrays.copyOfRange(expected, k, k + n));
    }

    /** Tries every number of elements that vectors of any length leave over, and chunks with one special number among ordinary numbers. */
    @Example
    void everyLengthAndEverySpecialNumber() {
        Random random = new Random(1);
        for (UnaryFunction f : UnaryFunction.values()) {
            for (int n = 256; n < 256 + 3 * 8; n++) {
                double[] x = numbers(random, n, 0);
                x[n - 1 - n % 11] = SPECIAL[n % SPECIAL.length];
                check(f, x, n % 9);
            }
        }
    }

    /** Compares f(x) with the result of the default loops, written to another array from index j on, and in place. */
    private void check(UnaryFunction f, double[] x, int j) {
        double[] expected = new double[x.length + 9];
        double[] y = new double[x.length + 9];
        f.apply(x, 0, expected, j, x.length);
        lanes.get(f).apply(x, 0, y, j, x.length);
        assertSameBits(f, y, expected);
        lanes.get(f).apply(x, 0, x, 0, x.length);
        assertSameBits(f, x, Arrays.copyOfRange(expected, j, j + x.length));
    }

    private static void assertSameBits(Object f, double[] actual, double[] expected) {
        for (int e = 0; e < expected.length; e++) {
            // The payload of a NaN depends on the processor, so all NaNs count as equal.
            assertThat(Double.doubleToLongBits(actual[e]))
                    .as("%s, element %d: %s, not %s", f, e, actual[e], expected[e])
                    .isEqualTo(Double.doubleToLongBits(expected[e]));
        }
    }

    /** Random numbers: for kind 0 as in networks, for kind 1 of many magnitudes, for any other kind of any bits, with special numbers. */
    private static double[] numbers(Random random, int n, int kind) {
        double[] numbers = new double[n];
        for (int e = 0; e < n; e++) {
            double some = random.nextGaussian();
            numbers[e] = switch (kind) {
                case 0 -> 4 * some;
                case 1 -> some * Math.pow(2, random.nextInt(14));
                default ->
                    random.nextInt(9) == 0
                            ? SPECIAL[random.nextInt(SPECIAL.length)]
                            : Double.longBitsToDouble(random.nextLong());
            };
        }
        return numbers;
    }
}
