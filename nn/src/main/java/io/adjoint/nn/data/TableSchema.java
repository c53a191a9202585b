package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
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
 * <p>A number is itself, a category its index in the vocabulary, and a missing field NaN. Missing are the fields with a text of
 * {@link CsvOptions#missing}; in a {@link Map}, null and the empty text. Unless {@link #unknownAsMissing} is set, a category that the
 * vocabulary doesn't have is an error. For an {@code Embedding}, whose indices can't be NaN, give a vocabulary with an
 * {@linkplain Vocabulary#unknown unknown token}: missing and unknown categories get its index.
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

    /**
     * A column.
     *
     * @param vocabulary its categories; null for a column of numbers
     */
    private record Column(String name, @Nullable Vocabulary vocabulary) {}

    private final List<Column> columns;
    private final @Nullable Column target;
    private final DType dtype;
    private final boolean unknownAsMissing;

    /** A schema without columns, whose tensors are FLOAT64. */
    public TableSchema() {
        this(List.of(), null, DType.FLOAT64, false);
    }

    private TableSchema(List<Column> columns, @Nullable Column target, DType dtype, boolean unknownAsMissing) {
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
        return with(Arrays.stream(names).map(name -> new Column(name, null)));
    }

    /**
     * With columns of categories after those so far; the vocabulary of each has the texts that the rows have there, sorted. Give the
     * training rows, so that nothing is learned from the others.
     *
     * @throws IllegalArgumentException if the schema has a column of such a name, or the rows have none, or only missing fields there
     */
    public TableSchema categories(Dataset<CsvRow> rows, String... names) {
        return with(Arrays.stream(names).map(name -> new Column(name, vocabulary(rows, name))));
    }

    /**
     * With a column of categories after those so far, and their vocabulary.
     *
     * @throws IllegalArgumentException if the schema has a column of this name
     */
    public TableSchema category(String name, Vocabulary vocabulary) {
        return with(Stream.of(new Column(name, vocabulary)));
    }

    /**
     * With a number as the target.
     *
     * @throws IllegalArgumentException if the schema has a column of this name, or a target
     */
    public TableSchema targetNumber(String name) {
        return withTarget(new Column(name, null));
    }

    /**
     * With a category as the target; its classes are the texts that the rows have there, sorted.
     *
     * @throws IllegalArgumentException if the schema has a column of this name, or a target, or the rows have no such column, or only
     *     missing fields there
     */
    public TableSchema targetCategory(Dataset<CsvRow> rows, String name) {
        return targetCategory(name, vocabulary(rows, name));
    }

    /**
     * With a category as the target, and its classes.
     *
     * @throws IllegalArgumentException if the schema has a column of this name, or a target
     */
    public TableSchema targetCategory(String name, Vocabulary classes) {
        return withTarget(new Column(name, classes));
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

    private TableSchema with(Stream<Column> added) {
        List<Column> all = Stream.concat(columns.stream(), added).toList();
        return checked(new TableSchema(all, target, dtype, unknownAsMissing));
    }

    private TableSchema withTarget(Column column) {
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

    private Stream<Column> all() {
        return Stream.concat(columns.stream(), Stream.ofNullable(target));
    }

    private static Vocabulary vocabulary(Dataset<CsvRow> rows, String name) {
        TreeSet<String> texts = new TreeSet<>();
        for (int k = 0; k < rows.size(); k++) {
            String text = rows.get(k).present(name);
            if (text != null) {
                texts.add(text);
            }
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("TableSchema: column " + Messages.quoted(name) + " has no category in "
                    + rows.size() + " rows; leave it out, or give its vocabulary by category(name, vocabulary)");
        }
        return Vocabulary.of(texts);
    }

    // ---- description ----

    /** The names of the columns, in the order of the tensor's columns, without the target. */
    public List<String> columns() {
        return columns.stream().map(Column::name).toList();
    }

    /** The number of categories of each column of categories, in their order, as {@code OneHot} takes them. */
    public int[] categories() {
        return columns.stream()
                .map(Column::vocabulary)
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
        Column found = all().filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("TableSchema: there is no column "
                        + Messages.quoted(name) + "; there are "
                        + all().map(Column::name).toList()));
        return requireVocabulary(found);
    }

    /**
     * The classes of the target.
     *
     * @throws IllegalArgumentException if there is no target, or it is a number
     */
    public Vocabulary classes() {
        return requireVocabulary(requireTarget());
    }

    private static Vocabulary requireVocabulary(Column column) {
        if (column.vocabulary() == null) {
            throw new IllegalArgumentException(
                    "TableSchema: column " + Messages.quoted(column.name()) + " has numbers, and no vocabulary");
        }
        return column.vocabulary();
    }

    private Column requireTarget() {
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
     * @throws MalformedDataException that names file, line, column and text, if a field is no number, or no known category
     */
    public Tensor tensor(Dataset<CsvRow> rows) {
        double[] values = new double[Math.multiplyExact(rows.size(), columns.size())];
        for (int k = 0; k < rows.size(); k++) {
            fill(values, k * columns.size(), new RowFields(rows.get(k)));
        }
        return tensor(Shape.of(rows.size(), columns.size()), values);
    }

    /** The columns of one row, {@code [columns]}, as for {@link #tensor(Dataset)}. */
    public Tensor tensor(CsvRow row) {
        return tensor(new RowFields(row));
    }

    /**
     * The columns of one record, {@code [columns]}, such as a request to a service. Values are texts or Java's numbers; null and the
     * empty text are missing.
     *
     * @throws IllegalArgumentException if the record lacks a column
     * @throws MalformedDataException that names column and text, if a value is no number, or no known category
     */
    public Tensor tensor(Map<String, ?> record) {
        return tensor(new MapFields(record));
    }

    /**
     * The columns of all rows as x, {@code [N, columns]}, and the target as y: a number as {@code [N, 1]}, a category as its index, INT32
     * {@code [N]}. {@code Dataset.of(batch)} is the data set of these rows.
     *
     * @throws IllegalArgumentException if the rows lack a column, or there is no target
     * @throws MalformedDataException as {@link #tensor(Dataset)}, or if a target is missing
     */
    public Batch batch(Dataset<CsvRow> rows) {
        double[] targets = new double[rows.size()];
        for (int k = 0; k < targets.length; k++) {
            targets[k] = target(new RowFields(rows.get(k)));
        }
        return new Batch(tensor(rows), targets(targets, Shape.of(targets.length), Shape.of(targets.length, 1)));
    }

    /** The columns of one row as x, {@code [columns]}, and its target as y, as an entry of {@link #batch(Dataset)}: for streams. */
    public Batch batch(CsvRow row) {
        double[] targets = {target(new RowFields(row))};
        return new Batch(tensor(row), targets(targets, Shape.scalar(), Shape.of(1)));
    }

    private Tensor tensor(Fields fields) {
        double[] values = new double[columns.size()];
        fill(values, 0, fields);
        return tensor(Shape.of(values.length), values);
    }

    private Tensor tensor(Shape shape, double... values) {
        return Tensor.of(NdArray.of(shape, values).to(dtype));
    }

    private void fill(double[] values, int from, Fields fields) {
        for (int k = 0; k < columns.size(); k++) {
            values[from + k] = value(columns.get(k), fields, unknownAsMissing);
        }
    }

    private double target(Fields fields) {
        Column column = requireTarget();
        double value = value(column, fields, false);
        if (Double.isNaN(value)) {
            throw fields.malformed(column.name(), "is a missing target; leave such rows out, as by rows.filter(…)");
        }
        return value;
    }

    private Tensor targets(double[] values, Shape ofClasses, Shape ofNumbers) {
        return requireTarget().vocabulary() == null
                ? tensor(ofNumbers, values)
                : Tensor.of(NdArray.of(ofClasses, values).to(DType.INT32));
    }

    private double value(Column column, Fields fields, boolean unknownAsMissing) {
        String text = fields.text(column.name());
        Vocabulary vocabulary = column.vocabulary();
        if (vocabulary == null) {
            return text == null ? Double.NaN : number(column.name(), text.strip(), fields);
        }
        int index = text == null ? vocabulary.unknown() : vocabulary.find(text);
        if (index >= 0) {
            return index;
        } else if (text == null || unknownAsMissing) {
            return Double.NaN;
        }
        throw fields.malformed(
                column.name(),
                "is none of the " + vocabulary.size() + " categories " + Messages.list(vocabulary.tokens())
                        + (column.equals(target) ? "" : "; unknownAsMissing() reads unknown categories as missing"));
    }

    private double number(String name, String text, Fields fields) {
        double number;
        try {
            number = CsvHeader.parsed(text);
        } catch (NumberFormatException e) {
            throw fields.malformed(
                    name,
                    "is not a number; " + fields.wayToMissing() + ", and a column of texts is declared by categories");
        }
        if (CsvHeader.isTooLarge(number, text, dtype)) {
            throw fields.malformed(name, "is too large for " + dtype);
        }
        return number;
    }

    /** The fields of a row or a record by the names of their columns. */
    private interface Fields {
        /** The text of a field; null if the field is missing. */
        @Nullable
        String text(String column);

        /** Makes the exception for a field. */
        MalformedDataException malformed(String column, String problem);

        /** The advice for a text that stands for a missing field. */
        String wayToMissing();
    }

    private record RowFields(CsvRow row) implements Fields {
        @Override
        public @Nullable String text(String column) {
            return row.present(column);
        }

        @Override
        public MalformedDataException malformed(String column, String problem) {
            return row.malformed("TableSchema", column, problem);
        }

        @Override
        public String wayToMissing() {
            return "name a text that stands for a missing one in CsvOptions.missing";
        }
    }

    private record MapFields(Map<String, ?> record) implements Fields {
        @Override
        public @Nullable String text(String column) {
            Object value = record.get(column);
            if (value == null && !record.containsKey(column)) {
                throw new IllegalArgumentException("TableSchema: the record has no " + Messages.quoted(column)
                        + "; it has " + record.keySet() + ". A missing value is null or an empty text");
            }
            String text = value == null ? "" : value.toString();
            return text.isEmpty() ? null : text;
        }

        @Override
        public MalformedDataException malformed(String column, String problem) {
            return new MalformedDataException("TableSchema: " + Messages.quoted(column) + " of the record: "
                    + Messages.quoted(String.valueOf(record.get(column))) + " " + problem);
        }

        @Override
        public String wayToMissing() {
            return "a missing one is null or an empty text";
        }
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
        columns.forEach(column -> lines.add(line(column, NUMBER, CATEGORY)));
        if (target != null) {
            lines.add(line(target, TARGET_NUMBER, TARGET_CATEGORY));
        }
        return lines.stream().map(fields -> String.join("\t", fields) + "\n").collect(Collectors.joining());
    }

    private static List<String> line(Column column, String ofNumbers, String ofCategories) {
        List<String> fields = new ArrayList<>();
        Vocabulary vocabulary = column.vocabulary();
        fields.add(vocabulary == null ? ofNumbers : ofCategories);
        fields.add(EscapedText.escape(column.name()));
        if (vocabulary != null) {
            fields.addAll(vocabulary.escaped());
        }
        return fields;
    }

    /**
     * The schema of a {@linkplain #text text}.
     *
     * @throws MalformedDataException if it isn't such a text, or null, as of metadata without it
     */
    public static TableSchema parse(@Nullable String text) {
        List<String> lines = EscapedText.lines("TableSchema", text);
        if (lines.isEmpty() || !lines.get(0).equals(FORMAT)) {
            throw new MalformedDataException("TableSchema: the text doesn't begin with the line '" + FORMAT
                    + "', as that of schema.text() does");
        }
        TableSchema schema = new TableSchema();
        for (int k = 1; k < lines.size(); k++) {
            try {
                schema = schema.parsed(List.of(lines.get(k).split("\t", -1)));
            } catch (IllegalArgumentException e) {
                throw new MalformedDataException("TableSchema: line " + (k + 1) + ": " + e.getMessage(), e);
            }
        }
        return schema;
    }

    /** This schema with the setting or column of a line. */
    private TableSchema parsed(List<String> fields) {
        String kind = fields.get(0);
        if (kind.equals(UNKNOWN_AS_MISSING) && fields.size() == 1) {
            return unknownAsMissing();
        } else if (fields.size() < 2) {
            throw new IllegalArgumentException("it has no field after " + Messages.quoted(kind));
        }
        String name = EscapedText.unescape(fields.get(1));
        List<String> tokens = fields.subList(2, fields.size());
        boolean isNumber = kind.equals(NUMBER) || kind.equals(TARGET_NUMBER) || kind.equals(DTYPE);
        if (isNumber && !tokens.isEmpty()) {
            throw new IllegalArgumentException("it has more than 2 fields");
        }
        return switch (kind) {
            case DTYPE -> dtype(DType.valueOf(name));
            case NUMBER -> numbers(name);
            case TARGET_NUMBER -> targetNumber(name);
            case CATEGORY -> category(name, Vocabulary.ofEscaped(tokens));
            case TARGET_CATEGORY -> targetCategory(name, Vocabulary.ofEscaped(tokens));
            default ->
                throw new IllegalArgumentException(
                        Messages.quoted(kind) + " is no kind of line; the text may be that of a newer version");
        };
    }

    @Override
    public String toString() {
        return "TableSchema" + columns.stream().map(TableSchema::describe).toList()
                + (target == null ? "" : " -> " + describe(target));
    }

    private static String describe(Column column) {
        Vocabulary vocabulary = column.vocabulary();
        return column.name() + (vocabulary == null ? "" : " (" + vocabulary.size() + " categories)");
    }
}
