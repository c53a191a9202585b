package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.Messages;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table that a model reads, and the column that it predicts. Each is a column of numbers, or of categories with their
 * vocabulary, and is found by its name: the order of the columns in a file doesn't matter, and other columns are ignored.
 *
 * <pre>{@code
 * TableSchema schema = new TableSchema()
 *         .numbers("bill_length_mm", "body_mass_g")
 *         .categories(rows, "island", "sex")                     // the categories of the training rows
 *         .targetCategory(rows, "species");
 * Batch all = schema.batch(rows);                                // FLOAT64 [N, 4], INT32 [N]
 * Tensor x = schema.tensor(Map.of("bill_length_mm", 39.1, "body_mass_g", 3750, "island", "Biscoe", "sex", "male"));   // [4]
 * }</pre>
 *
 * <p>The tensor has the columns in the order in which they are declared. A number is itself, a category its index in the vocabulary, and
 * a missing field NaN. Empty fields are missing, in a file also the texts of {@link CsvOptions#missing}, in a {@link Map} also null. The
 * schema leaves out spaces around a field. Unless {@link #unknownAsMissing}
 * is set, a category that the vocabulary doesn't have is an error. For an {@code Embedding}, whose indices can't be NaN, give a vocabulary
 * with an {@linkplain Vocabulary#unknown unknown token}: missing and unknown categories get its index.
 *
 * <p>{@link #text} is the schema as a text, which may be stored in the file of the model's weights. Immutable: each setting returns a
 * changed schema.
 */
@CheckReturnValue
public final class TableSchema {
    private static final String FORMAT = "TableSchema 1";
    private static final String DTYPE = "dtype";
    private static final String NUMBER = "number";
    private static final String CATEGORY = "category";
    private static final String TARGET_NUMBER = "targetNumber";
    private static final String TARGET_CATEGORY = "targetCategory";
    private static final String UNKNOWN_AS_MISSING = "unknownAsMissing";

    private final List<TableColumn> columns;
    private final @Nullable TableColumn target;
    private final DType dtype;
    private final boolean unknownAsMissing;

    /** A schema without columns, whose tensors are FLOAT64. */
    public TableSchema() {
        this(List.of(), null, DType.FLOAT64, false);
    }

    private TableSchema(
            List<TableColumn> columns, @Nullable TableColumn target, DType dtype, boolean unknownAsMissing) {
        this.columns = columns;
        this.target = target;
        this.dtype = dtype;
        this.unknownAsMissing = unknownAsMissing;
    }

    // ---- columns ----

    /**
     * With columns of numbers after those so far.
     *
     * @throws IllegalArgumentException if the schema has a column of such a name
     */
    public TableSchema numbers(String... names) {
        return with(Arrays.stream(names).map(name -> new TableColumn(name, null)));
    }

    /**
     * With columns of categories after those so far; the vocabulary of each has the texts that the rows have there, sorted. Give the
     * training rows, so that nothing is learned from the others.
     *
     * @throws IllegalArgumentException if the schema has a column of such a name, or the rows have none, or only missing fields there
     */
    public TableSchema categories(Dataset<CsvRow> rows, String... names) {
        return with(Arrays.stream(names).map(name -> TableColumn.of(rows, name)));
    }

    /**
     * With a column of categories after those so far, and their vocabulary.
     *
     * @throws IllegalArgumentException if the schema has a column of this name, or a category has spaces around it
     */
    public TableSchema category(String name, Vocabulary vocabulary) {
        return with(Stream.of(new TableColumn(name, Objects.requireNonNull(vocabulary, "vocabulary"))));
    }

    /**
     * With a number as the target.
     *
     * @throws IllegalArgumentException if the schema has a column of this name, or a target
     */
    public TableSchema targetNumber(String name) {
        return withTarget(new TableColumn(name, null));
    }

    /**
     * With a category as the target; its classes are the texts that the rows have there, sorted.
     *
     * @throws IllegalArgumentException if the schema has a column of this name, or a target, or the rows have no such column, or only
     *     missing fields there
     */
    public TableSchema targetCategory(Dataset<CsvRow> rows, String name) {
        return withTarget(TableColumn.of(rows, name));
    }

    /**
     * With a category as the target, and its classes.
     *
     * @throws IllegalArgumentException if the schema has a column of this name, or a target, or a category has spaces around it
     */
    public TableSchema targetCategory(String name, Vocabulary classes) {
        return withTarget(new TableColumn(name, Objects.requireNonNull(classes, "classes")));
    }

    /**
     * With tensors of another dtype.
     *
     * @throws DTypeException if it is not floating
     */
    public TableSchema dtype(DType dtype) {
        if (!dtype.isFloating()) {
            throw new DTypeException(
                    "TableSchema: missing fields are NaN, so tensors are FLOAT64 or FLOAT32, not " + dtype);
        }
        return new TableSchema(columns, target, dtype, unknownAsMissing);
    }

    /** Reads a category that its vocabulary doesn't have as missing; the target's classes must be known all the same. */
    public TableSchema unknownAsMissing() {
        return new TableSchema(columns, target, dtype, true);
    }

    private TableSchema with(Stream<TableColumn> added) {
        List<TableColumn> all = Stream.concat(columns.stream(), added).toList();
        return checked(new TableSchema(all, target, dtype, unknownAsMissing));
    }

    private TableSchema withTarget(TableColumn column) {
        if (target != null) {
            throw new IllegalArgumentException("TableSchema: the target is " + Messages.quoted(target.name())
                    + " already; for several targets make a schema of their own, whose tensor(rows) is y");
        }
        return checked(new TableSchema(columns, column, dtype, unknownAsMissing));
    }

    private static TableSchema checked(TableSchema schema) {
        TreeSet<String> names = new TreeSet<>();
        schema.all().forEach(column -> {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException(
                        "TableSchema: two columns have the name " + Messages.quoted(column.name()));
            }
        });
        return schema;
    }

    private Stream<TableColumn> all() {
        return Stream.concat(columns.stream(), Stream.ofNullable(target));
    }

    // ---- description ----

    /** The names of the columns, in the order of the tensor's columns, without the target. */
    public List<String> columns() {
        return columns.stream().map(TableColumn::name).toList();
    }

    /** The number of categories of each column of categories, in their order, as {@code OneHot} takes them. */
    public int[] sizes() {
        return columns.stream()
                .map(TableColumn::vocabulary)
                .filter(Objects::nonNull)
                .mapToInt(Vocabulary::size)
                .toArray();
    }

    /**
     * The vocabulary of a column of categories or of the target.
     *
     * @throws IllegalArgumentException if there is no such column, or it has numbers
     */
    public Vocabulary vocabulary(String name) {
        TableColumn found = all().filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("TableSchema: there is no column "
                        + Messages.quoted(name) + "; there are "
                        + Messages.list(all().map(TableColumn::name).toList())));
        return found.requireVocabulary();
    }

    /**
     * The classes of the target.
     *
     * @throws IllegalArgumentException if there is no target, or it is a number
     */
    public Vocabulary classes() {
        return requireTarget().requireVocabulary();
    }

    private TableColumn requireTarget() {
        if (target == null) {
            throw new IllegalArgumentException(
                    "TableSchema: there is no target; name it by targetNumber or targetCategory");
        }
        return target;
    }

    // ---- tensors ----

    /**
     * The columns of all rows, {@code [N, columns]}, without the target.
     *
     * @throws IllegalArgumentException if the rows lack a column
     * @throws MalformedDataException that names file, line, column and text, if a field is not a finite number, or no known category
     */
    public Tensor tensor(Dataset<CsvRow> rows) {
        double[] values = new double[Math.multiplyExact(rows.size(), columns.size())];
        for (int k = 0; k < rows.size(); k++) {
            fill(values, k * columns.size(), new TableFields.OfRow(rows.get(k)));
        }
        return tensor(Shape.of(rows.size(), columns.size()), values);
    }

    /** The columns of one row, {@code [columns]}, as for {@link #tensor(Dataset)}. */
    public Tensor tensor(CsvRow row) {
        return tensor(new TableFields.OfRow(row));
    }

    /**
     * The columns of one record, {@code [columns]}, such as a request to a service. Values are texts or Java's numbers; null and the
     * empty text are missing.
     *
     * @throws IllegalArgumentException if the record lacks a column
     * @throws MalformedDataException that names column and text, if a value is not a finite number, or no known category
     */
    public Tensor tensor(Map<String, ?> record) {
        return tensor(new TableFields.OfMap(record));
    }

    /**
     * The columns of all rows as x, {@code [N, columns]}, and the target as y: a number as {@code [N, 1]}, a category as its index, INT32
     * {@code [N]}. {@code Dataset.of(batch)} is the data set of these rows.
     *
     * @throws IllegalArgumentException if the rows lack a column, or there is no target
     * @throws MalformedDataException as {@link #tensor(Dataset)}, or if a target is missing
     */
    public Batch batch(Dataset<CsvRow> rows) {
        Tensor x = tensor(rows);
        double[] targets = new double[rows.size()];
        for (int k = 0; k < targets.length; k++) {
            targets[k] = target(rows.get(k));
        }
        return new Batch(x, targets(targets, Shape.of(targets.length), Shape.of(targets.length, 1)));
    }

    /** The columns of one row as x, {@code [columns]}, and its target as y, as an entry of {@link #batch(Dataset)}: for streams. */
    public Batch batch(CsvRow row) {
        Tensor x = tensor(row);
        double[] targets = {target(row)};
        return new Batch(x, targets(targets, Shape.scalar(), Shape.of(1)));
    }

    private Tensor tensor(TableFields fields) {
        double[] values = new double[columns.size()];
        fill(values, 0, fields);
        return tensor(Shape.of(values.length), values);
    }

    private Tensor tensor(Shape shape, double... values) {
        return Tensor.of(NdArray.of(shape, values).to(dtype));
    }

    private void fill(double[] values, int from, TableFields fields) {
        for (int k = 0; k < columns.size(); k++) {
            values[from + k] = columns.get(k).value(fields, dtype, unknownAsMissing);
        }
    }

    private double target(CsvRow row) {
        TableColumn column = requireTarget();
        if (!row.has(column.name())) {
            throw new IllegalArgumentException("TableSchema: the rows have no column " + Messages.quoted(column.name())
                    + ", the target; they have " + Messages.list(row.columns())
                    + ". tensor(rows) reads rows without the target");
        }
        return column.target(new TableFields.OfRow(row), dtype);
    }

    private Tensor targets(double[] values, Shape ofClasses, Shape ofNumbers) {
        return requireTarget().vocabulary() == null
                ? tensor(ofNumbers, values)
                : Tensor.of(NdArray.of(ofClasses, values).to(DType.INT32));
    }

    // ---- text ----

    /** The schema as a text of several lines, which {@link #parse} reads; for metadata of a file of weights, or a file of its own. */
    public String text() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(FORMAT));
        lines.add(List.of(DTYPE, dtype.name()));
        if (unknownAsMissing) {
            lines.add(List.of(UNKNOWN_AS_MISSING));
        }
        columns.forEach(column -> lines.add(column.fields(NUMBER, CATEGORY)));
        if (target != null) {
            lines.add(target.fields(TARGET_NUMBER, TARGET_CATEGORY));
        }
        return lines.stream().map(fields -> String.join("\t", fields) + "\n").collect(Collectors.joining());
    }

    /**
     * The schema of a {@linkplain #text text}.
     *
     * @throws MalformedDataException if it isn't such a text, or null, as of metadata without it
     */
    public static TableSchema parse(@Nullable String text) {
        List<String> lines = EscapedText.lines("TableSchema", text);
        if (lines.isEmpty() || !lines.get(0).equals(FORMAT)) {
            throw new MalformedDataException(
                    "TableSchema: the text doesn't begin with the line '" + FORMAT + "', as schema.text() does");
        }
        TableSchema schema = new TableSchema();
        List<TableColumn> columns = new ArrayList<>();
        for (int k = 1; k < lines.size(); k++) {
            List<String> fields = List.of(lines.get(k).split("\t", -1));
            try {
                if (fields.get(0).equals(NUMBER) || fields.get(0).equals(CATEGORY)) {
                    columns.add(TableColumn.parse(fields, fields.get(0).equals(CATEGORY)));
                } else {
                    schema = schema.with(fields);
                }
            } catch (IllegalArgumentException e) {
                throw new MalformedDataException("TableSchema: line " + (k + 1) + ": " + e.getMessage(), e);
            }
        }
        try {
            return schema.with(columns.stream());
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(String.valueOf(e.getMessage()), e);
        }
    }

    /** This schema with the setting or the target of a line. */
    private TableSchema with(List<String> fields) {
        return switch (fields.get(0)) {
            case UNKNOWN_AS_MISSING -> {
                TableColumn.requireFields(fields, 0, 0);
                yield unknownAsMissing();
            }
            case DTYPE -> {
                TableColumn.requireFields(fields, 1, 1);
                yield dtype(Stream.of(DType.values())
                        .filter(known -> known.name().equals(fields.get(1)))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "the dtype is FLOAT64 or FLOAT32, not " + Messages.quoted(fields.get(1)))));
            }
            case TARGET_NUMBER -> withTarget(TableColumn.parse(fields, false));
            case TARGET_CATEGORY -> withTarget(TableColumn.parse(fields, true));
            default ->
                throw new IllegalArgumentException(Messages.quoted(fields.get(0))
                        + " isn't a kind of line; the text may come from a newer version");
        };
    }

    @Override
    public String toString() {
        return "TableSchema" + columns.stream().map(TableColumn::describe).toList()
                + (target == null ? "" : " -> " + target.describe());
    }
}
