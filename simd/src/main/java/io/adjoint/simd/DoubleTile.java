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

    /** The most rows of a tile: shorter vectors are those of processors with 16 registers, which hold the sums of four. */
    static final int ROWS = Vectors.SHAPE.vectorBitSize() == 512 ? 8 : 4;

    private DoubleTile() {}

    /**
     * Sets the sums of a tile, row by row: of {@code a[i + r·stride + k] · b[j + k·step + c]} over k.
     *
     * @param rows at most {@link #ROWS}; the sums of further rows are those of the last one
     */
    static void sum(double[] a, int i, int stride, int rows, double[] b, int j, int step, int terms, double[] sums) {
        if (rows > 4) {
            eight(a, i, stride, rows, b, j, step, terms, sums);
        } else {
            four(a, i, stride, rows, b, j, step, terms, sums);
        }
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

    /** The sums of eight rows. */
    private static void eight(
            double[] a, int i, int stride, int rows, double[] b, int j, int step, int terms, double[] sums) {
        int i0 = i;
        int i1 = i + Math.min(1, rows - 1) * stride;
        int i2 = i + Math.min(2, rows - 1) * stride;
        int i3 = i + Math.min(3, rows - 1) * stride;
        int i4 = i + Math.min(4, rows - 1) * stride;
        int i5 = i + Math.min(5, rows - 1) * stride;
        int i6 = i + Math.min(6, rows - 1) * stride;
        int i7 = i + Math.min(7, rows - 1) * stride;
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s00 = zero;
        DoubleVector s01 = zero;
        DoubleVector s10 = zero;
        DoubleVector s11 = zero;
        DoubleVector s20 = zero;
        DoubleVector s21 = zero;
        DoubleVector s30 = zero;
        DoubleVector s31 = zero;
        DoubleVector s40 = zero;
        DoubleVector s41 = zero;
        DoubleVector s50 = zero;
        DoubleVector s51 = zero;
        DoubleVector s60 = zero;
        DoubleVector s61 = zero;
        DoubleVector s70 = zero;
        DoubleVector s71 = zero;
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
            DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[i4 + k]);
            s40 = s40.add(a4.mul(b0));
            s41 = s41.add(a4.mul(b1));
            DoubleVector a5 = DoubleVector.broadcast(SPECIES, a[i5 + k]);
            s50 = s50.add(a5.mul(b0));
            s51 = s51.add(a5.mul(b1));
            DoubleVector a6 = DoubleVector.broadcast(SPECIES, a[i6 + k]);
            s60 = s60.add(a6.mul(b0));
            s61 = s61.add(a6.mul(b1));
            DoubleVector a7 = DoubleVector.broadcast(SPECIES, a[i7 + k]);
            s70 = s70.add(a7.mul(b0));
            s71 = s71.add(a7.mul(b1));
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, LANES);
        s10.intoArray(sums, 2 * LANES);
        s11.intoArray(sums, 3 * LANES);
        s20.intoArray(sums, 4 * LANES);
        s21.intoArray(sums, 5 * LANES);
        s30.intoArray(sums, 6 * LANES);
        s31.intoArray(sums, 7 * LANES);
        s40.intoArray(sums, 8 * LANES);
        s41.intoArray(sums, 9 * LANES);
        s50.intoArray(sums, 10 * LANES);
        s51.intoArray(sums, 11 * LANES);
        s60.intoArray(sums, 12 * LANES);
        s61.intoArray(sums, 13 * LANES);
        s70.intoArray(sums, 14 * LANES);
        s71.intoArray(sums, 15 * LANES);
    }

    /** The sums of four rows. */
    private static void four(
            double[] a, int i, int stride, int rows, double[] b, int j, int step, int terms, double[] sums) {
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
}
