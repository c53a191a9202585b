package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.NdArray;
import io.adjoint.nn.optim.AdamW;
import io.adjoint.nn.optim.SGD;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** Optimizers, schedules and logs of trainings. */
@ExtendWith(LocalSpark.class)
class FitOptionsTest {
    private final Dataset<Row> blobs = Blobs.data(LocalSpark.session(), 128);

    private static NeuralClassifier classifier() {
        return NeuralClassifierTest.classifier();
    }

    private Map<String, NdArray> weights(NeuralClassifier classifier) {
        return NeuralClassifierTest.weights(classifier.fit(blobs));
    }

    @Test
    void optimizersAndSchedulesAreChosen() {
        NeuralClassifier own = classifier()
                .setOptimizerFactory((parameters, rate) -> new SGD(parameters, rate).momentum(0.5))
                // 16 steps are four batches in each of four epochs.
                .setScheduleFactory((rate, steps) -> step -> {
                    assertThat(steps).isEqualTo(16);
                    return step < 8 ? rate : rate / 2;
                })
                .setEpochs(4);
        Map<String, NdArray> halved = weights(own.setWorkers(2));
        assertThat(halved)
                .isEqualTo(weights(classifier()
                        .setOptimizerFactory(new HalvedSgd())
                        .setScheduleFactory(new HalvedSgd())
                        .setEpochs(4)))
                .isNotEqualTo(weights(
                        classifier().setOptimizerFactory(new HalvedSgd()).setEpochs(4)));
        assertThat(weights(classifier().setOptimizerFactory(AdamW::new))).isNotEqualTo(weights(classifier()));
        // A rate of 0 from the middle on is a training of half the length.
        assertThat(weights(classifier()
                        .setScheduleFactory((rate, steps) -> step -> 2 * step < steps ? rate : 0)
                        .setEpochs(4)))
                .isEqualTo(weights(classifier().setEpochs(2)));
    }

    @Test
    void allParamsAreCopiedExplainedSavedAndLoaded(@TempDir Path folder) throws Exception {
        NeuralClassifier classifier = classifier()
                .setOptimizerFactory(new HalvedSgd())
                .setScheduleFactory(new HalvedSgd())
                .setClassWeights(1, 2, 3)
                .setLogPath(folder.resolve("log").toUri().toString())
                .setWeightCol("label");
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {classifier});
        pipeline.save(folder + "/pipeline");
        NeuralClassifier loaded =
                (NeuralClassifier) Pipeline.load(folder + "/pipeline").getStages()[0];
        NeuralClassifier copy = classifier.copy(new ParamMap());
        for (NeuralClassifier other : List.of(loaded, copy)) {
            assertThat(other.getOrDefault(other.optimizerFactory())).isInstanceOf(HalvedSgd.class);
            assertThat(other.getOrDefault(other.scheduleFactory())).isInstanceOf(HalvedSgd.class);
            assertThat((double[]) other.getOrDefault(other.classWeights())).containsExactly(1, 2, 3);
            assertThat(other.getOrDefault(other.weightCol())).isEqualTo("label");
            assertThat(weights(other)).isEqualTo(weights(classifier));
        }
        assertThat(classifier.explainParams())
                .contains(
                        "weightCol: the column of the weights of rows; all are 1 if undefined (current: label)",
                        "optimizerFactory: makes the optimizer, Adam if undefined",
                        "scheduleFactory: makes the schedule of learning rates",
                        "classWeights: the weights of the classes",
                        "logPath: a folder");
        PipelineModel model = pipeline.fit(blobs);
        model.save(folder + "/model");
        assertThat(PipelineModel.load(folder + "/model").transform(blobs).collectAsList())
                .isEqualTo(model.transform(blobs).collectAsList());
    }

    @Test
    void lambdasAreNotSaved(@TempDir Path folder) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier().setOptimizerFactory(AdamW::new).save(folder + "/estimator"))
                .withMessageContaining("the optimizer factory ")
                .withMessageContaining("can't be saved");
    }

    @Test
    void aCrossValidatorChoosesOptimizers() {
        NeuralClassifier classifier = classifier().setEpochs(2);
        OptimizerFactory resting = (parameters, rate) -> new SGD(parameters, rate * 1e-9);
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(classifier.optimizerFactory(), CollectionConverters.asScala(List.of(resting, (OptimizerFactory)
                        AdamW::new)))
                .addGrid(classifier.learningRate(), new double[] {0.05})
                .build();
        CrossValidatorModel best = new CrossValidator()
                .setEstimator(classifier)
                .setEstimatorParamMaps(grid)
                .setEvaluator(new MulticlassClassificationEvaluator())
                .setNumFolds(2)
                .setSeed(1)
                .fit(blobs);
        NeuralClassifier parent = (NeuralClassifier) best.bestModel().parent();
        assertThat(parent.getOrDefault(parent.optimizerFactory())).isNotSameAs(resting);
        assertThat(best.avgMetrics()[1]).isGreaterThan(best.avgMetrics()[0]);
    }

    @Test
    void theValuesOfEachEpochAreLogged(@TempDir Path folder) throws Exception {
        NeuralClassifier logged = classifier()
                .setValidationCol("validation")
                .setLogPath(folder.resolve("log").toUri().toString())
                .setWorkers(2);
        NeuralClassificationModel model = logged.fit(blobs);
        Path file = folder.resolve("log/metrics.csv");
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.get(0)).isEqualTo("step,epoch,time,loss,validation loss");
        assertThat(lines).hasSize(4);
        List<Double> losses = Objects.requireNonNull(model.history().get("loss"));
        List<Double> validations = Objects.requireNonNull(model.history().get("validation loss"));
        for (int epoch = 1; epoch <= 3; epoch++) {
            assertThat(lines.get(epoch))
                    .matches("\\d+," + epoch + ",.*")
                    .endsWith("," + losses.get(epoch - 1) + "," + validations.get(epoch - 1));
        }
        logged.setEpochs(1).fit(blobs);
        assertThat(Files.readAllLines(folder.resolve("log/metrics.1.csv"))).isEqualTo(lines);
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    private static List<Path> temporaryFolders() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith(LocalFolder.PREFIX))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aFileThatIsNoLogEndsTheTrainingAndNoTemporaryFolderIsLeft(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("metrics.csv"), "a,b\n1,2\n");
        List<Path> before = temporaryFolders();
        NeuralClassifier logged = classifier().setLogPath(folder.toUri().toString());
        assertThatThrownBy(() -> logged.fit(blobs))
                .isInstanceOf(WorkerException.class)
                .hasMessageContaining("metrics.csv");
        assertThat(folder.resolve("metrics.csv")).hasContent("a,b\n1,2");
        assertThat(temporaryFolders()).isEqualTo(before);
    }

    @Test
    void aTrainingThatIsContinuedGoesOnWithItsLog(@TempDir Path folder) throws Exception {
        DisturbedFitTest.classifier(folder, Perilous.Peril.FILE)
                .setLogPath(folder.resolve("log").toUri().toString())
                .fit(blobs);
        assertThat(folder.resolve("marker")).exists();
        assertThat(Files.readAllLines(folder.resolve("log/metrics.csv")))
                .extracting(line -> line.split(",", -1)[1])
                .containsExactly("epoch", "1", "2", "3", "4");
        assertThat(folder.resolve("log/metrics.1.csv")).doesNotExist();
    }
}
