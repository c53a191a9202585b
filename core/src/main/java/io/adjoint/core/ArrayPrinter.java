package io.adjoint.core;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Prints arrays as NumPy does: in nested brackets, with aligned columns, and each number with the fewest digits that distinguish it from
 * every other number of its type, but at most 8 after the point. All numbers are in scientific notation if a number is very large or very
 * small, or if the numbers differ widely. The text is the same in every locale.
 */
final class ArrayPrinter {
    /** The largest number of elements of an array that is printed in full; in larger arrays the middle of each long axis is left out. */
    private static final int MOST_SHOWN = 1000;

    /** The number of entries printed at either end of an axis whose middle is left out. */
    private static final int EDGE = 3;

    private static final int LINE = 75;
    private static final int DIGITS = 8;

    private final NdArray array;
    private final boolean isElided;
    private final List<Double> shown = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();

    /** The texts of the printed elements, in row-major order. */
    private final List<String> words;

    private int nextWord;

    private ArrayPrinter(NdArray array) {
        this.array = array;
        this.isElided = array.size() > MOST_SHOWN;
        collect(0, array.offset);
        this.words = words();
    }

    static String print(NdArray array) {
        if (array.hasEnded()) {
            return array.dtype + " array of the shape " + array.shape + " that ended with its step";
        }
        array.requireElements();
        if (array.size() == 0) {
            return "[]";
        }
        ArrayPrinter printer = new ArrayPrinter(array);
        if (array.shape.rank() == 0) {
            String word = printer.words.get(0);
            return word.endsWith(".") ? word + "0" : word;
        }
        printer.write(0);
        return printer.out.toString();
    }

    private void collect(int axis, int at) {
        if (axis == array.shape.rank()) {
            shown.add(array.dtype.storage().get(array.elements(), at));
            return;
        }
        int size = array.shape.dims()[axis];
        for (int i = 0; i < size; i = next(size, i)) {
            collect(axis + 1, at + i * array.strides[axis]);
        }
    }

    private int next(int size, int i) {
        return isElided && i == EDGE - 1 && size > 2 * EDGE ? size - EDGE : i + 1;
    }

    private void write(int axis) {
        int size = array.shape.dims()[axis];
        out.append('[');
        for (int i = 0; i < size; i = next(size, i)) {
            if (i > 0) {
                separate(axis);
            }
            if (isInnermost(axis)) {
                word(axis, words.get(nextWord++));
            } else {
                write(axis + 1);
            }
            if (next(size, i) > i + 1) {
                separate(axis);
                word(axis, "...");
            }
        }
        out.append(']');
    }

    private boolean isInnermost(int axis) {
        return axis == array.shape.rank() - 1;
    }

    private void separate(int axis) {
        out.append(',');
        if (isInnermost(axis)) {
            out.append(' ');
        } else {
            out.append("\n".repeat(array.shape.rank() - 1 - axis)).append(" ".repeat(axis + 1));
        }
    }

    private void word(int axis, String word) {
        int indent = axis + 1;
        int length = out.length() - out.lastIndexOf("\n") - 1;
        // A line must have room for a comma or bracket, and for the closing brackets of the outer axes.
        if (isInnermost(axis) && length > indent && length + word.length() > LINE - indent) {
            out.setLength(out.length() - 1);
            out.append('\n').append(" ".repeat(indent));
        }
        out.append(word);
    }

    /** The elements as strings of one length, with their decimal points aligned. */
    private List<String> words() {
        List<String> plain = new ArrayList<>();
        boolean isScientific = isScientific();
        for (double value : shown) {
            plain.add(isScientific ? scientific(value) : positional(value));
        }
        if (isScientific) {
            int fraction = longest(plain, word -> word.indexOf('e') - word.indexOf('.') - 1);
            int exponent = longest(plain, word -> word.length() - word.indexOf('e') - 2);
            plain.replaceAll(word -> isNumber(word) ? widened(word, fraction, exponent) : word);
        }
        int after = longest(plain, ArrayPrinter::lengthAfterPoint);
        plain.replaceAll(word -> isNumber(word) ? word + " ".repeat(after - lengthAfterPoint(word)) : word);
        int width = plain.stream().mapToInt(String::length).max().orElse(0);
        plain.replaceAll(word -> " ".repeat(width - word.length()) + word);
        return plain;
    }

    private static int longest(List<String> words, ToIntFunction<String> length) {
        return words.stream()
                .filter(ArrayPrinter::isNumber)
                .mapToInt(length)
                .max()
                .orElse(0);
    }

    private static boolean isNumber(String word) {
        return Character.isDigit(word.charAt(word.length() - 1)) || word.endsWith(".");
    }

    private static int lengthAfterPoint(String word) {
        return word.contains(".") ? word.length() - word.indexOf('.') : 0;
    }

    private static String widened(String word, int fraction, int exponent) {
        int e = word.indexOf('e');
        String digits = word.substring(0, e);
        String power = word.substring(e + 2);
        return digits
                + "0".repeat(fraction - (e - word.indexOf('.') - 1))
                + word.substring(e, e + 2)
                + "0".repeat(exponent - power.length())
                + power;
    }

    private boolean isScientific() {
        double most = 0;
        double smallest = Double.POSITIVE_INFINITY;
        for (double value : shown) {
            double size = Math.abs(value);
            if (size != 0 && Double.isFinite(size)) {
                most = Math.max(most, size);
                smallest = Math.min(smallest, size);
            }
        }
        return array.dtype.isFloating() && most > 0 && (most >= 1e8 || smallest < 1e-4 || most / smallest > 1e3);
    }

    private String positional(double value) {
        if (array.dtype == DType.BOOL) {
            return Boolean.toString(value != 0);
        }
        if (!array.dtype.isFloating()) {
            return Integer.toString((int) value);
        }
        if (value == 0 || !Double.isFinite(value)) {
            return special(value, "0.");
        }
        BigDecimal shortest = shortest(value);
        BigDecimal rounded = shortest.scale() > DIGITS
                ? new BigDecimal(value).setScale(DIGITS, RoundingMode.HALF_EVEN).stripTrailingZeros()
                : shortest;
        String digits = rounded.toPlainString();
        return digits.contains(".") ? digits : digits + ".";
    }

    private String scientific(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return special(value, "0.e+00");
        }
        BigDecimal shortest = shortest(value);
        BigDecimal rounded = shortest.precision() > DIGITS + 1 ? rounded(new BigDecimal(value), DIGITS + 1) : shortest;
        String digits = rounded.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - rounded.scale();
        return (value < 0 ? "-" : "") + digits.charAt(0) + "." + digits.substring(1) + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    /** The decimal number with the fewest digits that is nearer to the value than to any other value of the array's dtype. */
    private BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int precision = 1; precision < exact.precision(); precision++) {
            BigDecimal decimal = rounded(exact, precision);
            if (array.dtype == DType.FLOAT32 ? decimal.floatValue() == (float) value : decimal.doubleValue() == value) {
                return decimal;
            }
        }
        return exact.stripTrailingZeros();
    }

    private static BigDecimal rounded(BigDecimal exact, int precision) {
        return exact.round(new MathContext(precision, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    }

    private static String special(double value, String zero) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        return (Math.copySign(1, value) < 0 ? "-" : "") + (value == 0 ? zero : "inf");
    }
}
