package io.adjoint.simd;

import static io.adjoint.core.math.ElementaryFunctions.*;
import static io.adjoint.core.math.FloatSeries.*;

import io.adjoint.core.BinaryFunction;
import io.adjoint.core.FunctionLoops;
import io.adjoint.core.UnaryFunction;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of FLOAT32 in vectors of doubles, by the operations of {@link io.adjoint.core.math.FloatMath} in their order, and so
 * with its bits. Steps that several functions share are methods small enough that the JIT inlines them into their loops.
 */
// Long because each function has a loop of its own, short enough for the JIT.
final class Float32Lanes implements FunctionLoops<float[]> {
    private static final VectorSpecies<Double> WIDE = VectorSpecies.of(double.class, Vectors.SHAPE);
    /** As many floats. */
    private static final VectorSpecies<Float> NARROW =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Vectors.SHAPE.vectorBitSize() / 2));

    private static final int LANES = WIDE.length();

    /** Below, the plain loops are faster, or as fast, until the JIT has compiled these. */
    private static final int FEW = Integer.getInteger("adjoint.simd.minWork", 512);

    private final FunctionLoops<float[]> plain;

    Float32Lanes(FunctionLoops<float[]> plain) {
        this.plain = plain;
    }

    /** The elements that fill vectors of floats, as {@link FloatArithmetic} takes them: twice as many as vectors of doubles. */
    private static int whole(int n) {
        return n < FEW ? 0 : n - n % (2 * LANES);
    }

    @Override
    public void apply(UnaryFunction f, float[] x, int i, float[] y, int j, int n) {
        int whole = whole(n);
        if (whole > 0) {
            lanes(f, x, i, y, j, whole);
        }
        if (whole < n) {
            plain.apply(f, x, i + whole, y, j + whole, n - whole);
        }
    }

    private void lanes(UnaryFunction f, float[] x, int i, float[] y, int j, int n) {
        switch (f) {
            case ELU -> elu(x, i, y, j, n);
            case ERF -> erf(x, i, y, j, n);
            case EXP -> exp(x, i, y, j, n);
            case EXPM1 -> expm1(x, i, y, j, n);
            case GELU -> gelu(x, i, y, j, n);
            case GELU_TANH -> geluTanh(x, i, y, j, n);
            case LOG -> log(x, i, y, j, n);
            case LOG1P -> log1p(x, i, y, j, n);
            case LOG_SIGMOID -> logSigmoid(x, i, y, j, n);
            case MISH -> mish(x, i, y, j, n);
            case NEG -> FloatArithmetic.neg(x, i, y, j, n);
            case RELU -> FloatArithmetic.relu(x, i, y, j, n);
            case SELU -> selu(x, i, y, j, n);
            case SIGMOID -> sigmoid(x, i, y, j, n);
            case SILU -> silu(x, i, y, j, n);
            case SOFTPLUS -> softplus(x, i, y, j, n);
            case TANH -> tanh(x, i, y, j, n);
            default -> plain.apply(f, x, i, y, j, n);
        }
    }

    @Override
    public void apply(BinaryFunction f, float[] x, int i, float[] y, int j, float[] z, int k, int n) {
        int whole = whole(n);
        if (whole > 0) {
            lanes(f, x, i, y, j, z, k, whole);
        }
        if (whole < n) {
            plain.apply(f, x, i + whole, y, j + whole, z, k + whole, n - whole);
        }
    }

    private void lanes(BinaryFunction f, float[] x, int i, float[] y, int j, float[] z, int k, int n) {
        switch (f) {
            case GELU_GRADIENT -> geluGradient(x, i, y, j, z, k, n);
            case GELU_TANH_GRADIENT -> geluTanhGradient(x, i, y, j, z, k, n);
            case MISH_GRADIENT -> mishGradient(x, i, y, j, z, k, n);
            case RELU_GRADIENT -> FloatArithmetic.reluGradient(x, i, y, j, z, k, n);
            case SIGMOID_GRADIENT -> sigmoidGradient(x, i, y, j, z, k, n);
            case SILU_GRADIENT -> siluGradient(x, i, y, j, z, k, n);
            case TANH_GRADIENT -> tanhGradient(x, i, y, j, z, k, n);
            default -> plain.apply(f, x, i, y, j, z, k, n);
        }
    }

    // ---- steps ----

    private static DoubleVector load(float[] x, int i) {
        return (DoubleVector) FloatVector.fromArray(NARROW, x, i).convertShape(VectorOperators.F2D, WIDE, 0);
    }

    private static void store(DoubleVector v, float[] y, int j) {
        ((FloatVector) v.convertShape(VectorOperators.D2F, NARROW, 0)).intoArray(y, j);
    }

    private static DoubleVector one() {
        return DoubleVector.broadcast(WIDE, 1);
    }

    private static DoubleVector exp(DoubleVector v) {
        DoubleVector near = v.max(EXP_MIN).min(EXP_MAX);
        DoubleVector rounded = near.mul(LOG2_E).add(ROUND);
        DoubleVector r = near.sub(rounded.sub(ROUND).mul(LN2));
        DoubleVector power =
                rounded.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
        return power.mul(fraction(r).add(1));
    }

    private static DoubleVector expm1(DoubleVector v) {
        DoubleVector near = v.max(EXPM1_MIN).min(EXPM1_MAX);
        DoubleVector rounded = near.mul(LOG2_E).add(ROUND);
        DoubleVector r = near.sub(rounded.sub(ROUND).mul(LN2));
        DoubleVector power =
                rounded.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
        return power.mul(fraction(r)).sub(one().sub(power));
    }

    /** {@code eʳ − 1}. */
    private static DoubleVector fraction(DoubleVector r) {
        return r.mul(EXP_6)
                .add(EXP_5)
                .mul(r)
                .add(EXP_4)
                .mul(r)
                .add(EXP_3)
                .mul(r)
                .add(EXP_2)
                .mul(r)
                .add(EXP_1)
                .mul(r)
                .add(EXP_0)
                .mul(r);
    }

    private static DoubleVector sigmoid(DoubleVector v) {
        return one().div(exp(v.neg()).add(1));
    }

    /** {@code log(1 + v)} for v from 0 to 1. */
    private static DoubleVector log1p(DoubleVector v) {
        return logOfRatio(v.div(v.add(2)));
    }

    /** {@code log((1 + z)/(1 − z))}. */
    private static DoubleVector logOfRatio(DoubleVector z) {
        DoubleVector w = z.mul(z);
        DoubleVector sum = w.mul(LOG_4)
                .add(LOG_3)
                .mul(w)
                .add(LOG_2)
                .mul(w)
                .add(LOG_1)
                .mul(w)
                .add(LOG_0);
        return z.mul(sum.mul(w).add(2));
    }

    /** The bits of the power of 2 that a number's significand from √½ to √2 is multiplied by. */
    private static LongVector exponent(LongVector bits) {
        return bits.add(ONE - ROOT_HALF).and(EXPONENT);
    }

    private static DoubleVector significand(DoubleVector v) {
        LongVector bits = v.reinterpretAsLongs();
        return bits.sub(exponent(bits)).add(ONE).reinterpretAsDoubles();
    }

    /** {@code log v}, where f is the significand − 1. */
    private static DoubleVector logOf(DoubleVector v, DoubleVector f) {
        DoubleVector k = exponent(v.reinterpretAsLongs())
                .lanewise(VectorOperators.LSHR, 52)
                .add(TWO_TO_52)
                .reinterpretAsDoubles();
        DoubleVector part = logOfRatio(f.div(f.add(2)));
        DoubleVector log = DoubleVector.broadcast(WIDE, BIASED).sub(k).mul(-LN2).add(part);
        return DoubleVector.broadcast(WIDE, Double.NaN)
                .blend(log, v.compare(VectorOperators.GT, 0))
                .blend(Double.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0))
                .blend(Double.POSITIVE_INFINITY, v.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
    }

    /** {@code Φ(v)} with {@code power = e^(−v²/2)}. */
    private static DoubleVector normalCdf(DoubleVector v, DoubleVector power) {
        DoubleVector near = v.abs().min(CDF_MAX);
        DoubleVector t = near.sub(4).div(near.add(4));
        DoubleVector sum = t.mul(TAIL_11)
                .add(TAIL_10)
                .mul(t)
                .add(TAIL_9)
                .mul(t)
                .add(TAIL_8)
                .mul(t)
                .add(TAIL_7)
                .mul(t)
                .add(TAIL_6)
                .mul(t)
                .add(TAIL_5)
                .mul(t)
                .add(TAIL_4)
                .mul(t)
                .add(TAIL_3)
                .mul(t)
                .add(TAIL_2)
                .mul(t)
                .add(TAIL_1)
                .mul(t)
                .add(TAIL_0);
        DoubleVector tail = sum.mul(power);
        DoubleVector step = v.mul(1e300).max(0).min(1);
        return step.sub(step.mul(2).sub(1).mul(tail));
    }

    // ---- functions ----

    private static void elu(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            DoubleVector below = expm1(v.min(-0.0));
            store(v.max(-0.0).add(below), y, j + e);
        }
    }

    private static void erf(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            DoubleVector near = v.max(-ERF_MAX).min(ERF_MAX);
            DoubleVector u = near.mul(near).mul(ERF_SCALE).sub(1);
            DoubleVector sum = u.mul(ERF_17)
                    .add(ERF_16)
                    .mul(u)
                    .add(ERF_15)
                    .mul(u)
                    .add(ERF_14)
                    .mul(u)
                    .add(ERF_13)
                    .mul(u)
                    .add(ERF_12)
                    .mul(u)
                    .add(ERF_11)
                    .mul(u)
                    .add(ERF_10)
                    .mul(u)
                    .add(ERF_9)
                    .mul(u)
                    .add(ERF_8)
                    .mul(u)
                    .add(ERF_7)
                    .mul(u)
                    .add(ERF_6)
                    .mul(u)
                    .add(ERF_5)
                    .mul(u)
                    .add(ERF_4)
                    .mul(u)
                    .add(ERF_3)
                    .mul(u)
                    .add(ERF_2)
                    .mul(u)
                    .add(ERF_1)
                    .mul(u)
                    .add(ERF_0);
            store(sum.mul(near), y, j + e);
        }
    }

    private static void exp(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            store(exp(v), y, j + e);
        }
    }

    private static void expm1(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            store(expm1(v), y, j + e);
        }
    }

    private static void gelu(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            DoubleVector power = exp(v.mul(v).mul(-0.5));
            store(v.mul(normalCdf(v, power)), y, j + e);
        }
    }

    private static void geluTanh(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            DoubleVector power = exp(v.neg().mul(v.mul(v).mul(GELU_CUBIC).add(GELU_SCALE)));
            store(v.div(power.add(1)), y, j + e);
        }
    }

    private static void log(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            store(logOf(v, significand(v).sub(1)), y, j + e);
        }
    }

    private static void log1p(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            DoubleVector sum = v.add(1);
            DoubleVector near = v.min(1);
            DoubleVector lost = near.sub(near.add(1).sub(1));
            store(logOf(sum, lost.sub(one().sub(significand(sum)))), y, j + e);
        }
    }

    private static void logSigmoid(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            DoubleVector tail = log1p(exp(v.abs().neg()));
            store(v.min(0).sub(tail), y, j + e);
        }
    }

    private static void mish(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            DoubleVector power = exp(v.min(MISH_MAX));
            DoubleVector p = power.mul(power.add(2));
            store(v.mul(p.div(p.add(2))), y, j + e);
        }
    }

    private static void selu(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            DoubleVector below = expm1(v.min(-0.0));
            store(v.max(-0.0).mul(SELU_SCALE).add(below.mul(SELU_SCALE_ALPHA)), y, j + e);
        }
    }

    private static void sigmoid(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            store(sigmoid(v), y, j + e);
        }
    }

    private static void silu(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            store(v.div(exp(v.neg()).add(1)), y, j + e);
        }
    }

    private static void softplus(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            DoubleVector tail = log1p(exp(v.abs().neg()));
            store(v.max(0).add(tail), y, j + e);
        }
    }

    private static void tanh(float[] x, int i, float[] y, int j, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, i + e);
            DoubleVector power = expm1(v.mul(2));
            store(power.div(power.add(2)), y, j + e);
        }
    }

    // ---- gradients ----

    private static void geluGradient(float[] g, int i, float[] x, int j, float[] z, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, j + e);
            DoubleVector power = exp(v.mul(v).mul(-0.5));
            store(load(g, i + e).mul(normalCdf(v, power).add(v.mul(power.mul(DENSITY_AT_0)))), z, k + e);
        }
    }

    private static void geluTanhGradient(float[] g, int i, float[] x, int j, float[] z, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, j + e);
            DoubleVector near = v.max(-50).min(50);
            DoubleVector square = near.mul(near);
            DoubleVector power = exp(near.neg().mul(square.mul(GELU_CUBIC).add(GELU_SCALE)));
            DoubleVector s = one().div(power.add(1));
            DoubleVector inner = square.mul(3 * GELU_CUBIC).add(GELU_SCALE);
            store(load(g, i + e).mul(s.add(near.mul(s).mul(one().sub(s)).mul(inner))), z, k + e);
        }
    }

    private static void mishGradient(float[] g, int i, float[] x, int j, float[] z, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, j + e);
            DoubleVector power = exp(v.min(MISH_MAX));
            DoubleVector p = power.mul(power.add(2));
            DoubleVector t = p.div(p.add(2));
            DoubleVector s = power.div(power.add(1));
            store(load(g, i + e).mul(t.add(v.mul(s).mul(one().sub(t.mul(t))))), z, k + e);
        }
    }

    private static void sigmoidGradient(float[] g, int i, float[] x, int j, float[] z, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, j + e);
            store(load(g, i + e).mul(v.mul(one().sub(v))), z, k + e);
        }
    }

    private static void siluGradient(float[] g, int i, float[] x, int j, float[] z, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, j + e);
            DoubleVector s = sigmoid(v);
            store(load(g, i + e).mul(s.add(v.mul(s).mul(one().sub(s)))), z, k + e);
        }
    }

    private static void tanhGradient(float[] g, int i, float[] x, int j, float[] z, int k, int n) {
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = load(x, j + e);
            store(load(g, i + e).mul(one().sub(v.mul(v))), z, k + e);
        }
    }
}
