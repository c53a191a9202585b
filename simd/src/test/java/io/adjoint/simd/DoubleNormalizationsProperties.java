package io.adjoint.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Loops;
import io.adjoint.core.NormalizationLoops;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The loops of normalizations by vectors have the bits of the default loops. */
class DoubleNormalizationsProperties {
    private static final double[] SPECIAL = {
        0,
        (double) -0.0,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        Double.MAX_VALUE
    };

    private final NormalizationLoops<double[]> plain = Loops.FLOAT64.normalizations();
    private final NormalizationLoops<double[]> vectors = new DoubleNormalizations();

    @Property
    void scale(
            @ForAll @IntRange(min = 1, max = 700) int n,
            @ForAll @IntRange(max = 20) int i,
            @ForAll @IntRange(max = 20) int j,
            @ForAll long seed) {
        Random random = new Random(seed);
        double[] x = numbers(random, i + n);
        /*wide*/ double centre = random.nextDouble();
        /*wide*/ double scale = random.nextDouble() * 5;
        double[] expected = new double[j + n + 3];
        double[] found = expected.clone();
        plain.scale(x, i, centre, scale, -3.3, expected, j, n);
        vectors.scale(x, i, centre, scale, -3.3, found, j, n);
        assertThat(found).isEqualTo(expected);
    }

    @Property
    void affine(
            @ForAll @IntRange(min = 1, max = 700) int n,
            @ForAll @IntRange(max = 20) int i,
            @ForAll @IntRange(max = 20) int j,
            @ForAll long seed) {
        Random random = new Random(seed);
        double[] x = numbers(random, i + n);
        double[] w = numbers(random, n);
        double[] b = numbers(random, n);
        /*wide*/ double centre = random.nextDouble();
        /*wide*/ double scale = random.nextDouble() * 5;
        double[] expected = new double[j + n + 3];
        double[] found = expected.clone();
        plain.affine(x, i, centre, scale, w, b, new double[n], expected, j, n);
        vectors.affine(x, i, centre, scale, w, b, new double[n], found, j, n);
        assertThat(found).isEqualTo(expected);
    }

    @Property
    void weigh(
            @ForAll @IntRange(min = 1, max = 700) int n,
            @ForAll @IntRange(max = 20) int i,
            @ForAll @IntRange(max = 20) int k,
            @ForAll long seed) {
        Random random = new Random(seed);
        double[] g = numbers(random, i + n);
        double[] x = numbers(random, k + n);
        double[] w = numbers(random, n);
        /*wide*/ double centre = random.nextDouble();
        /*wide*/ double scale = random.nextDouble() * 5;
        double[][] expected = {new double[n], new double[n], numbers(random, n), numbers(random, n)};
        double[][] found = {new double[n], new double[n], expected[2].clone(), expected[3].clone()};
        plain.weigh(g, i, x, k, centre, scale, w, expected[0], expected[1], expected[2], expected[3], n);
        vectors.weigh(g, i, x, k, centre, scale, w, found[0], found[1], found[2], found[3], n);
        for (int row = 0; row < found.length; row++) {
            assertThat(found[row]).isEqualTo(expected[row]);
        }
    }

    @Property
    void combine(@ForAll @IntRange(min = 1, max = 700) int n, @ForAll @IntRange(max = 20) int j, @ForAll long seed) {
        Random random = new Random(seed);
        double[] g = numbers(random, n);
        double[] z = numbers(random, n);
        /*wide*/ double w = random.nextDouble();
        /*wide*/ double q = random.nextDouble() - 0.5;
        double[] expected = new double[j + n + 3];
        double[] found = expected.clone();
        plain.combine(g.clone(), w, 0.3, z, q, 1.7, expected, j, n);
        vectors.combine(g, w, 0.3, z, q, 1.7, found, j, n);
        assertThat(found).isEqualTo(expected);
    }

    private static double[] numbers(Random random, int n) {
        double[] numbers = new double[n];
        for (int e = 0; e < n; e++) {
            numbers[e] = random.nextInt(20) == 0
                    ? SPECIAL[random.nextInt(SPECIAL.length)]
                    : (double) ((random.nextDouble() - 0.5) * Math.pow(2, random.nextInt(20)));
        }
        return numbers;
    }
}
