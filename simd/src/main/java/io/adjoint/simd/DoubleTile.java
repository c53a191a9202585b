package io.adjoint.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A tile of a matrix product: some rows by two vectors, whose sums stay in registers while their terms are added one after the other.
 * Multiplication and addition round separately, as {@code a * b + c} does, so a sum is the same bits whatever the vectors' length.
 *
 * <p>Each method is compiled on its own and calls nothing that the JIT might not inline: one vector that leaves a method costs more
 * than all its arithmetic. So the loops are written out, and sums are cast to the class of their vectors: of what a loop carries on, the
 * JIT knows the class from the program's profile alone, and where vectors of two lengths are stored it does not inline the store.
 */
// Long because each loop is written out.
final class DoubleTile {
    private static final VectorSpecies<Double> SPECIES = VectorSpecies.of(double.class, Vectors.SHAPE);
    private static final Class<? extends DoubleVector> TYPE =
            DoubleVector.zero(SPECIES).getClass();
    static final int LANES = SPECIES.length();

    /** Processors with vectors of 512 bits have 32 of them, enough for the sums of eight rows. */
    private static final boolean TALL = Vectors.SHAPE.vectorBitSize() == 512;

    /** The rows of a tile. */
    static final int ROWS = TALL ? 8 : 4;

    /** The columns of a tile. */
    static final int COLUMNS = 2 * LANES;

    /** The columns of a tile of one row. */
    static final int WIDTH = 8 * LANES;

    private DoubleTile() {}

    /**
     * Adds a tile to rows of a result, {@code stride} elements apart: to {@code out[at + r·stride + c]} the sum over k of
     * {@code a[i + k·ROWS + r] · b[j + k·step + c]}.
     */
    static void add(double[] a, int i, double[] b, int j, int step, int terms, double[] out, int at, int stride) {
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
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS]);
            s00 = a0.mul(b0).add(s00);
            s01 = a0.mul(b1).add(s01);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 1]);
            s10 = a1.mul(b0).add(s10);
            s11 = a1.mul(b1).add(s11);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 2]);
            s20 = a2.mul(b0).add(s20);
            s21 = a2.mul(b1).add(s21);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 3]);
            s30 = a3.mul(b0).add(s30);
            s31 = a3.mul(b1).add(s31);
            if (TALL) {
                DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 4]);
                s40 = a4.mul(b0).add(s40);
                s41 = a4.mul(b1).add(s41);
                DoubleVector a5 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 5]);
                s50 = a5.mul(b0).add(s50);
                s51 = a5.mul(b1).add(s51);
                DoubleVector a6 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 6]);
                s60 = a6.mul(b0).add(s60);
                s61 = a6.mul(b1).add(s61);
                DoubleVector a7 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 7]);
                s70 = a7.mul(b0).add(s70);
                s71 = a7.mul(b1).add(s71);
            }
        }
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at).add(s00)).intoArray(out, at);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + LANES).add(s01)).intoArray(out, at + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride).add(s10)).intoArray(out, at + stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride + LANES).add(s11))
                .intoArray(out, at + stride + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride).add(s20))
                .intoArray(out, at + 2 * stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride + LANES).add(s21))
                .intoArray(out, at + 2 * stride + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride).add(s30))
                .intoArray(out, at + 3 * stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride + LANES).add(s31))
                .intoArray(out, at + 3 * stride + LANES);
        if (TALL) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 4 * stride).add(s40))
                    .intoArray(out, at + 4 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 4 * stride + LANES)
                            .add(s41))
                    .intoArray(out, at + 4 * stride + LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 5 * stride).add(s50))
                    .intoArray(out, at + 5 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 5 * stride + LANES)
                            .add(s51))
                    .intoArray(out, at + 5 * stride + LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 6 * stride).add(s60))
                    .intoArray(out, at + 6 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 6 * stride + LANES)
                            .add(s61))
                    .intoArray(out, at + 6 * stride + LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 7 * stride).add(s70))
                    .intoArray(out, at + 7 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 7 * stride + LANES)
                            .add(s71))
                    .intoArray(out, at + 7 * stride + LANES);
        }
    }

    /**
     * The same of {@code a[i + r·rise + k·move] · b[j + k·step + c]}: a left operand that is read where it lies, which takes longer than from
     * a copy, but not than making one for a few tiles. Rows beyond the last one repeat it.
     */
    static void add(
            double[] a,
            int i,
            int rise,
            int move,
            int rows,
            double[] b,
            int j,
            int step,
            int terms,
            double[] out,
            int at,
            int stride) {
        int last = rows - 1;
        int i0 = i;
        int i1 = i + Math.min(last, 1) * rise;
        int i2 = i + Math.min(last, 2) * rise;
        int i3 = i + Math.min(last, 3) * rise;
        int i4 = i + Math.min(last, 4) * rise;
        int i5 = i + Math.min(last, 5) * rise;
        int i6 = i + Math.min(last, 6) * rise;
        int i7 = i + Math.min(last, 7) * rise;
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
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i0 + k * move]);
            s00 = a0.mul(b0).add(s00);
            s01 = a0.mul(b1).add(s01);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[i1 + k * move]);
            s10 = a1.mul(b0).add(s10);
            s11 = a1.mul(b1).add(s11);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[i2 + k * move]);
            s20 = a2.mul(b0).add(s20);
            s21 = a2.mul(b1).add(s21);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[i3 + k * move]);
            s30 = a3.mul(b0).add(s30);
            s31 = a3.mul(b1).add(s31);
            if (TALL) {
                DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[i4 + k * move]);
                s40 = a4.mul(b0).add(s40);
                s41 = a4.mul(b1).add(s41);
                DoubleVector a5 = DoubleVector.broadcast(SPECIES, a[i5 + k * move]);
                s50 = a5.mul(b0).add(s50);
                s51 = a5.mul(b1).add(s51);
                DoubleVector a6 = DoubleVector.broadcast(SPECIES, a[i6 + k * move]);
                s60 = a6.mul(b0).add(s60);
                s61 = a6.mul(b1).add(s61);
                DoubleVector a7 = DoubleVector.broadcast(SPECIES, a[i7 + k * move]);
                s70 = a7.mul(b0).add(s70);
                s71 = a7.mul(b1).add(s71);
            }
        }
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at).add(s00)).intoArray(out, at);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + LANES).add(s01)).intoArray(out, at + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride).add(s10)).intoArray(out, at + stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride + LANES).add(s11))
                .intoArray(out, at + stride + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride).add(s20))
                .intoArray(out, at + 2 * stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride + LANES).add(s21))
                .intoArray(out, at + 2 * stride + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride).add(s30))
                .intoArray(out, at + 3 * stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride + LANES).add(s31))
                .intoArray(out, at + 3 * stride + LANES);
        if (TALL) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 4 * stride).add(s40))
                    .intoArray(out, at + 4 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 4 * stride + LANES)
                            .add(s41))
                    .intoArray(out, at + 4 * stride + LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 5 * stride).add(s50))
                    .intoArray(out, at + 5 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 5 * stride + LANES)
                            .add(s51))
                    .intoArray(out, at + 5 * stride + LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 6 * stride).add(s60))
                    .intoArray(out, at + 6 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 6 * stride + LANES)
                            .add(s61))
                    .intoArray(out, at + 6 * stride + LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 7 * stride).add(s70))
                    .intoArray(out, at + 7 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 7 * stride + LANES)
                            .add(s71))
                    .intoArray(out, at + 7 * stride + LANES);
        }
    }

    /** The same of half a tile's columns, {@link #LANES}. */
    static void addHalf(
            double[] a,
            int i,
            int rise,
            int move,
            int rows,
            double[] b,
            int j,
            int step,
            int terms,
            double[] out,
            int at,
            int stride) {
        int last = rows - 1;
        int i0 = i;
        int i1 = i + Math.min(last, 1) * rise;
        int i2 = i + Math.min(last, 2) * rise;
        int i3 = i + Math.min(last, 3) * rise;
        int i4 = i + Math.min(last, 4) * rise;
        int i5 = i + Math.min(last, 5) * rise;
        int i6 = i + Math.min(last, 6) * rise;
        int i7 = i + Math.min(last, 7) * rise;
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
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, j + k * step);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i0 + k * move]);
            s0 = a0.mul(b0).add(s0);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[i1 + k * move]);
            s1 = a1.mul(b0).add(s1);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[i2 + k * move]);
            s2 = a2.mul(b0).add(s2);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[i3 + k * move]);
            s3 = a3.mul(b0).add(s3);
            if (TALL) {
                DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[i4 + k * move]);
                s4 = a4.mul(b0).add(s4);
                DoubleVector a5 = DoubleVector.broadcast(SPECIES, a[i5 + k * move]);
                s5 = a5.mul(b0).add(s5);
                DoubleVector a6 = DoubleVector.broadcast(SPECIES, a[i6 + k * move]);
                s6 = a6.mul(b0).add(s6);
                DoubleVector a7 = DoubleVector.broadcast(SPECIES, a[i7 + k * move]);
                s7 = a7.mul(b0).add(s7);
            }
        }
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at).add(s0)).intoArray(out, at);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride).add(s1)).intoArray(out, at + stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride).add(s2)).intoArray(out, at + 2 * stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride).add(s3)).intoArray(out, at + 3 * stride);
        if (TALL) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 4 * stride).add(s4))
                    .intoArray(out, at + 4 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 5 * stride).add(s5))
                    .intoArray(out, at + 5 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 6 * stride).add(s6))
                    .intoArray(out, at + 6 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 7 * stride).add(s7))
                    .intoArray(out, at + 7 * stride);
        }
    }

    /** As the first, the sum of {@code a[i + k·ROWS + r] · b[j + rows[first + k] + c]}. */
    static void add(
            double[] a, int i, double[] b, int j, int[] rows, int first, int terms, double[] out, int at, int stride) {
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
            int row = j + rows[first + k];
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, row);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, row + LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS]);
            s00 = a0.mul(b0).add(s00);
            s01 = a0.mul(b1).add(s01);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 1]);
            s10 = a1.mul(b0).add(s10);
            s11 = a1.mul(b1).add(s11);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 2]);
            s20 = a2.mul(b0).add(s20);
            s21 = a2.mul(b1).add(s21);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 3]);
            s30 = a3.mul(b0).add(s30);
            s31 = a3.mul(b1).add(s31);
            if (TALL) {
                DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 4]);
                s40 = a4.mul(b0).add(s40);
                s41 = a4.mul(b1).add(s41);
                DoubleVector a5 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 5]);
                s50 = a5.mul(b0).add(s50);
                s51 = a5.mul(b1).add(s51);
                DoubleVector a6 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 6]);
                s60 = a6.mul(b0).add(s60);
                s61 = a6.mul(b1).add(s61);
                DoubleVector a7 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 7]);
                s70 = a7.mul(b0).add(s70);
                s71 = a7.mul(b1).add(s71);
            }
        }
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at).add(s00)).intoArray(out, at);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + LANES).add(s01)).intoArray(out, at + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride).add(s10)).intoArray(out, at + stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride + LANES).add(s11))
                .intoArray(out, at + stride + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride).add(s20))
                .intoArray(out, at + 2 * stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride + LANES).add(s21))
                .intoArray(out, at + 2 * stride + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride).add(s30))
                .intoArray(out, at + 3 * stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride + LANES).add(s31))
                .intoArray(out, at + 3 * stride + LANES);
        if (TALL) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 4 * stride).add(s40))
                    .intoArray(out, at + 4 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 4 * stride + LANES)
                            .add(s41))
                    .intoArray(out, at + 4 * stride + LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 5 * stride).add(s50))
                    .intoArray(out, at + 5 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 5 * stride + LANES)
                            .add(s51))
                    .intoArray(out, at + 5 * stride + LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 6 * stride).add(s60))
                    .intoArray(out, at + 6 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 6 * stride + LANES)
                            .add(s61))
                    .intoArray(out, at + 6 * stride + LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 7 * stride).add(s70))
                    .intoArray(out, at + 7 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 7 * stride + LANES)
                            .add(s71))
                    .intoArray(out, at + 7 * stride + LANES);
        }
    }

    /**
     * The same of {@code a[i + rows[top + r] + k] · b[k·COLUMNS + c]}, whose rows need not be copied; rows beyond the last one repeat it.
     */
    static void add(double[] a, int i, int[] rows, int top, double[] b, int terms, double[] out, int at, int stride) {
        int last = rows.length - 1;
        int i0 = i + rows[top];
        int i1 = i + rows[Math.min(last, top + 1)];
        int i2 = i + rows[Math.min(last, top + 2)];
        int i3 = i + rows[Math.min(last, top + 3)];
        int i4 = i + rows[Math.min(last, top + 4)];
        int i5 = i + rows[Math.min(last, top + 5)];
        int i6 = i + rows[Math.min(last, top + 6)];
        int i7 = i + rows[Math.min(last, top + 7)];
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
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, k * COLUMNS);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, k * COLUMNS + LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i0 + k]);
            s00 = a0.mul(b0).add(s00);
            s01 = a0.mul(b1).add(s01);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[i1 + k]);
            s10 = a1.mul(b0).add(s10);
            s11 = a1.mul(b1).add(s11);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[i2 + k]);
            s20 = a2.mul(b0).add(s20);
            s21 = a2.mul(b1).add(s21);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[i3 + k]);
            s30 = a3.mul(b0).add(s30);
            s31 = a3.mul(b1).add(s31);
            if (TALL) {
                DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[i4 + k]);
                s40 = a4.mul(b0).add(s40);
                s41 = a4.mul(b1).add(s41);
                DoubleVector a5 = DoubleVector.broadcast(SPECIES, a[i5 + k]);
                s50 = a5.mul(b0).add(s50);
                s51 = a5.mul(b1).add(s51);
                DoubleVector a6 = DoubleVector.broadcast(SPECIES, a[i6 + k]);
                s60 = a6.mul(b0).add(s60);
                s61 = a6.mul(b1).add(s61);
                DoubleVector a7 = DoubleVector.broadcast(SPECIES, a[i7 + k]);
                s70 = a7.mul(b0).add(s70);
                s71 = a7.mul(b1).add(s71);
            }
        }
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at).add(s00)).intoArray(out, at);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + LANES).add(s01)).intoArray(out, at + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride).add(s10)).intoArray(out, at + stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride + LANES).add(s11))
                .intoArray(out, at + stride + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride).add(s20))
                .intoArray(out, at + 2 * stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride + LANES).add(s21))
                .intoArray(out, at + 2 * stride + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride).add(s30))
                .intoArray(out, at + 3 * stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride + LANES).add(s31))
                .intoArray(out, at + 3 * stride + LANES);
        if (TALL) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 4 * stride).add(s40))
                    .intoArray(out, at + 4 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 4 * stride + LANES)
                            .add(s41))
                    .intoArray(out, at + 4 * stride + LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 5 * stride).add(s50))
                    .intoArray(out, at + 5 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 5 * stride + LANES)
                            .add(s51))
                    .intoArray(out, at + 5 * stride + LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 6 * stride).add(s60))
                    .intoArray(out, at + 6 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 6 * stride + LANES)
                            .add(s61))
                    .intoArray(out, at + 6 * stride + LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 7 * stride).add(s70))
                    .intoArray(out, at + 7 * stride);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 7 * stride + LANES)
                            .add(s71))
                    .intoArray(out, at + 7 * stride + LANES);
        }
    }

    /** Adds a tile of one row and {@link #WIDTH} columns: of {@code a[i + k] · b[j + rows[first + k] + c]}. */
    static void addRow(double[] a, int i, double[] b, int j, int[] rows, int first, int terms, double[] out, int at) {
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
            s0 = a0.mul(DoubleVector.fromArray(SPECIES, b, row)).add(s0);
            s1 = a0.mul(DoubleVector.fromArray(SPECIES, b, row + LANES)).add(s1);
            s2 = a0.mul(DoubleVector.fromArray(SPECIES, b, row + 2 * LANES)).add(s2);
            s3 = a0.mul(DoubleVector.fromArray(SPECIES, b, row + 3 * LANES)).add(s3);
            s4 = a0.mul(DoubleVector.fromArray(SPECIES, b, row + 4 * LANES)).add(s4);
            s5 = a0.mul(DoubleVector.fromArray(SPECIES, b, row + 5 * LANES)).add(s5);
            s6 = a0.mul(DoubleVector.fromArray(SPECIES, b, row + 6 * LANES)).add(s6);
            s7 = a0.mul(DoubleVector.fromArray(SPECIES, b, row + 7 * LANES)).add(s7);
        }
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at).add(s0)).intoArray(out, at);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + LANES).add(s1)).intoArray(out, at + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * LANES).add(s2)).intoArray(out, at + 2 * LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * LANES).add(s3)).intoArray(out, at + 3 * LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 4 * LANES).add(s4)).intoArray(out, at + 4 * LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 5 * LANES).add(s5)).intoArray(out, at + 5 * LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 6 * LANES).add(s6)).intoArray(out, at + 6 * LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 7 * LANES).add(s7)).intoArray(out, at + 7 * LANES);
    }

    /** Copies lines of n elements, at least {@link #LANES}, by vectors of which the last two of a line overlap. */
    static void copy(double[] a, int i, int apart, double[] out, int at, int stride, int lines, int n) {
        for (int line = 0; line < lines; line++) {
            int from = i + line * apart;
            int to = at + line * stride;
            for (int e = 0; e < n - LANES; e += LANES) {
                TYPE.cast(DoubleVector.fromArray(SPECIES, a, from + e)).intoArray(out, to + e);
            }
            TYPE.cast(DoubleVector.fromArray(SPECIES, a, from + n - LANES)).intoArray(out, to + n - LANES);
        }
    }

    /** Adds a part of a tile to rows of a result. */
    static void add(double[] tile, int rows, int columns, double[] out, int at, int stride) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                out[at + r * stride + c] += tile[r * COLUMNS + c];
            }
        }
    }
}
