package io.adjoint.autograd.view;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** The elements of an array as a picture shows them: a copy of the elements of a small array, else a summary by norm and mean. */
final class Numbers {
    /** The largest number of elements of an array whose elements are shown one by one. */
    static final int FEW = 8;
    /** The largest number of elements of an array whose elements are kept. */
    static final int MOST = 64;

    private static final int DIGITS = 4;
    private static final int SCALAR_DIGITS = 6;
    private static final double MIN_PLAIN = 1e-4;
    private static final double MAX_PLAIN = 1e7;

    private final Shape shape;
    /** All elements; empty if the array has more than {@link #MOST} elements. */
    private final double[] elements;

    private final double mean;
    private final double norm;

    private Numbers(Shape shape, double... elements) {
        this.shape = shape;
        this.elements = elements.length <= MOST ? elements : new double[0];
        double sum = 0;
        double squares = 0;
        for (double v : elements) {
            sum += v;
            squares += v * v;
        }
        this.mean = sum / elements.length;
        this.norm = Math.sqrt(squares);
    }

    static Numbers of(Tensor tensor) {
        return of(tensor.data());
    }

    static Numbers of(NdArray array) {
        return new Numbers(array.shape(), array.toDoubleArray());
    }

    Shape shape() {
        return shape;
    }

    /** The elements in row-major order; empty if the array has more than {@link #MOST} elements. */
    double[] elements() {
        return elements;
    }

    boolean isFew() {
        return shape.size() <= FEW;
    }

    boolean isSingle() {
        return shape.size() == 1;
    }

    /** A text such as {@code 0.4}, {@code [1, 2]} or {@code [[1, 2], [3, 4]]}; for many elements the shape, norm and mean. */
    @Override
    public String toString() {
        return isFew()
                ? text(0, 0, elements.length)
                : shape + " with norm " + number(norm, DIGITS) + ", mean " + number(mean, DIGITS);
    }

    /** The text in lines: one line for each row of a small matrix, else one line. */
    List<String> rows() {
        if (!isFew()) {
            return List.of("norm " + number(norm, DIGITS) + ", mean " + number(mean, DIGITS));
        }
        if (shape.rank() != 2 || elements.length == 0) {
            return List.of(toString());
        }
        List<String> rows = new ArrayList<>();
        int columns = shape.dim(1);
        for (int at = 0; at < elements.length; at += columns) {
            String row = text(1, at, at + columns);
            rows.add((at == 0 ? "[" : " ") + row + (at + columns == elements.length ? "]" : ","));
        }
        return rows;
    }

    private String text(int axis, int from, int to) {
        if (axis == shape.rank()) {
            return number(elements[from], axis == 0 ? SCALAR_DIGITS : DIGITS);
        }
        List<String> parts = new ArrayList<>();
        int size = shape.dim(axis);
        for (int k = 0; k < size; k++) {
            int length = (to - from) / size;
            parts.add(text(axis + 1, from + k * length, from + (k + 1) * length));
        }
        return "[" + String.join(", ", parts) + "]";
    }

    /** A number in at most 6 significant digits. */
    static String number(double value) {
        return number(value, SCALAR_DIGITS);
    }

    /**
     * A number with at most the given count of significant digits; in scientific notation if the number is small, or large and not a whole
     * number in these digits.
     */
    static String number(double value, int digits) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        double size = Math.abs(rounded.doubleValue());
        if (size >= MIN_PLAIN && (size < MAX_PLAIN || rounded.precision() - rounded.scale() <= digits)) {
            return rounded.toPlainString();
        }
        int exponent = rounded.precision() - rounded.scale() - 1;
        return rounded.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
    }
}
