package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.NdArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that are disturbed by failures. */
class DisturbedFitTest {
    private static final int ROWS = 128;
    /** The number of parts of an epoch's batches that each of two workers computes. */
    private static final int PARTS_OF_AN_EPOCH = ROWS / 32 * 4;

    private final Dataset<Row> blobs = Blobs.data(LocalSpark.session(), ROWS);

    static NeuralClassifier classifier(Path folder, Perilous.Peril peril) {
        return NeuralClassifierTest.classifier()
                .setEpochs(4)
                .setWorkers(2)
                .setModelFactory(new Perilous(folder + "/marker", 2 * PARTS_OF_AN_EPOCH + 3, peril))
                .setCheckpointPath(folder.resolve("checkpoints").toUri().toString());
    }

    /** Compares the weights with those of a training without Spark and failures. */
    static void requirePlain(NeuralModel<?> model) {
        requirePlain(NeuralClassifierTest.weights(model));
    }

    static void requirePlain(Map<String, NdArray> state) {
        Map<String, NdArray> weights = new TreeMap<>();
        state.forEach((name, array) -> weights.put(name.replace("model.", ""), array));
        assertThat(weights).isEqualTo(new TreeMap<>(NeuralClassifierTest.plain(ROWS, 4)));
    }

    static void requireEmpty(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aTrainingThatFailsInAnEpochEndsWithTheBitsOfAnUndisturbedOne(@TempDir Path folder) throws Exception {
        NeuralClassificationModel model =
                classifier(folder, Perilous.Peril.FILE).fit(blobs);
        assertThat(folder.resolve("marker")).exists();
        requirePlain(model);
        assertThat(model.history().get("loss")).hasSize(4);
        requireEmpty(folder.resolve("checkpoints"));
    }

    @Test
    void aProgramThatIsStartedAgainGoesOnFromItsCheckpoint(@TempDir Path folder) throws Exception {
        NeuralClassifier classifier = classifier(folder, Perilous.Peril.ERROR);
        assertThatThrownBy(() -> classifier.fit(blobs))
                .isInstanceOf(WorkerException.class)
                .hasMessageEndingWith("the program is ended");
        Perilous.COMPUTED.set(0);
        // The result is the same with another number of workers.
        requirePlain(classifier.setWorkers(1).fit(blobs.repartition(1)));
        assertThat(Perilous.COMPUTED).hasValue(2 * 2 * PARTS_OF_AN_EPOCH);
        requireEmpty(folder.resolve("checkpoints"));
    }

    /** Cuts the files with this end of their name in half. */
    private static void tear(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(file -> file.toString().endsWith(end)).toList()) {
                Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2));
            }
        }
    }

    @Test
    void aTornCheckpointIsSetAsideForTheOlderWholeOne(@TempDir Path folder) throws Exception {
        NeuralClassifier classifier = classifier(folder, Perilous.Peril.ERROR);
        assertThatThrownBy(() -> classifier.fit(blobs)).isInstanceOf(WorkerException.class);
        tear(folder, "8.safetensors");
        Perilous.COMPUTED.set(0);
        requirePlain(classifier.setWorkers(1).fit(blobs));
        assertThat(Perilous.COMPUTED).hasValue(3 * 2 * PARTS_OF_AN_EPOCH);
    }

    @Test
    void tornCheckpointsAreNamedInTheirFolder(@TempDir Path folder) throws Exception {
        NeuralClassifier classifier = classifier(folder, Perilous.Peril.ERROR);
        assertThatThrownBy(() -> classifier.fit(blobs)).isInstanceOf(WorkerException.class);
        tear(folder, ".safetensors");
        assertThatThrownBy(() -> classifier.setWorkers(1).fit(blobs))
                .isInstanceOf(WorkerException.class)
                .hasMessageContaining(folder + "/checkpoints/fit-")
                .hasMessageContaining("no older one is whole")
                .hasMessageNotContaining(LocalFolder.PREFIX);
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefusedBeforeTheJob(@TempDir Path folder) throws Exception {
        String file = Files.createFile(folder.resolve("file")).toUri().toString();
        for (String wrong : List.of(file, file + "/below", "unknown://host/folder", "a:b:c")) {
            NeuralClassifier classifier = NeuralClassifierTest.classifier().setEpochs(1);
            assertThatThrownBy(() -> classifier
                            .copy(new ParamMap())
                            .setCheckpointPath(wrong)
                            .fit(blobs))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("NeuralClassifier: no file can be written into the folder " + wrong
                            + " of checkpointPath: ");
            assertThatThrownBy(() ->
                            classifier.copy(new ParamMap()).setLogPath(wrong).fit(blobs))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(" of logPath: ");
        }
    }

    @Test
    void anotherTrainingDoesNotGoOnFromIt(@TempDir Path folder) {
        NeuralClassifier classifier = classifier(folder, Perilous.Peril.ERROR);
        assertThatThrownBy(() -> classifier.fit(blobs)).isInstanceOf(WorkerException.class);
        ModelFactory other = new Perilous(folder + "/marker", 0, Perilous.Peril.ERROR, 0.2);
        for (NeuralClassifier another : List.of(
                classifier.copy(new ParamMap()).setSeed(8),
                classifier.copy(new ParamMap()).setModelFactory(other))) {
            Perilous.COMPUTED.set(0);
            another.setWorkers(1).fit(blobs);
            assertThat(Perilous.COMPUTED).hasValue(4 * 2 * PARTS_OF_AN_EPOCH);
        }
    }
}
