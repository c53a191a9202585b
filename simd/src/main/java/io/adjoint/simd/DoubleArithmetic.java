package io.adjoint.simd;

import io.adjoint.core.loops.ArithmeticLoops;
import io.adjoint.core.loops.BinaryOp;
import io.adjoint.core.loops.DoubleArithmeticLoops;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ArithmeticLoops}, negation, relu and the gradient of relu, in vectors of doubles. The JIT vectorises the default loops only where
 * all arrays begin at the same index; the loops here have no such condition. Results are cast to their vector class before they are stored:
 * the program stores float vectors of two lengths, and without the cast the JIT would not inline the stores, as {@link DoubleTile}
 * explains. The float version is generated from this file.
 */
final class DoubleArithmetic extends DoubleArithmeticLoops {
    private static final VectorSpecies<Double> SPECIES = VectorSpecies.of(double.class, Vectors.SHAPE);
    private static final Class<? extends DoubleVector> TYPE =
            DoubleVector.zero(SPECIES).getClass();
    private static final int LANES = SPECIES.length();

    /**
     * The number of elements below which the default loops run: uncompiled vector code is slow, and a program with only small arrays would
     * not run the vector code often enough for the JIT to compile it.
     */
    static final int FEW = Vectors.from(256);

    /** The largest number of elements, at most n, that fill whole vectors; 0 if n is below {@link #FEW}. */
    static int whole(int n) {
        return n < FEW ? 0 : n - n % LANES;
    }

    @Override
    public void apply(BinaryOp op, double[] a, int i, int di, double[] b, int j, int dj, double[] out, int k, int n) {
        if (op == BinaryOp.MAXIMUM || op == BinaryOp.MINIMUM) {
            super.apply(op, a, i, di, b, j, dj, out, k, n);
            return;
        }
        int whole = whole(n);
        if (whole > 0) {
            if (di == 0) {
                switch (op) {
                    case ADD -> add(b, j, a[i], out, k, whole);
                    case SUB -> sub(a[i], b, j, out, k, whole);
                    case MUL -> mul(b, j, a[i], out, k, whole);
                    case DIV -> div(a[i], b, j, out, k, whole);
                    default -> throw new AssertionError(op);
                }
            } else if (dj == 0) {
                withNumber(op, a, i, b[j], out, k, whole);
            } else {
                join(op, a, i, 0, b, j, 0, out, k, 0, 1, whole);
            }
        }
        if (whole < n) {
            super.apply(op, a, i + whole * di, di, b, j + whole * dj, dj, out, k + whole, n - whole);
        }
    }

    @Override
    public void rows(
            BinaryOp op,
            double[] a,
            int i,
            int di,
            double[] b,
            int j,
            int dj,
            int stride,
            double[] out,
            int k,
            int dk,
            int n,
            int width) {
        boolean isArithmetic = op != BinaryOp.MAXIMUM && op != BinaryOp.MINIMUM;
        int whole = isArithmetic && (long) n * width >= FEW ? width - width % LANES : 0;
        if (whole > 0 && stride == 1) {
            join(op, a, i, di, b, j, dj, out, k, dk, n, whole);
        } else if (whole > 0) {
            for (int r = 0; r < n; r++) {
                withNumber(op, a, i + r * di, b[j + r * dj], out, k + r * dk, whole);
            }
        }
        if (whole < width) {
            super.rows(op, a, i + whole, di, b, j + whole * stride, dj, stride, out, k + whole, dk, n, width - whole);
        }
    }

    private static void withNumber(BinaryOp op, double[] a, int i, double y, double[] out, int k, int n) {
        switch (op) {
            case ADD -> add(a, i, y, out, k, n);
            case SUB -> sub(a, i, y, out, k, n);
            case MUL -> mul(a, i, y, out, k, n);
            case DIV -> div(a, i, y, out, k, n);
            default -> throw new AssertionError(op);
        }
    }

    /**
     * Computes {@link #rows} for a width that fills whole vectors. The method of each operation contains the loop over rows: a call for
     * each row would make a softmax over the first axis 10 % slower.
     */
    private static void join(
            BinaryOp op,
            double[] a,
            int i,
            int di,
            double[] b,
            int j,
            int dj,
            double[] out,
            int k,
            int dk,
            int n,
            int width) {
        switch (op) {
            case ADD -> add(a, i, di, b, j, dj, out, k, dk, n, width);
            case SUB -> sub(a, i, di, b, j, dj, out, k, dk, n, width);
            case MUL -> mul(a, i, di, b, j, dj, out, k, dk, n, width);
            case DIV -> div(a, i, di, b, j, dj, out, k, dk, n, width);
            default -> throw new AssertionError(op);
        }
    }

    private static void add(
            double[] a, int i, int di, double[] b, int j, int dj, double[] out, int k, int dk, int n, int width) {
        for (int r = 0; r < n; r++) {
            int p = i + r * di;
            int q = j + r * dj;
            int to = k + r * dk;
            for (int e = 0; e < width; e += LANES) {
                DoubleVector x = DoubleVector.fromArray(SPECIES, a, p + e);
                TYPE.cast(x.add(DoubleVector.fromArray(SPECIES, b, q + e))).intoArray(out, to + e);
            }
        }
    }

    private static void sub(
            double[] a, int i, int di, double[] b, int j, int dj, double[] out, int k, int dk, int n, int width) {
        for (int r = 0; r < n; r++) {
            int p = i + r * di;
            int q = j + r * dj;
            int to = k + r * dk;
            for (int e = 0; e < width; e += LANES) {
                DoubleVector x = DoubleVector.fromArray(SPECIES, a, p + e);
                TYPE.cast(x.sub(DoubleVector.fromArray(SPECIES, b, q + e))).intoArray(out, to + e);
            }
        }
    }

    private static void mul(
            double[] a, int i, int di, double[] b, int j, int dj, double[] out, int k, int dk, int n, int width) {
        for (int r = 0; r < n; r++) {
            int p = i + r * di;
            int q = j + r * dj;
            int to = k + r * dk;
            for (int e = 0; e < width; e += LANES) {
                DoubleVector x = DoubleVector.fromArray(SPECIES, a, p + e);
                TYPE.cast(x.mul(DoubleVector.fromArray(SPECIES, b, q + e))).intoArray(out, to + e);
            }
        }
    }

    private static void div(
            double[] a, int i, int di, double[] b, int j, int dj, double[] out, int k, int dk, int n, int width) {
        for (int r = 0; r < n; r++) {
            int p = i + r * di;
            int q = j + r * dj;
            int to = k + r * dk;
            for (int e = 0; e < width; e += LANES) {
                DoubleVector x = DoubleVector.fromArray(SPECIES, a, p + e);
                TYPE.cast(x.div(DoubleVector.fromArray(SPECIES, b, q + e))).intoArray(out, to + e);
            }
        }
    }

    private static void add(double[] a, int i, double y, double[] out, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, a, i + e).add(y)).intoArray(out, k + e);
        }
    }

    private static void sub(double[] a, int i, double y, double[] out, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, a, i + e).sub(y)).intoArray(out, k + e);
        }
    }

    static void mul(double[] a, int i, double y, double[] out, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, a, i + e).mul(y)).intoArray(out, k + e);
        }
    }

    private static void div(double[] a, int i, double y, double[] out, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, a, i + e).div(y)).intoArray(out, k + e);
        }
    }

    private static void sub(double x, double[] b, int j, double[] out, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector all = DoubleVector.broadcast(SPECIES, x);
            TYPE.cast(all.sub(DoubleVector.fromArray(SPECIES, b, j + e))).intoArray(out, k + e);
        }
    }

    private static void div(double x, double[] b, int j, double[] out, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector all = DoubleVector.broadcast(SPECIES, x);
            TYPE.cast(all.div(DoubleVector.fromArray(SPECIES, b, j + e))).intoArray(out, k + e);
        }
    }

    @Override
    public void accumulate(double[] source, int from, double[] target, int to, int n) {
        int whole = whole(n);
        add(target, to, 0, source, from, 0, target, to, 0, 1, whole);
        super.accumulate(source, from + whole, target, to + whole, n - whole);
    }

    // ---- functions of n elements that fill whole vectors ----

    /** Computes {@code −x}. */
    static void neg(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, x, i + e).neg()).intoArray(y, j + e);
        }
    }

    /** Computes {@code max(x, 0)}; NaN stays NaN. */
    static void relu(double[] x, int i, double[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, x, i + e).max(0)).intoArray(y, j + e);
        }
    }

    /** Computes the gradient of a relu with the output y: {@code g} where {@code y > 0}, 0 where {@code y = 0}, NaN where y is NaN. */
    static void reluGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, y, j + e);
            TYPE.cast(DoubleVector.zero(SPECIES)
                            .blend(DoubleVector.fromArray(SPECIES, g, i + e), v.compare(VectorOperators.NE, 0))
                            .blend(v, v.compare(VectorOperators.NE, v)))
                    .intoArray(z, k + e);
        }
    }

    /** Computes the gradient {@code g·(y·(1 − y))} of sigmoid from its value y and its upstream gradient g, in double. */
    static void sigmoidGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e += Wide.LANES) {
            var v = Wide.load(y, j + e);
            Wide.store(Wide.load(g, i + e).mul(v.mul(Wide.all(1).sub(v))), z, k + e);
        }
    }

    /** Computes the gradient {@code g·(1 − y²)} of tanh from its value y and its upstream gradient g, in double. */
    static void tanhGradient(double[] g, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e += Wide.LANES) {
            var v = Wide.load(y, j + e);
            Wide.store(Wide.load(g, i + e).mul(Wide.all(1).sub(v.mul(v))), z, k + e);
        }
    }
}
