package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.Recurrent;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.metric.MeanSquaredError;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.parallel.Collective;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainerWorkspaceTest {
    /** The arrays are large enough for the workspace's pool. */
    private static final int SAMPLES = 96;

    private static final int WIDTH = 128;

    private static final Dataset<Batch> DATA = data();

    private static Dataset<Batch> data() {
        Tensor x = Tensor.randn(new Generator(1), SAMPLES, WIDTH);
        return Dataset.of(x, x.sin().cumsum(1).mul(0.1));
    }

    private static DataLoader<Batch> batches() {
        return new DataLoader<>(DATA, 40).shuffle(new Generator(2));
    }

    private enum Training {
        PLAIN(trainer -> trainer),
        ACCUMULATING(trainer -> trainer.accumulate(2)),
        CLIPPED(trainer -> trainer.clipNorm(0.1).clipValue(0.01)),
        MEASURED(trainer -> trainer.metrics(new MeanSquaredError())
                .validate(batches(), Every.steps(2))
                .restoreBest()),
        SHARDED(trainer -> trainer.metrics(new MeanSquaredError()).parallel(Collective.alone(), 3));

        final UnaryOperator<Trainer<Batch>> settings;

        Training(UnaryOperator<Trainer<Batch>> settings) {
            this.settings = settings;
        }
    }

    private static Layer model() {
        Generator rng = new Generator(3);
        Layer wide = new Dense(WIDTH, WIDTH, rng);
        return new Sequential(
                new Dense(WIDTH, WIDTH, rng),
                new BatchNorm1d(WIDTH, rng),
                new Tanh(),
                new Dropout(0.1, rng),
                new Checkpointed(wide),
                new Dense(WIDTH, WIDTH, rng));
    }

    @ParameterizedTest
    @EnumSource
    void aTrainingHasTheBitsThatItHasWithoutAWorkspace(Training training) {
        List<Map<String, NdArray>> states = new ArrayList<>();
        List<History> histories = new ArrayList<>();
        for (boolean used : new boolean[] {true, false}) {
            Layer model = model();
            Trainer<Batch> trainer =
                    training.settings.apply(Trainer.of(model, new Adam(model.parameters(), 0.01), new MSE()));
            histories.add((used ? trainer : trainer.withoutWorkspace()).fit(batches(), 3));
            states.add(model.state());
        }
        assertThat(states.get(0)).isEqualTo(states.get(1));
        assertThat(histories.get(0)).hasToString(histories.get(1).toString());
    }

    @Test
    void anOptimizerThatEvaluatesABatchAgainHasTheBitsThatItHasWithout() {
        List<Map<String, NdArray>> states = new ArrayList<>();
        for (boolean used : new boolean[] {true, false}) {
            Layer model = new Dense(WIDTH, WIDTH, new Generator(4));
            Trainer<Batch> trainer = Trainer.of(model, new LBFGS(model.parameters()), new MSE());
            History unused = (used ? trainer : trainer.withoutWorkspace()).fit(batches(), 2);
            states.add(model.state());
        }
        assertThat(states.get(0)).isEqualTo(states.get(1));
    }

    @Test
    void tensorsOfAStepEndWithItUnlessTheTrainerHasNoWorkspace() {
        for (boolean lives : new boolean[] {false, true}) {
            List<Tensor> losses = new ArrayList<>();
            Layer model = model();
            Trainer<Batch> trainer = Trainer.of(model, new Adam(model.parameters(), 0.01), new MSE())
                    .onBatch(losses::add);
            History unused = (lives ? trainer.withoutWorkspace() : trainer).fit(batches(), 1);
            assertThat(losses).hasSize(3).allSatisfy(loss -> {
                if (lives) {
                    assertThat(loss.item()).isPositive();
                } else {
                    thrown(IllegalStateException.class, loss::item)
                            .withMessageStartingWith("'item' reads an array of the shape [] that ended with its step");
                }
            });
        }
    }

    @Test
    void validationsAndListenersAfterAStepMayKeepTheirTensors() {
        Layer model = model();
        List<Tensor> own = new ArrayList<>();
        Trainer<Batch> trainer = Trainer.of(model, new Adam(model.parameters(), 0.01), new MSE())
                .onStep(() -> own.add(Tensor.ones(WIDTH, WIDTH).mul(2)))
                .onEpoch(epoch -> own.add(Tensor.ones(WIDTH, WIDTH).mul(2)));
        History unused = trainer.fit(batches(), 2);
        assertThat(own).hasSize(8).allSatisfy(x -> assertThat(x.mean().item()).isEqualTo(2));
    }

    @Test
    void aListenerMayAddUpTheLossesOfSteps() {
        Layer model = model();
        List<Tensor> sums = new ArrayList<>(List.of(Tensor.of(0)));
        List<Double> losses = new ArrayList<>();
        Trainer<Batch> trainer = Trainer.of(model, new Adam(model.parameters(), 0.01), new MSE())
                .onBatch(loss -> sums.add(sums.get(sums.size() - 1).add(loss.detach())))
                .onBatch(loss -> losses.add(loss.item()));
        History unused = trainer.fit(batches(), 1);
        assertThat(sums.get(3).item()).isEqualTo(0 + losses.get(0) + losses.get(1) + losses.get(2));
    }

    @Test
    void aModelThatIsMadeInAStepLivesOn() {
        Layer model = new Workspace().run(TrainerWorkspaceTest::model);
        History unused =
                Trainer.of(model, new Adam(model.parameters(), 0.01), new MSE()).fit(batches(), 1);
        assertThat(model.state()).isNotEqualTo(model().state());
    }

    @Test
    void aLayerMayMakeItsMaskInTheFirstStepAndRememberAnOutputThatHasEnded() {
        Layer model = new Sequential(new Masked(), new Dense(WIDTH, WIDTH, new Generator(3)));
        History unused =
                Trainer.of(model, new Adam(model.parameters(), 0.01), new MSE()).fit(batches(), 2);
        assertThat(model.copy().state()).isEqualTo(model.state());
    }

    private static final class Masked extends Layer {
        private @Nullable Tensor mask;
        private @Nullable Tensor last;

        @Override
        protected Tensor compute(Tensor x) {
            mask = mask == null ? Tensor.ones(WIDTH, WIDTH) : mask;
            Tensor y = x.mul(mask.slice(0, 0, x.shape().dim(0)));
            last = y.detach();
            return y;
        }

        @Override
        public String toString() {
            return "Masked, last " + last;
        }
    }

    @Test
    void theStateOfARecurrentNetworkIsCarriedFromStepToStep() {
        Tensor x = Tensor.randn(new Generator(6), 4, 8, WIDTH);
        List<Map<String, NdArray>> states = new ArrayList<>();
        for (Workspace workspace : List.of(new Workspace(), Workspace.none())) {
            LSTM own = new LSTM(WIDTH, WIDTH, new Generator(5));
            Optimizer optimizer = new Adam(own.parameters(), 0.01);
            List<LSTM.State> state = new ArrayList<>();
            for (int step = 0; step < 4; step++) {
                workspace.run(() -> {
                    Recurrent.Output<LSTM.State> output =
                            state.isEmpty() ? own.forward(x) : own.forward(x, state.get(0));
                    optimizer.zeroGrad();
                    output.sequence().square().mean().backward();
                    optimizer.step();
                    state.clear();
                    state.add(output.last().detach());
                });
            }
            states.add(own.state());
        }
        assertThat(states.get(0)).isEqualTo(states.get(1));
    }

    /** A layer that is computed a second time in the backward pass. */
    private static final class Checkpointed extends Layer {
        private final Layer layer;

        Checkpointed(Layer layer) {
            this.layer = child("layer", layer);
        }

        @Override
        protected Tensor compute(Tensor x) {
            return Transforms.checkpoint(layer::forward, x);
        }
    }
}
