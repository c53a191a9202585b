package io.adjoint.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Loops;
import io.adjoint.core.loops.NormalizationLoops;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The loops of normalizations by vectors have the bits of the default loops. */
class DoubleNormalizationsProperties extends DoubleVectorsProperties {
    private final NormalizationLoops<double[]> plain = Loops.FLOAT64.normalizations();
    private final NormalizationLoops<double[]> vectors = new DoubleNormalizations();

    @Property
    void scale(
            @ForAll @IntRange(min = 1, max = 700) int n,
            @ForAll @IntRange(max = 20) int i,
            @ForAll @IntRange(max = 20) int j,
            @ForAll long seed) {
        Random random = new Random(seed);
        double[] x = numbers(random, i + n, 20);
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
        double[] x = numbers(random, i + n, 20);
        double[] w = numbers(random, n, 20);
        double[] b = numbers(random, n, 20);
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
        double[] g = numbers(random, i + n, 20);
        double[] x = numbers(random, k + n, 20);
        double[] w = numbers(random, n, 20);
        /*wide*/ double centre = random.nextDouble();
        /*wide*/ double scale = random.nextDouble() * 5;
        double[][] expected = {new double[n], new double[n], numbers(random, n, 20), numbers(random, n, 20)};
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
        double[] g = numbers(random, n, 20);
        double[] z = numbers(random, n, 20);
        /*wide*/ double w = random.nextDouble();
        /*wide*/ double q = random.nextDouble() - 0.5;
        double[] expected = new double[j + n + 3];
        double[] found = expected.clone();
        plain.combine(g.clone(), w, 0.3, z, q, 1.7, expected, j, n);
        vectors.combine(g, w, 0.3, z, q, 1.7, found, j, n);
        assertThat(found).isEqualTo(expected);
    }
}
