package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.SGD;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of a trainer's state that are impossible or large, or belong to new columns. */
class TrainingStateTest {
    private static final List<Batch> BATCHES = List.of(batch(4), batch(4), batch(2));

    private static Batch batch(int size) {
        return new Batch(Tensor.ones(size, 2), Tensor.ones(size, 1));
    }

    private static Trainer<Batch> trainer() {
        Layer model = new Dense(2, 1, new Generator(1));
        return Trainer.of(model, new SGD(model.parameters(), 0.1), new MSE());
    }

    @ParameterizedTest
    @CsvSource({
        "steps, -1",
        "steps, 0.5",
        "steps, 1e17",
        "steps, 0",
        "epochs, -1",
        "epochs, 2",
        "sinceBest, 1e9",
        "sinceBest, 2",
        "batches, 0",
        "batches, 1",
        "pending, 5",
        "pending, 0",
        "pendingSamples, NaN",
        "pendingSamples, -1",
        "pendingSamples, 9",
        "pendingSamples, Infinity",
        "samples, 0",
        "samples, -3",
        "samples, NaN",
        "over, 7",
        "over, 1"
    })
    void impossibleNumbersAreRefusedAndChangeNothing(String name, double value) {
        Trainer<Batch> trainer = trainer().accumulate(3);
        List<Map<String, NdArray>> states = new ArrayList<>();
        trainer.onBatch(loss -> states.add(trainer.state())).fit(BATCHES, 2);
        Map<String, NdArray> state = new LinkedHashMap<>(states.get(4));
        Trainer<Batch> other = trainer().accumulate(3);
        Map<String, NdArray> before = other.state();
        other.load(state);
        other.load(before);

        assertThat(state.put(name, NdArray.scalar(DType.FLOAT64, value))).isNotNull();

        refused(() -> other.load(state))
                .withMessageMatching(
                        "Trainer: the state does not fit, and nothing was loaded: .*(the count|there cannot be|history\\.loss|gradient\\.0).*");
        assertThat(other.state()).isEqualTo(before);
    }

    @Test
    void thereMayBeMoreStepsThanAnIntHolds() {
        Trainer<Batch> trainer = trainer().schedule(step -> step < 9 ? 1 : 0.1);
        Map<String, NdArray> state = new LinkedHashMap<>(trainer.state());
        state.put("steps", NdArray.scalar(DType.FLOAT64, Integer.MAX_VALUE));
        trainer.load(state);

        trainer.fit(BATCHES, 1);

        assertThat(trainer.steps()).isEqualTo(Integer.MAX_VALUE + 3L);
    }

    @Test
    void aNumberIsNotNamedAsTheLoss() {
        Outcome outcome = new Outcome(Tensor.of(1));
        refused(() -> outcome.with("loss", Tensor.of(7))).withMessageContaining("name the number otherwise");
    }

    @Test
    void aStateHasAColumnForAValidationThatIsNew() {
        Trainer<Batch> trainer = trainer();
        trainer.fit(BATCHES, 2);
        trainer.validate(BATCHES);
        Trainer<Batch> loaded = trainer().validate(BATCHES);
        loaded.load(trainer.state());

        assertThat(loaded.history().values(Trainer.VALIDATION_LOSS)).containsExactly(Double.NaN, Double.NaN);
        assertThat(loaded.state()).isEqualTo(trainer.state());
    }

    @Test
    void stepsOfAColumnThatFallAreRefusedAndChangeNothing() {
        Trainer<Batch> trainer = trainer().validate(BATCHES, Every.steps(1));
        trainer.fit(BATCHES, 1);
        Map<String, NdArray> before = trainer.state();
        Map<String, NdArray> falling = new LinkedHashMap<>(before);
        falling.put("steps.validation loss", NdArray.of(Shape.of(3), 1.0, 4.0, 2.0));

        refused(() -> trainer.load(falling))
                .withMessageContaining("the steps of 'validation loss' do not rise: 2.0 at position 2");
        assertThat(trainer.state()).isEqualTo(before);
    }
}
