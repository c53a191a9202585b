package io.adjoint.nn.data;

import io.adjoint.core.DType;
import io.adjoint.core.Messages;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The name, dialect and columns of a CSV table, with the conversion of the table's fields to numbers.
 *
 * @param names the names of the columns; without a header their numbers
 */
record CsvHeader(String table, CsvOptions options, List<String> names, Map<String, Integer> numbers) {
    /**
     * The characters of decimal numbers. {@code Double.parseDouble} also reads texts with other characters, such as {@code 0x1p3} or
     * {@code 1d}, which are refused.
     */
    private static final String DECIMAL = "0123456789+-.eE";

    /** The texts of NaN and of the infinities, as Java writes them. */
    private static final Pattern WORDS = Pattern.compile("[+-]?(NaN|Infinity)");

    /** An integer in ASCII digits; {@code Integer.parseInt} would accept the digits of every script. */
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d+");

    /** The header of a table whose first record begins in the given line. */
    static CsvHeader of(String table, CsvOptions options, List<String> first, long line) {
        List<String> names = options.header()
                ? List.copyOf(first)
                : IntStream.range(0, first.size()).mapToObj(Integer::toString).toList();
        Map<String, Integer> numbers = new HashMap<>();
        for (String name : names) {
            if (numbers.put(name, numbers.size()) != null) {
                throw new MalformedDataException(
                        "Csv: " + table + " line " + line + ": two columns have one name: " + Messages.list(names));
            }
        }
        return new CsvHeader(table, options, names, numbers);
    }

    /** The index of a column, by its name. */
    int number(String column) {
        Integer number = numbers.get(column);
        if (number == null) {
            throw noColumn(column, names);
        }
        return number;
    }

    /** Makes the exception for a column that is not among the given ones. */
    IllegalArgumentException noColumn(String column, List<String> columns) {
        return new IllegalArgumentException("Csv: " + table + " has no column " + Messages.quoted(column)
                + "; its columns are " + Messages.list(columns));
    }

    /** Parses a field as a number of a dtype. */
    double number(CsvRow row, int column, DType dtype) {
        String text = row.field(column);
        if (dtype.isFloating() && options.missing().contains(text)) {
            return Double.NaN;
        }
        if (dtype.isFloating()) {
            return floating(row, column, text.strip(), dtype);
        }
        double number = WHOLE.matcher(text.strip()).matches() ? Double.parseDouble(text.strip()) : Double.NaN;
        if (number != (int) number) {
            throw malformed(row, column, "is not a whole number of 32 bits");
        }
        return number;
    }

    private double floating(CsvRow row, int column, String text, DType dtype) {
        double number;
        try {
            if (!isDecimal(text) && !WORDS.matcher(text).matches()) {
                throw new NumberFormatException();
            }
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw malformed(
                    row, column, "is not a number; if it stands for a missing one, name it in CsvOptions.missing");
        }
        boolean fits = Double.isFinite(dtype == DType.FLOAT32 ? (float) number : number);
        if (!fits && !text.endsWith("NaN") && !text.endsWith("Infinity")) {
            throw malformed(row, column, "is too large for " + dtype);
        }
        return number;
    }

    private static boolean isDecimal(String text) {
        for (int k = 0; k < text.length(); k++) {
            if (DECIMAL.indexOf(text.charAt(k)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the index of a field's text in a vocabulary of labels. */
    int label(CsvRow row, int column, Vocabulary vocabulary) {
        try {
            return vocabulary.index(row.field(column));
        } catch (IllegalArgumentException e) {
            throw malformed(row, column, "is no label: " + e.getMessage());
        }
    }

    private MalformedDataException malformed(CsvRow row, int column, String what) {
        return new MalformedDataException("Csv: " + table + " line " + row.line() + ", column "
                + (options.header() ? Messages.quoted(names.get(column)) : names.get(column)) + ": "
                + Messages.quoted(row.field(column)) + " " + what);
    }
}
