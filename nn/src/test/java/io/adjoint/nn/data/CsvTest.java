package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.adjoint.core.DType;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
    private static final CsvOptions PLAIN = new CsvOptions();

    private static Csv csv(String text) {
        return Csv.of(text, PLAIN);
    }

    @Test
    void columnsBecomeTensors() {
        Csv csv = csv("a,b,kind\n1,2.5,x\n-3, 4e1 ,y\n5,6,x\n");

        assertThat(csv.size()).isEqualTo(3);
        assertThat(csv.columns()).containsExactly("a", "b", "kind");
        assertThat(csv.select("b", "a").doubles().data()).isEqualTo(NdArray.of(Shape.of(3, 2), 2.5, 1, 40, -3, 6, 5));
        assertThat(csv.select(0).floats().data()).isEqualTo(NdArray.of(Shape.of(3, 1), new float[] {1, -3, 5}));
        assertThat(csv.drop("kind").doubles()).matches(t -> t.shape().equals(Shape.of(3, 2)));
        assertThat(csv.drop("a").select(0).columns()).containsExactly("b");
        assertThat(csv.ints("a").data()).isEqualTo(NdArray.of(Shape.of(3), new int[] {1, -3, 5}));
        assertThat(csv.select("a").ints().shape()).isEqualTo(Shape.of(3, 1));
        assertThat(csv.floats("b").dtype()).isEqualTo(DType.FLOAT32);
        assertThat(csv.doubles("b").data()).isEqualTo(NdArray.of(Shape.of(3), 2.5, 40, 6));
        assertThat(csv.texts("kind")).containsExactly("x", "y", "x");
        assertThat(csv.labels("kind", Vocabulary.sorted(csv.texts("kind"))).data())
                .isEqualTo(NdArray.of(Shape.of(3), new int[] {0, 1, 0}));
    }

    @Test
    void theTextHasNameRecordsAndColumns() {
        Csv csv = Csv.read(
                new ByteArrayInputStream("a,b\n1,2\n3,4\n5,6\n".getBytes(StandardCharsets.UTF_8)), "x.csv", PLAIN);

        assertThat(csv).hasToString("Csv[x.csv, 3 records, columns [a, b]]");
    }

    @Test
    void withoutAHeaderColumnsHaveNumbers() {
        Csv csv = Csv.of("1;2\n3;4\n", new CsvOptions().header(false).separator(';'));

        assertThat(csv.columns()).containsExactly("0", "1");
        assertThat(csv.select(1).doubles().data()).isEqualTo(NdArray.of(Shape.of(2, 1), 2, 4));
        assertThat(csv.ints("1").data()).isEqualTo(NdArray.of(Shape.of(2), new int[] {2, 4}));
        assertThat(Csv.of("", new CsvOptions().header(false)).size()).isZero();
    }

    @Test
    void aTableMayHaveManyColumns() {
        Csv csv = Csv.of("1,".repeat(19_999) + "7\n", new CsvOptions().header(false));

        assertThat(csv.columns()).hasSize(20_000);
        assertThat(csv.ints("19999").data()).isEqualTo(NdArray.of(Shape.of(1), new int[] {7}));
    }

    @Test
    void aFirstRecordOfNumbersIsNotTakenForTheHeader() {
        thrown(MalformedDataException.class, () -> csv("1.5,2, 3\n4,5,6\n7,8,9"))
                .withMessage(
                        "Csv: text line 1: every name of the header is a number: [1.5, 2,  3]; read a file without a header"
                                + " by new CsvOptions().header(false). If these are the names, Csv.rows(file,"
                                + " options.header(false)).skip(1) has the records");
        thrown(MalformedDataException.class, () -> Csv.of("1,,NaN\n4,5,6\n", PLAIN.missing("")))
                .withMessageContaining("header(false)");
        assertThat(csv("1,,2e\n4,5,6\n").columns()).containsExactly("1", "", "2e");
        assertThat(Csv.of("NA\n4\n", PLAIN.missing("NA")).columns()).containsExactly("NA");
    }

    @Test
    void theGrammarIsThatOfRfc4180() {
        Csv csv = csv("\ufefft,u\r\n\"a,b\",\"say \"\"hi\"\"\"\r\n\"two\nlines\",\r\n\r\nlast,ä");

        assertThat(csv.columns()).containsExactly("t", "u");
        assertThat(csv.texts("t")).containsExactly("a,b", "two\nlines", "last");
        assertThat(csv.texts("u")).containsExactly("say \"hi\"", "", "ä");
    }

    @Test
    void aNumberWithACommaIsToldToHaveADecimalPoint() {
        for (String number : new String[] {"1,5", "-1.234,5", "1,234,567.0"}) {
            thrown(
                            MalformedDataException.class,
                            () -> Csv.of("a;b\n1;" + number + "\n", PLAIN.separator(';'))
                                    .doubles())
                    .withMessage("Csv: text line 2, column 'b': '" + number
                            + "' is not a number; write it with a decimal point, and no comma");
        }
        thrown(
                        MalformedDataException.class,
                        () -> new TableSchema().numbers("a").tensor(Map.of("a", "1,5")))
                .withMessage(
                        "TableSchema: 'a' of the record: '1,5' is not a number; write it with a decimal point, and no"
                                + " comma");
        thrown(
                        MalformedDataException.class,
                        () -> Csv.of("a;b\n1;,\n", PLAIN.separator(';')).doubles())
                .withMessageContaining("',' is not a number; if it stands for a missing one");
    }

    @Test
    void missingNumbersAreNaNOnlyWhereTheOptionsSaySo() {
        String text = "a,b\n1,NA\n,2\n";

        assertThat(Csv.of(text, PLAIN.missing("NA", "")).doubles().data())
                .isEqualTo(NdArray.of(Shape.of(2, 2), 1, Double.NaN, Double.NaN, 2));
        thrown(MalformedDataException.class, () -> csv(text).doubles())
                .withMessage(
                        "Csv: text line 2, column 'b': 'NA' is not a number; if it stands for a missing one, name it in CsvOptions.missing;"
                                + " if the column has texts, read it by texts or labels, or leave it out by drop");
        thrown(
                        MalformedDataException.class,
                        () -> Csv.of(text, PLAIN.missing("")).ints("a"))
                .withMessage("Csv: text line 3, column 'a': '' is not a whole number of 32 bits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "1d", "1f", "0x10", "0x1p3", "", "--1", "1e", ".", "inf"})
    void whatIsNoNumberIsNamedWithLineColumnAndText(String text) {
        thrown(
                        MalformedDataException.class,
                        () -> csv("n,two\n\"lines\nhere\",1\nx,\"" + text + "\"\n")
                                .doubles("two"))
                .withMessage("Csv: text line 4, column 'two': '" + text
                        + "' is not a number; if it stands for a missing one, name it in CsvOptions.missing;"
                        + " if the column has texts, read it by texts or labels, or leave it out by drop");
    }

    @Test
    void aNumberThatTheDtypeCannotHoldIsRefused() {
        Csv csv = csv("n\n1e39\n");

        assertThat(csv.doubles("n").item()).isEqualTo(1e39);
        thrown(MalformedDataException.class, () -> csv.floats("n"))
                .withMessage("Csv: text line 2, column 'n': '1e39' is too large for FLOAT32");
        thrown(MalformedDataException.class, () -> csv("n\n-1e999\n").doubles("n"))
                .withMessage("Csv: text line 2, column 'n': '-1e999' is too large for FLOAT64");
    }

    @Test
    void numbersAreWrittenInDecimalOrAsJavaWritesThem() {
        assertThat(csv("n\n 1.5e-3\n+.5\n3.\n-Infinity\nNaN\n").doubles("n").data())
                .isEqualTo(NdArray.of(Shape.of(5), 1.5e-3, 0.5, 3, Double.NEGATIVE_INFINITY, Double.NaN));
    }

    @Test
    void aLongFieldThatIsNoNumberIsRefusedInOnePass() {
        String digits = "1".repeat(1_000_000);
        for (String text :
                List.of(digits + "x", digits + "." + digits + "x", "1e" + digits + "x", "." + digits + "x")) {
            Csv table = Csv.of(text, new CsvOptions().header(false));

            // An algorithm with quadratic time would take hours.
            assertTimeoutPreemptively(
                    Duration.ofMinutes(1),
                    () -> thrown(MalformedDataException.class, table::doubles)
                            .withMessageEndingWith(
                                    " characters) is not a number; if it stands for a missing one, name it in CsvOptions.missing;"
                                            + " if the column has texts, read it by texts or labels, or leave it out by drop"));
        }
    }

    @Test
    void anEmptyLineIsARecordWhereThereIsOneColumn() {
        String text = "\nn\n1\n\n3\n";

        assertThat(csv(text).texts("n")).containsExactly("1", "", "3");
        assertThat(Csv.of(text, PLAIN.missing("")).doubles("n").data())
                .isEqualTo(NdArray.of(Shape.of(3), 1, Double.NaN, 3));
        thrown(MalformedDataException.class, () -> csv(text).doubles("n"))
                .withMessage(
                        "Csv: text line 4, column 'n': '' is not a number; if it stands for a missing one, name it in CsvOptions.missing;"
                                + " if the column has texts, read it by texts or labels, or leave it out by drop");
        assertThat(Csv.of("\n1\n", PLAIN.header(false)).texts("0")).containsExactly("", "1");
        assertThat(csv("\na,b\n\n1,2\n\n").size()).as("of two columns").isEqualTo(1);
    }

    @Test
    void wholeNumbersHave32Bits() {
        assertThat(csv("n\n-2147483648\n2147483647\n+7\n-0\n").ints("n").data().toIntArray())
                .containsExactly(Integer.MIN_VALUE, Integer.MAX_VALUE, 7, 0);
        for (String text : List.of("3000000000", "-2147483649", "1.0", "1e3", "\u0663")) {
            thrown(
                            MalformedDataException.class,
                            () -> Csv.of("1\n" + text, PLAIN.header(false)).ints())
                    .withMessage("Csv: text line 2, column 0: '" + text + "' is not a whole number of 32 bits");
        }
    }

    @Test
    void anUnknownLabelIsNamed() {
        thrown(MalformedDataException.class, () -> csv("k\na\nc\n").labels("k", Vocabulary.of(List.of("a", "b"))))
                .withMessageStartingWith(
                        "Csv: text line 3, column 'k': 'c' is no label: Vocabulary: 'c' is none of the 2"
                                + " tokens [a, b]");
    }

    @Test
    void recordsThatBreakTheGrammarAreNamed() {
        thrown(MalformedDataException.class, () -> csv("a,b\n1,2\n3\n"))
                .withMessage("Csv: text line 3 has 1 fields, the first record has 2");
        thrown(MalformedDataException.class, () -> csv("a,b\n1,2,3\n"))
                .withMessage("Csv: text line 2 has 3 fields, the first record has 2");
        thrown(MalformedDataException.class, () -> csv("a,b\n1,\"2\n"))
                .withMessageContainingAll("Csv: text", "Unclosed quoted field", "line 2");
        thrown(MalformedDataException.class, () -> csv("a,b\n1,\"2\"3\n"))
                .withMessageContainingAll("Csv: text", "after closing quote", "line 2");
        thrown(MalformedDataException.class, () -> csv("")).withMessage("Csv: text is empty, without a header");
        thrown(MalformedDataException.class, () -> csv("a,a\n"))
                .withMessage("Csv: text line 1: two columns have one name: [a, a]");
    }

    @Test
    void columnsThatThereAreNotAreNamed() {
        Csv csv = csv("a,b\n1,2\n");

        refused(() -> csv.select("c")).withMessage("Csv: text has no column 'c'; its columns are [a, b]");
        refused(() -> csv("a;b\n1;2\n").select("a"))
                .withMessage("Csv: text has no column 'a'; its columns are [a;b]; is the separator ';'?"
                        + " new CsvOptions().separator(';')");
        refused(() -> Csv.of("a,b\n1,2\n", PLAIN.separator('\t')).select("a"))
                .withMessageEndingWith("is the separator ','? new CsvOptions().separator(',')");
        refused(() -> csv("a\tb\n1\t2\n").select("a"))
                .withMessageEndingWith("is the separator '\\u0009'? new CsvOptions().separator('\\u0009')");
        refused(() -> csv.drop("a").texts("a")).withMessage("Csv: text has no column 'a'; its columns are [b]");
        refused(() -> csv.select(2)).withMessage("Csv: there is no column 2 of text, which has 2, numbered from 0");
        refused(() -> PLAIN.separator('"')).withMessageStartingWith("CsvOptions: ");
    }

    @Test
    void filesMayBePackedAndStreamsHaveAName(@TempDir Path folder) throws IOException {
        Path plain = folder.resolve("plain.csv");
        Path packed = folder.resolve("packed.csv");
        Files.writeString(plain, "a\n1\n");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write("a\n1\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(Csv.read(plain).doubles().data()).isEqualTo(NdArray.of(Shape.of(1, 1), 1));
        assertThat(Csv.read(packed).doubles().data()).isEqualTo(NdArray.of(Shape.of(1, 1), 1));
        refused(() -> Csv.read(new ByteArrayInputStream(Files.readAllBytes(plain)), "own.csv", PLAIN)
                        .select("b"))
                .withMessageContaining("own.csv");
    }

    @Test
    void filesThatCannotBeReadAreNamed(@TempDir Path folder) throws IOException {
        Path latin = folder.resolve("latin.csv");
        Files.write(latin, new byte[] {'a', '\n', (byte) 0xe4, '\n'});

        thrown(UncheckedIOException.class, () -> Csv.read(folder.resolve("none.csv")))
                .withMessageContainingAll("Csv: there is no file ", "none.csv");
        thrown(UncheckedIOException.class, () -> Csv.read(latin))
                .withMessage("Csv: " + latin + " is not UTF-8; read a file of another charset by"
                        + " Csv.of(Files.readString(path, StandardCharsets.ISO_8859_1), options)");
        thrown(UncheckedIOException.class, () -> Csv.read(folder)).withMessageStartingWith("Csv: cannot read ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "x-UTF-16LE-BOM"})
    void utf16IsNamed(String charset) {
        byte[] bytes = "a,b\n1,2\n".getBytes(Charset.forName(charset));
        thrown(MalformedDataException.class, () -> Csv.read(new ByteArrayInputStream(bytes), "x.csv", PLAIN))
                .withMessage("Csv: x.csv is in UTF-16; save it in UTF-8");
    }

    @Test
    void longAndUnprintableFieldsAreShortInMessages() {
        Csv csv = csv("a\u001b[31m\n" + "x".repeat(5_000_000) + "\n");
        thrown(MalformedDataException.class, csv::doubles)
                .satisfies(e -> assertThat(e.getMessage())
                        .startsWith("Csv: text line 2, column 'a\\u001b[31m': 'xxx")
                        .contains("…' (5000000 characters) is not a number")
                        .hasSizeLessThan(400));
        refused(() -> csv("c,".repeat(5000).replaceAll("(?<=c)(?=,)", "x") + "d\n"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    /** Reads two million empty lines, none of which is kept. */
    @Test
    void emptyLinesAreSkippedWhileTheyAreRead() {
        byte[] lines = "\n".repeat(2_000_000).getBytes(StandardCharsets.US_ASCII);
        for (String begin : List.of("", "a,b\n1,2\n")) {
            byte[] head = begin.getBytes(StandardCharsets.US_ASCII);
            Csv csv = Csv.read(
                    new SequenceInputStream(
                            new SequenceInputStream(new ByteArrayInputStream(head), new ByteArrayInputStream(lines)),
                            new ByteArrayInputStream("a,b\n".getBytes(StandardCharsets.US_ASCII))),
                    "lines",
                    PLAIN.header(false));
            assertThat(csv.size()).isEqualTo(begin.isEmpty() ? 1 : 3);
        }
    }

    @Test
    void emptyLinesOfATableOfOneColumnAreRecords() {
        Csv csv = Csv.of("\n\n1\n\nx\n", PLAIN.header(false));
        assertThat(csv.texts("0")).containsExactly("", "", "1", "", "x");
        thrown(MalformedDataException.class, csv::doubles).withMessageStartingWith("Csv: text line 1,");
        assertThat(csv("\n\na\n\n1\n").texts("a")).containsExactly("", "1");
    }
}
