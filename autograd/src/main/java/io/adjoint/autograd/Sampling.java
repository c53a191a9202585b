package io.adjoint.autograd;

import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.math.Distributions;
import java.util.random.RandomGenerator;

/** Draws tensors of random numbers: checks the distribution's parameters, then draws each element in double, in row-major order. */
final class Sampling {
    private Sampling() {}

    static Tensor uniform(String op, DType dtype, Shape shape, double low, double high, RandomGenerator random) {
        requireFloating(op, dtype);
        if (!(low <= high) || Double.isInfinite(high - low)) {
            throw new IllegalArgumentException(
                    op + ": expected finite bounds low <= high, got " + low + " and " + high);
        }
        // Rounding could turn a number just below the upper bound into the bound and, in FLOAT32, a number just above
        // the lower bound into a number below the bound.
        boolean narrow = dtype == DType.FLOAT32 && low < high;
        double smallest = narrow ? floatFrom(low) : low;
        double largest = narrow ? floatBelow(high) : Math.max(low, Math.nextDown(high));
        if (smallest > largest) {
            throw new IllegalArgumentException(op + ": there is no FLOAT32 number from " + low + " on and below " + high
                    + "; choose bounds further apart, or FLOAT64");
        }
        return Tensor.of(NdArray.generate(dtype, shape, k -> {
            double drawn = low + (high - low) * Distributions.uniform(random);
            return Math.min(Math.max(drawn, smallest), largest);
        }));
    }

    private static float floatFrom(double low) {
        float nearest = (float) low;
        return nearest < low ? Math.nextUp(nearest) : nearest;
    }

    private static float floatBelow(double high) {
        float nearest = (float) high;
        return nearest < high ? nearest : Math.nextDown(nearest);
    }

    static Tensor normal(String op, DType dtype, Shape shape, double mean, double std, RandomGenerator random) {
        requireFloating(op, dtype);
        requireNormal(op, mean, std);
        return Tensor.of(NdArray.generate(dtype, shape, k -> mean + std * Distributions.normal(random)));
    }

    static Tensor normal(Tensor mean, Tensor std, RandomGenerator random) {
        DTypeException.requireSameFloating("normal", mean.dtype(), std.dtype());
        Shape shape = Shape.broadcast("normal", mean.shape(), std.shape());
        double[] means = mean.data().broadcastTo(shape).toDoubleArray();
        double[] stds = std.data().broadcastTo(shape).toDoubleArray();
        for (int k = 0; k < means.length; k++) {
            requireNormal("normal", means[k], stds[k]);
        }
        return Tensor.of(NdArray.generate(mean.dtype(), shape, k -> means[k] + stds[k] * Distributions.normal(random)));
    }

    private static void requireNormal(String op, double mean, double std) {
        if (!Double.isFinite(mean) || !(std >= 0 && Double.isFinite(std))) {
            throw new IllegalArgumentException(
                    op + ": expected a finite mean and a finite standard deviation from 0 on, got " + mean + " and "
                            + std);
        }
    }

    private static void requireFloating(String op, DType dtype) {
        if (!dtype.isFloating()) {
            throw new DTypeException(op + ": expected FLOAT64 or FLOAT32, got " + dtype
                    + "; name one of them, or draw integers with randint");
        }
    }

    static Tensor randint(Shape shape, int low, int high, RandomGenerator random) {
        if (low >= high) {
            throw new IllegalArgumentException("randint: expected low < high, got " + low + " and " + high);
        }
        return Tensor.of(NdArray.generate(DType.INT32, shape, k -> Distributions.integer(random, low, high)));
    }

    static Tensor bernoulli(Tensor probabilities, RandomGenerator random) {
        probabilities.dtype().requireFloating("bernoulli");
        double[] each = probabilities.data().toDoubleArray();
        for (int k = 0; k < each.length; k++) {
            if (!(each[k] >= 0 && each[k] <= 1)) {
                throw new IllegalArgumentException("bernoulli: probabilities are from 0 to 1, but element " + k + " of "
                        + probabilities.shape() + " in row-major order is " + each[k]);
            }
        }
        return Tensor.of(NdArray.generate(
                probabilities.dtype(), probabilities.shape(), k -> Distributions.uniform(random) < each[k] ? 1 : 0));
    }
}
