package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Tanh;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests regressions, and models that were not trained by Spark. */
class NeuralRegressorTest {
    /** Rows with an array of two floats, and the sum of their squares. */
    private final Dataset<Row> squares = LocalSpark.session()
            .range(160)
            .select(functions.expr("array(cast(id % 13 / 13.0 as float), cast(id % 7 / 7.0 as float)) as x"))
            .withColumn("y", functions.expr("x[0] * x[0] + x[1] * x[1]"));

    private static NeuralRegressor regressor() {
        return new NeuralRegressor()
                .setModelFactory((inputs, outputs, rng) ->
                        new Sequential(new Dense(inputs.dim(0), 16, rng), new Tanh(), new Dense(16, outputs, rng)))
                .setFeaturesCol("x")
                .setLabelCol("y")
                .setPredictionCol("predicted")
                .setEpochs(200)
                .setBatchSize(16)
                .setLearningRate(0.03);
    }

    @Test
    void aRegressionIsTrainedByAnyNumberOfWorkers() {
        NeuralRegressionModel model = regressor().setWorkers(2).fit(squares);
        assertThat(NeuralClassifierTest.weights(model))
                .isEqualTo(NeuralClassifierTest.weights(regressor().fit(squares)));
        double r2 = new RegressionEvaluator()
                .setLabelCol("y")
                .setPredictionCol("predicted")
                .setMetricName("r2")
                .evaluate(model.transform(squares));
        assertThat(r2).isGreaterThan(0.95);
    }

    @Test
    void namesOfColumnsMayHaveDotsAndABatchMayHaveAllRows() {
        NeuralRegressionModel model = regressor()
                .setFeaturesCol("a.x")
                .setLabelCol("the `y`")
                .setEpochs(1)
                .setShards(1)
                .setBatchSize(Integer.MAX_VALUE)
                .fit(squares.withColumnRenamed("x", "a.x").withColumnRenamed("y", "the `y`"));
        assertThat(model.history().get("loss")).hasSize(1);
    }

    @Test
    @SuppressWarnings("NullAway") // a factory that breaks its promise may return null
    void aFactoryWithoutAModelIsToldInWords() {
        assertThatThrownBy(() -> regressor()
                        .setModelFactory((inputs, outputs, rng) -> null)
                        .fit(squares))
                .isInstanceOf(WorkerException.class)
                .hasMessageContaining("returned null");
    }

    @Test
    void aDamagedFileOfWeightsIsNamed(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("transformer/model.safetensors");
        new NeuralTransformer(
                        new Mlp(),
                        Shape.of(2),
                        4,
                        new Mlp().of(Shape.of(2), 4, new Generator(3)).state())
                .save(folder + "/transformer");
        Files.delete(folder.resolve("transformer/.model.safetensors.crc"));
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 300));
        assertThatThrownBy(() -> NeuralTransformer.load(folder + "/transformer"))
                .hasMessageContaining(file + ": its ")
                .hasMessageContaining("the file is cut");
    }

    @Test
    void labelsAreFinite() {
        assertThatThrownBy(() -> regressor().fit(squares.withColumn("y", functions.lit(Double.NaN))))
                .hasMessageContaining("NeuralRegressor: labels are finite, got NaN");
    }

    @Test
    void weightsFromElsewhereAreAppliedToAColumn(@TempDir Path folder) throws Exception {
        Layer model = new Mlp().of(Shape.of(2), 4, new Generator(3));
        NeuralTransformer transformer = new NeuralTransformer(new Mlp(), Shape.of(2), 4, model.state())
                .setInputCol("x")
                .setOutputCol("hidden")
                .setBatchSize(7);
        transformer.save(folder + "/transformer");
        for (NeuralTransformer each : List.of(transformer, NeuralTransformer.load(folder + "/transformer"))) {
            for (Row row : each.transform(squares.limit(20)).collectAsList()) {
                List<Float> x = row.getList(0);
                Tensor expected = model.predict(Tensor.of(x.get(0), x.get(1)).reshape(1, 2));
                assertThat(row.<Vector>getAs("hidden").toArray())
                        .containsExactly(expected.data().toDoubleArray(), within(1e-14));
            }
        }
    }

    @Test
    void weightsThatDoNotFitAreRefusedAtOnce() {
        assertThatThrownBy(() -> new NeuralTransformer(new Mlp(), Shape.of(2), 4, Map.of()))
                .hasMessageContaining("0.weight");
    }

    @Test
    void rowsOfAnotherLengthAreToldInWords() {
        NeuralTransformer transformer = new NeuralTransformer(
                        new Mlp(),
                        Shape.of(3),
                        4,
                        new Mlp().of(Shape.of(3), 4, new Generator(3)).state())
                .setInputCol("x");
        assertThatThrownBy(() -> transformer.transform(squares).collectAsList())
                .hasStackTraceContaining(
                        "NeuralTransformer: a row has 2 features in the column 'x', but the model takes 3");
    }
}
