package io.adjoint.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.LeakyReLU;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.loss.BCEWithLogits;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Doctors of models that are trained in turn, watched alone and together. */
class DoctorOfSeveralModelsTest {
    private static final int ROUNDS = 60;

    private final Generator rng = new Generator(1);
    private final Init init = new Init(rng);
    private final BCEWithLogits bce = new BCEWithLogits();
    private final Tensor x = Tensor.randn(Shape.of(8, 4), rng);
    private final Tensor y = x.sum(1).unsqueeze(1);

    private static List<Mistake> watch(Block model, Runnable training) {
        Doctor doctor = Doctor.watch(model);
        List<Finding> open;
        try (doctor) {
            training.run();
            open = doctor.findings();
        }
        assertThat(doctor.findings()).containsAll(open);
        return doctor.findings().stream().map(Finding::mistake).toList();
    }

    private static void step(Optimizer optimizer, Tensor loss) {
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
    }

    private void train(Layer model, int rounds) {
        SGD optimizer = new SGD(model.parameters(), 0.01);
        for (int k = 0; k < rounds; k++) {
            step(optimizer, new MSE().forward(model.forward(x), y));
        }
    }

    // ---- unrelated models ----

    @Test
    void twoModelsThatAreTrainedInTurnHaveNoFindings() {
        Dense one = new Dense(4, 1, rng);
        Dense other = new Dense(4, 1, rng);

        assertThat(watch(one, () -> {
                    SGD first = new SGD(one.parameters(), 0.01);
                    SGD second = new SGD(other.parameters(), 0.01);
                    for (int k = 0; k < 5; k++) {
                        step(first, new MSE().forward(one.forward(x), y));
                        step(second, new MSE().forward(other.forward(x), y));
                    }
                }))
                .isEmpty();
    }

    @Test
    void aModelThatWaitsForAnotherHasNoFindingsThenOrLater() {
        Dense waiting = new Dense(4, 1, rng);
        try (Doctor doctor = Doctor.watch(waiting)) {
            train(new Dense(4, 1, rng), 25);
            assertThat(doctor.report()).isEqualTo("No mistake found in 0 steps.");

            train(waiting, 25);
            assertThat(doctor.report()).isEqualTo("No mistake found in 25 steps.");
        }
    }

    @Test
    void gradientsThatAreNeverZeroedAreFoundBesideAnotherModel() {
        Dense one = new Dense(4, 1, rng);
        Dense other = new Dense(4, 1, rng);

        assertThat(watch(one, () -> {
                    SGD first = new SGD(one.parameters(), 0.001);
                    SGD second = new SGD(other.parameters(), 0.01);
                    for (int k = 0; k < 5; k++) {
                        new MSE().forward(one.forward(x), y).backward();
                        first.step();
                        step(second, new MSE().forward(other.forward(x), y));
                    }
                }))
                .containsExactly(Mistake.GRADIENTS_NOT_ZEROED);
    }

    @Test
    void aBlockWhoseOutputIsReachedButNoneOfItsParametersIsFound() {
        Layer cut = new Layer() {
            final Dense inner = child("inner", new Dense(4, 4, rng));

            @Override
            protected Tensor compute(Tensor input) {
                return input.add(inner.forward(input.detach()).detach());
            }
        };
        Dense before = new Dense(4, 4, rng);

        assertThat(watch(cut, () -> {
                    SGD optimizer = new SGD(before.parameters(), 0.01);
                    for (int k = 0; k < ROUNDS; k++) {
                        step(optimizer, cut.forward(before.forward(x)).square().mean());
                    }
                }))
                .containsExactly(Mistake.NO_GRADIENT, Mistake.NO_GRADIENT);
    }

    // ---- generator and discriminator ----

    /** Variants of the loop of a generator and a discriminator. */
    private enum Habit {
        NONE,
        FAKES_WITHOUT_RECORDING,
        SEVERAL_STEPS_WITH_THE_SAME_FAKES,
        CLEARING_ONLY_THE_GENERATOR
    }

    private final class Adversaries {
        final Sequential generator =
                new Sequential(new Dense(2, 8, init), new BatchNorm1d(8, init), new LeakyReLU(), new Dense(8, 4, init));
        final Sequential discriminator = new Sequential(new Dense(4, 8, init), new LeakyReLU(), new Dense(8, 1, init));
        final Sequential both = new Sequential(generator, discriminator);
        final Adam ofGenerator = new Adam(generator.parameters(), 1e-3);
        final Adam ofDiscriminator = new Adam(discriminator.parameters(), 1e-3);

        void train(Habit habit) {
            for (int k = 0; k < ROUNDS; k++) {
                Tensor real = Tensor.randn(Shape.of(16, 4), rng).add(2);
                Tensor noise = Tensor.randn(Shape.of(16, 2), rng);
                Tensor fake = habit == Habit.FAKES_WITHOUT_RECORDING
                        ? Autograd.noGrad(() -> generator.forward(noise))
                        : generator.forward(noise);
                int steps = habit == Habit.SEVERAL_STEPS_WITH_THE_SAME_FAKES ? 5 : 1;
                for (int step = 0; step < steps; step++) {
                    if (habit != Habit.CLEARING_ONLY_THE_GENERATOR) {
                        ofDiscriminator.zeroGrad();
                    }
                    judge(real, 1).add(judge(fake.detach(), 0)).backward();
                    ofDiscriminator.step();
                }
                step(ofGenerator, judge(fake.requiresGrad() ? fake : generator.forward(noise), 1));
            }
        }

        private Tensor judge(Tensor samples, double truth) {
            return bce.forward(
                    discriminator.forward(samples), Tensor.ones(16, 1).mul(truth));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLEARING_ONLY_THE_GENERATOR")
    void aSoundLoopOfGeneratorAndDiscriminatorHasNoFindings(Habit habit) {
        Adversaries first = new Adversaries();
        assertThat(watch(first.generator, () -> first.train(habit))).isEmpty();
        Adversaries second = new Adversaries();
        assertThat(watch(second.discriminator, () -> second.train(habit))).isEmpty();
        Adversaries third = new Adversaries();
        assertThat(watch(third.both, () -> third.train(habit))).isEmpty();
    }

    @Test
    void aDiscriminatorWhoseGradientsAreNeverZeroedIsFound() {
        Adversaries first = new Adversaries();
        assertThat(watch(first.discriminator, () -> first.train(Habit.CLEARING_ONLY_THE_GENERATOR)))
                .containsExactly(Mistake.GRADIENTS_NOT_ZEROED);
        Adversaries second = new Adversaries();
        assertThat(watch(second.both, () -> second.train(Habit.CLEARING_ONLY_THE_GENERATOR)))
                .containsExactly(Mistake.GRADIENTS_NOT_ZEROED);
        Adversaries third = new Adversaries();
        assertThat(watch(third.generator, () -> third.train(Habit.CLEARING_ONLY_THE_GENERATOR)))
                .isEmpty();
    }

    // ---- actor and critic ----

    private final Sequential actor = new Sequential(new Dense(4, 8, init), new Tanh(), new Dense(8, 2, init));
    private final Sequential critic = new Sequential(new Dense(4, 8, init), new Tanh(), new Dense(8, 1, init));
    private final Sequential pair = new Sequential(actor, new Dense(2, 4, init), critic);

    /** Both learn after every move; the actor's loss takes the critic's value as a constant. */
    private void learnByMoves() {
        Adam ofActor = new Adam(actor.parameters(), 1e-3);
        Adam ofCritic = new Adam(critic.parameters(), 1e-3);
        for (int k = 0; k < ROUNDS; k++) {
            Tensor state = Tensor.randn(Shape.of(16, 4), rng);
            Tensor next = Tensor.randn(Shape.of(16, 4), rng);
            Tensor value = critic.forward(state);
            Tensor wanted = Autograd.noGrad(() -> critic.forward(next).mul(0.9).add(1));
            Tensor chosen = actor.forward(state).logSoftmax(1).slice(1, 0, 1);
            step(ofActor, chosen.mul(wanted.sub(value).detach()).mean().neg());
            step(ofCritic, new MSE().forward(value, wanted));
        }
    }

    /** Both learn in one step after an episode, whose losses are kept until then. */
    private void learnByEpisodes() {
        List<Tensor> parameters = new ArrayList<>(actor.parameters());
        parameters.addAll(critic.parameters());
        Adam optimizer = new Adam(parameters, 1e-3);
        for (int episode = 0; episode < 4; episode++) {
            List<Tensor> losses = new ArrayList<>();
            for (int move = 0; move < 150; move++) {
                Tensor state = Tensor.randn(Shape.of(1, 4), rng);
                Tensor value = critic.forward(state).squeeze();
                Tensor chosen = actor.forward(state).logSoftmax(1).select(1, 0).squeeze();
                losses.add(chosen.mul(value.detach().sub(1)).add(value.sub(1).square()));
            }
            step(optimizer, losses.stream().reduce(Tensor::add).orElseThrow());
        }
    }

    @Test
    void anActorAndACriticThatLearnByMovesHaveNoFindings() {
        assertThat(watch(actor, this::learnByMoves)).isEmpty();
        assertThat(watch(critic, this::learnByMoves)).isEmpty();
    }

    @Test
    void anActorAndACriticThatLearnByEpisodesHaveNoFindings() {
        assertThat(watch(actor, this::learnByEpisodes)).isEmpty();
        assertThat(watch(critic, this::learnByEpisodes)).isEmpty();
    }

    @Test
    void whatIsBetweenActorAndCriticButNeverUsedIsFound() {
        assertThat(watch(pair, this::learnByMoves)).containsExactly(Mistake.NO_GRADIENT, Mistake.NO_GRADIENT);
    }
}
