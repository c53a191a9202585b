package io.adjoint.nn;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.random.RandomGenerator;

/**
 * Initial parameters: leaves that require a gradient. What is random is drawn from the generator element by element in row-major
 * order, in double whatever the dtype, so a FLOAT32 parameter is the rounded FLOAT64 one of the same seed.
 *
 * <p>The methods of Glorot (Xavier) and He (Kaiming) take weights {@code [out, in, k…]}, whose fan-in is {@code in·∏k} and whose
 * fan-out is {@code out·∏k}, and a gain ({@link Gain}).
 */
public final class Init {
    private Init() {}

    /** As {@link Tensor#uniform(DType, Shape, double, double, RandomGenerator)}. */
    public static Tensor uniform(DType dtype, Shape shape, double low, double high, RandomGenerator rng) {
        requireFloating(dtype);
        return Tensor.uniform(dtype, shape, low, high, rng).requiresGrad(true);
    }

    /** As {@link Tensor#normal(DType, Shape, double, double, RandomGenerator)}. */
    public static Tensor normal(DType dtype, Shape shape, double mean, double std, RandomGenerator rng) {
        requireFloating(dtype);
        return Tensor.normal(dtype, shape, mean, std, rng).requiresGrad(true);
    }

    /** All of one value. */
    public static Tensor constant(DType dtype, Shape shape, double value) {
        requireFloating(dtype);
        return Tensor.full(dtype, shape, value).requiresGrad(true);
    }

    /** All 0. */
    public static Tensor zeros(DType dtype, Shape shape) {
        return constant(dtype, shape, 0);
    }

    /** All 1. */
    public static Tensor ones(DType dtype, Shape shape) {
        return constant(dtype, shape, 1);
    }

    /** U(−a, a) with {@code a = gain·√(6 / (fan-in + fan-out))}. */
    public static Tensor xavierUniform(DType dtype, Shape shape, double gain, RandomGenerator rng) {
        return symmetric(dtype, shape, xavier("xavierUniform", shape, gain) * Math.sqrt(3), rng);
    }

    /** N(0, σ²) with {@code σ = gain·√(2 / (fan-in + fan-out))}. */
    public static Tensor xavierNormal(DType dtype, Shape shape, double gain, RandomGenerator rng) {
        return normal(dtype, shape, 0, xavier("xavierNormal", shape, gain), rng);
    }

    /** U(−a, a) with {@code a = gain·√(3 / fan-in)}. */
    public static Tensor kaimingUniform(DType dtype, Shape shape, double gain, RandomGenerator rng) {
        return symmetric(dtype, shape, kaiming("kaimingUniform", shape, gain) * Math.sqrt(3), rng);
    }

    /** N(0, σ²) with {@code σ = gain / √fan-in}. */
    public static Tensor kaimingNormal(DType dtype, Shape shape, double gain, RandomGenerator rng) {
        return normal(dtype, shape, 0, kaiming("kaimingNormal", shape, gain), rng);
    }

    private static Tensor symmetric(DType dtype, Shape shape, double bound, RandomGenerator rng) {
        return uniform(dtype, shape, -bound, bound, rng);
    }

    /** The standard deviation after Glorot: a compromise between forward and backward signal. */
    private static double xavier(String method, Shape shape, double gain) {
        return gain * Math.sqrt(2.0 / (fan(method, shape, 1) + fan(method, shape, 0)));
    }

    /** The standard deviation after He: keeps the variance of the forward signal. */
    private static double kaiming(String method, Shape shape, double gain) {
        return gain / Math.sqrt(fan(method, shape, 1));
    }

    /** The fan-in (axis 1) or fan-out (axis 0) of a weight {@code [out, in, k…]}. */
    private static double fan(String method, Shape shape, int axis) {
        if (shape.rank() < 2 || shape.size() == 0) {
            throw new ShapeException(
                    method + ": a weight [out, in, ...] with at least one element has a fan-in and fan-out, " + shape
                            + " does not");
        }
        return (double) shape.size() / shape.dim(1 - axis);
    }

    private static void requireFloating(DType dtype) {
        if (!dtype.isFloating()) {
            throw new DTypeException("init: a parameter is FLOAT64 or FLOAT32, not " + dtype);
        }
    }
}
