package io.adjoint.nn.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Stateful;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trains a model from a stream. */
class StreamTrainingTest {
    private static final int ROWS = 50;
    private static final int BATCHES = 7;

    @TempDir
    Path folder;

    /** A training whose parts are all new. */
    private static final class Training {
        private final Dense model = new Dense(2, 1, new Generator(3));
        private final Adam optimizer = new Adam(model.parameters(), 0.05);
        private final Trainer<Batch> trainer = Trainer.of(model, optimizer, new MSE());
        private final StreamLoader<Batch> loader;

        Training(Path file, long seed, int workers) {
            loader = Csv.rows(file)
                    .shuffle(12)
                    .augment((row, random) -> new Batch(
                            row.doubles("a", "b").add(Tensor.scalar(0.1 * random.nextDouble())), row.doubles("y")))
                    .batch(8)
                    .generator(new Generator(seed))
                    .workers(workers);
        }

        List<Stateful> parts() {
            return List.of(model, optimizer, trainer, loader);
        }
    }

    private Path file() throws IOException {
        Generator rng = new Generator(1);
        StringBuilder text = new StringBuilder("a,b,y\n");
        for (int row = 0; row < ROWS; row++) {
            double a = rng.nextDouble();
            double b = rng.nextDouble();
            text.append(a).append(',').append(b).append(',').append(2 * a - b).append('\n');
        }
        return Files.writeString(folder.resolve("train.csv"), text);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 7, 8, 13})
    void aTrainingIsGoneOnWithInTheMiddleOfAnEpoch(int cut) throws IOException {
        Path file = file();
        Training whole = new Training(file, 5, 0);
        Map<Integer, Map<String, NdArray>> states = new LinkedHashMap<>();
        whole.trainer.onStep(() -> {
            if (whole.trainer.steps() == cut) {
                for (int part = 0; part < 4; part++) {
                    states.put(part, whole.parts().get(part).state());
                }
            }
        });
        whole.trainer.fit(whole.loader, 2);
        assertThat(whole.trainer.steps()).isEqualTo(2 * BATCHES);

        Training other = new Training(file, 6, 2);
        states.forEach((part, state) -> other.parts().get(part).load(state));
        other.trainer.fit(other.loader, 2);

        assertThat(other.model.state()).isEqualTo(whole.model.state());
        assertThat(other.trainer.history().values("loss"))
                .isEqualTo(whole.trainer.history().values("loss"));
        assertThat(other.loader.state()).isEqualTo(whole.loader.state());
    }

    @Test
    void theStreamIsLearned() throws IOException {
        Training training = new Training(file(), 5, 2);
        training.trainer.fit(training.loader, 40);

        assertThat(training.trainer.history().last("loss")).isLessThan(0.01);
    }
}
