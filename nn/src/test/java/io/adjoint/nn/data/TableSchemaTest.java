package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TableSchemaTest {
    private static final String TABLE = """
            size,colour,kind,weight,label
            1.5,red,a,10,yes
            NA,blue,b,20,no
            3,NA,a,30,yes
            """;
    private static final Dataset<CsvRow> ROWS = rows(TABLE);
    private static final TableSchema SCHEMA = new TableSchema()
            .numbers("size", "weight")
            .categories(ROWS, "colour", "kind")
            .targetCategory(ROWS, "label");
    private static final double NAN = Double.NaN;

    private static Dataset<CsvRow> rows(String text) {
        return Csv.of(text, new CsvOptions().missing("", "NA")).rows();
    }

    // ---- tensors ----

    @Test
    void numbersAreThemselvesCategoriesTheirIndicesAndMissingFieldsNaN() {
        Batch batch = SCHEMA.batch(ROWS);

        assertThat(batch.x().data()).isEqualTo(NdArray.of(Shape.of(3, 4), 1.5, 10, 1, 0, NAN, 20, 0, 1, 3, 30, NAN, 0));
        assertThat(batch.y().data()).isEqualTo(NdArray.of(Shape.of(3), new int[] {1, 0, 1}));
        assertThat(SCHEMA.tensor(ROWS).data()).isEqualTo(batch.x().data());
        assertThat(SCHEMA.columns()).containsExactly("size", "weight", "colour", "kind");
        assertThat(SCHEMA.sizes()).containsExactly(2, 2);
        assertThat(SCHEMA.classes().tokens()).containsExactly("no", "yes");
        assertThat(SCHEMA.vocabulary("colour").tokens()).containsExactly("blue", "red");
        assertThat(SCHEMA)
                .hasToString("TableSchema[size, weight, colour (2 categories), kind (2 categories)]"
                        + " -> label (2 categories)");
    }

    @Test
    void aRowAndARecordGiveTheBitsOfTheTable() {
        CsvRow second = ROWS.get(1);
        Map<String, Object> record = new HashMap<>(Map.of("weight", 20, "colour", "blue", "kind", "b", "other", "x"));
        record.put("size", null);

        assertThat(SCHEMA.tensor(second).data())
                .isEqualTo(SCHEMA.tensor(ROWS).select(0, 1).data());
        assertThat(SCHEMA.batch(second).y().data())
                .isEqualTo(SCHEMA.batch(ROWS).y().select(0, 1).data());
        assertThat(SCHEMA.tensor(record).data()).isEqualTo(SCHEMA.tensor(second).data());
        record.put("size", "");
        assertThat(SCHEMA.tensor(record).data()).isEqualTo(SCHEMA.tensor(second).data());
    }

    @Test
    void anEmptyFieldIsAGapWhateverTheOptionsSay() {
        Dataset<CsvRow> rows =
                Csv.of("size,colour\n1,red\n,\n2,  \n", new CsvOptions()).rows();
        TableSchema schema = new TableSchema().numbers("size").categories(rows, "colour");

        assertThat(schema.vocabulary("colour").tokens()).containsExactly("red");
        assertThat(schema.tensor(rows).data()).isEqualTo(NdArray.of(Shape.of(3, 2), 1, 0, NAN, NAN, 2, NAN));
        assertThat(schema.tensor(Map.of("size", " ", "colour", "\t")).data())
                .isEqualTo(NdArray.of(Shape.of(2), NAN, NAN));
    }

    @Test
    void spacesAroundAFieldDontMatter() {
        Dataset<CsvRow> rows = rows("colour,label\n red , yes\nred,yes \nblue,no\n NA ,no\n");
        TableSchema schema = new TableSchema().categories(rows, "colour").targetCategory(rows, "label");

        assertThat(schema.vocabulary("colour").tokens()).containsExactly("blue", "red");
        assertThat(schema.batch(rows).x().data()).isEqualTo(NdArray.of(Shape.of(4, 1), 1, 1, 0, NAN));
        assertThat(schema.batch(rows).y().data()).isEqualTo(NdArray.of(Shape.of(4), new int[] {1, 1, 0, 0}));
        assertThat(schema.tensor(Map.of("colour", "red ")).data()).isEqualTo(NdArray.of(Shape.of(1), 1.0));
        refused(() -> new TableSchema().category("colour", Vocabulary.of(List.of("red", " blue"))))
                .withMessage(
                        "TableSchema: category ' blue' of column 'colour' has spaces around it, which are left out of"
                                + " fields; make the vocabulary of texts without them, as strip() makes them");
    }

    @Test
    void otherColumnsAndTheirOrderDontMatter() {
        Dataset<CsvRow> other = rows("id,label,kind,weight,colour,size\n7,yes,a,10,red,1.5\n");

        assertThat(SCHEMA.batch(other).x().data())
                .isEqualTo(SCHEMA.batch(ROWS.slice(0, 1)).x().data());
    }

    @Test
    void aTargetNumberIsAColumnThatFitsAnOutputOfOne() {
        TableSchema schema = new TableSchema().numbers("weight").targetNumber("size");
        Dataset<CsvRow> known = ROWS.filter(row -> !row.text("size").equals("NA"));

        assertThat(schema.batch(known).y().data()).isEqualTo(NdArray.of(Shape.of(2, 1), 1.5, 3));
        assertThat(schema.batch(known.get(1)).y().data()).isEqualTo(NdArray.of(Shape.of(1), 3.0));
        assertThat(schema.dtype(DType.FLOAT32).batch(known).y().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(schema.dtype(DType.FLOAT32).tensor(known).dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void unknownCategoriesAreErrorsOrMissingOrHaveAnIndexOfTheirOwn() {
        Map<String, Object> record = Map.of("size", 1, "weight", 2, "colour", "green", "kind", "");
        Vocabulary withUnknown = Vocabulary.of(List.of("<unk>", "red")).unknown("<unk>");
        TableSchema indexed = new TableSchema().category("colour", withUnknown).category("kind", withUnknown);

        thrown(MalformedDataException.class, () -> SCHEMA.tensor(record))
                .withMessage("TableSchema: 'colour' of the record: 'green' is none of the 2 categories [blue, red];"
                        + " unknownAsMissing() reads unknown categories as missing");
        assertThat(SCHEMA.unknownAsMissing().tensor(record).data()).isEqualTo(NdArray.of(Shape.of(4), 1, 2, NAN, NAN));
        assertThat(indexed.tensor(record).data()).isEqualTo(NdArray.of(Shape.of(2), 0.0, 0.0));
    }

    // ---- errors ----

    @Test
    void anInfiniteNumberIsRefused() {
        Map<String, Object> record = Map.of("size", "Infinity", "weight", 2, "colour", "red", "kind", "a");

        thrown(MalformedDataException.class, () -> SCHEMA.tensor(record))
                .withMessage(
                        "TableSchema: 'size' of the record: 'Infinity' is not a finite number; a missing one is null or"
                                + " an empty text");
    }

    @Test
    void aFieldThatDoesNotFitIsNamedByFileLineColumnAndText() {
        thrown(MalformedDataException.class, () -> SCHEMA.tensor(rows(TABLE + "1,red,c,5,no\n")))
                .withMessageContaining(
                        "TableSchema: text line 5, column 'kind': 'c' is none of the 2 categories [a, b]");
        thrown(MalformedDataException.class, () -> SCHEMA.tensor(rows(TABLE + "1,red,a,heavy,no\n")))
                .withMessage(
                        "TableSchema: text line 5, column 'weight': 'heavy' is not a number; name a text that stands"
                                + " for a missing one in CsvOptions.missing, and a column of texts is declared by categories");
        thrown(
                        MalformedDataException.class,
                        () -> SCHEMA.dtype(DType.FLOAT32).tensor(rows(TABLE + "1,red,a,1e99,no\n")))
                .withMessageContaining("'1e99' is too large for FLOAT32");
        thrown(MalformedDataException.class, () -> SCHEMA.tensor(rows(TABLE + "1,red,a,-Infinity,no\n")))
                .withMessage(
                        "TableSchema: text line 5, column 'weight': '-Infinity' is not a finite number; name a text"
                                + " that stands for a missing one in CsvOptions.missing");
        thrown(MalformedDataException.class, () -> SCHEMA.batch(rows(TABLE + "1,red,a,1,\n")))
                .withMessageEndingWith("line 5, column 'label': '' is a missing target; leave such rows out, as by"
                        + " rows.filter(…); tensor(rows) reads rows without the target");
        thrown(
                        MalformedDataException.class,
                        () -> new TableSchema().targetNumber("x").batch(rows("x,y\nNaN,1\n")))
                .withMessageContaining("line 2, column 'x': 'NaN' is a missing target");
        thrown(MalformedDataException.class, () -> SCHEMA.unknownAsMissing().batch(rows(TABLE + "1,red,a,1,maybe\n")))
                .withMessageEndingWith("'maybe' is none of the 2 categories [no, yes]");
        thrown(
                        MalformedDataException.class,
                        () -> SCHEMA.tensor(Map.of("size", "x", "weight", 1, "colour", "red", "kind", "a")))
                .withMessageStartingWith(
                        "TableSchema: 'size' of the record: 'x' is not a number; a missing one is null or an empty text");
    }

    @Test
    void aMissingColumnIsNamedBesideThoseThatThereAre() {
        refused(() -> SCHEMA.tensor(rows("size,weight,kind\n1,2,a\n")))
                .withMessage("Csv: text has no column 'colour'; its columns are [size, weight, kind]");
        refused(() -> SCHEMA.tensor(Map.of("size", 1)))
                .withMessage(
                        "TableSchema: the record has no 'weight'; it has [size]. A missing value is null or an empty"
                                + " text");
        refused(() -> new TableSchema().categories(ROWS, "smell")).withMessageContaining("has no column 'smell'");
    }

    @Test
    void rowsWithoutTheTargetAreReadByTensor() {
        Dataset<CsvRow> later = rows("size,colour,kind,weight\n1.5,red,a,10\n");

        assertThat(SCHEMA.tensor(later).data()).isEqualTo(NdArray.of(Shape.of(1, 4), 1.5, 10, 1, 0));
        refused(() -> SCHEMA.batch(later))
                .withMessage("TableSchema: the rows have no column 'label', the target; they have [size, colour, kind,"
                        + " weight]. tensor(rows) reads rows without the target");
        refused(() -> new TableSchema().numbers("size").targetNumber("weight").batch(rows("size;weight\n1;2\n")))
                .withMessageContaining("is the separator ';'?");
    }

    @Test
    void aSchemaRefusesWhatItCannotRead() {
        refused(() -> SCHEMA.numbers("size")).withMessage("TableSchema: two columns have the name 'size'");
        refused(() -> SCHEMA.numbers("label")).withMessageContaining("two columns have the name 'label'");
        refused(() -> SCHEMA.targetNumber("price")).withMessageContaining("the target is 'label' already");
        refused(() -> new TableSchema().categories(rows("a,b\nNA,1\n"), "a"))
                .withMessageContaining("column 'a' has no category in 1 rows");
        refused(() -> new TableSchema().numbers("size").batch(ROWS)).withMessageContaining("there is no target");
        refused(() -> SCHEMA.vocabulary("size")).withMessageContaining("column 'size' has numbers");
        refused(() -> SCHEMA.vocabulary("smell"))
                .withMessageContaining("there is no column 'smell'; there are [size, weight, colour, kind, label]");
        thrown(DTypeException.class, () -> SCHEMA.dtype(DType.INT32))
                .withMessageContaining("FLOAT64 or FLOAT32, not INT32");
    }

    // ---- text ----

    @Test
    void aParsedTextIsTheSameSchema() {
        TableSchema schema = new TableSchema()
                .dtype(DType.FLOAT32)
                .unknownAsMissing()
                .numbers("size", "a\tb\n\\")
                .category(
                        "colour",
                        Vocabulary.of(List.of("", "x\ty", "\\?", "x\r\ny")).unknown("\\?"))
                .targetNumber("price");
        TableSchema parsed = TableSchema.parse(schema.text());

        assertThat(parsed.text()).isEqualTo(schema.text());
        assertThat(parsed.columns()).isEqualTo(schema.columns());
        assertThat(parsed.vocabulary("colour")).isEqualTo(schema.vocabulary("colour"));
        assertThat(TableSchema.parse(SCHEMA.text()).batch(ROWS).x().data())
                .isEqualTo(SCHEMA.batch(ROWS).x().data());
        assertThat(SCHEMA.text()).isEqualTo("""
                TableSchema 1
                dtype\tFLOAT64
                number\tsize
                number\tweight
                category\tcolour\tblue\tred
                category\tkind\ta\tb
                targetCategory\tlabel\tno\tyes
                """);
        assertThat(TableSchema.parse(SCHEMA.text().replace("\n", "\r\n")).text())
                .isEqualTo(SCHEMA.text());
        assertThat(TableSchema.parse("\ufeff" + SCHEMA.text()).text()).isEqualTo(SCHEMA.text());
    }

    @Test
    void aTextThatIsNoSchemaIsRefused() {
        refuse(null, "there is no text");
        refuse("", "doesn't begin with the line 'TableSchema 1'");
        refuse("TableSchema 2\n", "doesn't begin with the line 'TableSchema 1'");
        refuse("TableSchema 1\ndtype\tFLOAT16\n", "line 2: the dtype is FLOAT64 or FLOAT32, not 'FLOAT16'");
        refuse("TableSchema 1\ndtype\n", "line 2: 'dtype' has 1 field after it, got 0");
        refuse("TableSchema 1\nunknownAsMissing\tno\n", "line 2: 'unknownAsMissing' has 0 fields after it, got 1");
        refuse("TableSchema 1\n\n", "line 2: '' isn't a kind of line");
        refuse("TableSchema 1\nnumber\n", "line 2: 'number' has 1 field after it, got 0");
        refuse("TableSchema 1\nnumber\ta\tb\n", "line 2: 'number' has 1 field after it, got 2");
        refuse("TableSchema 1\nnumber\ta\nnumber\ta\n", "two columns have the name 'a'");
        refuse("TableSchema 1\nweight\ta\n", "line 2: 'weight' isn't a kind of line");
        refuse("TableSchema 1\ndtype\tBOOL\n", "not BOOL");
        refuse("TableSchema 1\ncategory\ta\tx\tx\n", "line 2: Vocabulary: token 2: 'x' is there twice");
        refuse("TableSchema 1\ncategory\ta\t\\u0041\n", "has a backslash that isn't followed by");
        refuse("TableSchema 1\ntargetCategory\n", "line 2: 'targetCategory' has at least 1 field after it, got 0");
    }

    private static void refuse(@Nullable String text, String problem) {
        thrown(MalformedDataException.class, () -> TableSchema.parse(text)).withMessageContaining(problem);
    }

    // ---- streams ----

    @Test
    void singleRowsAreStackedToTheBatchOfTheTable() {
        Batch stacked = ROWS.map(SCHEMA::batch).all();

        assertThat(stacked.x().data()).isEqualTo(SCHEMA.batch(ROWS).x().data());
        assertThat(stacked.y().data()).isEqualTo(SCHEMA.batch(ROWS).y().data());
    }

    @Test
    void aTextOfManyColumnsIsParsedInLinearTime() {
        String[] names = IntStream.range(0, 100_000).mapToObj(k -> "x" + k).toArray(String[]::new);
        TableSchema wide = new TableSchema().numbers(names);

        assertThat(assertTimeout(Duration.ofSeconds(20), () -> TableSchema.parse(wide.text()))
                        .columns())
                .containsExactly(names);
    }
}
