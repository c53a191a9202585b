package io.adjoint.autograd;

import static io.adjoint.core.DType.FLOAT64;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Sampling;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.random.RandomGenerator;

/**
 * Tensors made of nothing but numbers: the static methods that {@link Tensor} inherits. All are constants; a parameter is a
 * {@code requiresGrad(true)} away. The dtype is the first argument; then come the shape, the values and the generator, and last, in
 * place of a shape, its sizes. What is random is drawn from the generator element by element in row-major order, in double
 * whatever the dtype, so that a seed fixes it.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the class is public so that reflection can call them.
 */
public abstract sealed class Creation permits Tensor {
    Creation() {}

    // ---- of one value ----

    /** A FLOAT64 tensor of zeros with the given sizes. */
    public static Tensor zeros(int... sizes) {
        return zeros(FLOAT64, sizes);
    }

    /** A FLOAT64 tensor of zeros. */
    public static Tensor zeros(Shape shape) {
        return zeros(FLOAT64, shape);
    }

    /** A tensor of zeros with the given sizes. */
    public static Tensor zeros(DType dtype, int... sizes) {
        return zeros(dtype, Shape.of(sizes));
    }

    /** A tensor of zeros. */
    public static Tensor zeros(DType dtype, Shape shape) {
        return Tensor.of(NdArray.zeros(dtype, shape));
    }

    /** A FLOAT64 tensor of ones with the given sizes. */
    public static Tensor ones(int... sizes) {
        return ones(FLOAT64, sizes);
    }

    /** A FLOAT64 tensor of ones. */
    public static Tensor ones(Shape shape) {
        return ones(FLOAT64, shape);
    }

    /** A tensor of ones with the given sizes. */
    public static Tensor ones(DType dtype, int... sizes) {
        return ones(dtype, Shape.of(sizes));
    }

    /** A tensor of ones. */
    public static Tensor ones(DType dtype, Shape shape) {
        return full(dtype, shape, 1);
    }

    /** A FLOAT64 tensor of one value with the given sizes. */
    public static Tensor full(double value, int... sizes) {
        return full(FLOAT64, value, sizes);
    }

    /** A FLOAT64 tensor of one value. */
    public static Tensor full(Shape shape, double value) {
        return full(FLOAT64, shape, value);
    }

    /** As {@link #full(DType, Shape, double)}, with the given sizes. */
    public static Tensor full(DType dtype, double value, int... sizes) {
        return full(dtype, Shape.of(sizes), value);
    }

    /**
     * A tensor of one value.
     *
     * @throws IllegalArgumentException if the dtype is INT32 and the value none
     */
    public static Tensor full(DType dtype, Shape shape, double value) {
        requireRepresentable("full", dtype, value);
        return Tensor.of(NdArray.full(dtype, shape, value));
    }

    /** A tensor of zeros with another's shape and dtype. */
    public static Tensor zerosLike(Tensor other) {
        return zeros(other.dtype(), other.shape());
    }

    /** A tensor of ones with another's shape and dtype. */
    public static Tensor onesLike(Tensor other) {
        return ones(other.dtype(), other.shape());
    }

    /** A tensor of one value with another's shape and dtype. */
    public static Tensor fullLike(Tensor other, double value) {
        return full(other.dtype(), other.shape(), value);
    }

    // ---- of values that follow a law ----

    /** The FLOAT64 vector {@code 0, 1, 2 …} of what is less than {@code end}. */
    public static Tensor arange(double end) {
        return arange(0, end);
    }

    /** The FLOAT64 vector {@code start, start + 1 …} of what is less than {@code end}. */
    public static Tensor arange(double start, double end) {
        return arange(start, end, 1);
    }

    /** The FLOAT64 vector {@code start, start + step …} of what is before {@code end}; the step may be negative. */
    public static Tensor arange(double start, double end, double step) {
        return arange(FLOAT64, start, end, step);
    }

    /**
     * The vector {@code start, start + step …} of what is before {@code end}; the step may be negative.
     *
     * @throws IllegalArgumentException if a number is not finite, the step is 0 or leads away from the end, or the dtype is INT32 and
     *     start or step is none
     */
    public static Tensor arange(DType dtype, double start, double end, double step) {
        double count = Math.ceil((end - start) / step);
        if (!Double.isFinite(count) || !Double.isFinite(step) || count < 0) {
            throw new IllegalArgumentException(
                    "arange: expected finite numbers, and a step that leads from start to end; got start " + start
                            + ", end " + end + " and step " + step);
        }
        if (count > Integer.MAX_VALUE) {
            throw new ShapeException("arange: from " + start + " to " + end + " by " + step
                    + " are more than 2147483647 elements, the most that a Java array holds");
        }
        requireRepresentable("arange", dtype, start);
        requireRepresentable("arange", dtype, step);
        requireRepresentable("arange", dtype, count == 0 ? start : start + (count - 1) * step);
        return Tensor.of(NdArray.generate(dtype, Shape.of((int) count), k -> start + k * step));
    }

    /** The FLOAT64 vector of {@code count} numbers from {@code start} to {@code end}, both included, at equal distances. */
    public static Tensor linspace(double start, double end, int count) {
        return linspace(FLOAT64, start, end, count);
    }

    /** The vector of {@code count} numbers from {@code start} to {@code end}, both included, at equal distances; of one, the start. */
    public static Tensor linspace(DType dtype, double start, double end, int count) {
        dtype.requireFloating("linspace");
        if (!Double.isFinite(end - start) || count < 0) {
            throw new IllegalArgumentException("linspace: expected finite ends and a count from 0 on, got " + start
                    + ", " + end + " and " + count);
        }
        double step = (end - start) / (count - 1);
        // From the nearer end, so that both are exact.
        return Tensor.of(NdArray.generate(
                dtype,
                Shape.of(count),
                k -> k < count - k ? start + (k == 0 ? 0 : k * step) : end - (count - 1 - k) * step));
    }

    /** The FLOAT64 identity matrix. */
    public static Tensor eye(int n) {
        return eye(FLOAT64, n, n);
    }

    /** The FLOAT64 matrix with ones on its main diagonal, else zeros. */
    public static Tensor eye(int rows, int columns) {
        return eye(FLOAT64, rows, columns);
    }

    /** The matrix with ones on its main diagonal, else zeros. */
    public static Tensor eye(DType dtype, int rows, int columns) {
        return Tensor.of(NdArray.generate(dtype, Shape.of(rows, columns), k -> k / columns == k % columns ? 1 : 0));
    }

    /**
     * A copy of a Java array of {@code double}, {@code float} or {@code int} of any rank, such as a {@code double[][][]}, in that dtype.
     *
     * @throws IllegalArgumentException if this is no such array
     * @throws ShapeException if the arrays in it are not equally long, or one is null
     */
    public static Tensor fromArray(Object array) {
        return Tensor.of(NdArray.fromArray(array));
    }

    // ---- of random values ----

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
        return rand(dtype, Shape.of(sizes), random);
    }

    /** A floating tensor drawn evenly from {@code [0, 1)}. */
    public static Tensor rand(DType dtype, Shape shape, RandomGenerator random) {
        return evenly("rand", dtype, shape, 0, 1, random);
    }

    /** A FLOAT64 tensor drawn from the standard normal distribution, with the given sizes. */
    public static Tensor randn(RandomGenerator random, int... sizes) {
        return randn(FLOAT64, random, sizes);
    }

    /** A FLOAT64 tensor drawn from the standard normal distribution. */
    public static Tensor randn(Shape shape, RandomGenerator random) {
        return randn(FLOAT64, shape, random);
    }

    /** A floating tensor drawn from the standard normal distribution, with the given sizes. */
    public static Tensor randn(DType dtype, RandomGenerator random, int... sizes) {
        return randn(dtype, Shape.of(sizes), random);
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
        return uniform(dtype, Shape.of(sizes), low, high, random);
    }

    /**
     * A floating tensor drawn evenly from {@code [low, high)}; if both are the same, of that number.
     *
     * @throws IllegalArgumentException if a bound is not finite or {@code low > high}
     */
    public static Tensor uniform(DType dtype, Shape shape, double low, double high, RandomGenerator random) {
        return evenly("uniform", dtype, shape, low, high, random);
    }

    private static Tensor evenly(String op, DType dtype, Shape shape, double low, double high, RandomGenerator random) {
        dtype.requireFloating(op);
        if (!(low <= high) || Double.isInfinite(high - low)) {
            throw new IllegalArgumentException(
                    op + ": expected finite bounds low <= high, got " + low + " and " + high);
        }
        double belowHigh = dtype == DType.FLOAT32 ? Math.nextDown((float) high) : Math.nextDown(high);
        // A number just below the upper bound would be rounded to it.
        double largest = Math.max(low, belowHigh);
        return Tensor.of(NdArray.generate(
                dtype, shape, k -> Math.min(low + (high - low) * random.nextDouble(), largest)));
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
        return normal(dtype, Shape.of(sizes), mean, std, random);
    }

    /**
     * A floating tensor drawn from the normal distribution of a mean and a standard deviation.
     *
     * @throws IllegalArgumentException if the mean is not finite, or the standard deviation is negative or not finite
     */
    public static Tensor normal(DType dtype, Shape shape, double mean, double std, RandomGenerator random) {
        return normally("normal", dtype, shape, mean, std, random);
    }

    private static Tensor normally(
            String op, DType dtype, Shape shape, double mean, double std, RandomGenerator random) {
        dtype.requireFloating(op);
        if (!Double.isFinite(mean) || !(std >= 0 && Double.isFinite(std))) {
            throw new IllegalArgumentException(
                    op + ": expected a finite mean and a finite standard deviation from 0 on, got " + mean + " and "
                            + std);
        }
        return Tensor.of(NdArray.generate(dtype, shape, k -> mean + std * random.nextGaussian()));
    }

    /** As {@link #randint(Shape, int, int, RandomGenerator)}, with the given sizes. */
    public static Tensor randint(int low, int high, RandomGenerator random, int... sizes) {
        return randint(Shape.of(sizes), low, high, random);
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
        return Tensor.of(NdArray.generate(DType.INT32, shape, k -> random.nextInt(low, high)));
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
                probabilities.dtype(), probabilities.shape(), k -> random.nextDouble() < each[k] ? 1 : 0));
    }

    /** The INT32 numbers 0 to n − 1 in a random order, each order as likely as the others. */
    public static Tensor permutation(int n, RandomGenerator random) {
        return Tensor.of(Sampling.permutation(n, random));
    }

    /**
     * INT32 indices drawn in proportion to weights, {@code count} for a vector, or for each row of a matrix.
     *
     * @param weights from 0 on; their sum need not be 1
     * @param replacement whether an index may be drawn again
     * @throws IllegalArgumentException if a weight is negative, infinite or NaN, or too few are positive
     */
    public static Tensor multinomial(Tensor weights, int count, boolean replacement, RandomGenerator random) {
        return Tensor.of(Sampling.multinomial(weights.data(), count, replacement, random));
    }

    private static void requireRepresentable(String op, DType dtype, double value) {
        if (!dtype.isFloating() && value != (int) value) {
            throw new IllegalArgumentException(
                    op + ": " + value + " is no INT32; name FLOAT64 or FLOAT32 for the tensor");
        }
    }
}
