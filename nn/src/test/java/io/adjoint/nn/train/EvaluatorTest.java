package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.DataStream;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.StreamLoader;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.loss.BCEWithLogits;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.loss.Reduction;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.metric.Average;
import io.adjoint.nn.metric.ConfusionMatrix;
import io.adjoint.nn.metric.F1;
import io.adjoint.nn.metric.Metrics;
import io.adjoint.nn.metric.RocAuc;
import io.adjoint.nn.metric.TopKAccuracy;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Losses, metrics and predictions of one pass, of an evaluator and of a trainer. */
class EvaluatorTest {
    private static final Tensor X = Tensor.randn(new Generator(1), 20, 3);
    private static final Tensor Y = X.argMax(1);

    private final Layer model = new Sequential(
            new Dense(3, 3, new Generator(2)), new Dropout(0.5, new Generator(3)), new Dense(3, 3, new Generator(4)));

    private static DataLoader<Batch> batches(int size) {
        return new DataLoader<>(Dataset.of(X, Y), size);
    }

    private Trainer<Batch> trainer() {
        return Trainer.of(model, new SGD(model.parameters(), 0.1), new CrossEntropy());
    }

    private Tensor outputs() {
        return Evaluator.evaluating(model, () -> model.forward(X));
    }

    @Test
    void binaryClassifiersAreMeasuredByTheFloatsThatTheyAreTrainedWith() {
        Tensor classes = X.narrow(1, 0, 1).gt(0).to(DType.FLOAT64);
        Layer binary = new Dense(3, 1, new Generator(2));
        Trainer<Batch> trainer = Trainer.of(binary, new Adam(binary.parameters(), 0.1), new BCEWithLogits())
                .metrics(new Accuracy().ofLogits(), new F1(Average.BINARY).ofLogits(), new RocAuc());
        trainer.fit(new DataLoader<>(Dataset.of(X, classes), 5), 20);

        for (String name : List.of("Accuracy", "F1", "RocAuc")) {
            assertThat(trainer.history().last(name)).as(name).isEqualTo(1);
        }

        Tensor labels = X.gt(0).to(DType.FLOAT64);
        Trainer<Batch> ofLabels = Trainer.of(model, new Adam(model.parameters(), 0.1), new BCEWithLogits());
        ofLabels.fit(new DataLoader<>(Dataset.of(X, labels), 5), 50);
        Evaluation result = ofLabels.evaluate(
                new DataLoader<>(Dataset.of(X, labels), 7),
                new Accuracy().ofLogits().multiLabel(),
                new F1(Average.MACRO).ofLogits().multiLabel(),
                new RocAuc().multiLabel());
        assertThat(result.value("Accuracy"))
                .isEqualTo(outputs()
                        .gt(0)
                        .to(DType.FLOAT64)
                        .eq(labels)
                        .to(DType.FLOAT64)
                        .amin(1)
                        .mean()
                        .item());
        assertThat(result.value("RocAuc")).isGreaterThan(0.9);
    }

    @Test
    void anEvaluationHasTheLossAndMetricsOfAllSamplesInWhateverBatches() {
        Accuracy accuracy = new Accuracy();
        accuracy.update(outputs(), Y);
        double loss = new CrossEntropy().forward(outputs(), Y).item();

        for (int size : new int[] {20, 7, 1}) {
            ConfusionMatrix confusion = new ConfusionMatrix(3);
            confusion.update(outputs(), Y);
            Evaluation result =
                    Evaluator.of(model, new CrossEntropy()).evaluate(batches(size), new Accuracy(), confusion);

            assertThat(result.loss()).isCloseTo(loss, within(1e-14));
            assertThat(result.value("Accuracy")).isEqualTo(accuracy.value());
            assertThat(result.samples()).isEqualTo(20);
            assertThat(confusion.total()).as("counts of this pass alone").isEqualTo(20);
            assertThat(result.values().keySet()).containsExactly("loss", "Accuracy", "ConfusionMatrix");
            assertThat(result.toString()).startsWith("loss ").contains(", Accuracy 0.");
        }
    }

    @Test
    void modesAreAsBeforeAndNothingIsRecordedAlsoAfterAFailure() {
        model.children().values().iterator().next().eval();
        Map<String, Block> parts = model.children();
        List<Boolean> modes = parts.values().stream().map(Block::isTraining).toList();
        List<Boolean> seen = new ArrayList<>();
        Evaluator<Batch> evaluator = Evaluator.of(model, batch -> {
            seen.add(model.isTraining() || Autograd.isRecording());
            throw new IllegalStateException("broken");
        });

        thrown(IllegalStateException.class, () -> evaluator.evaluate(batches(5)));

        assertThat(seen).containsExactly(false);
        assertThat(parts.values().stream().map(Block::isTraining)).isEqualTo(modes);
    }

    @Test
    void numbersOfOutcomesAreMeansLikeTheLoss() {
        Evaluator<Batch> evaluator = Evaluator.<Batch>of(
                        model,
                        batch -> new Outcome(Tensor.of(1))
                                .with(
                                        "double",
                                        Tensor.of(2.0 * batch.x().shape().dim(0))))
                .batchSize(batch -> batch.x().shape().dim(0));

        assertThat(evaluator.evaluate(batches(15)).value("double")).isEqualTo((15 * 30 + 5 * 10) / 20.0);
    }

    @Test
    void aPartWithTheNameOfAnotherValueIsRefused() {
        Tensor loss = Tensor.of(1);
        Evaluator<Batch> evaluator = Evaluator.of(
                model, batch -> new Outcome(loss, model.forward(batch.x()), batch.y()).with("Accuracy", loss));
        refused(() -> evaluator.evaluate(batches(5), new Accuracy()))
                .withMessage("Outcome: the number 'Accuracy' has the name of another value; name the number otherwise");

        Trainer<Batch> trainer = Trainer.<Batch>of(
                        model,
                        new SGD(model.parameters(), 0.1),
                        batch -> Outcome.of(new CrossEntropy(), model.forward(batch.x()), batch.y())
                                .with("validation loss", loss))
                .validate(batches(5));
        refused(() -> trainer.fit(batches(5), 1))
                .withMessageContaining("'validation loss' has the name of another value");
    }

    @Test
    void aFailureEndsTheIteration() {
        AtomicInteger closed = new AtomicInteger();
        StreamLoader<Integer> numbers = DataStream.ofStream(
                        () -> Stream.of(1, 2, 3).onClose(closed::incrementAndGet))
                .batch(1, samples -> samples.get(0));
        Evaluator<Integer> failing = Evaluator.of(model, batch -> {
            throw new IllegalStateException("broken");
        });

        thrown(IllegalStateException.class, () -> failing.evaluate(numbers));
        thrown(IllegalStateException.class, () -> failing.predict(numbers));

        assertThat(closed).hasValue(2);
    }

    @Test
    void predictionsOfBatchesAreJoined() {
        assertThat(Evaluator.of(model, new CrossEntropy())
                        .predict(batches(8))
                        .shape()
                        .toString())
                .isEqualTo("[20, 3]");
        assertThat(trainer().predict(List.of(new Batch(X, Y))).data())
                .isEqualTo(outputs().data());
        assertThat(model.isTraining()).isTrue();
    }

    @Test
    void whatMakesNoSenseIsRefusedWithAWayOut() {
        Evaluator<Batch> evaluator = Evaluator.of(model, new CrossEntropy());
        refused(() -> evaluator.evaluate(List.of())).withMessage("Evaluator: there are no batches to evaluate");
        refused(() -> evaluator.evaluate(batches(5)).value("recall"))
                .withMessage("Evaluation: nothing named 'recall' was computed; there are [loss]");
        Evaluator<Batch> lossAlone = Evaluator.of(model, batch -> new Outcome(Tensor.of(1)));
        refused(() -> lossAlone.evaluate(batches(5), new Accuracy()))
                .withMessageContaining("[Accuracy]")
                .withMessageContaining("new Outcome(loss, prediction, target)");
        refused(() -> lossAlone.predict(batches(5)));
        refused(() -> new Outcome(Tensor.of(1), X, null, Map.of(), Reduction.MEAN))
                .withMessageContaining("come together");
    }

    // ---- a trainer's ----

    @Test
    void trainingMetricsAreThoseOfTheStepsOutputsWithoutASecondPass() {
        List<Tensor> outputs = new ArrayList<>();
        Trainer<Batch> trainer = Trainer.<Batch>of(model, new SGD(model.parameters(), 0.1), batch -> {
            Tensor output = model.forward(batch.x());
            outputs.add(Workspace.keep(output.detach()));
            return Outcome.of(new CrossEntropy(), output, batch.y());
        });

        History history = trainer.metrics(new Accuracy()).fit(batches(5), 1);

        Accuracy expected = new Accuracy();
        for (int k = 0; k < 4; k++) {
            expected.update(outputs.get(k), Y.slice(0, 5 * k, 5 * k + 5));
        }
        assertThat(outputs).hasSize(4);
        assertThat(history.last("Accuracy")).isEqualTo(expected.value());
    }

    @Test
    void eachValidationHasItsLossAndMetrics() {
        Tensor few = X.slice(0, 0, 4);
        History history = trainer()
                .metrics(Metrics.of(new Accuracy()).with("lenient", new TopKAccuracy(2)))
                .validate(batches(6))
                .validate("few", List.of(new Batch(few, few.argMax(1))))
                .fit(batches(5), 2);

        assertThat(history.names())
                .containsExactly(
                        "loss",
                        "Accuracy",
                        "lenient",
                        "validation loss",
                        "validation Accuracy",
                        "validation lenient",
                        "few loss",
                        "few Accuracy",
                        "few lenient");
        Evaluation now = Evaluator.of(model, new CrossEntropy()).evaluate(batches(6), new Accuracy());
        assertThat(history.last("validation loss")).isEqualTo(now.loss());
        assertThat(history.last("validation Accuracy")).isEqualTo(now.value("Accuracy"));
    }

    @Test
    void anEvaluationByAListenerLeavesTheCountsOfTheTrainingAlone() {
        Trainer<Batch> quiet = trainer().metrics(new Accuracy());
        double expected = quiet.fit(batches(5), 1).last("Accuracy");
        EvaluatorTest other = new EvaluatorTest();
        Trainer<Batch> looking = other.trainer().metrics(new Accuracy());
        ConfusionMatrix confusion = new ConfusionMatrix(3);
        looking.onStep(() ->
                assertThat(looking.evaluate(batches(20), confusion).samples()).isEqualTo(20));

        assertThat(looking.fit(batches(5), 1).last("Accuracy")).isEqualTo(expected);
        assertThat(confusion.total()).isEqualTo(20);
    }

    @Test
    void aTrainerRefusesWhatMakesNoSense() {
        refused(() -> trainer().validate(batches(5)).validate(batches(6)))
                .withMessageContaining("there is a validation 'validation' already; name the second one");
        refused(() -> trainer()
                        .metrics(Metrics.of().with("loss", new Accuracy()))
                        .fit(batches(5), 1))
                .withMessageContaining("two values have one name");
        refused(() -> trainer()
                        .metrics(new Accuracy())
                        .track("Accuracy", () -> 1)
                        .fit(batches(5), 1))
                .withMessageContaining("two values have one name");
        Trainer<Batch> byLoss = Trainer.<Batch>of(
                        model,
                        new SGD(model.parameters(), 0.1),
                        batch -> new Outcome(new MSE().forward(model.forward(batch.x()), batch.x())))
                .metrics(new Accuracy());
        refused(() -> byLoss.fit(batches(5), 1))
                .withMessageContaining("there are metrics [Accuracy], but the function of a batch gives no prediction");
        Block block = new Block() {};
        refused(() -> Trainer.<Batch>of(block, batch -> new Outcome(Tensor.of(1)))
                        .validate(batches(5)))
                .withMessageContaining("it cannot evaluate; track(name, value)");
        refused(() -> Trainer.<Batch>of(block, batch -> new Outcome(Tensor.of(1)))
                        .clipNorm(1)
                        .fit(batches(5), 1))
                .withMessageContaining("makes its steps itself");
    }
}
