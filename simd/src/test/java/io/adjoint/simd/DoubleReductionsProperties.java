package io.adjoint.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Loops;
import io.adjoint.core.ReduceOp;
import io.adjoint.core.ReductionLoops;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Reductions by vectors have the bits of the default loops. */
class DoubleReductionsProperties {
    private static final double[] SPECIAL = {
        0,
        (double) -0.0,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        1
    };

    private final ReductionLoops<double[]> plain = Loops.FLOAT64.reductions();
    private final ReductionLoops<double[]> vectors = new DoubleReductions(plain);

    @Property
    void rowsHaveTheBitsOfTheDefaultLoops(
            @ForAll ReduceOp op,
            @ForAll @IntRange(min = 1, max = 1200) int n,
            @ForAll boolean special,
            @ForAll long seed) {
        double[] x = numbers(new Random(seed), n + 3, special);
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
        double[] x = numbers(random, n * (width + 1) + 3, special);
        /*wide*/ double[] centre = random.doubles(width).toArray();
        /*wide*/ double[] expected = new /*wide*/ double[width];
        /*wide*/ double[] found = new /*wide*/ double[width];
        plain.columns(op, x, 3, n, width + 1, width, centre, expected);
        vectors.columns(op, x, 3, n, width + 1, width, centre, found);
        assertThat(found).isEqualTo(expected);
    }

    @Property
    void momentsAndProductsHaveTheBitsOfTheDefaultLoops(
            @ForAll @IntRange(min = 1, max = 1200) int n, @ForAll boolean special, @ForAll long seed) {
        Random random = new Random(seed);
        double[] x = numbers(random, n + 3, special);
        double[] y = numbers(random, n + 1, special);
        assertThat(sums(vectors, x, y, n)).isEqualTo(sums(plain, x, y, n));
    }

    private static /*wide*/ double[] sums(ReductionLoops<double[]> loops, double[] x, double[] y, int n) {
        /*wide*/ double[] moments = {1, 2};
        /*wide*/ double[] products = {3, 4};
        loops.moments(x, 3, x[3] / 3, n, moments);
        loops.products(x, 3, y, 1, n, products);
        return new /*wide*/ double[] {moments[0], moments[1], products[0], products[1]};
    }

    private static double[] numbers(Random random, int n, boolean special) {
        double[] numbers = new double[n];
        for (int e = 0; e < n; e++) {
            numbers[e] = special && random.nextInt(50) == 0
                    ? SPECIAL[random.nextInt(SPECIAL.length)]
                    : (double) ((random.nextDouble() - 0.5) * Math.pow(2, random.nextInt(20)));
        }
        return numbers;
    }
}
