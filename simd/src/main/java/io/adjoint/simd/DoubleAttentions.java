package io.adjoint.simd;

import io.adjoint.core.AttentionLoops;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link AttentionLoops} in vectors of doubles: the default loops, which the JIT vectorises, are slow on short rows, and rows of attention
 * scores are often short. Results are cast to their vector class before they are stored, as in {@link DoubleArithmetic}. The default loops
 * compute rows that do not fill whole vectors. The float version is generated from this file.
 */
final class DoubleAttentions implements AttentionLoops<double[]> {
    private static final VectorSpecies<Double> SPECIES = VectorSpecies.of(double.class, Vectors.SHAPE);
    private static final Class<? extends DoubleVector> TYPE =
            DoubleVector.zero(SPECIES).getClass();
    private static final int LANES = SPECIES.length();

    private final AttentionLoops<double[]> plain;

    DoubleAttentions(AttentionLoops<double[]> plain) {
        this.plain = plain;
    }

    /**
     * Returns whether each row fills whole vectors, and all rows together have enough elements for vectors to be faster than the default
     * loops.
     */
    private static boolean fill(int rows, int columns) {
        return columns % LANES == 0 && DoubleArithmetic.whole(rows * columns) > 0;
    }

    @Override
    public void multiply(double[] x, int from, int n, /*wide*/ double factor) {
        int whole = DoubleArithmetic.whole(n);
        if (whole > 0) {
            DoubleArithmetic.mul(x, from, (double) factor, x, from, whole);
        }
        plain.multiply(x, from + whole, n - whole, factor);
    }

    @Override
    public void subtract(double[] x, int from, int rows, int columns, /*wide*/ double[] shifts) {
        if (!fill(rows, columns)) {
            plain.subtract(x, from, rows, columns, shifts);
            return;
        }
        for (int r = 0; r < rows; r++) {
            int row = from + r * columns;
            double s = (double) shifts[r];
            for (int e = row; e < row + columns; e += LANES) {
                TYPE.cast(DoubleVector.fromArray(SPECIES, x, e).sub(s)).intoArray(x, e);
            }
        }
    }

    @Override
    public void divide(double[] x, int from, int rows, int columns, /*wide*/ double[] divisors) {
        if (!fill(rows, columns)) {
            plain.divide(x, from, rows, columns, divisors);
            return;
        }
        for (int r = 0; r < rows; r++) {
            int row = from + r * columns;
            double d = (double) divisors[r];
            for (int e = row; e < row + columns; e += LANES) {
                TYPE.cast(DoubleVector.fromArray(SPECIES, x, e).div(d)).intoArray(x, e);
            }
        }
    }

    @Override
    public void gradient(double[] g, double[] w, int from, int rows, int columns, /*wide*/ double[] means) {
        if (!fill(rows, columns)) {
            plain.gradient(g, w, from, rows, columns, means);
            return;
        }
        for (int r = 0; r < rows; r++) {
            int row = from + r * columns;
            double m = (double) means[r];
            for (int e = row; e < row + columns; e += LANES) {
                DoubleVector difference = DoubleVector.fromArray(SPECIES, g, e).sub(m);
                TYPE.cast(difference.mul(DoubleVector.fromArray(SPECIES, w, e))).intoArray(g, e);
            }
        }
    }
}
