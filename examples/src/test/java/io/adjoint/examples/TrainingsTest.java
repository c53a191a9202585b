package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.DoublePredicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** What holds for every example that trains, shown with fewer epochs. */
class TrainingsTest {
    /** The examples, each with what it must reach in a short training. */
    enum Short {
        OSCILLATOR(4, Arguments::new, Oscillator::new, error -> error < 0.9),
        WEATHER(4, Arguments::new, Weather::new, gain -> gain > 1);

        private final Program.Start<String[]> start;
        private final DoublePredicate learnt;

        <A extends Arguments> Short(
                int epochs,
                java.util.function.IntFunction<A> arguments,
                Program.Start<A> example,
                DoublePredicate learnt) {
            this.learnt = learnt;
            start = args -> {
                A parsed = arguments.apply(epochs);
                new CommandLine(parsed).parseArgs(args);
                return example.of(parsed);
            };
        }

        Training start() throws Exception {
            return start.of(new String[] {"--seed", "3"});
        }
    }

    @ParameterizedTest
    @EnumSource
    void aShortTrainingLearnsAndHasTheSameBitsOnOneThreadOnTwoAndWhenItIsContinued(Short example) throws Exception {
        Training whole = example.start();
        on(1, whole, whole.epochs);
        Training onTwo = example.start();
        on(2, onTwo, onTwo.epochs / 2);
        Training.State middle = onTwo.state();
        on(2, onTwo, onTwo.epochs);
        Training continued = example.start();
        continued.load(middle);
        on(2, continued, continued.epochs);

        assertThat(onTwo.state()).isEqualTo(whole.state());
        assertThat(continued.state()).isEqualTo(whole.state());
        assertThat(whole.test().value()).matches(example.learnt::test, "has learnt");
    }

    private static void on(int threads, Training training, int epochs) throws ExecutionException, InterruptedException {
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            pool.submit(() -> training.trainUntil(epochs)).get();
        } finally {
            pool.shutdown();
        }
    }
}
