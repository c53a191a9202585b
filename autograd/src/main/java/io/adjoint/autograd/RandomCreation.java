package io.adjoint.autograd;

import static io.adjoint.core.DType.FLOAT64;

import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Distributions;
import io.adjoint.core.NdArray;
import io.adjoint.core.SamplingKernels;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;

/**
 * Tensors of random numbers: the static methods that {@link Tensor} inherits. All are constants. Numbers are drawn from the generator
 * element by element in row-major order, in double whatever the dtype, so that a seed fixes them, on every JDK: of the generator only
 * {@code nextLong()} is called, once for each number. ({@code multinomial} without replacement calls it once for each weight.)
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the class is public so that reflection can call them.
 */
public abstract sealed class RandomCreation permits Creation {
    RandomCreation() {}

    /** A FLOAT64 tensor drawn evenly from {@code [0, 1)}, with the given sizes. */
    public static Tensor rand(RandomGenerator random, int... sizes) {
        return rand(FLOAT64, random, sizes);
    }

    /** A FLOAT64 tensor drawn evenly from {@code [0, 1)}. */
    public static Tensor rand(Shape shape, RandomGenerator random) {
        return rand(FLOAT64, shape, random);
    }

    /** A floating tensor drawn evenly from {@code [0, 1)}, with the given sizes. */
    public static Tensor rand(DType dtype, RandomGenerator random, int... sizes) {
        return rand(dtype, Shape.of("rand", sizes), random);
    }

    /** A floating tensor drawn evenly from {@code [0, 1)}. */
    public static Tensor rand(DType dtype, Shape shape, RandomGenerator random) {
        return evenly("rand", dtype, shape, 0, 1, random);
    }

    /**
     * A FLOAT64 tensor drawn from the standard normal distribution, with the given sizes: 63 bits of a {@code nextLong()} are inverted by
     * M. J. Wichura's algorithm AS 241 (1988), and the lowest is the sign. The largest magnitude is 9.16.
     *
     * <p>{@code Tensor.randn(new Generator(1), 4) // [-1.31536328, -1.14334523, 0.12585198, 1.14120857]}
     */
    public static Tensor randn(RandomGenerator random, int... sizes) {
        return randn(FLOAT64, random, sizes);
    }

    /** A FLOAT64 tensor drawn from the standard normal distribution. */
    public static Tensor randn(Shape shape, RandomGenerator random) {
        return randn(FLOAT64, shape, random);
    }

    /** A floating tensor drawn from the standard normal distribution, with the given sizes. */
    public static Tensor randn(DType dtype, RandomGenerator random, int... sizes) {
        return randn(dtype, Shape.of("randn", sizes), random);
    }

    /** A floating tensor drawn from the standard normal distribution. */
    public static Tensor randn(DType dtype, Shape shape, RandomGenerator random) {
        return normally("randn", dtype, shape, 0, 1, random);
    }

    /** As {@link #uniform(DType, Shape, double, double, RandomGenerator)}, FLOAT64 and with the given sizes. */
    public static Tensor uniform(double low, double high, RandomGenerator random, int... sizes) {
        return uniform(FLOAT64, low, high, random, sizes);
    }

    /** As {@link #uniform(DType, Shape, double, double, RandomGenerator)}, FLOAT64. */
    public static Tensor uniform(Shape shape, double low, double high, RandomGenerator random) {
        return uniform(FLOAT64, shape, low, high, random);
    }

    /** As {@link #uniform(DType, Shape, double, double, RandomGenerator)}, with the given sizes. */
    public static Tensor uniform(DType dtype, double low, double high, RandomGenerator random, int... sizes) {
        return uniform(dtype, Shape.of("uniform", sizes), low, high, random);
    }

    /**
     * A floating tensor drawn evenly from {@code [low, high)}; if both are the same, of that number.
     *
     * @throws IllegalArgumentException if a bound is not finite, {@code low > high}, or no FLOAT32 number lies between them
     */
    public static Tensor uniform(DType dtype, Shape shape, double low, double high, RandomGenerator random) {
        return evenly("uniform", dtype, shape, low, high, random);
    }

    private static Tensor evenly(String op, DType dtype, Shape shape, double low, double high, RandomGenerator random) {
        requireFloating(op, dtype);
        if (!(low <= high) || Double.isInfinite(high - low)) {
            throw new IllegalArgumentException(
                    op + ": expected finite bounds low <= high, got " + low + " and " + high);
        }
        // A number just below the upper bound would be rounded to it, and in FLOAT32 one just above the lower bound to
        // below it.
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

    /** As {@link #normal(DType, Shape, double, double, RandomGenerator)}, FLOAT64 and with the given sizes. */
    public static Tensor normal(double mean, double std, RandomGenerator random, int... sizes) {
        return normal(FLOAT64, mean, std, random, sizes);
    }

    /** As {@link #normal(DType, Shape, double, double, RandomGenerator)}, FLOAT64. */
    public static Tensor normal(Shape shape, double mean, double std, RandomGenerator random) {
        return normal(FLOAT64, shape, mean, std, random);
    }

    /** As {@link #normal(DType, Shape, double, double, RandomGenerator)}, with the given sizes. */
    public static Tensor normal(DType dtype, double mean, double std, RandomGenerator random, int... sizes) {
        return normal(dtype, Shape.of("normal", sizes), mean, std, random);
    }

    /**
     * A floating tensor drawn from the normal distribution of a mean and a standard deviation.
     *
     * @throws IllegalArgumentException if the mean is not finite, or the standard deviation is negative or not finite
     */
    public static Tensor normal(DType dtype, Shape shape, double mean, double std, RandomGenerator random) {
        return normally("normal", dtype, shape, mean, std, random);
    }

    private static void requireFloating(String op, DType dtype) {
        if (!dtype.isFloating()) {
            throw new DTypeException(op + ": expected FLOAT64 or FLOAT32, got " + dtype
                    + "; name one of them, or draw integers with randint");
        }
    }

    private static Tensor normally(
            String op, DType dtype, Shape shape, double mean, double std, RandomGenerator random) {
        requireFloating(op, dtype);
        if (!Double.isFinite(mean) || !(std >= 0 && Double.isFinite(std))) {
            throw new IllegalArgumentException(
                    op + ": expected a finite mean and a finite standard deviation from 0 on, got " + mean + " and "
                            + std);
        }
        return Tensor.of(NdArray.generate(dtype, shape, k -> mean + std * Distributions.normal(random)));
    }

    /** As {@link #randint(Shape, int, int, RandomGenerator)}, with the given sizes. */
    public static Tensor randint(int low, int high, RandomGenerator random, int... sizes) {
        return randint(Shape.of("randint", sizes), low, high, random);
    }

    /**
     * An INT32 tensor drawn evenly from the numbers {@code low} (inclusive) to {@code high} (exclusive).
     *
     * @throws IllegalArgumentException if there are none
     */
    public static Tensor randint(Shape shape, int low, int high, RandomGenerator random) {
        if (low >= high) {
            throw new IllegalArgumentException("randint: expected low < high, got " + low + " and " + high);
        }
        return Tensor.of(NdArray.generate(DType.INT32, shape, k -> Distributions.integer(random, low, high)));
    }

    /**
     * A tensor of ones and zeros, of the probabilities' shape and dtype: each element is 1 with its probability.
     *
     * @throws IllegalArgumentException if one is not between 0 and 1
     */
    public static Tensor bernoulli(Tensor probabilities, RandomGenerator random) {
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

    /** The INT32 numbers 0 to n − 1 in a random order, each order as likely as the others. */
    public static Tensor permutation(int n, RandomGenerator random) {
        return Tensor.of(SamplingKernels.permutation(n, random));
    }

    /**
     * INT32 indices drawn in proportion to weights, {@code count} for a vector, or for each row of a matrix.
     *
     * @param weights from 0 on; their sum need not be 1
     * @param replacement whether an index may be drawn again
     * @throws IllegalArgumentException if a weight is negative, infinite or NaN, or too few are positive
     */
    public static Tensor multinomial(Tensor weights, int count, boolean replacement, RandomGenerator random) {
        return Tensor.of(SamplingKernels.multinomial(weights.data(), count, replacement, random));
    }
}
