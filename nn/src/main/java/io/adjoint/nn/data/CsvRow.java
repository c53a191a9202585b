package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A record of a CSV file, as {@link Csv#rows} reads them one by one. A field that cannot be read as the requested type is a {@link
 * MalformedDataException} with file, line, column and text. Immutable.
 */
@CheckReturnValue
public final class CsvRow {
    private final CsvHeader header;
    private final long line;
    private final List<String> fields;

    CsvRow(CsvHeader header, long line, List<String> fields) {
        this.header = header;
        this.line = line;
        this.fields = fields;
    }

    /** The line of the file where the record begins, from 1 on. */
    public long line() {
        return line;
    }

    /** The names of the columns; without a header their numbers. */
    public List<String> columns() {
        return header.names();
    }

    /** The fields of all columns. */
    public List<String> texts() {
        return fields;
    }

    String field(int column) {
        return fields.get(column);
    }

    /** The field of a column without spaces around it; null if it is empty, or its text stands for a missing one. */
    @Nullable
    String present(String column) {
        String text = text(column);
        String stripped = text.strip();
        Set<String> missing = header.options().missing();
        return stripped.isEmpty() || missing.contains(text) || missing.contains(stripped) ? null : stripped;
    }

    boolean has(String column) {
        return header.numbers().containsKey(column);
    }

    /** Makes the exception for a field; its message begins with the class {@code asked}. */
    MalformedDataException malformed(String asked, String column, String problem) {
        return header.malformed(asked, this, header.number(column), problem);
    }

    /**
     * The field of a column.
     *
     * @throws IllegalArgumentException if there is no column of this name
     */
    public String text(String column) {
        return field(header.number(column));
    }

    /**
     * The fields of some columns, or of all if none is named, as FLOAT64 {@code [columns]}; numbers are read as by {@link Csv#doubles()}.
     *
     * @throws IllegalArgumentException if there is no column of such a name
     */
    public Tensor doubles(String... columns) {
        return numbers(DType.FLOAT64, columns);
    }

    /** The fields of some columns, or of all, as FLOAT32 {@code [columns]}; see {@link #doubles}. */
    public Tensor floats(String... columns) {
        return numbers(DType.FLOAT32, columns);
    }

    /** The fields of some columns, or of all, as INT32 {@code [columns]}; see {@link Csv#ints()}. */
    public Tensor ints(String... columns) {
        return numbers(DType.INT32, columns);
    }

    private Tensor numbers(DType dtype, String... columns) {
        int[] numbers = columns.length == 0
                ? IntStream.range(0, fields.size()).toArray()
                : IntStream.range(0, columns.length)
                        .map(k -> header.number(columns[k]))
                        .toArray();
        return Tensor.of(
                NdArray.generate(dtype, Shape.of(numbers.length), k -> header.number(this, numbers[k], dtype)));
    }

    /** The field of a column as a FLOAT64 number; see {@link #doubles}. */
    public double doubleValue(String column) {
        return header.number(this, header.number(column), DType.FLOAT64);
    }

    /** The field of a column as a whole number; see {@link #ints}. */
    public int intValue(String column) {
        return (int) header.number(this, header.number(column), DType.INT32);
    }

    /**
     * The field of a column as the number that a vocabulary gives it.
     *
     * @throws MalformedDataException if the vocabulary does not know the field
     */
    public int label(String column, Vocabulary vocabulary) {
        return header.label(this, header.number(column), vocabulary);
    }

    @Override
    public String toString() {
        return "CsvRow[" + header.table() + " line " + line + ", " + fields + "]";
    }
}
