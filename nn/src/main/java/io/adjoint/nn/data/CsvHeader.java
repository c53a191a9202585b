package io.adjoint.nn.data;

import io.adjoint.core.DType;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.Messages;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    /** Digits with a comma between them, for decimals or thousands. */
    private static final Pattern WITH_COMMA = Pattern.compile("[+-]?[\\d.,]*\\d,\\d[\\d.,]*");

    /** An integer in ASCII digits; {@code Integer.parseInt} would accept the digits of every script. */
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d+");

    /** The header of a table whose first record begins in the given line. */
    static CsvHeader of(String table, CsvOptions options, List<String> first, long line) {
        List<String> names = options.header()
                ? List.copyOf(first)
                : IntStream.range(0, first.size()).mapToObj(Integer::toString).toList();
        if (options.header() && isNumbers(names, options.missing())) {
            throw new MalformedDataException(
                    "Csv: " + table + " line " + line + ": every name of the header is a number: "
                            + Messages.list(names)
                            + "; read a file without a header by new CsvOptions().header(false). If these"
                            + " are the names, Csv.rows(file, options.header(false)).skip(1) has the records");
        }
        Map<String, Integer> numbers = new HashMap<>();
        for (String name : names) {
            if (numbers.put(name, numbers.size()) != null) {
                throw new MalformedDataException(
                        "Csv: " + table + " line " + line + ": two columns have one name: " + Messages.list(names));
            }
        }
        return new CsvHeader(table, options, names, numbers);
    }

    /** Returns whether the first record consists of numbers, or of numbers and missing ones, so that it is hardly a header. */
    private static boolean isNumbers(List<String> first, Set<String> missing) {
        return !missing.containsAll(first)
                && first.stream().allMatch(text -> missing.contains(text) || isNumber(text.strip()));
    }

    private static boolean isNumber(String text) {
        try {
            double unused = parsed(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
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
                + "; its columns are " + Messages.list(columns) + otherSeparator(columns));
    }

    /** The advice for names that contain a separator of another dialect. */
    private static String otherSeparator(List<String> columns) {
        return Stream.of(";", ",", "\t")
                .filter(separator -> columns.stream().anyMatch(name -> name.contains(separator)))
                .map(separator -> Messages.quoted(separator))
                .map(quoted -> "; is the separator " + quoted + "? new CsvOptions().separator(" + quoted + ")")
                .findFirst()
                .orElse("");
    }

    /** Parses a field as a number of a dtype. */
    double number(CsvRow row, int column, DType dtype) {
        String text = row.field(column);
        if (dtype.isFloating() && options.missing().contains(text)) {
            return Double.NaN;
        }
        if (dtype.isFloating()) {
            return floating(
                    text.strip(),
                    dtype,
                    () ->
                            "if it stands for a missing one, name it in CsvOptions.missing; if the column has texts, read it by texts or"
                                    + " labels, or leave it out by drop",
                    problem -> malformed(row, column, problem));
        }
        double number = WHOLE.matcher(text.strip()).matches() ? Double.parseDouble(text.strip()) : Double.NaN;
        if (number != (int) number) {
            throw malformed(row, column, "is not a whole number of 32 bits");
        }
        return number;
    }

    /**
     * The number that a text stands for.
     *
     * @param advice what to do if it stands for none
     * @param malformed makes an exception of a problem
     */
    static double floating(
            String text, DType dtype, Supplier<String> advice, Function<String, MalformedDataException> malformed) {
        double number;
        try {
            number = parsed(text);
        } catch (NumberFormatException e) {
            throw malformed.apply("is not a number; "
                    + (WITH_COMMA.matcher(text).matches()
                            ? "write it with a decimal point, and no comma"
                            : advice.get()));
        }
        boolean fits = Double.isFinite(dtype == DType.FLOAT32 ? (float) number : number);
        if (!fits && !text.endsWith("NaN") && !text.endsWith("Infinity")) {
            throw malformed.apply("is too large for " + dtype);
        }
        return number;
    }

    private static double parsed(String text) {
        if (!isDecimal(text) && !WORDS.matcher(text).matches()) {
            throw new NumberFormatException();
        }
        return Double.parseDouble(text);
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
        return malformed("Csv", row, column, what);
    }

    MalformedDataException malformed(String asked, CsvRow row, int column, String what) {
        return new MalformedDataException(asked + ": " + table + " line " + row.line() + ", column "
                + (options.header() ? Messages.quoted(names.get(column)) : names.get(column)) + ": "
                + Messages.quoted(row.field(column)) + " " + what);
    }
}
