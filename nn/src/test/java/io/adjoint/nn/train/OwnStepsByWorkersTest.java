package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Init;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.loss.BCEWithLogits;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.parallel.Collective;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Steps that a program makes itself, here of a generator and a discriminator that take turns, with any number of workers. */
class OwnStepsByWorkersTest {
    private static final DType DTYPE = DType.FLOAT32;
    private static final int SHARDS = 4;

    private static final class Adversaries {
        final Generator rng = new Generator(1);
        final Init init = new Init(rng).dtype(DTYPE);
        final Sequential generator = new Sequential(new Dense(2, 8, init), new ReLU(), new Dense(8, 3, init));
        final Sequential discriminator =
                new Sequential(new Dense(3, 8, init), new ReLU(), new Dropout(0.2, rng), new Dense(8, 1, init));
        final Sequential both = new Sequential(generator, discriminator);
        final Adam ofGenerator = new Adam(generator.parameters(), 0.01);
        final Adam ofDiscriminator = new Adam(discriminator.parameters(), 0.01);
        final BCEWithLogits loss = new BCEWithLogits();
        final DataLoader<Batch> loader;
        final DataParallel<Batch> generating;
        final DataParallel<Batch> discriminating;
        final Trainer<Batch> trainer = Trainer.of(both, this::step);

        Adversaries(Collective workers) {
            Tensor x = Tensor.randn(DTYPE, new Generator(2), 36, 3);
            loader = new DataLoader<>(Dataset.of(x, Tensor.ones(DTYPE, 36, 1)), 12).shuffle(rng);
            generating = new DataParallel<>(generator, ofGenerator, workers, SHARDS);
            discriminating = new DataParallel<Batch>(discriminator, ofDiscriminator, workers, SHARDS).streams(1);
        }

        private Tensor generated(Batch part) {
            return generator.forward(Tensor.randn(DTYPE, rng, part.x().shape().dim(0), 2));
        }

        private Outcome step(Batch batch) {
            ofDiscriminator.zeroGrad();
            Outcome judged = discriminating.backward(batch, part -> {
                Tensor real = loss.forward(discriminator.forward(part.x()), part.y());
                Tensor fake = discriminator.forward(generated(part).detach());
                return new Outcome(real.add(loss.forward(fake, part.y().mul(0))));
            });
            ofDiscriminator.step();
            ofGenerator.zeroGrad();
            Outcome made = generating.backward(
                    batch, part -> new Outcome(loss.forward(discriminator.forward(generated(part)), part.y())));
            ofGenerator.step();
            return made.with("discriminator loss", judged.loss());
        }

        List<Stateful> parts() {
            return List.of(both, ofGenerator, ofDiscriminator, loader, trainer, rng, generating, discriminating);
        }

        List<Map<String, NdArray>> trained(Length length, List<Map<String, NdArray>> before) {
            for (int k = 0; k < before.size(); k++) {
                parts().get(k).load(before.get(k));
            }
            trainer.fit(loader, length);
            return parts().stream().map(Stateful::state).toList();
        }
    }

    @Test
    void anyNumberOfWorkersEndsWithTheSameBitsAndGoesOnFromThoseOfAnother() {
        List<Map<String, NdArray>> alone = new Adversaries(Collective.alone()).trained(Length.epochs(3), List.of());
        List<Map<String, NdArray>> begun = List.of();
        for (int size : new int[] {1, 2, 4}) {
            assertThat(Collective.threads(
                            size, workers -> new Adversaries(workers).trained(Length.epochs(3), List.of())))
                    .as("%d workers", size)
                    .containsOnly(alone);
            List<Map<String, NdArray>> before = begun;
            Length length = size == 4 ? Length.epochs(3) : Length.steps(2L * size);
            begun = Collective.threads(size, workers -> new Adversaries(workers).trained(length, before))
                    .get(0);
        }
        assertThat(begun).isEqualTo(alone);
    }

    @Test
    void aTrainerWhoseFunctionMakesStepsLeavesItToTheFunctionToShareThem() {
        refused(() -> new Adversaries(Collective.alone()).trainer.parallel(Collective.alone(), 2))
                .withMessage(
                        "Trainer: the function of a batch makes its steps itself, so workers cannot share them; use a"
                                + " DataParallel for each optimizer in the function");
    }
}
