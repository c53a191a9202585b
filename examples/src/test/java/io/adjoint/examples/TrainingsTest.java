package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.nn.train.Doctor;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** Short trainings of every example: they learn, and have the same bits on any number of threads and when they are continued. */
class TrainingsTest {
    /** The examples, each with arguments that make it short, and what it must reach even so. */
    enum ShortRun {
        CNN(Digits.Options::new, Digits::new, accuracy -> accuracy > 0.9, "--cnn --epochs 2"),
        FASHION(Fashion.Options::new, Fashion::new, accuracy -> accuracy > 0.5, "--epochs 2 --samples 640"),
        NAMES(TextOptions::new, Names::new, nats -> nats < 3.2, "--epochs 2 --samples 640"),
        NAMES_TRANSFORMER(TextOptions::new, Names::new, nats -> nats < 3.2, "--transformer --epochs 2 --samples 640"),
        OSCILLATOR(ExampleOptions::new, Oscillator::new, error -> error < 0.9, "--epochs 4"),
        PACKAGES(TextOptions::new, Packages::new, accuracy -> accuracy > 0.26, "--epochs 2 --samples 1280"),
        PACKAGES_TRANSFORMER(
                TextOptions::new,
                Packages::new,
                accuracy -> accuracy > 0.26,
                "--transformer --epochs 2 --samples 1280"),
        SPARSE(ExampleOptions::new, Sparse::new, found -> found == 1, "--epochs 100"),
        // Few texts are right altogether so soon; the letters are looked at below.
        TRANSLATE(Translate.Options::new, Translate::new, right -> right >= 0, "--epochs 2 --samples 640"),
        VOWELS(ExampleOptions::new, Vowels::new, accuracy -> accuracy > 0.4, "--epochs 60"),
        WEATHER(ExampleOptions::new, Weather::new, gain -> gain > 0.01, "--epochs 4");

        private final ExampleProgram.Start<String[]> start;
        private final DoublePredicate learnt;
        private final String args;

        <A extends ExampleOptions> ShortRun(
                Supplier<A> arguments, ExampleProgram.Start<A> example, DoublePredicate learnt, String args) {
            this.learnt = learnt;
            this.args = args + " --seed 3";
            start = given -> {
                A parsed = arguments.get();
                new CommandLine(parsed).parseArgs(given);
                return example.of(parsed);
            };
        }

        Training start() throws Exception {
            return start.of(args.split(" "));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aShortTrainingLearnsAndHasTheSameBitsOnOneThreadOnTwoAndWhenItIsContinued(ShortRun example) throws Exception {
        Training whole = example.start();
        on(1, whole, whole.epochs);
        Training half = example.start();
        on(2, half, half.epochs / 2);
        Training continued = example.start();
        continued.load(half.state());
        on(2, continued, continued.epochs);

        assertThat(continued.state()).isEqualTo(whole.state());
        Training.Figure[] figure = new Training.Figure[1];
        assertThat(Printed.by(() -> figure[0] = whole.test())).doesNotContain("NaN");
        assertThat(figure[0].value()).matches(example.learnt::test, "has learnt");
        if (whole instanceof Translate translate) {
            assertThat(translate.lettersRight()).isGreaterThan(0.4);
        }
    }

    private static void on(int threads, Training training, int epochs) throws ExecutionException, InterruptedException {
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            pool.submit(() -> {
                        try (Doctor doctor = Doctor.watch(training.parts().model())) {
                            training.trainUntil(epochs);
                            assertThat(doctor.findings())
                                    .as("mistakes of a sound training")
                                    .isEmpty();
                        }
                    })
                    .get();
        } finally {
            pool.shutdown();
        }
    }
}
