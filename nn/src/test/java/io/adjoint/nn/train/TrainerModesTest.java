package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A trainer leaves the parts of a model in the modes that the program put them into. */
class TrainerModesTest {
    private static final Tensor X = Tensor.normal(Shape.of(12, 3), 5, 1, new Generator(1));
    private static final Tensor Y = X.sum(1).unsqueeze(1);

    private final Generator rng = new Generator(2);
    private final BatchNorm1d frozen = new BatchNorm1d(3, new Init(rng));
    private final BatchNorm1d trained = new BatchNorm1d(4, new Init(rng));
    private final Sequential head = new Sequential(new Dense(3, 4, rng), trained, new Dense(4, 1, rng));
    private final Sequential model = new Sequential(frozen, head);
    private final Trainer<Batch> trainer = trainer(model);

    private static Trainer<Batch> trainer(Sequential model) {
        return Trainer.of(model, new SGD(model.parameters(), 0.01), new MSE()).validate(batches());
    }

    private static DataLoader<Batch> batches() {
        return new DataLoader<>(Dataset.of(X, Y), 4);
    }

    /** Trains for one more epoch, and requires that only the trained normalization has gathered statistics. */
    private void requireOneTrained(Trainer<Batch> trainer) {
        Map<String, NdArray> before = frozen.state();
        Map<String, NdArray> others = trained.state();
        assertThat(trainer.fit(batches(), trainer.epochs() + 1).epochs()).isPositive();
        assertThat(frozen.state()).isEqualTo(before);
        assertThat(trained.state()).isNotEqualTo(others);
        requireModes();
    }

    private void requireModes() {
        assertThat(modes()).containsExactly(true, false, true);
    }

    private List<Boolean> modes() {
        return List.of(model.isTraining(), frozen.isTraining(), trained.isTraining());
    }

    private void freeze() {
        frozen.freeze();
        frozen.eval();
    }

    @Test
    void aPartInEvaluationModeStaysThereInAllEpochsAndAfterThem() {
        freeze();

        requireOneTrained(trainer);
        requireOneTrained(trainer);
    }

    @Test
    void aModelThatIsEvaluatedInBetweenIsTrainedInTheModesOfBefore() {
        freeze();
        requireOneTrained(trainer);

        model.eval();
        requireOneTrained(trainer);
        trainer.onEpoch(epoch -> model.eval());
        trainer.fit(batches(), trainer.epochs() + 2);
        assertThat(modes()).containsOnly(false);
        requireModesIn(trainer);
    }

    private void requireModesIn(Trainer<Batch> trainer) {
        List<List<Boolean>> seen = new ArrayList<>();
        trainer.onBatch(loss -> seen.add(modes()));
        trainer.fit(batches(), trainer.epochs() + 1);
        assertThat(seen).isNotEmpty().containsOnly(List.of(true, false, true));
    }

    @Test
    void aModelThatIsWhollyInEvaluationModeIsTrainedInTrainingMode() {
        model.eval();

        trainer.fit(batches(), 1);

        assertThat(modes()).containsOnly(true);
    }

    @Test
    void onePartInTrainingModeIsTrainedAlone() {
        model.eval();
        head.train();
        Map<String, NdArray> before = frozen.state();

        trainer.fit(batches(), 2);

        assertThat(modes()).containsExactly(false, false, true);
        assertThat(frozen.namedBuffers().keySet()).isNotEmpty();
        assertThat(frozen.state().get("runningMean")).isEqualTo(before.get("runningMean"));
    }

    @Test
    void aListenerMayChangeTheModesForTheEpochsToCome() {
        trainer.onEpoch(epoch -> frozen.eval());
        trainer.fit(batches(), 1);
        Map<String, NdArray> before = frozen.state();

        trainer.fit(batches(), 3);

        assertThat(frozen.state().get("runningMean")).isEqualTo(before.get("runningMean"));
        requireModes();
    }

    @Test
    void anEvaluationIsInEvaluationModeThroughoutAndPutsTheModesBackIfItFails() {
        freeze();
        List<List<Boolean>> seen = new ArrayList<>();
        trainer.track("modes", () -> {
            seen.add(modes());
            throw new IllegalStateException("no value");
        });

        thrown(IllegalStateException.class, () -> trainer.fit(batches(), 1));

        assertThat(seen).containsExactly(List.of(false, false, false));
        requireModes();
    }

    /** Modes belong to the program, not to the state. */
    @Test
    void aTrainingThatIsContinuedHasTheModesOfItsProgram() {
        freeze();
        requireOneTrained(trainer);
        Trainer<Batch> other = trainer(model);
        other.load(trainer.state());

        requireOneTrained(other);
        assertThat(((Block) model).children()).hasSize(2);
    }
}
