package io.adjoint.simd;

import io.adjoint.core.ArithmeticLoops;
import io.adjoint.core.BinaryOp;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ArithmeticLoops} in vectors of doubles, and the simplest functions. The JIT makes vectors of the default loops only where all
 * arrays begin at one index. Results are cast to the vectors' class before they are stored, as in {@link DoubleTile}: floats are stored by
 * vectors of two lengths. The float version is generated from this file.
 */
final class DoubleArithmetic implements ArithmeticLoops<double[]> {
    private static final VectorSpecies<Double> SPECIES = VectorSpecies.of(double.class, Vectors.SHAPE);
    private static final Class<? extends DoubleVector> TYPE =
            DoubleVector.zero(SPECIES).getClass();
    private static final int LANES = SPECIES.length();

    /** Fewer elements are left to the default loops, since a JVM that has few runs the vectors' code before it is compiled. */
    private static final int FEW = Math.min(256, Integer.getInteger("adjoint.simd.minWork", 256));

    /** The copies of a number that an array is combined with, lest each operation has a loop for a number on either side. */
    private static final int COPIES = 128;

    private final ArithmeticLoops<double[]> plain;

    DoubleArithmetic(ArithmeticLoops<double[]> plain) {
        this.plain = plain;
    }

    /** The elements that fill vectors, of n; none of so few that the default loops are as fast. */
    static int whole(int n) {
        return n < FEW ? 0 : n - n % LANES;
    }

    @Override
    public void apply(BinaryOp op, double[] a, int i, int di, double[] b, int j, int dj, double[] out, int k, int n) {
        if (op == BinaryOp.MAXIMUM || op == BinaryOp.MINIMUM) {
            plain.apply(op, a, i, di, b, j, dj, out, k, n);
            return;
        }
        int whole = whole(n);
        if (di == 1 && dj == 1) {
            apply(op, a, i, b, j, out, k, whole);
        } else if (whole > 0) {
            double[] copies = new double[Math.min(whole, COPIES)];
            Arrays.fill(copies, di == 0 ? a[i] : b[j]);
            for (int done = 0; done < whole; done += COPIES) {
                int m = Math.min(COPIES, whole - done);
                if (di == 0) {
                    apply(op, copies, 0, b, j + done, out, k + done, m);
                } else {
                    apply(op, a, i + done, copies, 0, out, k + done, m);
                }
            }
        }
        if (whole < n) {
            plain.apply(op, a, i + whole * di, di, b, j + whole * dj, dj, out, k + whole, n - whole);
        }
    }

    private static void apply(BinaryOp op, double[] a, int i, double[] b, int j, double[] out, int k, int n) {
        switch (op) {
            case ADD -> add(a, i, b, j, out, k, n);
            case SUB -> sub(a, i, b, j, out, k, n);
            case MUL -> mul(a, i, b, j, out, k, n);
            case DIV -> div(a, i, b, j, out, k, n);
            default -> throw new AssertionError(op);
        }
    }

    private static void add(double[] a, int i, double[] b, int j, double[] out, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, a, i + e);
            TYPE.cast(x.add(DoubleVector.fromArray(SPECIES, b, j + e))).intoArray(out, k + e);
        }
    }

    private static void sub(double[] a, int i, double[] b, int j, double[] out, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, a, i + e);
            TYPE.cast(x.sub(DoubleVector.fromArray(SPECIES, b, j + e))).intoArray(out, k + e);
        }
    }

    private static void mul(double[] a, int i, double[] b, int j, double[] out, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, a, i + e);
            TYPE.cast(x.mul(DoubleVector.fromArray(SPECIES, b, j + e))).intoArray(out, k + e);
        }
    }

    private static void div(double[] a, int i, double[] b, int j, double[] out, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, a, i + e);
            TYPE.cast(x.div(DoubleVector.fromArray(SPECIES, b, j + e))).intoArray(out, k + e);
        }
    }

    @Override
    public void accumulate(double[] source, int from, double[] target, int to, int n) {
        int whole = whole(n);
        add(target, to, source, from, target, to, whole);
        plain.accumulate(source, from + whole, target, to + whole, n - whole);
    }

    @Override
    public void total(double[] source, int from, /*wide*/ double[] totals, int to, int n) {
        plain.total(source, from, totals, to, n);
    }

    @Override
    public void totalAt(
            double[] source,
            int from,
            int step,
            int[] at,
            int i,
            int di,
            /*wide*/ double[] totals,
            int to,
            int toStep,
            int stride,
            int n) {
        plain.totalAt(source, from, step, at, i, di, totals, to, toStep, stride, n);
    }

    // ---- functions, of n elements that fill vectors ----

    /** {@code −x}. */
    static void neg(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, x, i + e).neg()).intoArray(y, j + e);
        }
    }

    /** {@code max(x, 0)}; NaN stays NaN. */
    static void relu(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, x, i + e).max(0)).intoArray(y, j + e);
        }
    }

    /** {@code g} where {@code y > 0}, 0 where {@code y = 0}, NaN where y is. */
    static void reluGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, y, j + e);
            TYPE.cast(DoubleVector.zero(SPECIES)
                            .blend(DoubleVector.fromArray(SPECIES, g, i + e), v.compare(VectorOperators.NE, 0))
                            .blend(v, v.compare(VectorOperators.NE, v)))
                    .intoArray(z, k + e);
        }
    }
}
