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
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.train.Trainer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Weights of rows and classes. */
@ExtendWith(LocalSpark.class)
class WeightsTest {
    private static final int ROWS = 100;
    private static final ModelFactory LINEAR = (inputs, outputs, rng) -> new Dense(inputs.dim(0), outputs, rng);

    private final Dataset<Row> blobs = Blobs.data(LocalSpark.session(), ROWS)
            .withColumn("ones", functions.lit(1))
            .withColumn("fours", functions.lit(4.0))
            .withColumn("byClass", functions.expr("if(label = 2, 3, if(label = 1, 0.5, 1))"))
            .withColumn("mixed", functions.expr("if(label = 1, 0, 2.5 + label)"))
            .withColumn("some", functions.expr("if(validation, 0, 2.5 + label)"));

    private static NeuralClassifier classifier() {
        return NeuralClassifierTest.classifier();
    }

    private static Map<String, NdArray> weights(NeuralClassifier classifier, Dataset<Row> data) {
        return NeuralClassifierTest.weights(classifier.fit(data));
    }

    @Test
    void equalWeightsAreNone() {
        Map<String, NdArray> without = weights(classifier(), blobs);
        assertThat(weights(classifier().setWeightCol("ones"), blobs)).isEqualTo(without);
        // With a power of 2 as the weight all sums are exact.
        assertThat(weights(classifier().setWeightCol("fours"), blobs)).isEqualTo(without);
        assertThat(weights(classifier().setClassWeights(1, 1, 1), blobs)).isEqualTo(without);
    }

    @Test
    void anyNumberOfWorkersEndsWithTheSameBits() {
        NeuralClassificationModel one = classifier()
                .setWeightCol("mixed")
                .setValidationCol("validation")
                .fit(blobs);
        NeuralClassificationModel two = classifier()
                .setWeightCol("mixed")
                .setValidationCol("validation")
                .setWorkers(2)
                .fit(blobs.repartition(1));
        assertThat(NeuralClassifierTest.weights(two)).isEqualTo(NeuralClassifierTest.weights(one));
        assertThat(two.history().get("loss")).isEqualTo(one.history().get("loss"));
        assertThat(weights(classifier().setWeightCol("mixed").setWorkers(2), blobs))
                .isEqualTo(weights(classifier().setWeightCol("mixed"), blobs));
    }

    @Test
    void weightsOfClassesAreThoseOfTheirRows() {
        assertThat(weights(classifier().setClassWeights(1, 0.5, 3), blobs))
                .isEqualTo(weights(classifier().setWeightCol("byClass"), blobs))
                .isNotEqualTo(weights(classifier(), blobs));
    }

    @Test
    void aStepIsThatOfCrossEntropyWithWeightsOfClasses() {
        Layer model = LINEAR.of(Shape.of(2), Blobs.CLASSES, new Generator(7));
        double[][] points = Blobs.points(ROWS);
        Batch batch = new Batch(
                Tensor.stack(
                        0,
                        Arrays.stream(points)
                                .map(point -> Tensor.of(point[0], point[1]))
                                .toArray(Tensor[]::new)),
                Tensor.of(
                        Arrays.stream(points).mapToInt(point -> (int) point[2]).toArray()));
        Trainer.of(model, new Adam(model.parameters(), 0.02), new CrossEntropy().classWeights(1, 0.5, 3))
                .fit(List.of(batch), 5);
        for (int shards : new int[] {1, 8}) {
            Map<String, NdArray> trained = weights(
                    classifier()
                            .setModelFactory(LINEAR)
                            .setClassWeights(1, 0.5, 3)
                            .setShards(shards)
                            .setBatchSize(104)
                            .setEpochs(5),
                    blobs);
            model.state()
                    .forEach((name, array) -> assertThat(
                                    Objects.requireNonNull(trained.get(name)).toDoubleArray())
                            .containsExactly(array.toDoubleArray(), within(1e-12)));
        }
    }

    @Test
    void rowsOfWeightZeroDoNotMatter() {
        Dataset<Row> others = blobs.withColumn("label", functions.expr("if(some = 0, 2 - label, label)"));
        assertThat(weights(classifier().setWeightCol("some"), others))
                .isEqualTo(weights(classifier().setWeightCol("some"), blobs));
    }

    @Test
    void aClassWithoutRowsHasAnOutputIfItHasAWeight() {
        NeuralClassificationModel model =
                classifier().setClassWeights(1, 2, 1, 7).setEpochs(1).fit(blobs);
        assertThat(model.numClasses()).isEqualTo(4);
    }

    @Test
    void weightsThatAreNoneAreToldInWords() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier().setWeightCol("features").fit(blobs))
                .withMessageContaining("the column 'features' has the type")
                .withMessageContaining("but weights are numbers");
        assertThatThrownBy(() -> classifier().setWeightCol("ones").fit(blobs.withColumn("ones", functions.lit(-1))))
                .isInstanceOf(WorkerException.class)
                .hasMessageContaining("NeuralClassifier: weights are finite and at least 0, got -1.0");
        assertThatThrownBy(() -> classifier().setWeightCol("ones").fit(blobs.withColumn("ones", functions.lit(0))))
                .hasMessageContaining("NeuralClassifier: all rows to train with have the weight 0");
        assertThatThrownBy(() -> classifier()
                        .setWeightCol("some")
                        .setValidationCol("validation")
                        .fit(blobs))
                .hasMessageContaining("NeuralClassifier: all rows of the validation have the weight 0");
        assertThatThrownBy(() -> classifier().setClassWeights(1, 2).fit(blobs))
                .hasMessageContaining("NeuralClassifier: there are 2 class weights, but a row has the label 2.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier().setClassWeights(1, -2))
                .withMessageContaining("class weights are finite and at least 0, one for each class, got [1.0, -2.0]");
    }
}
