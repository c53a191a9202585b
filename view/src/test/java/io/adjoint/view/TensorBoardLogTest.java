// Long because each kind of data is read by another message of TensorFlow.
package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.train.History;
import io.adjoint.nn.train.Length;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.Step;
import io.adjoint.nn.train.TrainingRun;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.framework.DataType;
import org.tensorflow.framework.Summary;
import org.tensorflow.framework.TensorProto;
import org.tensorflow.framework.TensorShapeProto;
import org.tensorflow.util.Event;

class TensorBoardLogTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.5Z");
    private static final Moment FIRST = new Moment(0, 0, TIME);

    @TempDir
    private Path folder;

    private static TrainingRun run(Moment at, Map<String, String> settings) {
        return new TrainingRun(at, new Dense(2, 1, new Generator(1)), settings, null);
    }

    private TensorBoardLog started() {
        TensorBoardLog log = new TensorBoardLog(folder);
        log.start(run(FIRST, Map.of()));
        return log;
    }

    private static Moment at(long step) {
        return new Moment(step, 1, TIME);
    }

    // ---- the file ----

    /** TensorBoard's own tests have this record. */
    @Test
    void aRecordHasTheBytesOfTensorFlows() throws IOException {
        Instant time = Instant.ofEpochSecond(1_599_759_586);
        try (EventFile file = EventFile.create(folder, time)) {
            file.write(Summaries.version(time).toBytes());
        }
        assertThat(Files.readAllBytes(EventReader.files(folder).get(0)))
                .isEqualTo(HexFormat.of()
                        .parseHex("1800000000000000" + "a37f4b22" + "09000080" + "3899d6d741" + "1a0d"
                                + HexFormat.of().formatHex("brain.Event:2".getBytes(StandardCharsets.US_ASCII))
                                + "124b36ab"));
    }

    @Test
    void aFileBeginsWithItsVersionAndItsNameWithTheTime() throws IOException {
        started().end(FIRST);

        Path file = EventReader.files(folder).get(0);
        assertThat(file.getFileName().toString())
                .matches("events\\.out\\.tfevents\\.1767323045\\.[A-Za-z0-9-]+\\."
                        + ProcessHandle.current().pid() + "\\.0");
        Event version = EventReader.events(file).get(0);
        assertThat(version.getFileVersion()).isEqualTo("brain.Event:2");
        assertThat(version.getWallTime()).isEqualTo(1767323045.5);
    }

    @Test
    void eachEventIsInTheFileAtOnce() throws IOException {
        TensorBoardLog log = started();
        log.numbers(at(3), Map.of("a", 0.5));

        assertThat(EventReader.scalar(folder, "a")).isEqualTo(new TreeMap<>(Map.of(3L, 0.5f)));
        log.end(at(3));
        log.end(at(3));
        assertThatIllegalStateException()
                .isThrownBy(() -> log.numbers(at(4), Map.of("a", 0.5)))
                .withMessage("TensorBoardLog: call start(run) before any other event");
    }

    @Test
    void aFolderThatCannotBeIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> new TensorBoardLog(file.resolve("run")).start(run(FIRST, Map.of())))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("TensorBoardLog: cannot start a file in " + file);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TensorBoardLog(folder).everySteps(0))
                .withMessage("TensorBoardLog: the number of steps must be at least 1, got 0");
    }

    // ---- scalars ----

    @Test
    void theScalarsOfATrainingAreItsHistory() throws IOException {
        SmallTraining training = new SmallTraining();
        History history = training.trainer
                .measureGradientNorm()
                .log(new TensorBoardLog(folder).everySteps(2))
                .fit(training.loader, 3);

        Map<String, TreeMap<Long, Float>> scalars = EventReader.scalars(folder);
        assertThat(scalars)
                .containsOnlyKeys(
                        "loss",
                        "RootMeanSquaredError",
                        "loss/validation",
                        "RootMeanSquaredError/validation",
                        "loss/batch",
                        "learning rate",
                        "gradient norm");
        assertThat(EventReader.scalar(folder, "loss").keySet()).containsExactly(2L, 4L, 6L);
        assertThat(EventReader.scalar(folder, "loss").lastEntry().getValue()).isEqualTo((float) history.last("loss"));
        assertThat(EventReader.scalar(folder, "RootMeanSquaredError/validation").keySet())
                .containsExactly(3L, 6L);
        assertThat(EventReader.scalar(folder, "RootMeanSquaredError/validation")
                        .lastEntry()
                        .getValue())
                .isEqualTo((float) history.last("validation RootMeanSquaredError"));
        assertThat(EventReader.scalar(folder, "learning rate").values()).containsExactly(0.1f, 0.1f, 0.1f);
    }

    @Test
    void valuesThatBelongToALossHaveItsNameAtTheEnd() throws IOException {
        TensorBoardLog log = started();
        Map<String, Double> values = new LinkedHashMap<>();
        for (String name : List.of(
                "loss", "F1 of all", "test loss", "test F1 of all", "testing", " loss", "a/b", "x loss", "loss/x")) {
            values.put(name, 1.0);
        }
        log.epoch(at(1), values);
        log.end(at(1));

        assertThat(EventReader.scalars(folder))
                .containsOnlyKeys(
                        "loss",
                        "F1 of all",
                        "loss/test",
                        "F1 of all/test",
                        "testing",
                        " loss",
                        "a/b",
                        "x loss",
                        "loss/x");
    }

    @Test
    void numbersThatAreNoneAreWrittenAsSuch() throws IOException {
        TensorBoardLog log = started();
        double[] values = {Double.NaN, Double.POSITIVE_INFINITY, -1e300, -0.0, 1e-300};
        for (int k = 0; k < values.length; k++) {
            log.numbers(at(k), Map.of("a", values[k]));
        }
        log.end(at(9));

        assertThat(EventReader.scalar(folder, "a").values())
                .containsExactly(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 0f);
    }

    // ---- texts and settings ----

    @Property
    void aTextIsReadAsItWas(@ForAll @NotEmpty String tag, @ForAll String text) throws IOException {
        Path own = Files.createTempDirectory("texts");
        TensorBoardLog log = new TensorBoardLog(own);
        log.start(run(FIRST, Map.of(tag, text)));
        log.text(at(1), tag + "!", text);
        log.end(at(1));

        TensorProto read = EventReader.one(own, utf8(tag + "!")).getTensor();
        assertThat(read.getStringVal(0).toStringUtf8()).isEqualTo(utf8(text));
    }

    /** The text with a question mark for each unpaired surrogate. */
    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Test
    void longAndStrangeTextsAreWritten() throws IOException {
        TensorBoardLog log = started();
        String text = "<script>\u0000\u001b[31m\r\n\ud83e\udd16".repeat(1000);
        log.text(at(1), text, text);
        log.end(at(1));

        Summary.Value value = EventReader.one(folder, text);
        assertThat(value.getMetadata().getPluginData().getPluginName()).isEqualTo("text");
        assertThat(value.getTensor())
                .isEqualTo(TensorProto.newBuilder()
                        .setDtype(DataType.DT_STRING)
                        .setTensorShape(shape(1))
                        .addStringVal(ByteString.copyFromUtf8(text))
                        .build());
    }

    private static TensorShapeProto shape(long... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        Arrays.stream(dims).forEach(dim -> shape.addDimBuilder().setSize(dim));
        return shape.build();
    }

    @Test
    void settingsAreHyperparametersWithTheirTypes() throws IOException {
        TensorBoardLog log = new TensorBoardLog(folder);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("learning rate", "1e-3");
        settings.put("nesterov", "true");
        settings.put("optimizer", "SGD(learning rate 0.1)");
        log.start(run(FIRST, settings));
        log.end(FIRST);

        Summary.Value value = EventReader.one(folder, "_hparams_/session_start_info");
        assertThat(value.getMetadata().getPluginData().getPluginName()).isEqualTo("hparams");
        assertThat(value.getTensor().getFloatValList()).containsExactly(0f);
        // The messages of the plugin: data with a session (3), whose entries (1) have a name (1) and a value (2) of
        // some type.
        UnknownFieldSet data =
                UnknownFieldSet.parseFrom(value.getMetadata().getPluginData().getContent());
        UnknownFieldSet session = message(data, 3);
        List<UnknownFieldSet> entries = session.getField(1).getLengthDelimitedList().stream()
                .map(TensorBoardLogTest::parsed)
                .toList();
        assertThat(entries).extracting(entry -> string(entry, 1)).containsExactlyElementsOf(settings.keySet());
        assertThat(message(entries.get(0), 2).getField(2).getFixed64List())
                .containsExactly(Double.doubleToLongBits(1e-3));
        assertThat(message(entries.get(1), 2).getField(4).getVarintList()).containsExactly(1L);
        assertThat(string(message(entries.get(2), 2), 3)).isEqualTo("SGD(learning rate 0.1)");
        assertThat(session.getField(5).getFixed64List()).containsExactly(Double.doubleToLongBits(1767323045.5));
        assertThat(EventReader.text(folder, "run/settings")).isEqualTo("""
                        | name | value |
                        |---|---|
                        | learning rate | 1e-3 |
                        | nesterov | true |
                        | optimizer | SGD(learning rate 0.1) |
                        """);
    }

    private static UnknownFieldSet message(UnknownFieldSet fields, int field) {
        return parsed(fields.getField(field).getLengthDelimitedList().get(0));
    }

    private static String string(UnknownFieldSet fields, int field) {
        return fields.getField(field).getLengthDelimitedList().get(0).toStringUtf8();
    }

    private static UnknownFieldSet parsed(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theExceptionThatEndsATrainingIsAText() throws IOException {
        SmallTraining training = new SmallTraining();
        training.trainer.log(new TensorBoardLog(folder)).onStep(() -> {
            throw new IllegalStateException("no power");
        });

        assertThatIllegalStateException().isThrownBy(() -> training.trainer.fit(training.loader, 1));

        assertThat(EventReader.text(folder, "run/failure")).contains("no power");
        assertThat(EventReader.text(folder, "run/parameters"))
                .isEqualTo("    weight  FLOAT64 [1, 2]\n    bias  FLOAT64 [1]\n    3 elements in 2 parameters");
        assertThat(EventReader.shown(folder)).containsKey("run/environment");
    }

    // ---- histograms ----

    /** The rows of a histogram: left edge, right edge, and count. */
    private double[][] histogram(NdArray values, int bins) throws IOException {
        TensorBoardLog log = started();
        log.histogram(at(1), "h", values);
        log.end(at(1));
        Summary.Value value = EventReader.one(folder, "h");
        assertThat(value.getMetadata().getPluginData().getPluginName()).isEqualTo("histograms");
        TensorProto tensor = value.getTensor();
        assertThat(tensor.getDtype()).isEqualTo(DataType.DT_DOUBLE);
        assertThat(tensor.getTensorShape()).isEqualTo(shape(bins, 3));
        ByteBuffer content =
                ByteBuffer.wrap(tensor.getTensorContent().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        double[][] rows = new double[bins][3];
        for (double[] row : rows) {
            for (int k = 0; k < 3; k++) {
                row[k] = content.getDouble();
            }
        }
        assertThat(content.hasRemaining()).isFalse();
        return rows;
    }

    @Test
    void aHistogramCountsTheElementsBetweenItsEdges() throws IOException {
        double[][] rows = histogram(NdArray.generate(DType.FLOAT32, Shape.of(10, 30), k -> Math.floorDiv(k, 10)), 30);

        for (int k = 0; k < 30; k++) {
            assertThat(rows[k][0]).isEqualTo(29.0 * k / 30, offset(1e-12));
            assertThat(rows[k][2]).as("%d", k).isEqualTo(10);
        }
        assertThat(rows[29][1]).isEqualTo(29);
    }

    @Test
    void elementsThatAreNotFiniteAreCountedByThemselves() throws IOException {
        double[][] rows = histogram(
                NdArray.of(
                        Shape.of(6),
                        Double.NaN,
                        Double.NEGATIVE_INFINITY,
                        -Double.MAX_VALUE,
                        0,
                        Double.MAX_VALUE,
                        Double.NaN),
                30);

        assertThat(rows[0]).startsWith(-Double.MAX_VALUE).endsWith(1);
        assertThat(rows[29]).endsWith(Double.MAX_VALUE, 1);
        assertThat(Arrays.stream(rows).mapToDouble(row -> row[2]).sum()).isEqualTo(3);
        assertThat(EventReader.scalar(folder, "h/not finite").values()).containsExactly(3f);
    }

    @Test
    void equalElementsAndNoneHaveHistograms() throws IOException {
        assertThat(histogram(NdArray.full(DType.INT32, Shape.of(7), -4), 1))
                .isDeepEqualTo(new double[][] {{-4, -4, 7}});
        assertThat(histogram(NdArray.zeros(DType.FLOAT64, Shape.of(0)), 1)).isDeepEqualTo(new double[1][3]);
    }

    // ---- pictures ----

    @Test
    void picturesAreReadAsTheyWere() throws IOException {
        TensorBoardLog log = started();
        log.picture(at(1), "grey", NdArray.of(Shape.of(2, 3), 0, 0.5, 1, -7, 7, Double.NaN));
        log.picture(
                at(1),
                "red green blue",
                NdArray.of(Shape.of(3, 1, 2), 1, 0, 0, 1, 0.2, 0.4).to(DType.FLOAT32));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> log.picture(at(1), "no", NdArray.zeros(DType.FLOAT64, Shape.of(2, 4, 4))))
                .withMessage("a picture is [H, W], [1, H, W] or [3, H, W] with at least one pixel, got the shape"
                        + " [2, 4, 4]");
        log.end(at(1));

        assertThat(pixels("grey", 3, 2)).containsExactly(0x000000, 0x808080, 0xFFFFFF, 0, 0xFFFFFF, 0);
        assertThat(pixels("red green blue", 2, 1)).containsExactly(0xFF0033, 0x00FF66);
    }

    private int[] pixels(String tag, int width, int height) throws IOException {
        Summary.Value value = EventReader.one(folder, tag);
        assertThat(value.getMetadata().getPluginData().getPluginName()).isEqualTo("images");
        TensorProto tensor = value.getTensor();
        assertThat(tensor.getTensorShape()).isEqualTo(shape(3));
        assertThat(tensor.getStringVal(0).toStringUtf8()).isEqualTo("" + width);
        assertThat(tensor.getStringVal(1).toStringUtf8()).isEqualTo("" + height);
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(tensor.getStringVal(2).toByteArray()));
        int[] pixels = new int[width * height];
        for (int k = 0; k < pixels.length; k++) {
            int raw = image.getRaster().getSample(k % width, k / width, 0);
            pixels[k] = image.getRaster().getNumBands() == 1
                    ? raw * 0x010101
                    : image.getRGB(k % width, k / width) & 0xFFFFFF;
        }
        return pixels;
    }

    @Test
    void dataOfSeveralKindsByOneNameHaveTagsOfTheirOwn() throws IOException {
        TensorBoardLog log = started();
        log.numbers(at(1), Map.of("x", 1.0));
        log.text(at(1), "x", "text");
        log.histogram(at(1), "x", NdArray.ones(DType.FLOAT64, Shape.of(2)));
        log.picture(at(1), "x", NdArray.ones(DType.FLOAT64, Shape.of(2, 2)));
        log.text(at(2), "x", "text");
        log.end(at(2));

        assertThat(EventReader.shown(folder)).containsKeys("x", "x/text", "x/histogram", "x/picture");
    }

    // ---- continued ----

    @Test
    void aTrainingThatWasKilledAnywhereAndContinuedHasTheCurvesOfOneThatWasNot() throws IOException {
        SmallTraining whole = new SmallTraining();
        List<List<Map<String, NdArray>>> cuts = new ArrayList<>();
        whole.trainer
                .log(new TensorBoardLog(folder).everySteps(1))
                .onStep(() -> cuts.add(whole.states()))
                .onEpoch(epoch -> cuts.add(whole.states()))
                .fit(whole.loader, 3);
        Map<String, TreeMap<Long, Float>> expected = EventReader.scalars(folder);
        byte[] file = Files.readAllBytes(EventReader.files(folder).get(0));
        for (int cut = 0; cut < cuts.size(); cut++) {
            Path own = Files.createDirectory(folder.resolve("cut" + cut));
            // The older file is that of a process that went on until it died while it wrote its last record.
            Path older = Files.write(own.resolve("events.out.tfevents.1767323045.elsewhere.1.0"), file);
            if (cut < cuts.size() - 1) {
                EventReader.tear(older, 5);
            }
            byte[] torn = Files.readAllBytes(older);
            SmallTraining continued = new SmallTraining();
            continued.load(cuts.get(cut));
            continued.trainer.log(new TensorBoardLog(own).everySteps(1)).fit(continued.loader, 3);

            assertThat(EventReader.scalars(own)).as("cut %d", cut).isEqualTo(expected);
            assertThat(Files.readAllBytes(older)).isEqualTo(torn);
            assertThat(EventReader.files(own)).hasSize(2);
        }
    }

    @Test
    void filesOfManyStartsAreReadInTheirOrder() throws IOException {
        SmallTraining training = new SmallTraining();
        training.trainer.log(new TensorBoardLog(folder).everySteps(1));
        for (int step = 1; step <= 6; step++) {
            training.trainer.fit(training.loader, Length.steps(step));
        }
        Path whole = folder.resolve("whole");
        SmallTraining other = new SmallTraining();
        other.trainer.log(new TensorBoardLog(whole).everySteps(1)).fit(other.loader, 3);

        assertThat(EventReader.files(folder)).hasSize(6);
        assertThat(EventReader.scalar(folder, "loss/batch")).isEqualTo(EventReader.scalar(whole, "loss/batch"));
    }

    @Test
    void aNewTrainingPutsTheFilesOfOthersAside() throws IOException {
        for (int k = 0; k < 3; k++) {
            TensorBoardLog log = started();
            log.step(new Step(at(1), k, 0.1, OptionalDouble.of(1), 1));
            log.numbers(at(1), Map.of("a", (double) k));
            log.end(at(1));
        }

        assertThat(EventReader.scalar(folder, "a").values()).containsExactly(2f);
        assertThat(EventReader.scalar(folder.resolve("older.1"), "a").values()).containsExactly(0f);
        assertThat(EventReader.scalar(folder.resolve("older.2"), "a").values()).containsExactly(1f);
    }
}
