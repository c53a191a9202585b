package io.adjoint.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Loops;
import io.adjoint.core.loops.ConvolutionLoops;
import io.adjoint.core.loops.ProductLoops;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Tiles add the terms of convolutions one after the other, in parts, whatever the sizes. */
class DoubleConvolutionsProperties extends DoubleVectorsProperties {
    private static final int SIZE = 2000;

    private final ConvolutionLoops<double[]> loops = new DoubleConvolutions();

    @Property(tries = 200)
    void eachElementIsASumOverTheWindow(
            @ForAll @IntRange(min = 1, max = 11) int rows,
            @ForAll @IntRange(min = 1, max = 600) int terms,
            @ForAll @IntRange(min = 1, max = 300) int n,
            @ForAll boolean special,
            @ForAll long seed) {
        Random random = new Random(seed);
        double[] weights = numbers(random, 3 + 2 * rows * terms, special ? 500 : 0);
        double[] image = numbers(random, SIZE, special ? 500 : 0);
        int[] offsets = random.ints(terms, 0, SIZE - n - 7).toArray();
        double[] out = new double[rows * n + 2];
        Arrays.fill(out, 1);
        loops.multiply(loops.packed(weights, 3, 2, rows, terms), 1, rows, image, 7, offsets, n, out, 1);

        double[] expected = new double[out.length];
        Arrays.fill(expected, 1);
        for (int i = 0; i < rows; i++) {
            for (int p = 0; p < n; p++) {
                for (int part = 0; part < terms; part += ProductLoops.DEPTH) {
                    double sum = 0;
                    for (int k = part; k < Math.min(terms, part + ProductLoops.DEPTH); k++) {
                        sum += weights[3 + (rows + i) * terms + k] * image[7 + offsets[k] + p];
                    }
                    expected[1 + i * n + p] += sum;
                }
            }
        }
        assertSameBits(out, expected);
    }

    @Property(tries = 200)
    void eachElementIsASumOverThePositions(
            @ForAll @IntRange(min = 1, max = 70) int rows,
            @ForAll @IntRange(min = 1, max = 30) int terms,
            @ForAll @IntRange(min = 1, max = ProductLoops.DEPTH) int count,
            @ForAll boolean special,
            @ForAll long seed) {
        Random random = new Random(seed);
        int stride = count + 5;
        double[] g = numbers(random, 2 + rows * stride, special ? 500 : 0);
        double[] image = numbers(random, SIZE, special ? 500 : 0);
        int[] offsets = random.ints(terms, 0, SIZE / 2).toArray();
        double[] out = new double[rows * terms + 2];
        Arrays.fill(out, 1);
        loops.multiplyPositions(g, 2, stride, rows, image, 7, offsets, count, out, 1);

        double[] expected = new double[out.length];
        Arrays.fill(expected, 1);
        for (int o = 0; o < rows; o++) {
            for (int k = 0; k < terms; k++) {
                double sum = 0;
                for (int p = 0; p < count; p++) {
                    sum += image[7 + offsets[k] + p] * g[2 + o * stride + p];
                }
                expected[1 + k * rows + o] += sum;
            }
        }
        assertSameBits(out, expected);
    }

    @Property(tries = 200)
    void linesAreCopiedAndNothingBesideThem(
            @ForAll @IntRange(min = 0, max = 5) int lines,
            @ForAll @IntRange(min = 1, max = 70) int n,
            @ForAll @IntRange(min = 1, max = 2) int step,
            @ForAll @IntRange(min = 1, max = 2) int toStep,
            @ForAll long seed) {
        double[] from = numbers(new Random(seed), SIZE, 500);
        double[] to = new double[SIZE];
        loops.copy(from, 3, 2 * n + 1, step, to, 5, 2 * n + 3, toStep, lines, n);

        double[] expected = new double[SIZE];
        for (int line = 0; line < lines; line++) {
            for (int e = 0; e < n; e++) {
                expected[5 + line * (2 * n + 3) + e * toStep] = from[3 + line * (2 * n + 1) + e * step];
            }
        }
        assertSameBits(to, expected);
    }

    @Example
    void aSmallConvolutionIsLeftToTheDefaultLoops() {
        assertThat(loops.of(0)).isSameAs(Loops.FLOAT64.convolutions());
        assertThat(loops.of(1 << 20)).isSameAs(loops);
    }

    private static void assertSameBits(double[] actual, double[] expected) {
        for (int e = 0; e < expected.length; e++) {
            assertThat(Double.compare(actual[e], expected[e]))
                    .as("element %d", e)
                    .isZero();
        }
    }
}
