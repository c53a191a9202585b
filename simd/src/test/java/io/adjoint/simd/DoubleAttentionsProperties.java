package io.adjoint.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.AttentionLoops;
import io.adjoint.core.Loops;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The loops of attention by vectors have the bits of the default loops, and write nothing behind their rows. */
class DoubleAttentionsProperties {
    private static final double[] SPECIAL = {
        0, (double) -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE
    };

    /** The largest number of rows, and of columns, that the tests try. */
    private static final int ROWS = 40;

    private static final int COLUMNS = 70;

    private final AttentionLoops<double[]> plain = Loops.FLOAT64.attention();
    private final AttentionLoops<double[]> vectors = new DoubleAttentions(plain);

    private interface Loop {
        void run(AttentionLoops<double[]> loops, double[] x, double[] w, /*wide*/ double[] ofRows);
    }

    @Property
    void multiply(@ForAll @IntRange(min = 1, max = 700) int n, @ForAll @IntRange(max = 9) int from, @ForAll long seed) {
        assertSame(new Random(seed), from + n, 1, (loops, x, w, factor) -> loops.multiply(x, from, n, factor[0]));
    }

    /** Tries all numbers of rows and columns up to the largest ones, since a loop may be wrong for a few of these numbers only. */
    @Example
    void rowsOfAllSizes() {
        Random random = new Random(1);
        for (int rows = 1; rows <= ROWS; rows++) {
            for (int columns = 1; columns <= COLUMNS; columns++) {
                int height = rows;
                int width = columns;
                int from = random.nextInt(4);
                int n = from + rows * columns;
                assertSame(random, n, rows, (loops, x, w, r) -> loops.subtract(x, from, height, width, r));
                assertSame(random, n, rows, (loops, x, w, r) -> loops.divide(x, from, height, width, r));
                assertSame(random, n, rows, (loops, x, w, r) -> loops.gradient(x, w, from, height, width, r));
            }
        }
    }

    private void assertSame(Random random, int n, int rows, Loop loop) {
        double[] x = numbers(random, n + 3);
        double[] w = numbers(random, n + 3);
        /*wide*/ double[] ofRows = random.doubles(rows, -2, 2).toArray();
        double[] expected = x.clone();
        double[] found = x.clone();
        loop.run(plain, expected, w, ofRows);
        loop.run(vectors, found, w, ofRows);
        assertThat(found).isEqualTo(expected);
    }

    private static double[] numbers(Random random, int n) {
        double[] numbers = new double[n];
        for (int e = 0; e < n; e++) {
            numbers[e] = random.nextInt(40) == 0
                    ? SPECIAL[random.nextInt(SPECIAL.length)]
                    : (double) ((random.nextDouble() - 0.5) * 16);
        }
        return numbers;
    }
}
