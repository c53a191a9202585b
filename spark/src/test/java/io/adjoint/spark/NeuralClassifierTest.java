package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** Tests the classifier as an estimator of Spark, in one JVM. */
class NeuralClassifierTest {
    private static final int ROWS = 128;

    private final Dataset<Row> blobs = Blobs.data(LocalSpark.session(), ROWS);

    static NeuralClassifier classifier() {
        return new NeuralClassifier()
                .setModelFactory(new Mlp())
                .setEpochs(3)
                .setBatchSize(32)
                .setLearningRate(0.02)
                .setSeed(7);
    }

    static Map<String, NdArray> weights(NeuralModel<?> model) {
        return model.layer().state();
    }

    /** The same training without Spark; its batches consist of parts that correspond to the shards. */
    static Map<String, NdArray> plain(int rows, int epochs) {
        int shards = 8;
        int perShard = 32 / shards;
        Generator rng = new Generator(7);
        Layer model = new Mlp().of(Shape.of(2), Blobs.CLASSES, rng);
        double[][] points = Blobs.points(rows);
        int[] epoch = {0};
        Iterable<Batch> batches = () -> {
            List<List<Integer>> orders = new ArrayList<>();
            for (int s = 0; s < shards; s++) {
                int shard = s;
                Generator order = ShardedRows.order(7, epoch[0], s);
                orders.add(Arrays.stream(
                                Tensor.permutation(rows / shards, order).data().toIntArray())
                        .mapToObj(k -> k * shards + shard)
                        .toList());
            }
            epoch[0]++;
            List<Batch> all = new ArrayList<>();
            for (int b = 0; b < rows / 32; b++) {
                int from = b * perShard;
                List<Integer> indices = orders.stream()
                        .flatMap(order -> order.subList(from, from + perShard).stream())
                        .toList();
                all.add(new Batch(
                        Tensor.stack(
                                0,
                                indices.stream()
                                        .map(k -> Tensor.of(points[k][0], points[k][1]))
                                        .toArray(Tensor[]::new)),
                        Tensor.of(indices.stream()
                                .mapToInt(k -> (int) points[k][2])
                                .toArray())));
            }
            return all.iterator();
        };
        Trainer.of(model, new Adam(model.parameters(), 0.02), new CrossEntropy())
                .parallel(Collective.alone(), shards)
                .fit(batches, epochs);
        return model.state();
    }

    @Test
    void anyWorkersAndPartitionsEndWithTheBitsOfAPlainTraining() {
        Map<String, NdArray> plain = plain(ROWS, 3);
        assertThat(weights(classifier().fit(blobs.coalesce(1)))).isEqualTo(plain);
        assertThat(weights(classifier().setWorkers(2).fit(blobs))).isEqualTo(plain);
        assertThat(weights(classifier().setWorkers(2).fit(blobs.orderBy(functions.monotonically_increasing_id()))))
                .isEqualTo(plain);
    }

    @Test
    void rowsThatFillNoBatchAndWorkersWithoutRowsEndWithTheSameBits() {
        for (int rows : new int[] {3, 37}) {
            Dataset<Row> some = Blobs.data(LocalSpark.session(), rows);
            NeuralClassificationModel one = classifier().fit(some);
            assertThat(weights(classifier().setWorkers(2).fit(some.repartition(1))))
                    .isEqualTo(weights(one));
        }
    }

    @Test
    void labelsThatAreTooManyClassesAreRefused() {
        assertThatThrownBy(() -> classifier().fit(blobs.withColumn("label", functions.lit(40_000))))
                .isInstanceOf(WorkerException.class)
                .hasMessageEndingWith(
                        "NeuralClassifier: the largest label is 40000, but there are at most 32,767 classes;"
                                + " StringIndexer numbers them from 0 on");
    }

    @Test
    void aModelAddsPredictionsAndProbabilities() {
        NeuralClassificationModel model = classifier().setEpochs(20).fit(blobs);
        assertThat(model.numClasses()).isEqualTo(3);
        assertThat(model.numFeatures()).isEqualTo(2);
        assertThat(model.history()).containsOnlyKeys("loss");
        assertThat(model.history().get("loss")).hasSize(20);
        Dataset<Row> scored = model.setBatchSize(50).transform(blobs.repartition(3));
        assertThat(new MulticlassClassificationEvaluator()
                        .setMetricName("accuracy")
                        .evaluate(scored))
                .isGreaterThan(0.95);
        for (Row row : scored.collectAsList()) {
            Vector probabilities = row.getAs("probability");
            assertThat(probabilities.argmax())
                    .isEqualTo((int) row.<Double>getAs("prediction").doubleValue());
            assertThat(Arrays.stream(probabilities.toArray()).sum()).isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void rowsOfTheValidationAreNotTrainedWith() {
        NeuralClassificationModel model =
                classifier().setValidationCol("validation").setWorkers(2).fit(blobs);
        assertThat(model.history()).containsOnlyKeys("loss", "validation loss");
        NeuralClassificationModel without = classifier().fit(blobs.filter("not validation"));
        assertThat(weights(model)).isEqualTo(weights(without));
        assertThat(classifier().setValidationCol("validation").fit(blobs).history())
                .isEqualTo(model.history());
    }

    @Test
    void aPipelineIsSavedAndLoaded(@TempDir Path folder) throws Exception {
        StandardScaler scaler = new StandardScaler().setInputCol("features").setOutputCol("scaled");
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            scaler, classifier().setFeaturesCol("scaled").setProbabilityCol("p")
        });
        pipeline.save(folder + "/pipeline");
        PipelineModel model = Pipeline.load(folder + "/pipeline").fit(blobs);
        model.save(folder + "/model");
        PipelineModel loaded = PipelineModel.load(folder + "/model");
        assertThat(loaded.transform(blobs).collectAsList())
                .isEqualTo(model.transform(blobs).collectAsList());
        assertThat(loaded.transform(blobs).columns()).endsWith("scaled", "prediction", "p");
    }

    @Test
    void aCrossValidatorChoosesParamsAndModels() {
        NeuralClassifier classifier = classifier().setEpochs(2);
        ModelFactory linear = (inputs, outputs, rng) -> new Sequential(new Dense(inputs.dim(0), outputs, rng));
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(classifier.modelFactory(), CollectionConverters.asScala(List.of(new Mlp(), linear)))
                .addGrid(classifier.learningRate(), new double[] {1e-9, 0.05})
                .build();
        CrossValidatorModel best = new CrossValidator()
                .setEstimator(classifier)
                .setEstimatorParamMaps(grid)
                .setEvaluator(new MulticlassClassificationEvaluator())
                .setNumFolds(2)
                .setSeed(1)
                .fit(blobs);
        NeuralClassifier parent = (NeuralClassifier) best.bestModel().parent();
        assertThat(parent.getOrDefault(parent.learningRate())).isEqualTo(0.05);
        assertThat(best.avgMetrics()).hasSize(4);
    }

    @Test
    void aLambdaTrainsButIsNotSaved(@TempDir Path folder) {
        NeuralClassifier lambda =
                classifier().setModelFactory((inputs, outputs, rng) -> new Dense(inputs.dim(0), outputs, rng));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lambda.save(folder + "/estimator"))
                .withMessageContaining("can't be saved")
                .withMessageContaining("write it as a public class with a public constructor without arguments");
    }

    @Test
    void wrongColumnsAndSettingsAreToldInWords() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier().setFeaturesCol("pixels").fit(blobs))
                .withMessage("NeuralClassifier: there is no column 'pixels' among [features, label, validation]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier().setFeaturesCol("label").fit(blobs))
                .withMessage(
                        "NeuralClassifier: the column 'label' has the type double, but features are a vector, an array of numbers or"
                                + " an image of Spark's image source; VectorAssembler makes a vector of several columns");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier().setLabelCol("validation").fit(blobs))
                .withMessageContaining("but labels are numbers; StringIndexer makes numbers of any values");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier().setValidationCol("label").fit(blobs))
                .withMessageContaining("but it must be boolean");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier().setPredictionCol("label").fit(blobs))
                .withMessage(
                        "NeuralClassifier: there is a column 'label' already; drop it, or name the new one otherwise");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier().setBatchSize(30).fit(blobs))
                .withMessage("NeuralClassifier: batchSize must be a multiple of shards, got 30 and 8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier().setWorkers(9).fit(blobs))
                .withMessage("NeuralClassifier: shards must be at least workers, got 8 and 9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NeuralClassifier().fit(blobs))
                .withMessage("NeuralClassifier: there is no model; call setModelFactory");
        assertThatIllegalArgumentException().isThrownBy(() -> classifier().setEpochs(-1));
    }

    @Test
    void rowsAndModelsThatDoNotFitAreToldInWords() {
        assertThatThrownBy(() -> classifier().fit(blobs.withColumn("label", functions.expr("label + 0.5"))))
                .isInstanceOf(WorkerException.class)
                .hasMessageContaining("NeuralClassifier: labels are whole numbers from 0 on, got")
                .hasMessageContaining("StringIndexer");
        assertThatThrownBy(() -> classifier().fit(blobs.filter("false")))
                .hasMessageContaining("NeuralClassifier: there are no rows to train with");
        assertThatThrownBy(() -> classifier()
                        .setModelFactory((inputs, outputs, rng) -> new Dense(inputs.dim(0), outputs + 1, rng))
                        .fit(blobs))
                .hasMessageContaining("the model makes [4, 4] of [4, 2], but it must make [4, 3]");
        assertThatThrownBy(() -> classifier()
                        .setFeaturesCol("some")
                        .fit(blobs.withColumn("some", functions.expr("if(label = 0, array(1, 2), array(1))"))))
                .hasMessageContaining("rows have from 1 to 2 features; all have the same number");
        assertThatThrownBy(
                        () -> classifier().fit(blobs.withColumn("label", functions.expr("if(label = 0, null, label)"))))
                .hasMessageContaining(
                        "NeuralClassifier: a row has null in the column 'label'; drop such rows by na().drop()");
        assertThatThrownBy(() -> classifier()
                        .setValidationCol("held")
                        .fit(blobs.withColumn("held", functions.expr("if(label = 0, null, false)"))))
                .hasMessageContaining("NeuralClassifier: a row has null in the column 'held'");
        Dataset<Row> arrays = blobs.withColumn("some", functions.expr("if(label = 0, array(1, null), array(1, 2))"));
        assertThatThrownBy(() -> classifier().setFeaturesCol("some").fit(arrays))
                .hasMessageContaining("NeuralClassifier: an array of the column 'some' has null; drop such rows by"
                        + " filter(\"not exists(`some`, x -> x is null)\")");
        assertThat(classifier()
                        .setFeaturesCol("some")
                        .setEpochs(1)
                        .fit(arrays.filter("not exists(`some`, x -> x is null)"))
                        .history())
                .isNotEmpty();
    }

    @Test
    void batchNormalizationHasTwoRowsInEachShardWhateverTheNumberOfRows() {
        for (int rows = 32; rows <= 64; rows += 5) {
            NeuralClassificationModel model = classifier()
                    .setModelFactory((inputs, outputs, rng) -> new Sequential(
                            new Dense(inputs.dim(0), 4, rng), new BatchNorm1d(4, rng), new Dense(4, outputs, rng)))
                    .setEpochs(1)
                    .fit(Blobs.data(LocalSpark.session(), rows));
            assertThat(model.history()).isNotEmpty();
        }
    }

    @Test
    void paramsAreExplainedAndCopied() {
        assertThat(classifier().explainParams())
                .contains(
                        "batchSize: the number of rows of a step, a multiple of shards (default: 64, current: 32)",
                        "validationCol: a boolean column",
                        "probabilityCol: ",
                        "workers: the number of tasks that train together (default: 1)");
        NeuralClassifier classifier = classifier();
        NeuralClassifier copy = classifier.copy(new ParamMap().put(classifier.epochs(), 1));
        assertThat(copy.explainParams()).isEqualTo(classifier.explainParams().replace("current: 3)", "current: 1)"));
        assertThat(copy.uid()).isEqualTo(classifier.uid());
    }
}
