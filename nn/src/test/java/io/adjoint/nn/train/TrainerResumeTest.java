package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.BatchIterator;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.SampleException;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.optim.WeightAverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Continuing a training after failures, from iterables other than its loader, with other settings, and past empty batches. */
class TrainerResumeTest {
    private static final List<Batch> BATCHES = List.of(batch(1, 4), batch(2, 4), batch(3, 2));

    private static Layer model() {
        return new Dense(2, 1, new Init(new Generator(1)).dtype(DType.FLOAT64));
    }

    private static Batch batch(int seed, int size) {
        Generator rng = new Generator(seed);
        return new Batch(Tensor.randn(rng, size, 2), Tensor.randn(rng, size, 1));
    }

    private static Trainer<Batch> trainer(Layer model) {
        return Trainer.of(model, new SGD(model.parameters(), 0.1), new MSE());
    }

    /** Four batches of two samples. */
    private static DataLoader<Batch> loader(Dataset<Batch> samples) {
        return new DataLoader<>(samples, 2).shuffle(new Generator(3));
    }

    private static DataLoader<Batch> loader() {
        return loader(Dataset.of(batch(7, 8).x(), batch(7, 8).y()));
    }

    /** The states of a program that was ended after a number of batches. */
    private record Cut(Map<String, NdArray> weights, Map<String, NdArray> course, Map<String, NdArray> place) {
        void loadInto(Layer model, Trainer<Batch> trainer, DataLoader<Batch> loader) {
            model.load(weights);
            trainer.load(course);
            loader.load(place);
        }
    }

    private static Cut cutAfter(int batches) {
        List<Cut> cuts = new ArrayList<>();
        Layer model = model();
        DataLoader<Batch> loader = loader();
        Trainer<Batch> trainer = trainer(model);
        trainer.onStep(() -> cuts.add(new Cut(model.state(), trainer.state(), loader.state())));
        trainer.fit(loader, 2);
        return cuts.get(batches - 1);
    }

    // ---- failures ----

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void theStatesAfterABrokenSampleFitEachOtherAndBeginTheEpochAnew(int workers) {
        boolean[] broken = {true};
        Dataset<Batch> samples = Dataset.of(8, k -> {
            if (k == 5 && broken[0]) {
                throw new IllegalStateException("broken");
            }
            Batch one = batch(k, 1);
            return new Batch(one.x().squeeze(0), one.y().squeeze(0));
        });
        Layer model = model();
        DataLoader<Batch> loader = loader(samples).workers(workers);
        Trainer<Batch> trainer = trainer(model);
        assertThatThrownBy(() -> trainer.fit(loader, 2)).isInstanceOf(SampleException.class);
        Layer other = model();
        DataLoader<Batch> place = loader(samples).workers(workers);
        Trainer<Batch> continued = trainer(other);
        int[] batches = {0};
        continued.onBatch(loss -> batches[0]++);
        new Cut(model.state(), trainer.state(), loader.state()).loadInto(other, continued, place);
        broken[0] = false;

        trainer.fit(loader, 2);
        continued.fit(place, 2);

        assertThat(batches[0]).isEqualTo(8);
        assertThat(other.state()).isEqualTo(model.state());
        assertThat(continued.state()).isEqualTo(trainer.state());
        assertThat(place.state()).isEqualTo(loader.state());
    }

    @Test
    void theStatesAfterAListenerFailedFitEachOther() {
        Layer model = model();
        DataLoader<Batch> loader = loader();
        Trainer<Batch> trainer = trainer(model);
        boolean[] fails = {true};
        trainer.onStep(() -> {
            if (fails[0] && trainer.steps() == 6) {
                throw new IllegalStateException("no room");
            }
        });
        thrown(IllegalStateException.class, () -> trainer.fit(loader, 3));
        Layer other = model();
        DataLoader<Batch> place = loader();
        Trainer<Batch> continued = trainer(other);
        new Cut(model.state(), trainer.state(), loader.state()).loadInto(other, continued, place);
        fails[0] = false;

        trainer.fit(loader, 3);
        continued.fit(place, 3);

        assertThat(trainer.steps()).isEqualTo(6 + 2 * 4);
        assertThat(other.state()).isEqualTo(model.state());
        assertThat(continued.state()).isEqualTo(trainer.state());
    }

    @Test
    void aLoaderThatIsElsewhereCanBeLoadedAndTheCallRepeated() {
        Layer whole = model();
        trainer(whole).fit(loader(), 2);
        Layer model = model();
        Trainer<Batch> trainer = trainer(model);
        DataLoader<Batch> loader = loader();
        Cut cut = cutAfter(6);
        model.load(cut.weights());
        trainer.load(cut.course());

        thrown(IllegalStateException.class, () -> trainer.fit(loader, 2));
        assertThat(trainer.state()).isEqualTo(cut.course());
        loader.load(cut.place());
        trainer.fit(loader, 2);

        assertThat(model.state()).isEqualTo(whole.state());
    }

    // ---- other iterables ----

    @Test
    @SuppressWarnings("UnnecessaryMethodReference") // the test needs an iterable that is not the loader
    void anIterableOfALoadedLoadersIteratorsGoesOnWhereItWas() {
        Layer whole = model();
        trainer(whole).fit(loader(), 2);
        Layer model = model();
        Trainer<Batch> trainer = trainer(model);
        DataLoader<Batch> loader = loader();
        cutAfter(6).loadInto(model, trainer, loader);
        int[] batches = {0};

        trainer.onBatch(loss -> batches[0]++).fit(loader::iterator, 2);

        assertThat(batches[0]).isEqualTo(2);
        assertThat(model.state()).isEqualTo(whole.state());
    }

    @Test
    void anAdapterThatTellsItsPositionGoesOnWhereItWas() {
        Layer whole = model();
        trainer(whole).fit(() -> halved(loader().iterator()), 1);
        Layer model = model();
        Trainer<Batch> first = trainer(model);
        DataLoader<Batch> loader = loader();
        List<Cut> cuts = new ArrayList<>();
        first.onStep(() -> cuts.add(new Cut(model.state(), first.state(), loader.state())));
        first.fit(() -> halved(loader.iterator()), 1);
        Trainer<Batch> trainer = trainer(model);
        DataLoader<Batch> place = loader();
        cuts.get(1).loadInto(model, trainer, place);

        trainer.fit(() -> halved(place.iterator()), 1);

        assertThat(trainer.steps()).isEqualTo(4);
        assertThat(model.state()).isEqualTo(whole.state());
    }

    private static BatchIterator<Batch> halved(BatchIterator<Batch> all) {
        return new BatchIterator<>() {
            @Override
            public int position() {
                return all.position();
            }

            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public Batch next() {
                Batch batch = all.next();
                return new Batch(batch.x().mul(0.5), batch.y());
            }
        };
    }

    @Test
    void anIterableThatHasTooFewBatchesToGoOnIsRefused() {
        Layer model = model();
        Trainer<Batch> trainer = trainer(model);
        Cut cut = cutAfter(4 + 3);
        trainer.load(cut.course());

        thrown(IllegalStateException.class, () -> trainer.fit(BATCHES.subList(0, 2), 2))
                .withMessageContaining("3 batches were taken, but an iteration has only 2")
                .withMessageContaining("BatchIterator");
        assertThat(trainer.state()).isEqualTo(cut.course());
    }

    @Test
    void anEpochThatBeginsTakesAWholeIteration() {
        DataLoader<Batch> loader = loader();
        loader.load(cutAfter(3).place());
        int[] batches = {0};

        trainer(model()).onBatch(loss -> batches[0]++).fit(loader, 1);

        assertThat(batches[0]).isEqualTo(4);
    }

    // ---- closures ----

    @Test
    void aStateInOnBatchOfATrainingWithAClosureLosesNoListenerOfTheStep() {
        Layer model = model();
        LBFGS optimizer = new LBFGS(model.parameters(), 0.1);
        WeightAverage average = WeightAverage.ema(model, 0.9);
        Trainer<Batch> trainer = Trainer.of(model, optimizer, new MSE());
        List<List<Map<String, NdArray>>> cuts = new ArrayList<>();
        trainer.onBatch(loss -> cuts.add(List.of(model.state(), optimizer.state(), average.state(), trainer.state())));
        trainer.onStep(average::update);
        trainer.fit(BATCHES, 2);
        assertThat(cuts).hasSize(6);

        for (List<Map<String, NdArray>> cut : cuts) {
            Layer other = model();
            LBFGS moments = new LBFGS(other.parameters(), 0.1);
            WeightAverage mean = WeightAverage.ema(other, 0.9);
            Trainer<Batch> continued = Trainer.of(other, moments, new MSE()).onStep(mean::update);
            other.load(cut.get(0));
            moments.load(cut.get(1));
            mean.load(cut.get(2));
            continued.load(cut.get(3));

            continued.fit(BATCHES, 2);

            assertThat(mean.state()).isEqualTo(average.state());
            assertThat(other.state()).isEqualTo(model.state());
            assertThat(moments.state()).isEqualTo(optimizer.state());
            assertThat(continued.state()).isEqualTo(trainer.state());
        }
    }

    // ---- other settings ----

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void accumulatedGradientsAreTheMeanWhateverTheOtherSettingIs(int accumulated) {
        Layer before = model();
        Trainer<Batch> trainer = trainer(before).accumulate(3);
        List<Map<String, NdArray>> states = new ArrayList<>();
        trainer.onBatch(loss -> states.add(trainer.state())).fit(BATCHES, 1);
        // The loaded state is that after the second batch, so the first step has at least two batches.
        List<Batch> taken = BATCHES.subList(0, Math.max(2, accumulated));
        Layer large = model();
        trainer(large)
                .fit(
                        List.of(new Batch(
                                Tensor.concat(0, taken.stream().map(Batch::x).toArray(Tensor[]::new)),
                                Tensor.concat(0, taken.stream().map(Batch::y).toArray(Tensor[]::new)))),
                        1);
        Layer model = model();
        Trainer<Batch> other = trainer(model).accumulate(accumulated);
        List<Map<String, NdArray>> steps = new ArrayList<>();
        other.onStep(() -> steps.add(model.state()));
        other.load(states.get(1));

        other.fit(BATCHES, 1);

        large.state()
                .forEach((path, array) -> assertThat(
                                Objects.requireNonNull(steps.get(0).get(path)).toDoubleArray())
                        .containsExactly(array.toDoubleArray(), within(1e-15)));
    }

    // ---- batches that count nothing ----

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aBatchWithoutSamplesIsPassedOver(int accumulated) {
        Layer model = model();
        Layer without = model();
        List<Batch> empty = List.of(batch(8, 0), batch(1, 4), batch(9, 0), batch(2, 4), batch(8, 0));

        Trainer<Batch> trainer = trainer(model).accumulate(accumulated).validate(empty);
        History history = trainer.fit(empty, 2);
        History expected = trainer(without)
                .accumulate(accumulated)
                .validate(BATCHES.subList(0, 2))
                .fit(BATCHES.subList(0, 2), 2);

        assertThat(history.toString()).isEqualTo(expected.toString()).doesNotContain("NaN");
        assertThat(model.state()).isEqualTo(without.state());
        assertThat(trainer.steps()).isEqualTo(4 / accumulated);
    }

    @Test
    void aPlaceAfterABatchWithoutSamplesIsOneToGoOnFrom() {
        List<Batch> batches = List.of(batch(8, 0), batch(1, 4), batch(8, 0), batch(2, 4));
        Layer whole = model();
        List<Map<String, NdArray>> states = new ArrayList<>();
        Trainer<Batch> first = trainer(whole);
        List<Map<String, NdArray>> weights = new ArrayList<>();
        first.onStep(() -> {
            states.add(first.state());
            weights.add(whole.state());
        });
        first.fit(batches, 1);
        Layer model = model();
        Trainer<Batch> trainer = trainer(model);
        model.load(weights.get(0));
        trainer.load(states.get(0));

        trainer.fit(batches, 1);

        assertThat(model.state()).isEqualTo(whole.state());
        assertThat(trainer.state()).isEqualTo(first.state());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void aSizeThatIsNoneIsRefused(double size) {
        refused(() -> trainer(model()).batchSize(batch -> size).fit(BATCHES, 1))
                .withMessage("Trainer: the size of a batch must be finite and at least 0, got " + size);
        refused(() -> Evaluator.of(model(), new MSE()).batchSize(batch -> size).evaluate(BATCHES))
                .withMessage("Evaluator: the size of a batch must be finite and at least 0, got " + size);
    }
}
