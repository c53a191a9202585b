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
 * {@code requiresGrad(true)} away. What is random is drawn from the generator element by element in row-major order, in double
 * whatever the dtype, so that a seed fixes it.
 */
abstract sealed class Creation permits Tensor {
    Creation() {}

    // ---- of one value ----

    /** A FLOAT64 tensor of zeros with the given sides. */
    public static Tensor zeros(int... sides) {
        return zeros(FLOAT64, sides);
    }

    /** A tensor of zeros with the given sides. */
    public static Tensor zeros(DType dtype, int... sides) {
        return Tensor.of(NdArray.zeros(dtype, Shape.of(sides)));
    }

    /** A FLOAT64 tensor of ones with the given sides. */
    public static Tensor ones(int... sides) {
        return ones(FLOAT64, sides);
    }

    /** A tensor of ones with the given sides. */
    public static Tensor ones(DType dtype, int... sides) {
        return full(dtype, 1, sides);
    }

    /** A FLOAT64 tensor of one value with the given sides. */
    public static Tensor full(double value, int... sides) {
        return full(FLOAT64, value, sides);
    }

    /**
     * A tensor of one value with the given sides.
     *
     * @throws IllegalArgumentException if the dtype is INT32 and the value none
     */
    public static Tensor full(DType dtype, double value, int... sides) {
        requireRepresentable("full", dtype, value);
        return Tensor.of(NdArray.full(dtype, Shape.of(sides), value));
    }

    /** A tensor of zeros with another's shape and dtype. */
    public static Tensor zerosLike(Tensor other) {
        return zeros(other.dtype(), other.shape().toArray());
    }

    /** A tensor of ones with another's shape and dtype. */
    public static Tensor onesLike(Tensor other) {
        return ones(other.dtype(), other.shape().toArray());
    }

    /** A tensor of one value with another's shape and dtype. */
    public static Tensor fullLike(Tensor other, double value) {
        return full(other.dtype(), value, other.shape().toArray());
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

    /** A FLOAT64 tensor drawn evenly from {@code [0, 1)}. */
    public static Tensor rand(RandomGenerator random, int... sides) {
        return rand(FLOAT64, random, sides);
    }

    /** A floating tensor drawn evenly from {@code [0, 1)}. */
    public static Tensor rand(DType dtype, RandomGenerator random, int... sides) {
        dtype.requireFloating("rand");
        // A double just below 1 would be rounded to the float 1.
        double grid = dtype == DType.FLOAT32 ? 0x1p24 : 0x1p53;
        return Tensor.of(NdArray.generate(dtype, Shape.of(sides), k -> Math.floor(random.nextDouble() * grid) / grid));
    }

    /** A FLOAT64 tensor drawn from the standard normal distribution. */
    public static Tensor randn(RandomGenerator random, int... sides) {
        return randn(FLOAT64, random, sides);
    }

    /** A floating tensor drawn from the standard normal distribution. */
    public static Tensor randn(DType dtype, RandomGenerator random, int... sides) {
        dtype.requireFloating("randn");
        return Tensor.of(NdArray.generate(dtype, Shape.of(sides), k -> random.nextGaussian()));
    }

    /**
     * An INT32 tensor drawn evenly from the numbers {@code low} (inclusive) to {@code high} (exclusive).
     *
     * @throws IllegalArgumentException if there are none
     */
    public static Tensor randint(RandomGenerator random, int low, int high, int... sides) {
        if (low >= high) {
            throw new IllegalArgumentException("randint: expected low < high, got " + low + " and " + high);
        }
        return Tensor.of(NdArray.generate(DType.INT32, Shape.of(sides), k -> random.nextInt(low, high)));
    }

    /**
     * A tensor of ones and zeros, of the probabilities' shape and dtype: each element is 1 with its probability.
     *
     * @throws IllegalArgumentException if one is not between 0 and 1
     */
    public static Tensor bernoulli(RandomGenerator random, Tensor probabilities) {
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
    public static Tensor permutation(RandomGenerator random, int n) {
        return Tensor.of(Sampling.permutation(n, random));
    }

    /**
     * INT32 indices drawn in proportion to weights, {@code count} for a vector, or for each row of a matrix.
     *
     * @param weights from 0 on; their sum need not be 1
     * @param replacement whether an index may be drawn again
     * @throws IllegalArgumentException if a weight is negative, infinite or NaN, or too few are positive
     */
    public static Tensor multinomial(RandomGenerator random, Tensor weights, int count, boolean replacement) {
        return Tensor.of(Sampling.multinomial(weights.data(), count, replacement, random));
    }

    private static void requireRepresentable(String op, DType dtype, double value) {
        if (!dtype.isFloating() && value != (int) value) {
            throw new IllegalArgumentException(
                    op + ": " + value + " is no INT32; name FLOAT64 or FLOAT32 for the tensor");
        }
    }
}
