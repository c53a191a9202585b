package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.Cyclic;
import io.adjoint.nn.optim.OneCycle;
import io.adjoint.nn.optim.SGD;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Schedules of any setting of an optimizer; the numbers are those of PyTorch 2.6, whose cycles have a momentum by default. */
class ScheduledSettingsTest {
    private static final List<Batch> BATCH = List.of(new Batch(
            Tensor.of(new double[][] {{1, 2, 3}, {-1, 0.5, 2}, {0, 1, -2}, {2, -1, 1}}),
            Tensor.of(new double[][] {{1}, {2}, {-1}, {0.5}})));

    private static Tensor bias(Dense model) {
        return model.parameters().get(1);
    }

    private static Dense trained(Function<Dense, Trainer<Batch>> maker) {
        Dense model = new Dense(3, 1, new Generator(1));
        model.weight().assign(Tensor.of(new double[][] {{0.5, -0.25, 0.125}}).data());
        bias(model).assign(Tensor.of(new double[] {0.1}).data());
        maker.apply(model).fit(BATCH, Length.steps(20));
        return model;
    }

    private static void assertWeights(Dense model, double... expected) {
        assertThat(Tensor.concat(0, model.weight().flatten(), bias(model))
                        .data()
                        .toDoubleArray())
                .containsExactly(expected, within(1e-12));
    }

    @Test
    void oneCycleOfRateAndMomentumIsThatOfPyTorch() {
        OneCycle cycle = new OneCycle(0.1, 21);
        double[] expected = {-0.319096945016827, -0.09259857830970539, 0.586273585903462, 0.13389111680092144};

        assertWeights(
                trained(model -> Trainer.of(model, new Adam(model.parameters(), 1), new MSE())
                        .schedule(cycle)
                        .schedule("beta1", cycle.momentum(0.85, 0.95))),
                expected);
        assertWeights(
                trained(model -> Trainer.of(model, new Adam(model.parameters(), 1), new MSE())
                        .scheduleOver(steps -> new OneCycle(0.1, steps + 1))
                        .scheduleOver("beta1", steps -> new OneCycle(0.1, steps + 1).momentum(0.85, 0.95))),
                expected);
        assertWeights(
                trained(model -> Trainer.of(model, new SGD(model.parameters(), 1).momentum(0.9), new MSE())
                        .schedule(cycle)
                        .schedule("momentum", cycle.momentum(0.85, 0.95))),
                -0.48075270391232544,
                -0.4352229677571568,
                0.4895451617281453,
                0.89653812383981);
    }

    @Test
    void cyclesOfRateAndMomentumAreThoseOfPyTorch() {
        Cyclic cycles = new Cyclic(0.01, 0.1).steps(4, 4);

        assertWeights(
                trained(model -> Trainer.of(model, new Adam(model.parameters(), 1), new MSE())
                        .schedule(cycles)
                        .schedule("beta1", cycles.momentum(0.8, 0.9))),
                -0.3423954707450172,
                -0.19801209296677538,
                0.574481311765305,
                0.16390413182460317);
    }

    @Test
    void aSettingThatTheOptimizerDoesNotHaveIsRefused() {
        Dense model = new Dense(3, 1, new Generator(1));
        Trainer<Batch> trainer = Trainer.of(model, new Adam(model.parameters(), 0.1), new MSE());
        String message =
                "Trainer: the optimizer has no setting 'momentum'; its settings are [learningRate, weightDecay,"
                        + " beta1, beta2, eps]";

        refused(() -> trainer.schedule("momentum", step -> 0.9)).withMessage(message);
        refused(() -> trainer.scheduleOver("momentum", steps -> step -> 0.9)).withMessage(message);
    }

    @Test
    void anEpochHasItsValuesByName() {
        Dense model = new Dense(3, 1, new Generator(1));
        Trainer<Batch> trainer = Trainer.of(model, new SGD(model.parameters(), 0.1), new MSE());
        trainer.validate(BATCH, Every.epochs(2)).onEpoch(epoch -> {
            assertThat(epoch.value("loss")).isEqualTo(trainer.history().last("loss"));
            if (epoch.number() == 1) {
                refused(() -> epoch.value("validation loss"))
                        .withMessage(
                                "Epoch: nothing named 'validation loss' was measured at the end of epoch 1; there are"
                                        + " [loss]");
            }
        });
        assertThat(trainer.fit(BATCH, 2).epochs()).isEqualTo(2);
    }
}
