package io.adjoint.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Loops;
import io.adjoint.core.loops.ReduceOp;
import io.adjoint.core.loops.ReductionLoops;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Reductions by vectors have the bits of the default loops. */
class DoubleReductionsProperties extends DoubleVectorsProperties {
    /**
     * The largest number of elements, and of columns, for which an extreme is placed at every index: more than a loop passes at once, or
     * leaves to the default loops.
     */
    private static final int ROW = 200;

    private static final int WIDTH = 70;

    private final ReductionLoops<double[]> plain = Loops.FLOAT64.reductions();
    private final ReductionLoops<double[]> vectors = new DoubleReductions();

    @Property
    void rowsHaveTheBitsOfTheDefaultLoops(
            @ForAll ReduceOp op,
            @ForAll @IntRange(min = 1, max = 1200) int n,
            @ForAll boolean special,
            @ForAll long seed) {
        double[] x = numbers(new Random(seed), n + 3, special ? 50 : 0);
        /*wide*/ double centre = x[3] / 3;
        assertThat(new /*wide*/ double[] {vectors.row(op, x, 3, n, centre)})
                .isEqualTo(new /*wide*/ double[] {plain.row(op, x, 3, n, centre)});
    }

    @Property
    void columnsHaveTheBitsOfTheDefaultLoops(
            @ForAll ReduceOp op,
            @ForAll @IntRange(min = 1, max = 70) int n,
            @ForAll @IntRange(min = 1, max = 70) int width,
            @ForAll boolean special,
            @ForAll long seed) {
        Random random = new Random(seed);
        double[] x = numbers(random, n * (width + 1) + 3, special ? 50 : 0);
        /*wide*/ double[] centre = random.doubles(width).toArray();
        /*wide*/ double[] expected = new /*wide*/ double[width];
        /*wide*/ double[] found = new /*wide*/ double[width];
        plain.columns(op, x, 3, n, width + 1, width, centre, expected);
        vectors.columns(op, x, 3, n, width + 1, width, centre, found);
        assertThat(found).isEqualTo(expected);
    }

    @Property
    void indicesOfExtremesAreThoseOfTheDefaultLoops(
            @ForAll boolean largest,
            @ForAll @IntRange(min = 1, max = 600) int n,
            @ForAll @IntRange(min = 1, max = 70) int width,
            @ForAll boolean areRows,
            @ForAll @IntRange(max = 2) int rarity,
            @ForAll long seed) {
        ReduceOp op = largest ? ReduceOp.AMAX : ReduceOp.AMIN;
        double[] x = numbers(new Random(seed), n * (width + 1) + 3, rarity * 50);
        int[] expected = new int[width + 2];
        int[] found = new int[width + 2];
        plain.indices(op, x, 3, n, areRows ? 1 : width + 1, areRows ? n : 1, width, expected, 1);
        vectors.indices(op, x, 3, n, areRows ? 1 : width + 1, areRows ? n : 1, width, found, 1);
        assertThat(found).isEqualTo(expected);
    }

    /** Places the extreme at every index: at a random index, it would seldom be one of the few elements that a wrong loop skips. */
    @Example
    void extremesAreFoundAtEveryIndex() {
        for (int n = 1; n <= ROW; n++) {
            double[] x = new double[n + 3];
            for (int at = 0; at < n; at++) {
                x[3 + at] = 1;
                assertThat(vectors.row(ReduceOp.AMAX, x, 3, n, 0)).isEqualTo(1);
                x[3 + at] = -1;
                assertThat(vectors.row(ReduceOp.AMIN, x, 3, n, 0)).isEqualTo(-1);
                x[3 + at] = 0;
            }
        }
        for (int n = 1; n <= 3; n++) {
            for (int width = 1; width <= WIDTH; width++) {
                double[] x = new double[n * width];
                /*wide*/ double[] found = new /*wide*/ double[width];
                /*wide*/ double[] expected = new /*wide*/ double[width];
                for (int at = 0; at < x.length; at++) {
                    x[at] = 1;
                    expected[at % width] = 1;
                    vectors.columns(ReduceOp.AMAX, x, 0, n, width, width, new /*wide*/ double[width], found);
                    assertThat(Arrays.equals(found, expected))
                            .as("largest of %d rows at %d", n, at)
                            .isTrue();
                    x[at] = -1;
                    expected[at % width] = -1;
                    vectors.columns(ReduceOp.AMIN, x, 0, n, width, width, new /*wide*/ double[width], found);
                    assertThat(Arrays.equals(found, expected))
                            .as("smallest of %d rows at %d", n, at)
                            .isTrue();
                    x[at] = 0;
                    expected[at % width] = 0;
                }
            }
        }
    }

    @Property
    void momentsAndProductsHaveTheBitsOfTheDefaultLoops(
            @ForAll @IntRange(min = 1, max = 1200) int n, @ForAll boolean special, @ForAll long seed) {
        Random random = new Random(seed);
        double[] x = numbers(random, n + 3, special ? 50 : 0);
        double[] y = numbers(random, n + 1, special ? 50 : 0);
        assertThat(sums(vectors, x, y, n)).isEqualTo(sums(plain, x, y, n));
    }

    private static /*wide*/ double[] sums(ReductionLoops<double[]> loops, double[] x, double[] y, int n) {
        /*wide*/ double[] moments = {1, 2};
        /*wide*/ double[] products = {3, 4};
        loops.moments(x, 3, x[3] / 3, n, moments);
        loops.products(x, 3, y, 1, n, products);
        return new /*wide*/ double[] {moments[0], moments[1], products[0], products[1]};
    }
}
