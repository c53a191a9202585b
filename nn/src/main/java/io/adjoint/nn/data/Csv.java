package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.HeapException;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * <p>A field that cannot be read as the requested type is a {@link MalformedDataException} with file, line, column and text. Immutable.
 */
@CheckReturnValue
public final class Csv {
    private final CsvHeader header;
    private final List<CsvRow> rows;
    /** The indices of the selected columns. */
    private final int[] selected;

    private Csv(CsvHeader header, List<CsvRow> rows, int[] selected) {
        this.header = header;
        this.rows = rows;
        this.selected = selected;
    }

    // ---- reading ----

    /**
     * The table of a file whose first record names the columns.
     *
     * @throws UncheckedIOException if the file cannot be read, is not UTF-8, or has more records than there is memory for, which
     *     {@link #rows(Path)} reads one by one
     * @throws MalformedDataException if it does not follow the grammar
     */
    public static Csv read(Path file) {
        return read(file, new CsvOptions());
    }

    /** The table of a file. */
    public static Csv read(Path file, CsvOptions options) {
        try (DataFile.Opened opened = DataFile.open("Csv", file)) {
            return read(opened, options);
        }
    }

    /**
     * The table that a stream holds, such as a resource; the caller closes it.
     *
     * @param name the name in messages
     */
    public static Csv read(InputStream in, String name, CsvOptions options) {
        return read(DataFile.open("Csv", in, name), options);
    }

    /** The table of a text. */
    public static Csv of(String text, CsvOptions options) {
        return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "text", options);
    }

    // Reads all records of an open file, which the caller closes.
    private static Csv read(DataFile.Opened file, CsvOptions options) {
        CsvParser parser = CsvParser.of(file, options);
        CsvHeader header = parser.header();
        return new Csv(
                header,
                rows(file, parser),
                IntStream.range(0, header.names().size()).toArray());
    }

    private static List<CsvRow> rows(DataFile.Opened file, CsvParser parser) {
        List<CsvRow> rows = new ArrayList<>();
        try {
            parser.forEachRemaining(rows::add);
            return List.copyOf(rows);
        } catch (OutOfMemoryError e) {
            int count = rows.size();
            // The rows are released before the message is made, since it needs memory, too.
            rows.clear();
            throw file.failed(new HeapException("a table of " + count + " records and more (Csv.rows keeps none)", e));
        }
    }

    /**
     * The records of a file whose first one names the columns, as a stream that reads them one by one and keeps none: {@code
     * Csv.rows(file).map(row -> new Batch(row.floats("x1", "x2"), row.floats("y"))).batch(256)}. The file is opened by each iteration. A
     * malformed record throws, as in {@link #read(Path)}, after the records before it have been taken.
     */
    public static DataStream<CsvRow> rows(Path file) {
        return rows(file, new CsvOptions());
    }

    /** The records of a file as a stream; see {@link #rows(Path)}. */
    public static DataStream<CsvRow> rows(Path file, CsvOptions options) {
        return DataStream.of(() -> {
            DataFile.Opened opened = DataFile.open("Csv", file);
            try {
                return CsvParser.of(opened, options);
            } catch (RuntimeException | Error e) {
                opened.close();
                throw e;
            }
        });
    }

    // ---- rows and columns ----

    /** The number of records, without the header. */
    public int size() {
        return rows.size();
    }

    /** The records as a data set, each with all columns of the file: {@code csv.rows().split(rng, 0.8, 0.2)}. */
    public Dataset<CsvRow> rows() {
        return Dataset.of(rows);
    }

    /** The names of the columns, as far as they are selected; without a header their numbers. */
    public List<String> columns() {
        return Arrays.stream(selected).mapToObj(header.names()::get).toList();
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
     * The table of the columns of the given numbers in this table, from 0 on.
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
        return new Csv(header, rows, columns.toArray());
    }

    private int number(String column) {
        int found = columns().indexOf(column);
        if (found < 0) {
            throw header.noColumn(column, columns());
        }
        return selected[found];
    }

    private int number(int column) {
        if (column < 0 || column >= selected.length) {
            throw new IllegalArgumentException("Csv: there is no column " + column + " of " + header.table()
                    + ", which has " + selected.length + ", numbered from 0");
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
        return rows.stream().map(row -> row.field(number)).toList();
    }

    /**
     * A column as the numbers that a vocabulary gives its fields, INT32 {@code [N]}.
     *
     * @throws MalformedDataException if the vocabulary does not know a field
     */
    public Tensor labels(String column, Vocabulary vocabulary) {
        int number = number(column);
        return Tensor.of(rows.stream()
                .mapToInt(row -> header.label(row, number, vocabulary))
                .toArray());
    }

    private Tensor numbers(DType dtype, int... columns) {
        Shape shape = Shape.of("Csv", rows.size(), columns.length);
        return Tensor.of(NdArray.generate(
                dtype, shape, k -> header.number(rows.get(k / columns.length), columns[k % columns.length], dtype)));
    }

    @Override
    public String toString() {
        return "Csv[" + header.table() + ", " + rows.size() + " records, columns " + columns() + "]";
    }
}
