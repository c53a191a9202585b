package io.adjoint.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.BinaryFunction;
import io.adjoint.core.FunctionLoops;
import io.adjoint.core.UnaryFunction;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Functions of floats by vectors have the bits of the default loops, which the enums' own methods run in these tests. */
class Float32LanesProperties {
    private final FunctionLoops<float[]> lanes = Float32Lanes.functions();

    @Property
    void functionsOfOneNumberHaveTheBitsOfTheDefaultLoops(
            @ForAll UnaryFunction f,
            @ForAll @IntRange(min = 512, max = 1300) int n,
            @ForAll @IntRange(max = 24) int i,
            @ForAll @IntRange(max = 24) int j,
            @ForAll long seed) {
        float[] x = numbers(new Random(seed), i + n);
        float[] expected = new float[j + n + 3];
        float[] actual = new float[j + n + 3];
        f.apply(x, i, expected, j, n);
        lanes.get(f).apply(x, i, actual, j, n);
        assertSameBits(f, actual, expected);
        lanes.get(f).apply(x, i, x, i, n);
        assertSameBits(f, Arrays.copyOfRange(x, i, i + n), Arrays.copyOfRange(expected, j, j + n));
    }

    @Property
    void functionsOfTwoNumbersHaveThemToo(
            @ForAll BinaryFunction f,
            @ForAll @IntRange(min = 512, max = 1300) int n,
            @ForAll @IntRange(max = 24) int i,
            @ForAll @IntRange(max = 24) int j,
            @ForAll long seed) {
        Random random = new Random(seed);
        float[] x = numbers(random, i + n);
        float[] y = numbers(random, j + n);
        float[] expected = new float[n + 3];
        float[] actual = new float[n + 3];
        f.apply(x, i, y, j, expected, 2, n);
        lanes.get(f).apply(x, i, y, j, actual, 2, n);
        assertSameBits(f, actual, expected);
        lanes.get(f).apply(x, i, y, j, y, j, n);
        assertSameBits(f, Arrays.copyOfRange(y, j, j + n), Arrays.copyOfRange(expected, 2, 2 + n));
    }

    private static void assertSameBits(Object f, float[] actual, float[] expected) {
        for (int e = 0; e < expected.length; e++) {
            // The payload of a NaN depends on the processor, so all NaNs count as equal.
            assertThat(Float.floatToIntBits(actual[e]))
                    .as("%s, element %d: %s, not %s", f, e, actual[e], expected[e])
                    .isEqualTo(Float.floatToIntBits(expected[e]));
        }
    }

    /**
     * Random numbers of one of three kinds: any bit patterns, with zeros; numbers as in networks, with zeros and the smallest floats; or
     * such numbers with one outlier among them, beyond the limits of some function.
     */
    private static float[] numbers(Random random, int n) {
        int kind = random.nextInt(3);
        float[] numbers = new float[n];
        for (int e = 0; e < n; e++) {
            int sign = random.nextInt() & 0x80000000;
            numbers[e] = kind == 0
                    ? Float.intBitsToFloat(random.nextInt(9) == 0 ? sign : random.nextInt())
                    : random.nextInt(9) == 0
                            ? Float.intBitsToFloat(sign + random.nextInt(2))
                            : (float) (4 * random.nextGaussian());
        }
        if (kind == 2) {
            float[] outliers = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 45, -51, 105, 710, -710};
            numbers[random.nextInt(n)] = outliers[random.nextInt(outliers.length)];
        }
        return numbers;
    }
}
