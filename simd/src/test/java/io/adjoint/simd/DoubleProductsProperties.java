package io.adjoint.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.loops.ProductLoops.Matrix;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Products by tiles have the bits of the default loops, by which arrays multiply in these tests. */
class DoubleProductsProperties extends DoubleVectorsProperties {
    /** Products whose default loops fail when they are called, so that tiles compute everything. */
    private final DoubleProducts products = new DoubleProducts((a, b, out, at) -> {
        throw new AssertionError(a.rows() + "×" + a.columns() + "·" + b.columns());
    });

    @Property
    void productsHaveTheBitsOfTheDefaultLoops(
            @ForAll @IntRange(min = 8, max = 150) int m,
            @ForAll @IntRange(min = 80, max = 600) int k,
            @ForAll @IntRange(min = 8, max = 150) int n,
            @ForAll boolean aTransposed,
            @ForAll boolean bTransposed,
            @ForAll boolean special,
            @ForAll long seed) {
        check(m, k, n, aTransposed, bTransposed, special, seed);
    }

    @Property(tries = 20)
    void wideProductsOfFewTermsHaveThemToo(
            @ForAll @IntRange(min = 8, max = 1200) int m,
            @ForAll @IntRange(min = 8, max = 40) int k,
            @ForAll @IntRange(min = 64, max = 1200) int n,
            @ForAll boolean aTransposed,
            @ForAll boolean bTransposed,
            @ForAll long seed) {
        check(m, k, n, aTransposed, bTransposed, false, seed);
    }

    @Example
    void theBandsOfALargeProductFitTogether() {
        check(1030, 300, 1100, false, false, false, 1);
        check(1100, 257, 1030, true, true, true, 2);
        for (boolean aTransposed : new boolean[] {false, true}) {
            check(40, 1300, 70, aTransposed, true, false, 3);
            check(40, 1300, 70, aTransposed, false, true, 4);
        }
    }

    /**
     * A product with one row is computed by tiles of one row, and its last columns by other tiles; the terms of the left operand lie in a
     * row or in a column.
     */
    @Example
    void aProductOfOneRowIsOneOfManyPartsAndTiles() {
        check(1, 1100, 300, false, false, true, 1);
        check(1, 600, 300, true, false, false, 2);
        check(1, 5000, 4, false, false, false, 4);
    }

    /** The left operand has fewer rows than a tile, or its last tile has fewer rows than the others. */
    @Property(tries = 100)
    void productsOfFewRowsHaveTheBitsOfTheDefaultLoopsToo(
            @ForAll @IntRange(min = 1, max = 9) int m,
            @ForAll @IntRange(min = 150, max = 600) int k,
            @ForAll @IntRange(min = 30, max = 300) int n,
            @ForAll boolean aTransposed,
            @ForAll long seed) {
        check(m, k, n, aTransposed, false, false, seed);
    }

    /** The last tile is one to four vectors wide, and at least an eighth of its last vector is filled. */
    @Property
    void productsWhoseLastTileIsNarrowHaveThemToo(
            @ForAll @IntRange(min = 1, max = 70) int m,
            @ForAll @IntRange(min = 4, max = 300) int k,
            @ForAll @IntRange(min = 0, max = 2) int tiles,
            @ForAll @IntRange(min = 1, max = 32) int eighths,
            @ForAll boolean aTransposed,
            @ForAll boolean special,
            @ForAll long seed) {
        int n = tiles * DoubleTile.COLUMNS + Math.max(1, eighths * DoubleTile.LANES / 8);
        Assume.that(n >= 4 && (long) m * k * n >= DoubleProducts.MIN_WORK);
        check(m, k, n, aTransposed, false, special, seed);
    }

    @Example
    void fewRowsAreReadAsTheyLie() {
        for (int rows = 1; rows < 9; rows++) {
            check(rows, 256, 64, false, false, true, rows);
        }
    }

    /** Compares {@code a·b}, of matrices that lie within larger arrays, with the product by the default loops. */
    private void check(int m, int k, int n, boolean aTransposed, boolean bTransposed, boolean special, long seed) {
        Random random = new Random(seed);
        double[] as = numbers(random, m * k + 5, special ? 50 : 0);
        double[] bs = numbers(random, k * n + 3, special ? 50 : 0);
        Matrix a = aTransposed ? new Matrix(as, 5, k, m, m, 1).transposed() : new Matrix(as, 5, m, k, k, 1);
        Matrix b = bTransposed ? new Matrix(bs, 3, n, k, k, 1).transposed() : new Matrix(bs, 3, k, n, n, 1);
        double[] out = new double[m * n + 2];
        products.multiply(a, b, out, 1);
        NdArray left = array(as, 5, aTransposed ? k : m, aTransposed ? m : k);
        NdArray right = array(bs, 3, bTransposed ? n : k, bTransposed ? k : n);
        /*wide*/ double[] expected = (aTransposed ? left.transpose() : left)
                .matmul(bTransposed ? right.transpose() : right)
                .toDoubleArray();
        assertThat(out[0]).isZero();
        assertThat(out[m * n + 1]).isZero();
        for (int e = 0; e < m * n; e++) {
            assertThat(Double.compare(out[e + 1], (double) expected[e]))
                    .as("element %d", e)
                    .isZero();
        }
    }

    private static NdArray array(double[] elements, int offset, int rows, int columns) {
        return NdArray.of(Shape.of(rows, columns), Arrays.copyOfRange(elements, offset, offset + rows * columns));
    }
}
