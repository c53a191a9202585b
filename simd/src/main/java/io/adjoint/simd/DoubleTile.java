package io.adjoint.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A tile of a matrix product: some rows by two vectors, whose sums stay in registers while their terms are added one after the other.
 * Multiplication and addition round separately, as {@code a * b + c} does, so a sum is the same bits whatever the vectors' length.
 *
 * <p>Each method is compiled on its own and calls nothing that the JIT might not inline: one vector that leaves a method costs more
 * than all its arithmetic. So the loops are written out, and what is done with the sums is done elsewhere.
 */
final class DoubleTile {
    private static final VectorSpecies<Double> SPECIES = VectorSpecies.of(double.class, Vectors.SHAPE);
    private static final int LANES = SPECIES.length();

    /** The columns of a tile. */
    static final int COLUMNS = 2 * LANES;

    /** The most rows of a tile. Eight, where there are registers for their sums, are no faster. */
    static final int ROWS = 4;

    /** The columns of a tile of one row. */
    static final int WIDTH = 8 * LANES;

    private DoubleTile() {}

    /**
     * Sets the sums of a tile, row by row: of {@code a[i + r·stride + k] · b[j + k·step + c]} over k.
     *
     * @param rows at most {@link #ROWS}; the sums of further rows are those of the last one
     */
    static void sum(double[] a, int i, int stride, int rows, double[] b, int j, int step, int terms, double[] sums) {
        int i0 = i;
        int i1 = i + Math.min(1, rows - 1) * stride;
        int i2 = i + Math.min(2, rows - 1) * stride;
        int i3 = i + Math.min(3, rows - 1) * stride;
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s00 = zero;
        DoubleVector s01 = zero;
        DoubleVector s10 = zero;
        DoubleVector s11 = zero;
        DoubleVector s20 = zero;
        DoubleVector s21 = zero;
        DoubleVector s30 = zero;
        DoubleVector s31 = zero;
        for (int k = 0; k < terms; k++) {
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, j + k * step);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, j + k * step + LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i0 + k]);
            s00 = s00.add(a0.mul(b0));
            s01 = s01.add(a0.mul(b1));
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[i1 + k]);
            s10 = s10.add(a1.mul(b0));
            s11 = s11.add(a1.mul(b1));
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[i2 + k]);
            s20 = s20.add(a2.mul(b0));
            s21 = s21.add(a2.mul(b1));
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[i3 + k]);
            s30 = s30.add(a3.mul(b0));
            s31 = s31.add(a3.mul(b1));
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, LANES);
        s10.intoArray(sums, 2 * LANES);
        s11.intoArray(sums, 3 * LANES);
        s20.intoArray(sums, 4 * LANES);
        s21.intoArray(sums, 5 * LANES);
        s30.intoArray(sums, 6 * LANES);
        s31.intoArray(sums, 7 * LANES);
    }

    /** Sets the sums of a tile: of {@code a[i + k·ROWS + r] · b[j + rows[first + k] + c]} over k. */
    static void sum(double[] a, int i, double[] b, int j, int[] rows, int first, int terms, double[] sums) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s00 = zero;
        DoubleVector s01 = zero;
        DoubleVector s10 = zero;
        DoubleVector s11 = zero;
        DoubleVector s20 = zero;
        DoubleVector s21 = zero;
        DoubleVector s30 = zero;
        DoubleVector s31 = zero;
        for (int k = 0; k < terms; k++) {
            int row = j + rows[first + k];
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, row);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, row + LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS]);
            s00 = s00.add(a0.mul(b0));
            s01 = s01.add(a0.mul(b1));
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 1]);
            s10 = s10.add(a1.mul(b0));
            s11 = s11.add(a1.mul(b1));
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 2]);
            s20 = s20.add(a2.mul(b0));
            s21 = s21.add(a2.mul(b1));
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 3]);
            s30 = s30.add(a3.mul(b0));
            s31 = s31.add(a3.mul(b1));
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, LANES);
        s10.intoArray(sums, 2 * LANES);
        s11.intoArray(sums, 3 * LANES);
        s20.intoArray(sums, 4 * LANES);
        s21.intoArray(sums, 5 * LANES);
        s30.intoArray(sums, 6 * LANES);
        s31.intoArray(sums, 7 * LANES);
    }

    /** Sets the sums of a tile: of {@code a[i_r + at[first + k]] · b[j + k·COLUMNS + c]} over k. */
    static void sum(
            double[] a,
            int i0,
            int i1,
            int i2,
            int i3,
            int[] at,
            int first,
            double[] b,
            int j,
            int terms,
            double[] sums) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s00 = zero;
        DoubleVector s01 = zero;
        DoubleVector s10 = zero;
        DoubleVector s11 = zero;
        DoubleVector s20 = zero;
        DoubleVector s21 = zero;
        DoubleVector s30 = zero;
        DoubleVector s31 = zero;
        for (int k = 0; k < terms; k++) {
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, j + k * COLUMNS);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, j + k * COLUMNS + LANES);
            int term = at[first + k];
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i0 + term]);
            s00 = s00.add(a0.mul(b0));
            s01 = s01.add(a0.mul(b1));
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[i1 + term]);
            s10 = s10.add(a1.mul(b0));
            s11 = s11.add(a1.mul(b1));
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[i2 + term]);
            s20 = s20.add(a2.mul(b0));
            s21 = s21.add(a2.mul(b1));
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[i3 + term]);
            s30 = s30.add(a3.mul(b0));
            s31 = s31.add(a3.mul(b1));
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, LANES);
        s10.intoArray(sums, 2 * LANES);
        s11.intoArray(sums, 3 * LANES);
        s20.intoArray(sums, 4 * LANES);
        s21.intoArray(sums, 5 * LANES);
        s30.intoArray(sums, 6 * LANES);
        s31.intoArray(sums, 7 * LANES);
    }

    /** Sets the sums of one row of {@link #WIDTH} columns: of {@code a[i + k] · b[j + rows[first + k] + c]} over k. */
    static void sumRow(double[] a, int i, double[] b, int j, int[] rows, int first, int terms, double[] sums) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s0 = zero;
        DoubleVector s1 = zero;
        DoubleVector s2 = zero;
        DoubleVector s3 = zero;
        DoubleVector s4 = zero;
        DoubleVector s5 = zero;
        DoubleVector s6 = zero;
        DoubleVector s7 = zero;
        for (int k = 0; k < terms; k++) {
            int row = j + rows[first + k];
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i + k]);
            s0 = s0.add(a0.mul(DoubleVector.fromArray(SPECIES, b, row)));
            s1 = s1.add(a0.mul(DoubleVector.fromArray(SPECIES, b, row + LANES)));
            s2 = s2.add(a0.mul(DoubleVector.fromArray(SPECIES, b, row + 2 * LANES)));
            s3 = s3.add(a0.mul(DoubleVector.fromArray(SPECIES, b, row + 3 * LANES)));
            s4 = s4.add(a0.mul(DoubleVector.fromArray(SPECIES, b, row + 4 * LANES)));
            s5 = s5.add(a0.mul(DoubleVector.fromArray(SPECIES, b, row + 5 * LANES)));
            s6 = s6.add(a0.mul(DoubleVector.fromArray(SPECIES, b, row + 6 * LANES)));
            s7 = s7.add(a0.mul(DoubleVector.fromArray(SPECIES, b, row + 7 * LANES)));
        }
        s0.intoArray(sums, 0);
        s1.intoArray(sums, LANES);
        s2.intoArray(sums, 2 * LANES);
        s3.intoArray(sums, 3 * LANES);
        s4.intoArray(sums, 4 * LANES);
        s5.intoArray(sums, 5 * LANES);
        s6.intoArray(sums, 6 * LANES);
        s7.intoArray(sums, 7 * LANES);
    }

    /** Adds a tile's sums to rows of a result. */
    static void add(double[] sums, int rows, int columns, double[] out, int at, int stride) {
        for (int r = 0; r < rows; r++) {
            int from = r * COLUMNS;
            int to = at + r * stride;
            if (columns == COLUMNS) {
                DoubleVector.fromArray(SPECIES, out, to)
                        .add(DoubleVector.fromArray(SPECIES, sums, from))
                        .intoArray(out, to);
                DoubleVector.fromArray(SPECIES, out, to + LANES)
                        .add(DoubleVector.fromArray(SPECIES, sums, from + LANES))
                        .intoArray(out, to + LANES);
            } else {
                for (int c = 0; c < columns; c++) {
                    out[to + c] += sums[from + c];
                }
            }
        }
    }
}
