package io.adjoint.simd;

import static io.adjoint.core.math.ElementaryFunctions.*;
import static io.adjoint.core.math.FloatSeries.*;

import io.adjoint.core.BinaryFunction;
import io.adjoint.core.FunctionLoops;
import io.adjoint.core.Loops;
import io.adjoint.core.UnaryFunction;
import io.adjoint.core.math.Buffers;
import io.adjoint.core.math.FloatMath;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of {@link FunctionLoops} for FLOAT32, computed in vectors by the operations of {@link FloatMath} in the same order, and so
 * with the same bits. Stages that several functions share are separate loops, which write to the {@link Buffers}. Loops call only the
 * vectors' own methods, which the JIT always inlines.
 * {@link #sigmoid}, {@link #silu} and {@link #tanh}, which networks use most, widen the parts of their exponentials to double in their own
 * loops, without a separate pass.
 */
// Long because each function has a loop of its own, short enough for the JIT.
final class Float32Lanes {
    static final VectorSpecies<Double> WIDE = VectorSpecies.of(double.class, Vectors.SHAPE);
    static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, Vectors.SHAPE);
    /** A vector of as many floats as a vector of {@link #WIDE} has doubles. */
    static final VectorSpecies<Float> NARROW =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Vectors.SHAPE.vectorBitSize() / 2));

    private static final Class<? extends FloatVector> NARROW_TYPE =
            FloatVector.zero(NARROW).getClass();
    private static final int LANES = WIDE.length();

    /**
     * The number of elements below which the default loops run: until the JIT has compiled the vector loops, which in a program with only
     * small arrays takes many calls, the default loops are at least as fast.
     */
    private static final int FEW = Vectors.from(512);

    private Float32Lanes() {}

    /** All functions; those with a loop of vectors by vectors. A vector of floats has twice as many elements as a vector of doubles. */
    static FunctionLoops<float[]> functions() {
        return new FunctionTable<>(Loops.FLOAT32.functions(), FEW, 2 * LANES)
                .with(UnaryFunction.ELU, Float32Lanes::elu)
                .with(UnaryFunction.EXP, Float32Exp::exp)
                .with(UnaryFunction.EXPM1, Float32Lanes::expm1)
                .with(UnaryFunction.GELU, Float32Lanes::gelu)
                .with(UnaryFunction.GELU_TANH, Float32Lanes::geluTanh)
                .with(UnaryFunction.LOG, Float32Lanes::log)
                .with(UnaryFunction.LOG1P, Float32Lanes::log1p)
                .with(UnaryFunction.LOG_SIGMOID, Float32Lanes::logSigmoid)
                .with(UnaryFunction.MISH, Float32Lanes::mish)
                .with(UnaryFunction.NEG, FloatArithmetic::neg)
                .with(UnaryFunction.RELU, FloatArithmetic::relu)
                .with(UnaryFunction.SELU, Float32Lanes::selu)
                .with(UnaryFunction.SIGMOID, Float32Lanes::sigmoid)
                .with(UnaryFunction.SILU, Float32Lanes::silu)
                .with(UnaryFunction.SOFTPLUS, Float32Lanes::softplus)
                .with(UnaryFunction.TANH, Float32Lanes::tanh)
                .with(BinaryFunction.GELU_GRADIENT, Float32Lanes::geluGradient)
                .with(BinaryFunction.GELU_TANH_GRADIENT, Float32Lanes::geluTanhGradient)
                .with(BinaryFunction.MISH_GRADIENT, Float32Lanes::mishGradient)
                .with(BinaryFunction.RELU_GRADIENT, FloatArithmetic::reluGradient)
                .with(BinaryFunction.SIGMOID_GRADIENT, FloatArithmetic::sigmoidGradient)
                .with(BinaryFunction.SILU_GRADIENT, Float32Lanes::siluGradient)
                .with(BinaryFunction.TANH_GRADIENT, FloatArithmetic::tanhGradient)
                .loops();
    }

    // ---- stages that functions share ----

    /** Computes {@code log(1 + e^−|x|)}. */
    private static double[] log1pOfTail(float[] x, int i, int n) {
        float[] tail = Buffers.floats()[3];
        Float32Exp.negativeMagnitude(x, i, tail, n);
        double[][] split = Float32Exp.split(1, SPLIT_MIN, SPLIT_MAX, tail, 0, n);
        double[] power = split[0];
        double[] fraction = split[1];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector p = DoubleVector.fromArray(WIDE, power, e)
                    .mul(DoubleVector.fromArray(WIDE, fraction, e).add(1));
            DoubleVector z = p.div(p.add(2));
            DoubleVector w = z.mul(z);
            DoubleVector sum = w.mul(LOG_4)
                    .add(LOG_3)
                    .mul(w)
                    .add(LOG_2)
                    .mul(w)
                    .add(LOG_1)
                    .mul(w)
                    .add(LOG_0);
            z.mul(sum.mul(w).add(2)).intoArray(power, e);
        }
        return power;
    }

    /** Computes the standard normal distribution function Φ(x) and {@code e^(−x²/2)}. */
    private static double[][] normalCdf(float[] x, int i, int n) {
        double[] square = Buffers.get()[0];
        double[] argument = Buffers.get()[2];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            v.intoArray(argument, e);
            v.mul(v).mul(-0.5).intoArray(square, e);
        }
        double[][] split = Float32Exp.split(EXP_MIN, EXP_MAX, n);
        FloatMath.normalCdf(argument, split[0], split[1], n);
        return split;
    }

    /**
     * Replaces each double y in the first buffer by {@code log y}; the caller has put f of {@code y = 2ᵏ·(1 + f)} into the second buffer.
     */
    private static double[] logOf(int n) {
        double[] y = Buffers.get()[0];
        double[] f = Buffers.get()[1];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(WIDE, y, e);
            DoubleVector k = v.reinterpretAsLongs()
                    .add(ONE - ROOT_HALF)
                    .and(EXPONENT)
                    .lanewise(VectorOperators.LSHR, 52)
                    .add(TWO_TO_52)
                    .reinterpretAsDoubles();
            DoubleVector near = DoubleVector.fromArray(WIDE, f, e);
            DoubleVector z = near.div(near.add(2));
            DoubleVector w = z.mul(z);
            DoubleVector sum = w.mul(LOG_4)
                    .add(LOG_3)
                    .mul(w)
                    .add(LOG_2)
                    .mul(w)
                    .add(LOG_1)
                    .mul(w)
                    .add(LOG_0);
            DoubleVector part = z.mul(sum.mul(w).add(2));
            DoubleVector log =
                    DoubleVector.broadcast(WIDE, BIASED).sub(k).mul(-LN2).add(part);
            DoubleVector.broadcast(WIDE, Double.NaN)
                    .blend(log, v.compare(VectorOperators.GT, 0))
                    .blend(Double.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0))
                    .blend(Double.POSITIVE_INFINITY, v.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY))
                    .intoArray(y, e);
        }
        return y;
    }

    // ---- functions ----

    private static void elu(float[] x, int i, float[] y, int j, int n) {
        double[][] split = Float32Exp.split(1, EXPM1_MIN, -0f, x, i, n);
        double[] power = split[0];
        double[] fraction = split[1];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector scale = DoubleVector.fromArray(WIDE, power, e);
            DoubleVector one = DoubleVector.broadcast(WIDE, 1);
            DoubleVector m =
                    scale.mul(DoubleVector.fromArray(WIDE, fraction, e)).sub(one.sub(scale));
            NARROW_TYPE
                    .cast(v.max(-0.0).add(m).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(y, j + e);
        }
    }

    private static void expm1(float[] x, int i, float[] y, int j, int n) {
        double[] argument = Buffers.get()[0];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            v.intoArray(argument, e);
        }
        double[][] split = Float32Exp.split(EXPM1_MIN, EXPM1_MAX, n);
        double[] power = split[0];
        double[] fraction = split[1];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector scale = DoubleVector.fromArray(WIDE, power, e);
            DoubleVector one = DoubleVector.broadcast(WIDE, 1);
            DoubleVector m =
                    scale.mul(DoubleVector.fromArray(WIDE, fraction, e)).sub(one.sub(scale));
            NARROW_TYPE.cast(m.convertShape(VectorOperators.D2F, NARROW, 0)).intoArray(y, j + e);
        }
    }

    private static void gelu(float[] x, int i, float[] y, int j, int n) {
        double[] cdf = normalCdf(x, i, n)[0];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            NARROW_TYPE
                    .cast(v.mul(DoubleVector.fromArray(WIDE, cdf, e)).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(y, j + e);
        }
    }

    private static void geluTanh(float[] x, int i, float[] y, int j, int n) {
        double[] argument = Buffers.get()[0];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            v.neg().mul(v.mul(v).mul(GELU_CUBIC).add(GELU_SCALE)).intoArray(argument, e);
        }
        double[][] split = Float32Exp.split(EXP_MIN, EXP_MAX, n);
        double[] power = split[0];
        double[] fraction = split[1];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector p = DoubleVector.fromArray(WIDE, power, e)
                    .mul(DoubleVector.fromArray(WIDE, fraction, e).add(1));
            NARROW_TYPE
                    .cast(v.div(p.add(1)).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(y, j + e);
        }
    }

    private static void log(float[] x, int i, float[] y, int j, int n) {
        double[] argument = Buffers.get()[0];
        double[] fraction = Buffers.get()[1];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            LongVector bits = v.reinterpretAsLongs();
            v.intoArray(argument, e);
            bits.sub(bits.add(ONE - ROOT_HALF).and(EXPONENT))
                    .add(ONE)
                    .reinterpretAsDoubles()
                    .sub(1)
                    .intoArray(fraction, e);
        }
        double[] log = logOf(n);
        for (int e = 0; e < n; e += LANES) {
            NARROW_TYPE
                    .cast(DoubleVector.fromArray(WIDE, log, e).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(y, j + e);
        }
    }

    private static void log1p(float[] x, int i, float[] y, int j, int n) {
        double[] argument = Buffers.get()[0];
        double[] fraction = Buffers.get()[1];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector sum = v.add(1);
            LongVector bits = sum.reinterpretAsLongs();
            DoubleVector significand =
                    bits.sub(bits.add(ONE - ROOT_HALF).and(EXPONENT)).add(ONE).reinterpretAsDoubles();
            DoubleVector near = v.min(1);
            DoubleVector lost = near.sub(near.add(1).sub(1));
            sum.intoArray(argument, e);
            lost.sub(DoubleVector.broadcast(WIDE, 1).sub(significand)).intoArray(fraction, e);
        }
        double[] log = logOf(n);
        for (int e = 0; e < n; e += LANES) {
            NARROW_TYPE
                    .cast(DoubleVector.fromArray(WIDE, log, e).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(y, j + e);
        }
    }

    private static void logSigmoid(float[] x, int i, float[] y, int j, int n) {
        double[] tail = log1pOfTail(x, i, n);
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            NARROW_TYPE
                    .cast(v.min(0)
                            .sub(DoubleVector.fromArray(WIDE, tail, e))
                            .convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(y, j + e);
        }
    }

    private static void mish(float[] x, int i, float[] y, int j, int n) {
        double[][] split = Float32Exp.split(1, SPLIT_MIN, MISH_MAX, x, i, n);
        double[] power = split[0];
        double[] fraction = split[1];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector p = DoubleVector.fromArray(WIDE, power, e)
                    .mul(DoubleVector.fromArray(WIDE, fraction, e).add(1));
            DoubleVector product = p.mul(p.add(2));
            NARROW_TYPE
                    .cast(v.mul(product.div(product.add(2))).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(y, j + e);
        }
    }

    private static void selu(float[] x, int i, float[] y, int j, int n) {
        double[][] split = Float32Exp.split(1, EXPM1_MIN, -0f, x, i, n);
        double[] power = split[0];
        double[] fraction = split[1];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector scale = DoubleVector.fromArray(WIDE, power, e);
            DoubleVector one = DoubleVector.broadcast(WIDE, 1);
            DoubleVector m =
                    scale.mul(DoubleVector.fromArray(WIDE, fraction, e)).sub(one.sub(scale));
            DoubleVector above = v.max(-0.0).mul(SELU_SCALE);
            NARROW_TYPE
                    .cast(above.add(m.mul(SELU_SCALE_ALPHA)).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(y, j + e);
        }
    }

    private static void sigmoid(float[] x, int i, float[] y, int j, int n) {
        Float32Exp.Parts parts = Float32Exp.parts(-1, SPLIT_MIN, SPLIT_MAX, x, i, n);
        for (int e = 0; e < n; e += LANES) {
            IntVector bits = FloatVector.fromArray(NARROW, parts.rounded(), e).reinterpretAsInts();
            DoubleVector power = ((LongVector) bits.convertShape(VectorOperators.I2L, LONGS, 0))
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles();
            DoubleVector high = (DoubleVector)
                    FloatVector.fromArray(NARROW, parts.high(), e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector low = (DoubleVector)
                    FloatVector.fromArray(NARROW, parts.low(), e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector p = power.mul(high.sub(low).add(1));
            DoubleVector one = DoubleVector.broadcast(WIDE, 1);
            NARROW_TYPE
                    .cast(one.div(p.add(1)).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(y, j + e);
        }
    }

    private static void silu(float[] x, int i, float[] y, int j, int n) {
        Float32Exp.Parts parts = Float32Exp.parts(-1, SPLIT_MIN, SPLIT_MAX, x, i, n);
        for (int e = 0; e < n; e += LANES) {
            IntVector bits = FloatVector.fromArray(NARROW, parts.rounded(), e).reinterpretAsInts();
            DoubleVector power = ((LongVector) bits.convertShape(VectorOperators.I2L, LONGS, 0))
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles();
            DoubleVector high = (DoubleVector)
                    FloatVector.fromArray(NARROW, parts.high(), e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector low = (DoubleVector)
                    FloatVector.fromArray(NARROW, parts.low(), e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector p = power.mul(high.sub(low).add(1));
            NARROW_TYPE
                    .cast(v.div(p.add(1)).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(y, j + e);
        }
    }

    private static void softplus(float[] x, int i, float[] y, int j, int n) {
        double[] tail = log1pOfTail(x, i, n);
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            NARROW_TYPE
                    .cast(v.max(0)
                            .add(DoubleVector.fromArray(WIDE, tail, e))
                            .convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(y, j + e);
        }
    }

    private static void tanh(float[] x, int i, float[] y, int j, int n) {
        Float32Exp.Parts parts = Float32Exp.parts(2, EXPM1_MIN, EXPM1_MAX, x, i, n);
        for (int e = 0; e < n; e += LANES) {
            IntVector bits = FloatVector.fromArray(NARROW, parts.rounded(), e).reinterpretAsInts();
            DoubleVector power = ((LongVector) bits.convertShape(VectorOperators.I2L, LONGS, 0))
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles();
            DoubleVector high = (DoubleVector)
                    FloatVector.fromArray(NARROW, parts.high(), e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector low = (DoubleVector)
                    FloatVector.fromArray(NARROW, parts.low(), e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector one = DoubleVector.broadcast(WIDE, 1);
            DoubleVector m = power.mul(high.sub(low)).sub(one.sub(power));
            NARROW_TYPE
                    .cast(m.div(m.add(2)).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(y, j + e);
        }
    }

    // ---- gradients ----

    private static void geluGradient(float[] g, int i, float[] x, int j, float[] z, int k, int n) {
        double[][] parts = normalCdf(x, j, n);
        double[] cdf = parts[0];
        double[] power = parts[1];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, j + e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector density = DoubleVector.fromArray(WIDE, power, e).mul(DENSITY_AT_0);
            DoubleVector slope = DoubleVector.fromArray(WIDE, cdf, e).add(v.mul(density));
            DoubleVector upstream =
                    (DoubleVector) FloatVector.fromArray(NARROW, g, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            NARROW_TYPE
                    .cast(upstream.mul(slope).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(z, k + e);
        }
    }

    private static void geluTanhGradient(float[] g, int i, float[] x, int j, float[] z, int k, int n) {
        double[] argument = Buffers.get()[0];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, j + e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector near = v.max(-50).min(50);
            near.neg().mul(near.mul(near).mul(GELU_CUBIC).add(GELU_SCALE)).intoArray(argument, e);
        }
        double[][] split = Float32Exp.split(EXP_MIN, EXP_MAX, n);
        double[] power = split[0];
        double[] fraction = split[1];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, j + e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector p = DoubleVector.fromArray(WIDE, power, e)
                    .mul(DoubleVector.fromArray(WIDE, fraction, e).add(1));
            DoubleVector one = DoubleVector.broadcast(WIDE, 1);
            DoubleVector near = v.max(-50).min(50);
            DoubleVector s = one.div(p.add(1));
            DoubleVector inner = near.mul(near).mul(3 * GELU_CUBIC).add(GELU_SCALE);
            DoubleVector slope = s.add(near.mul(s).mul(one.sub(s)).mul(inner));
            DoubleVector upstream =
                    (DoubleVector) FloatVector.fromArray(NARROW, g, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            NARROW_TYPE
                    .cast(upstream.mul(slope).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(z, k + e);
        }
    }

    private static void mishGradient(float[] g, int i, float[] x, int j, float[] z, int k, int n) {
        double[][] split = Float32Exp.split(1, SPLIT_MIN, MISH_MAX, x, j, n);
        double[] power = split[0];
        double[] fraction = split[1];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, j + e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector p = DoubleVector.fromArray(WIDE, power, e)
                    .mul(DoubleVector.fromArray(WIDE, fraction, e).add(1));
            DoubleVector one = DoubleVector.broadcast(WIDE, 1);
            DoubleVector product = p.mul(p.add(2));
            DoubleVector t = product.div(product.add(2));
            DoubleVector s = p.div(p.add(1));
            DoubleVector slope = t.add(v.mul(s).mul(one.sub(t.mul(t))));
            DoubleVector upstream =
                    (DoubleVector) FloatVector.fromArray(NARROW, g, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            NARROW_TYPE
                    .cast(upstream.mul(slope).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(z, k + e);
        }
    }

    private static void siluGradient(float[] g, int i, float[] x, int j, float[] z, int k, int n) {
        double[][] split = Float32Exp.split(-1, SPLIT_MIN, SPLIT_MAX, x, j, n);
        double[] power = split[0];
        double[] fraction = split[1];
        for (int e = 0; e < n; e += LANES) {
            DoubleVector v =
                    (DoubleVector) FloatVector.fromArray(NARROW, x, j + e).convertShape(VectorOperators.F2D, WIDE, 0);
            DoubleVector p = DoubleVector.fromArray(WIDE, power, e)
                    .mul(DoubleVector.fromArray(WIDE, fraction, e).add(1));
            DoubleVector one = DoubleVector.broadcast(WIDE, 1);
            DoubleVector s = one.div(p.add(1));
            DoubleVector slope = s.add(v.mul(s).mul(one.sub(s)));
            DoubleVector upstream =
                    (DoubleVector) FloatVector.fromArray(NARROW, g, i + e).convertShape(VectorOperators.F2D, WIDE, 0);
            NARROW_TYPE
                    .cast(upstream.mul(slope).convertShape(VectorOperators.D2F, NARROW, 0))
                    .intoArray(z, k + e);
        }
    }
}
