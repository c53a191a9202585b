package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.loss.BCE;
import io.adjoint.nn.loss.BCEWithLogits;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.ElementwiseLoss;
import io.adjoint.nn.loss.Focal;
import io.adjoint.nn.loss.FocalCrossEntropy;
import io.adjoint.nn.loss.Hinge;
import io.adjoint.nn.loss.HingeEmbedding;
import io.adjoint.nn.loss.Huber;
import io.adjoint.nn.loss.KLDiv;
import io.adjoint.nn.loss.L1;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.loss.MultiLabelMargin;
import io.adjoint.nn.loss.MultiLabelSoftMargin;
import io.adjoint.nn.loss.MultiMargin;
import io.adjoint.nn.loss.NLL;
import io.adjoint.nn.loss.PoissonNLL;
import io.adjoint.nn.loss.Reduction;
import io.adjoint.nn.loss.SmoothL1;
import io.adjoint.nn.loss.SoftMargin;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.parallel.Collective;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that batches that come in parts have the loss and the gradients of whole batches, whatever the reduction of the loss. */
class ReductionTest {
    private static final int SAMPLES = 12;
    private static final Tensor X = Tensor.randn(new Generator(1), SAMPLES, 5);
    private static final Tensor PROBABILITIES = X.slice(1, 0, 3).sigmoid();
    private static final Tensor SIGNS = X.slice(1, 0, 3).sign();
    private static final Tensor CLASSES = X.slice(1, 0, 3).argMax(1);
    private static final Tensor LABELS =
            Tensor.concat(1, CLASSES.unsqueeze(1), Tensor.of(NdArray.full(DType.INT32, Shape.of(SAMPLES, 2), -1)));

    /** A loss of each reduction, and its target. */
    private record Case(Function<Reduction, ? extends Loss> loss, Tensor target) {}

    private static Case of(ElementwiseLoss loss, Tensor target) {
        return new Case(reduction -> reduction == Reduction.MEAN ? loss : loss.reduction(reduction), target);
    }

    private static Stream<Case> cases() {
        return Stream.of(
                of(new MSE(), PROBABILITIES),
                of(new L1(), PROBABILITIES),
                of(new Huber(), PROBABILITIES),
                of(new SmoothL1(), PROBABILITIES),
                of(new BCE(), PROBABILITIES),
                of(new BCEWithLogits(), PROBABILITIES),
                of(new Focal(), PROBABILITIES),
                of(new KLDiv(), PROBABILITIES),
                new Case(new KLDiv()::reduction, PROBABILITIES),
                of(new PoissonNLL(), PROBABILITIES),
                of(new Hinge(), SIGNS),
                of(new HingeEmbedding(), SIGNS),
                of(new SoftMargin(), SIGNS),
                new Case(new CrossEntropy()::reduction, CLASSES),
                new Case(new CrossEntropy()::reduction, PROBABILITIES),
                new Case(new FocalCrossEntropy()::reduction, CLASSES),
                new Case(new NLL()::reduction, CLASSES),
                new Case(new MultiMargin().classWeights(1, 2, 3)::reduction, CLASSES),
                new Case(new MultiLabelMargin()::reduction, LABELS),
                new Case(new MultiLabelSoftMargin()::reduction, PROBABILITIES));
    }

    private static Layer model() {
        return new Sequential(new Dense(5, 3, new Generator(2)), new Sigmoid());
    }

    private static Iterable<Batch> batches(Tensor target, int size) {
        return new DataLoader<>(Dataset.of(X, target), size);
    }

    /** The weights after one epoch with steps of rate 1, and the loss of the epoch. */
    private static Map<String, double[]> trained(
            Loss loss, Iterable<Batch> batches, Consumer<Trainer<Batch>> settings) {
        Layer model = model();
        Trainer<Batch> trainer = Trainer.of(model, new SGD(model.parameters(), 1), loss);
        settings.accept(trainer);
        Map<String, double[]> results = new LinkedHashMap<>();
        results.put("loss", new double[] {trainer.fit(batches, 1).last("loss")});
        model.state().forEach((path, weights) -> results.put(path, weights.toDoubleArray()));
        return results;
    }

    private static void assertSame(String what, Map<String, double[]> actual, Map<String, double[]> expected) {
        expected.forEach((name, numbers) ->
                assertThat(actual.get(name)).as("%s, %s", what, name).containsExactly(numbers, within(1e-12)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void accumulatedBatchesAndShardsHaveTheLossAndTheGradientOfTheWholeBatch(Case each) {
        for (Reduction reduction : List.of(Reduction.SUM, Reduction.MEAN)) {
            Loss loss = each.loss().apply(reduction);
            assertThat(loss.reduction()).isEqualTo(reduction);
            Map<String, double[]> whole = trained(loss, batches(each.target(), SAMPLES), trainer -> {});
            String name = loss.toString();

            assertSame(name, trained(loss, batches(each.target(), 5), trainer -> trainer.accumulate(3)), whole);
            assertSame(
                    name,
                    trained(loss, batches(each.target(), SAMPLES), trainer -> trainer.parallel(Collective.alone(), 5)),
                    whole);
            assertSame(
                    name,
                    trained(
                            loss,
                            batches(each.target(), 5),
                            trainer -> trainer.parallel(Collective.alone(), 3).accumulate(3)),
                    whole);
        }
    }

    @Test
    void workersWithoutASampleKnowTheReduction() {
        Loss loss = new MSE().reduction(Reduction.SUM);
        Map<String, double[]> whole = trained(loss, batches(PROBABILITIES, SAMPLES), trainer -> {});

        List<Map<String, double[]>> all = Collective.threads(
                3,
                workers -> trained(
                        loss,
                        batches(PROBABILITIES, 2),
                        trainer -> trainer.parallel(workers, 3).accumulate(6)));

        all.forEach(each -> assertSame("worker", each, whole));
    }

    @Test
    void theShownLossOfASumIsThatOfASampleWhateverTheSizesOfTheBatches() {
        Layer model = model();
        Loss sum = new MSE().reduction(Reduction.SUM);
        double all = sum.forward(model.forward(X), PROBABILITIES).item();

        for (int size : new int[] {5, SAMPLES}) {
            Evaluation evaluation = Evaluator.of(model, sum).evaluate(batches(PROBABILITIES, size));
            assertThat(evaluation.loss()).isCloseTo(all / SAMPLES, within(1e-14));
            assertThat(evaluation.samples()).isEqualTo(SAMPLES);
        }
    }

    @Test
    void anOutcomeSaysThatItsLossAndPartsAreSums() {
        Layer model = model();
        Function<Batch, Outcome> function = batch -> {
            Tensor losses = new MSE().each(model.forward(batch.x()), batch.y());
            return new Outcome(losses.sum()).with("half", losses.sum().div(2)).reduction(Reduction.SUM);
        };
        DataParallel<Batch> parallel = new DataParallel<>(model, new SGD(model.parameters(), 1), Collective.alone(), 4);
        Batch batch = new Batch(X, PROBABILITIES);

        Outcome outcome = parallel.backward(batch, function);

        Map<String, Tensor> sharded = gradients(model);
        model.zeroGrad();
        Outcome whole = function.apply(batch);
        whole.loss().backward();
        assertThat(outcome.reduction()).isEqualTo(Reduction.SUM);
        assertThat(outcome.loss().item()).isCloseTo(whole.loss().item(), within(1e-14));
        assertThat(Objects.requireNonNull(outcome.numbers().get("half")).item())
                .isCloseTo(whole.loss().item() / 2, within(1e-14));
        gradients(model)
                .forEach((path, gradient) -> assertThat(
                                Objects.requireNonNull(sharded.get(path)).data().toDoubleArray())
                        .containsExactly(gradient.data().toDoubleArray(), within(1e-13)));
        Evaluation evaluation = Evaluator.of(model, function)
                .batchSize(part -> part.x().shape().dim(0))
                .evaluate(batches(PROBABILITIES, 5));
        assertThat(evaluation.value("half")).isCloseTo(evaluation.loss() / 2, within(1e-14));
    }

    private static Map<String, Tensor> gradients(Layer model) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        model.namedParameters().forEach((path, leaf) -> all.put(path, Objects.requireNonNull(leaf.grad())));
        return all;
    }

    @Test
    void aTrainingIsContinuedBetweenAccumulatedSums() {
        Layer whole = model();
        Loss sum = new MSE().reduction(Reduction.SUM);
        Trainer.of(whole, new SGD(whole.parameters(), 0.1), sum).accumulate(3).fit(batches(PROBABILITIES, 5), 1);
        Layer first = model();
        Trainer<Batch> ended =
                Trainer.of(first, new SGD(first.parameters(), 0.1), sum).accumulate(3);
        List<Map<String, NdArray>> states = new ArrayList<>();
        ended.onBatch(loss -> states.add(ended.state())).fit(batches(PROBABILITIES, 5), 1);

        Layer second = model();
        Trainer<Batch> continued =
                Trainer.of(second, new SGD(second.parameters(), 0.1), sum).accumulate(3);
        continued.load(states.get(0));
        List<Batch> all = new ArrayList<>();
        batches(PROBABILITIES, 5).forEach(all::add);
        continued.fit(all, 1);

        assertThat(second.state()).isEqualTo(whole.state());
        Trainer<Batch> other =
                Trainer.of(second, new SGD(second.parameters(), 0.1), new MSE()).accumulate(3);
        other.load(states.get(0));
        refused(() -> other.fit(all, 1))
                .withMessageContaining("some accumulated batches have mean losses, others summed ones");
    }

    @Test
    void theDivisorOfAWeightedMeanIsTheSizeOfItsBatch() {
        Tensor target = Tensor.where(X.select(1, 4).gt(0), -100, CLASSES);
        Tensor weights = Tensor.of(1.0, 2, 3);
        CrossEntropy loss = new CrossEntropy().classWeights(1, 2, 3);
        Map<String, double[]> whole = trained(loss, batches(target, SAMPLES), trainer -> {});
        Consumer<Trainer<Batch>> divisor = trainer ->
                trainer.batchSize(batch -> weights.indexSelect(0, batch.y().clampMin(0))
                        .mul(batch.y().ne(-100).to(DType.FLOAT64))
                        .sum()
                        .item());

        assertSame("accumulated", trained(loss, batches(target, 5), divisor.andThen(t -> t.accumulate(3))), whole);
        assertSame(
                "shards",
                trained(loss, batches(target, SAMPLES), divisor.andThen(t -> t.parallel(Collective.alone(), 5))),
                whole);
    }

    @Test
    void aLossOfEachElementIsRefusedBeforeTheFirstBatch() {
        Layer model = model();
        String way = "Outcome: a loss of Reduction.NONE is a number for each element, but a batch has one loss; use"
                + " reduction(Reduction.MEAN), or SUM";
        Loss none = new MSE().reduction(Reduction.NONE);

        refused(() -> Trainer.of(model, new SGD(model.parameters(), 1), none)).withMessage(way);
        refused(() -> Outcome.of(none, PROBABILITIES, PROBABILITIES)).withMessage(way);
    }

    @Test
    void aLambdaMayBeASum() {
        Loss sum =
                Loss.sum((prediction, target) -> prediction.sub(target).square().sum());
        Map<String, double[]> whole = trained(sum, batches(PROBABILITIES, SAMPLES), trainer -> {});

        assertThat(sum.reduction()).isEqualTo(Reduction.SUM);
        assertSame("accumulated", trained(sum, batches(PROBABILITIES, 5), trainer -> trainer.accumulate(3)), whole);
        assertSame(
                "shards",
                trained(sum, batches(PROBABILITIES, SAMPLES), trainer -> trainer.parallel(Collective.alone(), 3)),
                whole);
    }

    @Test
    void accumulatedBatchesHaveOneReduction() {
        Layer model = model();
        boolean[] isSum = {false};
        List<Map<String, Tensor>> before = new ArrayList<>();
        Trainer<Batch> trainer = Trainer.<Batch>of(model, new SGD(model.parameters(), 1), batch -> {
                    isSum[0] = !isSum[0];
                    return new Outcome(model.forward(batch.x()).mean())
                            .reduction(isSum[0] ? Reduction.SUM : Reduction.MEAN);
                })
                .accumulate(3)
                .onBatch(loss -> before.add(gradients(model)));

        refused(() -> trainer.fit(batches(PROBABILITIES, 5), 1))
                .withMessage(
                        "Trainer: some accumulated batches have mean losses, others summed ones; give all one reduction");
        assertThat(List.of(gradients(model))).isEqualTo(before);
    }
}
