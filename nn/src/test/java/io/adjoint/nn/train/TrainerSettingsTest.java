package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Clip;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings of a trainer that must agree with each other, or that show in its steps. */
class TrainerSettingsTest {
    private static final Tensor X = Tensor.normal(Shape.of(8, 2), 0, 1, new Generator(1));
    private static final DataLoader<Batch> DATA =
            new DataLoader<>(Dataset.of(X, X.sum(1).unsqueeze(1)), 4);

    private final Layer model = new Dense(2, 1, new Generator(2));
    private final SGD optimizer = new SGD(model.parameters(), 0.1);
    private final Trainer<Batch> trainer = Trainer.of(model, optimizer, new MSE());

    @Test
    void aPlateauOfTheOppositeGoalIsRefusedByFit() {
        trainer.track("accuracy", () -> 1).monitor("accuracy", Goal.MAX).plateau(new Plateau(0.1));

        refused(() -> trainer.fit(DATA, 1))
                .withMessage("Trainer: the goal of the monitored value is MAX, but the plateau's is the opposite;"
                        + " call goal(Goal.MAX) on the plateau");
        assertThat(trainer.steps()).isZero();
        trainer.plateau(new Plateau(0.1).goal(Goal.MAX)).fit(DATA, 1);
    }

    @Test
    void aPlateauSetsTheRateOfTheFirstStep() {
        List<Double> rates = new ArrayList<>();
        trainer.validate(DATA)
                .plateau(new Plateau(0.001))
                .onStep(() -> rates.add(optimizer.learningRate()))
                .fit(DATA, 1);

        assertThat(rates).containsExactly(0.001, 0.001);
    }

    @Test
    void anOptimizerOfAnotherModelIsRefused() {
        Layer other = new Dense(2, 1, new Generator(3));

        refused(() -> Trainer.of(model, new SGD(other.parameters(), 0.1), new MSE())
                        .fit(DATA, 1))
                .withMessage("Trainer: the optimizer has none of the model's 2 parameters, so nothing would be trained;"
                        + " make it of model.parameters()");
    }

    @Test
    void aListenerReadsTheNormBeforeClipping() {
        List<Double> norms = new ArrayList<>();
        List<Double> before = new ArrayList<>();
        assertThat(trainer.gradientNorm()).isEmpty();
        trainer.clipNorm(0.01)
                .onBatch(loss -> before.add(Clip.totalNorm(model.parameters(), 2)))
                .onStep(() -> norms.add(trainer.gradientNorm().orElseThrow()))
                .fit(DATA, 1);

        assertThat(norms).hasSize(2).isEqualTo(before);
        assertThat(norms.get(0)).isGreaterThan(0.01);
    }

    @Test
    void aBatchThatGivesNoParameterAGradientIsNotClipped() {
        Tensor other = Tensor.of(1.0).requiresGrad(true);
        List<Double> norms = new ArrayList<>();
        Trainer<Batch> unreached =
                Trainer.of(model, optimizer, batch -> new Outcome(other.square().mean()));
        unreached
                .clipNorm(1)
                .clipValue(1)
                .onStep(() -> norms.add(unreached.gradientNorm().orElseThrow()))
                .fit(DATA, 1);

        assertThat(norms).containsExactly(0.0, 0.0);
    }

    @Test
    void aFrozenModelIsNotTrained() {
        Dense frozen = new Dense(2, 2, new Generator(1));
        frozen.freeze();
        refused(() -> Trainer.of(frozen, new SGD(frozen.parameters(), 0.1), new MSE())
                        .fit(List.of(new Batch(Tensor.zeros(1, 2), Tensor.zeros(1, 2))), 1))
                .withMessage(
                        "Trainer: all 2 parameters of the optimizer are frozen, so nothing would be trained; unfreeze()"
                                + " the layers that are to learn");
    }

    @Test
    @SuppressWarnings("NullAway") // The test passes null.
    void anOptimizerOfNullIsRefused() {
        Layer model = new Dense(1, 1, new Generator(1));

        thrown(NullPointerException.class, () -> Trainer.of(model, null, new MSE()))
                .withMessage("the optimizer is null");
        thrown(
                        NullPointerException.class,
                        () -> Trainer.<Batch>of(
                                model, null, batch -> new Outcome(batch.x().sum())))
                .withMessage("the optimizer is null");
    }
}
