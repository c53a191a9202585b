package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.DType;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRowsTest {
    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = folder.resolve("rows.csv");
    }

    private DataStream<CsvRow> rows(String text, CsvOptions options) throws IOException {
        Files.writeString(file, text);
        return Csv.rows(file, options);
    }

    private static List<CsvRow> all(DataStream<CsvRow> rows) {
        List<CsvRow> all = new ArrayList<>();
        rows.forEach(all::add);
        return all;
    }

    @Test
    void aRowHasItsFieldsAsNumbersTextsAndLabels() throws IOException {
        Files.writeString(file, "a,b,kind\n1,2.5,x\n-3, 4e1 ,y\n");
        List<CsvRow> rows = all(Csv.rows(file));
        Vocabulary kinds = Vocabulary.sorted(List.of("x", "y"));

        assertThat(rows).hasSize(2);
        CsvRow row = rows.get(1);
        assertThat(row.line()).isEqualTo(3);
        assertThat(row.columns()).containsExactly("a", "b", "kind");
        assertThat(row.texts()).containsExactly("-3", " 4e1 ", "y");
        assertThat(row.text("kind")).isEqualTo("y");
        assertThat(row.doubles("b", "a").data()).isEqualTo(NdArray.of(Shape.of(2), 40, -3));
        assertThat(row.floats("b").data()).isEqualTo(NdArray.of(Shape.of(1), new float[] {40}));
        assertThat(row.ints("a").data()).isEqualTo(NdArray.of(Shape.of(1), new int[] {-3}));
        assertThat(row.doubleValue("b")).isEqualTo(40);
        assertThat(row.intValue("a")).isEqualTo(-3);
        assertThat(row.label("kind", kinds)).isEqualTo(1);
        assertThat(row).hasToString("CsvRow[" + file + " line 3, [-3,  4e1 , y]]");
        thrown(MalformedDataException.class, row::doubles)
                .withMessage("Csv: " + file + " line 3, column 'kind': 'y' is not a number; if it stands for a missing"
                        + " one, name it in CsvOptions.missing;"
                        + " if the column has texts, read it by texts or labels, or leave it out by drop");
        refused(() -> row.text("c")).withMessage("Csv: " + file + " has no column 'c'; its columns are [a, b, kind]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a,b\n1,2\n3,4\n",
                "\n\na,b\n\n1,2\n\n3,4\n\n",
                "a\n\n1\n\n2",
                "\n\na\n1\n",
                "\ufeffa,b\r\nx,\"two\nlines\"\r\n",
                "a,b\n",
                "1;2\n3;4"
            })
    void theRowsAreThoseOfTheTable(String text) throws IOException {
        for (CsvOptions options : List.of(
                new CsvOptions(),
                new CsvOptions().header(false),
                new CsvOptions().header(false).separator(';'))) {
            List<CsvRow> rows = all(rows(text, options));
            Csv table = Csv.read(file, options);

            assertThat(rows).hasSize(table.size());
            for (String column : table.columns()) {
                assertThat(rows.stream().map(row -> row.text(column))).containsExactlyElementsOf(table.texts(column));
            }
        }
    }

    @Test
    void whatIsWrongInAFileIsSaidWhereTheRowsBeforeItWereTaken() throws IOException {
        BatchIterator<CsvRow> rows =
                rows("a,b\n1,2\n3\n4,5\n", new CsvOptions()).iterator();
        assertThat(rows.next().texts()).containsExactly("1", "2");
        for (int k = 0; k < 2; k++) {
            thrown(MalformedDataException.class, rows::hasNext)
                    .withMessage("Csv: " + file + " line 3 has 1 fields, the first record has 2");
        }

        BatchIterator<CsvRow> open = rows("a\n1\n\"2", new CsvOptions()).iterator();
        assertThat(open.next().texts()).containsExactly("1");
        thrown(MalformedDataException.class, open::next);
        thrown(MalformedDataException.class, () -> all(rows("a,a\n1,2\n", new CsvOptions())))
                .withMessageContaining("two columns have one name");
        thrown(MalformedDataException.class, () -> all(rows("", new CsvOptions())))
                .withMessageContaining("is empty, without a header");
        Files.delete(file);
        thrown(UncheckedIOException.class, () -> all(Csv.rows(file)))
                .withMessage("Csv: there is no file " + file.toAbsolutePath());
    }

    @Test
    void packedFilesAreReadAndCutOnesNamed() throws IOException {
        StringBuilder text = new StringBuilder("a\n");
        for (int k = 0; k < 50_000; k++) {
            text.append(k * 7919 % 50_021).append('\n');
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        assertThat(all(Csv.rows(file))).hasSize(50_000);
        byte[] packed = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(packed, packed.length / 2));
        BatchIterator<CsvRow> rows = Csv.rows(file).iterator();

        assertThat(rows.next().intValue("a")).isZero();
        thrown(MalformedDataException.class, () -> rows.forEachRemaining(row -> {}))
                .withMessage("Csv: " + file + ": is packed by gzip, but cut");
        Files.write(file, new byte[] {0x1f, (byte) 0x8b, 1});
        thrown(MalformedDataException.class, () -> all(Csv.rows(file)))
                .withMessageContaining("is packed by gzip, but ");
    }

    @Test
    void rowsOfSeveralFilesInARandomOrderAreBatches() throws IOException {
        List<Path> files = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            Path part = folder.resolve("part" + k + ".csv");
            Files.writeString(part, "x,y\n" + k + ",0\n" + k + ".5,1\n");
            files.add(part);
        }
        StreamLoader<Batch> loader = DataStream.of(files)
                .flatMap(Csv::rows)
                .shuffle(4)
                .map(row -> new Batch(row.floats("x"), row.ints("y").squeeze(0)))
                .batch(4)
                .generator(new io.adjoint.core.Generator(1))
                .workers(2);

        List<Double> seen = new ArrayList<>();
        for (Batch batch : loader) {
            assertThat(batch.x().dtype()).isEqualTo(DType.FLOAT32);
            assertThat(batch.y().shape()).isEqualTo(Shape.of(batch.x().shape().dim(0)));
            for (double x : batch.x().data().toDoubleArray()) {
                seen.add(x);
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(0.0, 0.5, 1.0, 1.5, 2.0, 2.5);
    }
}
