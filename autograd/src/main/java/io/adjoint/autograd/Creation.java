package io.adjoint.autograd;

import static io.adjoint.core.DType.FLOAT64;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;

/**
 * Tensors made of nothing but numbers: the static methods that {@link Tensor} inherits. All are constants; a parameter is a
 * {@code requiresGrad(true)} away. The dtype is the first argument; then come the shape, the values and the generator, and last,
 * instead of a shape, its sizes.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the class is public so that reflection can call them.
 */
public abstract sealed class Creation extends RandomCreation permits Tensor {
    Creation() {}

    // ---- of given elements ----

    /** A constant over an array. */
    public static Tensor of(NdArray data) {
        return new Tensor(data, null);
    }

    /** A FLOAT64 vector of numbers written one by one; an array keeps its element type. */
    public static Tensor of(double... values) {
        return Tensor.of(NdArray.of(Shape.of(values.length), values));
    }

    /** As {@link #of(double...)}: whole numbers written one by one are FLOAT64, too, in Kotlin and Groovy as in Java. */
    public static Tensor of(int first, int... rest) {
        return Tensor.of(NdArray.generate(DType.FLOAT64, Shape.of(rest.length + 1), k -> k == 0 ? first : rest[k - 1]));
    }

    /** A FLOAT32 vector. */
    public static Tensor of(float[] values) {
        return Tensor.of(NdArray.of(Shape.of(values.length), values));
    }

    /** An INT32 vector, for labels and indices. */
    public static Tensor of(int[] values) {
        return Tensor.of(NdArray.of(Shape.of(values.length), values));
    }

    /** A BOOL vector, a mask. */
    public static Tensor of(boolean[] values) {
        return of(NdArray.of(Shape.of(values.length), values));
    }

    /** A BOOL vector of truth values written one by one. */
    public static Tensor of(boolean first, boolean... rest) {
        return of(NdArray.generate(DType.BOOL, Shape.of(rest.length + 1), k -> (k == 0 ? first : rest[k - 1]) ? 1 : 0));
    }

    /** A FLOAT64 matrix of the given rows, which must be equally long. */
    public static Tensor of(double[][] rows) {
        return fromArray(rows);
    }

    /** A FLOAT32 matrix of the given rows, which must be equally long. */
    public static Tensor of(float[][] rows) {
        return fromArray(rows);
    }

    /** An INT32 matrix of the given rows, which must be equally long. */
    public static Tensor of(int[][] rows) {
        return fromArray(rows);
    }

    /** A BOOL matrix of the given rows, which must be equally long. */
    public static Tensor of(boolean[][] rows) {
        return fromArray(rows);
    }

    /** A FLOAT64 scalar. */
    public static Tensor scalar(double value) {
        return Tensor.of(NdArray.scalar(DType.FLOAT64, value));
    }

    /**
     * A copy of a Java array of {@code double}, {@code float}, {@code int} or {@code boolean} of any rank, such as a
     * {@code double[][][]}, in that dtype.
     *
     * @throws IllegalArgumentException if this is no such array
     * @throws io.adjoint.core.ShapeException if the arrays in it are not equally long, or one is null
     */
    public static Tensor fromArray(Object array) {
        return Tensor.of(NdArray.fromArray(array));
    }

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
        return zeros(dtype, Shape.of("zeros", sizes));
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
        return ones(dtype, Shape.of("ones", sizes));
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
        return full(dtype, Shape.of("full", sizes), value);
    }

    /**
     * A tensor of one value.
     *
     * @throws IllegalArgumentException if an element of the dtype {@linkplain DType#holds cannot be} the value
     */
    public static Tensor full(DType dtype, Shape shape, double value) {
        return Tensor.of(NdArray.full(dtype, shape, value));
    }

    /** A tensor of zeros with another's shape and dtype. */
    public static Tensor zerosLike(Tensor other) {
        return Tensor.of(NdArray.zerosLike(other.data()));
    }

    /** A tensor of ones with another's shape and dtype. */
    public static Tensor onesLike(Tensor other) {
        return Tensor.of(NdArray.onesLike(other.data()));
    }

    /** A tensor of one value with another's shape and dtype. */
    public static Tensor fullLike(Tensor other, double value) {
        return Tensor.of(NdArray.fullLike(other.data(), value));
    }

    // ---- of values that follow a law ----

    /** The FLOAT64 vector {@code 0, 1, 2 …} of the whole numbers less than {@code end}. */
    public static Tensor arange(double end) {
        return arange(0, end);
    }

    /** The FLOAT64 vector {@code start, start + 1 …} up to but without {@code end}. */
    public static Tensor arange(double start, double end) {
        return arange(start, end, 1);
    }

    /** The FLOAT64 vector {@code start, start + step …} up to but without {@code end}; the step may be negative. */
    public static Tensor arange(double start, double end, double step) {
        return arange(FLOAT64, start, end, step);
    }

    /**
     * The vector {@code start, start + step …} up to but without {@code end}; the step may be negative.
     *
     * @throws IllegalArgumentException if a number is not finite, the step is 0 or leads away from the end, or the dtype is INT32 and
     *     start or step is none
     */
    public static Tensor arange(DType dtype, double start, double end, double step) {
        return Tensor.of(NdArray.arange(dtype, start, end, step));
    }

    /** The FLOAT64 vector of {@code count} numbers from {@code start} to {@code end}, both included, at equal distances. */
    public static Tensor linspace(double start, double end, int count) {
        return linspace(FLOAT64, start, end, count);
    }

    /** The vector of {@code count} numbers from {@code start} to {@code end}, both included, at equal distances; of one, the start. */
    public static Tensor linspace(DType dtype, double start, double end, int count) {
        return Tensor.of(NdArray.linspace(dtype, start, end, count));
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
        return Tensor.of(NdArray.eye(dtype, rows, columns));
    }
}
