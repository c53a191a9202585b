package io.adjoint.simd;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A tile of a matrix product: four rows by some vectors, whose sums stay in registers while their terms are added one after the other.
 * Multiplication and addition round separately, as in {@code a * b + c}. With the backend {@code fma} both round together once, as in
 * {@code Math.fma}. In either case a sum has the same bits for any length of vectors.
 *
 * <p>Each method that has vectors is compiled on its own and calls no method that the JIT might not inline: passing a single vector to a
 * method that is not inlined costs more than all the arithmetic. So the loops are written out. Sums are cast to the class of their vectors,
 * since the JIT knows the class of a loop-carried variable only from the profile: if the program stores vectors of two lengths, the JIT
 * would not inline the store.
 */
// Long because each method has its loops written out, instead of calling a method that several loops could share.
final class DoubleTile {
    private static final VectorSpecies<Double> SPECIES = VectorSpecies.of(double.class, Vectors.SHAPE);
    private static final Class<? extends DoubleVector> TYPE =
            DoubleVector.zero(SPECIES).getClass();
    static final int LANES = SPECIES.length();

    /**
     * True if vectors have 512 bits: processors with such vectors have 32 vector registers, enough for the sums of four rows by four
     * vectors.
     */
    private static final boolean WIDE = Vectors.SHAPE.vectorBitSize() == 512;

    /** The number of rows of a tile. */
    static final int ROWS = 4;

    /** The number of vectors in a row of a tile. */
    static final int VECTORS = WIDE ? 4 : 2;

    /** The number of columns of a tile of {@link #ROWS} rows. */
    static final int COLUMNS = VECTORS * LANES;

    /** The number of columns of a tile that {@link #addRow} computes, which has a single row. */
    static final int WIDTH = 8 * LANES;

    private DoubleTile() {}

    /**
     * The sums s + a · b, each with one rounding or two roundings; the JIT compiles only one of the branches, since {@link Vectors#FUSES}
     * is a constant.
     */
    private static DoubleVector sum(DoubleVector a, DoubleVector b, DoubleVector s) {
        return Vectors.FUSES ? a.fma(b, s) : a.mul(b).add(s);
    }

    /** Returns the offsets 0, {@code stride}, 2·{@code stride}, … of n rows that begin {@code stride} elements apart. */
    static int[] offsets(int stride, int n) {
        int[] offsets = new int[n];
        Arrays.setAll(offsets, k -> k * stride);
        return offsets;
    }

    /**
     * Adds the first {@code rows} rows and {@code columns} columns of a tile of the product of a and b to {@code out}, whose rows begin
     * {@code stride} elements apart: to {@code out[at + r·stride + c]} the sum, over k from 0 to {@code terms} − 1, of {@code a[iᵣ +
     * k·termStride] · b[j + offsets[first + k] + c]}. Elements of b beyond the first {@code columns} columns are read, up to the next
     * multiple of {@link #LANES}, but their products are not added.
     *
     * @param edge a buffer of {@code ROWS·COLUMNS} elements, used if the added part has fewer than {@link #ROWS} rows or does not fill
     *     whole vectors
     */
    static void add(
            double[] a,
            int i0,
            int i1,
            int i2,
            int i3,
            int termStride,
            double[] b,
            int j,
            int[] offsets,
            int first,
            int terms,
            int rows,
            int columns,
            double[] edge,
            double[] out,
            int at,
            int stride) {
        int vectors = vectors(columns);
        if (rows == ROWS && columns % LANES == 0) {
            addVectors(a, i0, i1, i2, i3, termStride, b, j, offsets, first, terms, vectors, out, at, stride);
            return;
        }
        Arrays.fill(edge, 0);
        addVectors(a, i0, i1, i2, i3, termStride, b, j, offsets, first, terms, vectors, edge, 0, COLUMNS);
        addPart(edge, rows, columns, out, at, stride);
    }

    /** The number of vectors that hold the given number of columns. */
    static int vectors(int columns) {
        return (columns + LANES - 1) / LANES;
    }

    private static void addVectors(
            double[] a,
            int i0,
            int i1,
            int i2,
            int i3,
            int termStride,
            double[] b,
            int j,
            int[] offsets,
            int first,
            int terms,
            int vectors,
            double[] out,
            int at,
            int stride) {
        if (vectors == VECTORS && termStride == ROWS && i1 == i0 + 1 && i3 == i0 + 3) {
            addPacked(a, i0, b, j, offsets, first, terms, out, at, stride);
            return;
        }
        int done = vectors / 2 * 2;
        if (done == 4) {
            addFour(a, i0, i1, i2, i3, termStride, b, j, offsets, first, terms, out, at, stride);
        } else if (done == 2) {
            addTwo(a, i0, i1, i2, i3, termStride, b, j, offsets, first, terms, out, at, stride);
        }
        if (done < vectors) {
            int c = done * LANES;
            addOne(a, i0, i1, i2, i3, termStride, b, j + c, offsets, first, terms, out, at + c, stride);
        }
    }

    /**
     * Adds a tile of {@link #ROWS} rows and {@link #VECTORS} vectors of the product of a and b. The left operand a is packed: its element
     * of row r and term k is {@code a[i + k·ROWS + r]}. Because the distance between two terms in a is a constant, C2 checks the array
     * indices once for all terms.
     */
    private static void addPacked(
            double[] a,
            int i,
            double[] b,
            int j,
            int[] offsets,
            int first,
            int terms,
            double[] out,
            int at,
            int stride) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s00 = zero;
        DoubleVector s01 = zero;
        DoubleVector s02 = zero;
        DoubleVector s03 = zero;
        DoubleVector s10 = zero;
        DoubleVector s11 = zero;
        DoubleVector s12 = zero;
        DoubleVector s13 = zero;
        DoubleVector s20 = zero;
        DoubleVector s21 = zero;
        DoubleVector s22 = zero;
        DoubleVector s23 = zero;
        DoubleVector s30 = zero;
        DoubleVector s31 = zero;
        DoubleVector s32 = zero;
        DoubleVector s33 = zero;
        for (int k = 0; k < terms; k++) {
            int row = j + offsets[first + k];
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, row);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, row + LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS]);
            s00 = sum(a0, b0, s00);
            s01 = sum(a0, b1, s01);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 1]);
            s10 = sum(a1, b0, s10);
            s11 = sum(a1, b1, s11);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 2]);
            s20 = sum(a2, b0, s20);
            s21 = sum(a2, b1, s21);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[i + k * ROWS + 3]);
            s30 = sum(a3, b0, s30);
            s31 = sum(a3, b1, s31);
            if (WIDE) {
                DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, row + 2 * LANES);
                DoubleVector b3 = DoubleVector.fromArray(SPECIES, b, row + 3 * LANES);
                s02 = sum(a0, b2, s02);
                s03 = sum(a0, b3, s03);
                s12 = sum(a1, b2, s12);
                s13 = sum(a1, b3, s13);
                s22 = sum(a2, b2, s22);
                s23 = sum(a2, b3, s23);
                s32 = sum(a3, b2, s32);
                s33 = sum(a3, b3, s33);
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
        if (WIDE) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * LANES).add(s02))
                    .intoArray(out, at + 2 * LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * LANES).add(s03))
                    .intoArray(out, at + 3 * LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride + 2 * LANES)
                            .add(s12))
                    .intoArray(out, at + stride + 2 * LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride + 3 * LANES)
                            .add(s13))
                    .intoArray(out, at + stride + 3 * LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride + 2 * LANES)
                            .add(s22))
                    .intoArray(out, at + 2 * stride + 2 * LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride + 3 * LANES)
                            .add(s23))
                    .intoArray(out, at + 2 * stride + 3 * LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride + 2 * LANES)
                            .add(s32))
                    .intoArray(out, at + 3 * stride + 2 * LANES);
            TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride + 3 * LANES)
                            .add(s33))
                    .intoArray(out, at + 3 * stride + 3 * LANES);
        }
    }

    private static void addFour(
            double[] a,
            int i0,
            int i1,
            int i2,
            int i3,
            int termStride,
            double[] b,
            int j,
            int[] offsets,
            int first,
            int terms,
            double[] out,
            int at,
            int stride) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s00 = zero;
        DoubleVector s01 = zero;
        DoubleVector s02 = zero;
        DoubleVector s03 = zero;
        DoubleVector s10 = zero;
        DoubleVector s11 = zero;
        DoubleVector s12 = zero;
        DoubleVector s13 = zero;
        DoubleVector s20 = zero;
        DoubleVector s21 = zero;
        DoubleVector s22 = zero;
        DoubleVector s23 = zero;
        DoubleVector s30 = zero;
        DoubleVector s31 = zero;
        DoubleVector s32 = zero;
        DoubleVector s33 = zero;
        for (int k = 0; k < terms; k++) {
            int row = j + offsets[first + k];
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, row);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, row + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, row + 2 * LANES);
            DoubleVector b3 = DoubleVector.fromArray(SPECIES, b, row + 3 * LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i0 + k * termStride]);
            s00 = sum(a0, b0, s00);
            s01 = sum(a0, b1, s01);
            s02 = sum(a0, b2, s02);
            s03 = sum(a0, b3, s03);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[i1 + k * termStride]);
            s10 = sum(a1, b0, s10);
            s11 = sum(a1, b1, s11);
            s12 = sum(a1, b2, s12);
            s13 = sum(a1, b3, s13);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[i2 + k * termStride]);
            s20 = sum(a2, b0, s20);
            s21 = sum(a2, b1, s21);
            s22 = sum(a2, b2, s22);
            s23 = sum(a2, b3, s23);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[i3 + k * termStride]);
            s30 = sum(a3, b0, s30);
            s31 = sum(a3, b1, s31);
            s32 = sum(a3, b2, s32);
            s33 = sum(a3, b3, s33);
        }
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at).add(s00)).intoArray(out, at);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + LANES).add(s01)).intoArray(out, at + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * LANES).add(s02)).intoArray(out, at + 2 * LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * LANES).add(s03)).intoArray(out, at + 3 * LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride).add(s10)).intoArray(out, at + stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride + LANES).add(s11))
                .intoArray(out, at + stride + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride + 2 * LANES).add(s12))
                .intoArray(out, at + stride + 2 * LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride + 3 * LANES).add(s13))
                .intoArray(out, at + stride + 3 * LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride).add(s20))
                .intoArray(out, at + 2 * stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride + LANES).add(s21))
                .intoArray(out, at + 2 * stride + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride + 2 * LANES)
                        .add(s22))
                .intoArray(out, at + 2 * stride + 2 * LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride + 3 * LANES)
                        .add(s23))
                .intoArray(out, at + 2 * stride + 3 * LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride).add(s30))
                .intoArray(out, at + 3 * stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride + LANES).add(s31))
                .intoArray(out, at + 3 * stride + LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride + 2 * LANES)
                        .add(s32))
                .intoArray(out, at + 3 * stride + 2 * LANES);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride + 3 * LANES)
                        .add(s33))
                .intoArray(out, at + 3 * stride + 3 * LANES);
    }

    private static void addTwo(
            double[] a,
            int i0,
            int i1,
            int i2,
            int i3,
            int termStride,
            double[] b,
            int j,
            int[] offsets,
            int first,
            int terms,
            double[] out,
            int at,
            int stride) {
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
            int row = j + offsets[first + k];
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, row);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, row + LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i0 + k * termStride]);
            s00 = sum(a0, b0, s00);
            s01 = sum(a0, b1, s01);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[i1 + k * termStride]);
            s10 = sum(a1, b0, s10);
            s11 = sum(a1, b1, s11);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[i2 + k * termStride]);
            s20 = sum(a2, b0, s20);
            s21 = sum(a2, b1, s21);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[i3 + k * termStride]);
            s30 = sum(a3, b0, s30);
            s31 = sum(a3, b1, s31);
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
    }

    private static void addOne(
            double[] a,
            int i0,
            int i1,
            int i2,
            int i3,
            int termStride,
            double[] b,
            int j,
            int[] offsets,
            int first,
            int terms,
            double[] out,
            int at,
            int stride) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s0 = zero;
        DoubleVector s1 = zero;
        DoubleVector s2 = zero;
        DoubleVector s3 = zero;
        for (int k = 0; k < terms; k++) {
            int row = j + offsets[first + k];
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, row);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i0 + k * termStride]);
            s0 = sum(a0, b0, s0);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[i1 + k * termStride]);
            s1 = sum(a1, b0, s1);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[i2 + k * termStride]);
            s2 = sum(a2, b0, s2);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[i3 + k * termStride]);
            s3 = sum(a3, b0, s3);
        }
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at).add(s0)).intoArray(out, at);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + stride).add(s1)).intoArray(out, at + stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 2 * stride).add(s2)).intoArray(out, at + 2 * stride);
        TYPE.cast(DoubleVector.fromArray(SPECIES, out, at + 3 * stride).add(s3)).intoArray(out, at + 3 * stride);
    }

    /**
     * Adds a tile of one row and {@link #WIDTH} columns of the product of a and b: to {@code out[at + c]} the sum, over k from 0 to {@code
     * terms} − 1, of {@code a[i + k] · b[j + offsets[first + k] + c]}.
     */
    static void addRow(
            double[] a, int i, double[] b, int j, int[] offsets, int first, int terms, double[] out, int at) {
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
            int row = j + offsets[first + k];
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[i + k]);
            s0 = sum(a0, DoubleVector.fromArray(SPECIES, b, row), s0);
            s1 = sum(a0, DoubleVector.fromArray(SPECIES, b, row + LANES), s1);
            s2 = sum(a0, DoubleVector.fromArray(SPECIES, b, row + 2 * LANES), s2);
            s3 = sum(a0, DoubleVector.fromArray(SPECIES, b, row + 3 * LANES), s3);
            s4 = sum(a0, DoubleVector.fromArray(SPECIES, b, row + 4 * LANES), s4);
            s5 = sum(a0, DoubleVector.fromArray(SPECIES, b, row + 5 * LANES), s5);
            s6 = sum(a0, DoubleVector.fromArray(SPECIES, b, row + 6 * LANES), s6);
            s7 = sum(a0, DoubleVector.fromArray(SPECIES, b, row + 7 * LANES), s7);
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

    /**
     * Copies {@code lines} lines of n elements each from a to {@code out} by whole vectors; n must be at least {@link #LANES}. The last
     * vector of a line ends with the line, and may overlap the vector before.
     */
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

    /**
     * Adds the first {@code rows} rows and {@code columns} columns of a tile to {@code out}, whose rows begin {@code stride} elements
     * apart.
     */
    static void addPart(double[] tile, int rows, int columns, double[] out, int at, int stride) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                out[at + r * stride + c] += tile[r * COLUMNS + c];
            }
        }
    }
}
