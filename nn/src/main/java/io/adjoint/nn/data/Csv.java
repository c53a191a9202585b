package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Messages;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A table read from a CSV file: UTF-8, packed by gzip or not, by the grammar of RFC 4180, with LF or CR as the end of a line as well as
 * CRLF. Records must have equally many fields. Empty lines are skipped; but in a table of one column each is a record whose field is
 * empty, except before the header.
 *
 * <pre>{@code
 * Csv weather = Csv.read(Path.of("seattle-weather.csv"));
 * Tensor x = weather.select("precipitation", "wind").doubles();   // [N, 2]
 * Tensor y = weather.doubles("temp_max");                         // [N]
 * Vocabulary kinds = Vocabulary.sorted(weather.texts("weather"));
 * Tensor labels = weather.labels("weather", kinds);               // INT32 [N]
 * }</pre>
 *
 * <p>A field that is not what was asked for is a {@link MalformedDataException} with file, line, column and text. Immutable.
 */
@CheckReturnValue
public final class Csv {
    /** A number but NaN and infinity, which are written as Java writes them. */
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(NaN|Infinity|(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?)");

    /** Digits of ASCII alone, as those of {@link #NUMBER}; {@code Integer.parseInt} reads those of every script. */
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d+");

    /** A record and the line where it begins. */
    private record Row(long line, List<String> fields) {
        boolean isBlank() {
            return fields.equals(List.of(""));
        }
    }

    private final String name;
    private final CsvOptions options;
    private final List<String> header;
    private final List<Row> rows;
    /** The numbers of the columns that are selected. */
    private final int[] selected;

    private Csv(String name, CsvOptions options, List<String> header, List<Row> rows, int[] selected) {
        this.name = name;
        this.options = options;
        this.header = header;
        this.rows = rows;
        this.selected = selected;
    }

    // ---- reading ----

    /**
     * The table of a file whose first record names the columns.
     *
     * @throws UncheckedIOException if the file cannot be read or is not UTF-8
     * @throws MalformedDataException if it does not follow the grammar
     */
    public static Csv read(Path file) {
        return read(file, new CsvOptions());
    }

    /** The table of a file. */
    public static Csv read(Path file, CsvOptions options) {
        return DataFile.read("Csv", file, in -> parse(in, file.toString(), options));
    }

    /**
     * The table that a stream holds, such as a resource; the caller closes it.
     *
     * @param name what messages call it
     */
    public static Csv read(InputStream in, String name, CsvOptions options) {
        return DataFile.read("Csv", in, name, unpacked -> parse(unpacked, name, options));
    }

    /** The table of a text. */
    public static Csv of(String text, CsvOptions options) {
        return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "text", options);
    }

    private static Csv parse(InputStream stream, String name, CsvOptions options) throws IOException {
        InputStream in = new BufferedInputStream(stream);
        requireNoUtf16(in, name);
        BufferedReader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        text.mark(1);
        if (text.read() != '\ufeff') {
            text.reset();
        }
        RowList list = new RowList(options.header());
        try (CsvReader<CsvRecord> csv = CsvReader.builder()
                .fieldSeparator(options.separator())
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .skipEmptyLines(false)
                .ofCsvRecord(text)) {
            for (CsvRecord row : csv) {
                list.add(new Row(row.getStartingLineNumber(), row.getFields()));
            }
        } catch (CsvParseException e) {
            throw new MalformedDataException("Csv: " + name + ": " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            // The iterator's, which knows no file.
            throw e.getCause();
        }
        List<Row> rows = list.rows;
        List<String> first = rows.isEmpty() ? List.of() : rows.get(0).fields();
        for (Row row : rows) {
            if (row.fields().size() != first.size()) {
                throw new MalformedDataException("Csv: " + name + " line " + row.line() + " has "
                        + row.fields().size() + " fields, the first record has " + first.size());
            }
        }
        if (options.header() && rows.isEmpty()) {
            throw new MalformedDataException("Csv: " + name + " is empty, without a header");
        }
        List<String> header = options.header() ? first : List.of();
        if (header.stream().distinct().count() < header.size()) {
            throw new MalformedDataException("Csv: " + name + " line "
                    + rows.get(0).line() + ": two columns have one name: " + Messages.list(header));
        }
        return new Csv(
                name,
                options,
                header,
                List.copyOf(options.header() ? rows.subList(1, rows.size()) : rows),
                IntStream.range(0, first.size()).toArray());
    }

    /** Refuses what begins with the mark of UTF-16, or with a character of it whose other byte is 0. */
    private static void requireNoUtf16(InputStream in, String name) throws IOException {
        in.mark(2);
        int first = in.read();
        int second = in.read();
        in.reset();
        boolean isMark = (first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff);
        if (isMark || (second >= 0 && (first == 0) != (second == 0))) {
            throw new MalformedDataException("Csv: " + name + " is in UTF-16; save it in UTF-8");
        }
    }

    /** Records without empty lines, unless these are records of one column: a file may have any number of them. */
    private static final class RowList {
        private final List<Row> rows = new ArrayList<>();
        private final boolean header;
        /** The number of empty lines before the first record that isn't. */
        private int leading;

        private RowList(boolean header) {
            this.header = header;
        }

        private void add(Row row) {
            if (!row.isBlank()) {
                boolean isFirst = rows.isEmpty();
                for (int line = 1; isFirst && !header && row.fields().size() == 1 && line <= leading; line++) {
                    rows.add(new Row(line, List.of("")));
                }
                rows.add(row);
            } else if (rows.isEmpty()) {
                leading++;
            } else if (rows.get(0).fields().size() == 1) {
                rows.add(row);
            }
        }
    }

    // ---- rows and columns ----

    /** The number of records, without the header. */
    public int size() {
        return rows.size();
    }

    /** The names of the columns, as far as they are selected; without a header their numbers. */
    public List<String> columns() {
        return Arrays.stream(selected).mapToObj(this::columnName).toList();
    }

    private String columnName(int column) {
        return header.isEmpty() ? Integer.toString(column) : header.get(column);
    }

    /**
     * The table of some columns, in that order.
     *
     * @throws IllegalArgumentException if there is no column of such a name
     */
    public Csv select(String... columns) {
        return of(Arrays.stream(columns).mapToInt(this::number));
    }

    /**
     * The table of the columns of the given numbers among those of this table, from 0 on.
     *
     * @throws IllegalArgumentException if there is no such column
     */
    public Csv select(int... columns) {
        return of(Arrays.stream(columns).map(this::number));
    }

    /** The table without some columns. */
    public Csv drop(String... columns) {
        List<Integer> dropped =
                Arrays.stream(columns).mapToInt(this::number).boxed().toList();
        return of(Arrays.stream(selected).filter(column -> !dropped.contains(column)));
    }

    private Csv of(IntStream columns) {
        return new Csv(name, options, header, rows, columns.toArray());
    }

    private int number(String column) {
        int found = columns().indexOf(column);
        if (found < 0) {
            throw new IllegalArgumentException("Csv: " + name + " has no column " + Messages.quoted(column)
                    + "; its columns are " + Messages.list(columns()));
        }
        return selected[found];
    }

    private int number(int column) {
        if (column < 0 || column >= selected.length) {
            throw new IllegalArgumentException("Csv: there is no column " + column + " of " + name + ", which has "
                    + selected.length + ", numbered from 0");
        }
        return selected[column];
    }

    // ---- tensors ----

    /**
     * All columns as FLOAT64 {@code [N, columns]}. A number is written in decimal, {@code -1.5e3}, or is {@code NaN} or {@code Infinity},
     * perhaps with a sign, perhaps between spaces; missing ones are NaN, but only if the options say how they are written.
     *
     * @throws MalformedDataException if a field is not a number, or one too large for the dtype
     */
    public Tensor doubles() {
        return numbers(DType.FLOAT64, selected);
    }

    /** All columns as FLOAT32 {@code [N, columns]}; see {@link #doubles()}. */
    public Tensor floats() {
        return numbers(DType.FLOAT32, selected);
    }

    /**
     * All columns as INT32 {@code [N, columns]}.
     *
     * @throws MalformedDataException if a field is not a whole number of 32 bits
     */
    public Tensor ints() {
        return numbers(DType.INT32, selected);
    }

    /** A column as FLOAT64 {@code [N]}; see {@link #doubles()}. */
    public Tensor doubles(String column) {
        return numbers(DType.FLOAT64, number(column)).flatten();
    }

    /** A column as FLOAT32 {@code [N]}; see {@link #doubles()}. */
    public Tensor floats(String column) {
        return numbers(DType.FLOAT32, number(column)).flatten();
    }

    /** A column as INT32 {@code [N]}; see {@link #ints()}. */
    public Tensor ints(String column) {
        return numbers(DType.INT32, number(column)).flatten();
    }

    /** The fields of a column. */
    public List<String> texts(String column) {
        int number = number(column);
        return rows.stream().map(row -> row.fields().get(number)).toList();
    }

    /**
     * A column as the numbers that a vocabulary gives its fields, INT32 {@code [N]}.
     *
     * @throws MalformedDataException if the vocabulary does not know a field
     */
    public Tensor labels(String column, Vocabulary vocabulary) {
        int number = number(column);
        return Tensor.of(rows.stream()
                .mapToInt(row -> {
                    try {
                        return vocabulary.index(row.fields().get(number));
                    } catch (IllegalArgumentException e) {
                        throw malformed(row, number, "is no label: " + e.getMessage());
                    }
                })
                .toArray());
    }

    private Tensor numbers(DType dtype, int... columns) {
        Shape shape = Shape.of("Csv", rows.size(), columns.length);
        return Tensor.of(NdArray.generate(
                dtype, shape, k -> number(rows.get(k / columns.length), columns[k % columns.length], dtype)));
    }

    private double number(Row row, int column, DType dtype) {
        String text = row.fields().get(column);
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

    private double floating(Row row, int column, String text, DType dtype) {
        if (!NUMBER.matcher(text).matches()) {
            throw malformed(
                    row, column, "is not a number; if it stands for a missing one, name it in CsvOptions.missing");
        }
        double number = Double.parseDouble(text);
        boolean fits = Double.isFinite(dtype == DType.FLOAT32 ? (float) number : number);
        if (!fits && !text.endsWith("NaN") && !text.endsWith("Infinity")) {
            throw malformed(row, column, "is too large for " + dtype);
        }
        return number;
    }

    private MalformedDataException malformed(Row row, int column, String what) {
        return new MalformedDataException("Csv: " + name + " line " + row.line() + ", column "
                + (header.isEmpty() ? Integer.toString(column) : Messages.quoted(columnName(column))) + ": "
                + Messages.quoted(row.fields().get(column)) + " " + what);
    }

    @Override
    public String toString() {
        return "Csv[" + name + ", " + rows.size() + " records, columns " + columns() + "]";
    }
}
