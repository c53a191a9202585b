package io.adjoint.distributions;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.math.Distributions;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/** Draws arrays of random numbers, one number after the other in row-major order, so that a generator's state determines all of them. */
final class Draws {
    private Draws() {}

    /** A random number of a distribution with one parameter. */
    interface OfOne {
        double draw(double a, RandomGenerator generator);
    }

    /** A random number of a distribution with three parameters. */
    interface OfThree {
        double draw(double a, double b, double c, RandomGenerator generator);
    }

    /** Numbers of a standard distribution. */
    static Tensor standard(
            DType dtype, Shape shape, RandomGenerator generator, ToDoubleFunction<RandomGenerator> number) {
        return Tensor.of(NdArray.generate(dtype, shape, k -> number.applyAsDouble(generator)));
    }

    /** Uniform numbers in (0, 1). */
    static Tensor uniform(DType dtype, Shape shape, RandomGenerator generator) {
        // Rounding to FLOAT32 must not give 1.
        double largest = dtype == DType.FLOAT32 ? Math.nextDown(1f) : 1;
        return standard(dtype, shape, generator, g -> Math.min(Distributions.openUniform(g), largest));
    }

    /** The smallest number of a dtype that has all its digits: samples are not 0 where densities may be infinite. */
    static double least(DType dtype) {
        return dtype == DType.FLOAT32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    }

    /** Numbers whose parameters are the elements of an array of the batch's shape; the shape of the samples ends in it. */
    static NdArray draw(NdArray a, Shape shape, RandomGenerator generator, OfOne number) {
        double[] as = a.toDoubleArray();
        return drawn(a, shape, k -> number.draw(as[k], generator));
    }

    /** As {@link #draw(NdArray, Shape, RandomGenerator, OfOne)}, of three arrays of one shape. */
    static NdArray draw(NdArray a, NdArray b, NdArray c, Shape shape, RandomGenerator generator, OfThree number) {
        double[] as = a.toDoubleArray();
        double[] bs = b.toDoubleArray();
        double[] cs = c.toDoubleArray();
        return drawn(a, shape, k -> number.draw(as[k], bs[k], cs[k], generator));
    }

    private static NdArray drawn(NdArray a, Shape shape, IntToDoubleFunction number) {
        int n = a.size();
        return NdArray.generate(a.dtype(), shape, k -> number.applyAsDouble(k % n));
    }
}
