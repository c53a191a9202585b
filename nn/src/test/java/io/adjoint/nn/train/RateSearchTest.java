package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the search for a learning rate. */
class RateSearchTest {
    private static final Tensor X = Tensor.randn(new Generator(1), 12, 2);
    private static final Tensor Y = X.sum(1).sin().unsqueeze(1);

    private final Layer model = new Dense(2, 1, new Generator(2));
    private final SGD optimizer = new SGD(model.parameters(), 0.1);

    /** A loader with four batches, that is, four steps an epoch. */
    private static DataLoader<Batch> loader() {
        return new DataLoader<>(Dataset.of(X, Y), 3).shuffle(new Generator(5));
    }

    private Trainer<Batch> trainer() {
        return Trainer.of(model, optimizer, new MSE());
    }

    @Test
    void aSearchOfNegativeLossesGoesOnWhileTheyFall() {
        Trainer<Batch> trainer = Trainer.of(
                model,
                optimizer,
                batch -> new Outcome(
                        new MSE().forward(model.forward(batch.x()), batch.y()).sub(10)));
        assertThat(trainer.searchRate(loader(), 1e-4, 0.1, 20).rates()).hasSize(20);
    }

    @Test
    void aSearchWithinAnEpochLeavesTheRestOfIt() {
        DataLoader<Batch> loader = loader();
        Trainer<Batch> trainer = trainer();
        trainer.fit(loader, Length.steps(2));
        assertThat(trainer.searchRate(loader, 1e-4, 0.1, 5)).isNotNull();
        List<NdArray> places = new ArrayList<>();
        trainer.onStep(() -> places.add(loader.state().get("position"))).fit(loader, Length.steps(3));
        assertThat(places).containsExactly(NdArray.scalar(DType.INT32, 3));
    }

    @Test
    void aSearchFindsARateAndLeavesEverythingAsItWas() {
        Generator rng = new Generator(7);
        Layer wide = new Sequential(new Dense(2, 16, rng), new Dropout(0.1, rng), new Dense(16, 1, rng));
        SGD sgd = new SGD(wide.parameters(), 0.3).momentum(0.5);
        DataLoader<Batch> loader = new DataLoader<>(Dataset.of(X, Y), 12).shuffle(new Generator(5));
        Trainer<Batch> trainer = Trainer.of(wide, sgd, new MSE()).onStep(() -> {
            throw new AssertionError("a step of the training");
        });
        wide.eval();
        List<Map<String, NdArray>> before =
                List.of(wide.state(), sgd.state(), rng.state(), loader.state(), trainer.state());

        RateSearch search = trainer.searchRate(loader, 1e-5, 100, 60, rng);

        assertThat(List.of(wide.state(), sgd.state(), rng.state(), loader.state(), trainer.state()))
                .isEqualTo(before);
        assertThat(wide.isTraining()).isFalse();
        assertThat(search.rates().size()).as("it ends where the loss grows").isLessThan(60);
        assertThat(search.rates().get(0)).isEqualTo(1e-5);
        assertThat(search.suggestion()).isBetween(1e-3, 1.0);
        assertThat(search.toString().lines()).hasSize(1 + search.rates().size());
        assertThat(trainer.searchRate(loader, 1e-5, 100, 60, rng)).isEqualTo(search);
    }

    @Test
    void aSearchOfFewStepsDoesNotLagBehindTheLosses() {
        int[] step = {0};
        Trainer<Batch> trainer = Trainer.of(
                model,
                optimizer,
                batch -> new Outcome(model.forward(batch.x()).sum().mul(0).add(1 + Math.abs(step[0]++ - 20) / 20.0)));

        RateSearch search = trainer.searchRate(loader(), 1e-6, 1, 41);

        assertThat(search.suggestion()).isEqualTo(search.rates().get(20) / 10);
    }

    @Test
    void aLossThatFallsAgainAfterItHasGrownChangesNoSuggestion() {
        List<Double> rates = List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0);
        List<Double> losses = List.of(5.0, 4.9, 4.5, 4.1, 4.0, 9.0, 7.0, 5.0);

        assertThat(new RateSearch(rates, losses, losses).suggestion()).isEqualTo(0.5);
    }

    @Test
    void aSearchThatFailsLeavesEverythingAsItWas() {
        Map<String, NdArray> weights = model.state();
        int[] batches = {0};
        Trainer<Batch> trainer = Trainer.of(model, optimizer, batch -> {
            if (++batches[0] == 3) {
                throw new IllegalStateException("broken");
            }
            return Outcome.of(new MSE(), model.forward(batch.x()), batch.y());
        });

        thrown(IllegalStateException.class, () -> trainer.searchRate(loader(), 1e-5, 1, 10));

        assertThat(model.state()).isEqualTo(weights);
        assertThat(optimizer.learningRate()).isEqualTo(0.1);
    }

    @Test
    void searchesThatMakeNoSenseAreRefused() {
        refused(() -> trainer().searchRate(loader(), 1, 0.1, 10))
                .withMessageContaining("last rate must be above the first");
        refused(() -> trainer().searchRate(loader(), 0, 1, 10));
        refused(() -> trainer().searchRate(loader(), 0.1, 1, 2));
        refused(() -> trainer().searchRate(List.of(), 0.1, 1, 10))
                .withMessage("Trainer: there are no batches to train with");
        refused(() -> Trainer.of(model, new LBFGS(model.parameters()), new MSE())
                        .searchRate(loader(), 0.1, 1, 10))
                .withMessageContaining("LBFGS searches its steps itself");
        thrown(
                        IllegalStateException.class,
                        () -> new RateSearch(List.of(1.0, 2.0), List.of(1.0, 2.0), List.of(1.0, 2.0)).suggestion())
                .withMessageContaining("falls at no rate from 1.0 to 2.0");
        thrown(IllegalStateException.class, () -> new RateSearch(List.of(), List.of(), List.of()).suggestion())
                .withMessageContaining("the loss of the first batch is not finite");
        refused(() -> new RateSearch(List.of(1.0), List.of(), List.of())).withMessageContaining("lists of one size");
        assertThat(model.state().values()).allMatch(array -> array.dtype() == DType.FLOAT64);
    }
}
