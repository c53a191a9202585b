package io.adjoint.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.DataStream;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.StreamLoader;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** States saved at the last step of a training, before its last epoch was ended. */
class TrainerEndTest {
    private static final Tensor X = Tensor.randn(new Generator(7), 8, 2);
    private static final Dataset<Batch> SAMPLES = Dataset.of(X, X.sum(1).unsqueeze(1));

    /** A training with four batches an epoch, and its parts. */
    private record Program(Layer model, Trainer<Batch> trainer, Iterable<Batch> batches, Stateful place) {
        static Program of(int accumulated, boolean isStream) {
            Layer model = new Dense(2, 1, new Generator(1));
            Trainer<Batch> trainer = Trainer.of(model, new SGD(model.parameters(), 0.1), new MSE())
                    .accumulate(accumulated)
                    .validate(List.of(SAMPLES.all()));
            if (isStream) {
                StreamLoader<Batch> stream = DataStream.of(
                                IntStream.range(0, 8).mapToObj(SAMPLES::get).toList())
                        .batch(2);
                return new Program(model, trainer, stream, stream);
            }
            DataLoader<Batch> loader = new DataLoader<>(SAMPLES, 2).shuffle(new Generator(3));
            return new Program(model, trainer, loader, loader);
        }

        List<Map<String, NdArray>> states() {
            return List.of(model.state(), trainer.state(), place.state());
        }

        void load(List<Map<String, NdArray>> states) {
            model.load(states.get(0));
            trainer.load(states.get(1));
            place.load(states.get(2));
        }
    }

    /**
     * An epoch ends after 4 and after 8 batches, but not after 5. With three batches accumulated, the fourth batch has a step of its own.
     */
    @ParameterizedTest
    @CsvSource({"1, false, 8, 2", "1, true, 8, 2", "3, false, 4, 2", "3, true, 4, 2", "1, false, 5, 1", "1, true, 5, 1"
    })
    void theEpochOfTheLastStepIsEndedFirst(int accumulated, boolean isStream, int steps, int epochs) {
        Program whole = Program.of(accumulated, isStream);
        List<List<Map<String, NdArray>>> cuts = new ArrayList<>();
        whole.trainer.onStep(() -> cuts.add(whole.states())).fit(whole.batches, Length.steps(steps));
        Program rest = Program.of(accumulated, isStream);
        rest.load(cuts.get(steps - 1));

        rest.trainer.fit(rest.batches, Length.steps(steps));

        assertThat(rest.trainer.epochs()).isEqualTo(epochs);
        assertThat(rest.states()).isEqualTo(whole.states());
        rest.trainer.fit(rest.batches, 3);
        whole.trainer.fit(whole.batches, 3);
        assertThat(rest.states()).isEqualTo(whole.states());
    }
}
