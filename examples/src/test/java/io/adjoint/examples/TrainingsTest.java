package io.adjoint.examples;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.adjoint.core.Generator;
import io.adjoint.io.Checkpoints;
import io.adjoint.nn.train.Doctor;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** Short trainings of every example: they learn, and have the same bits on any number of threads and when they are continued. */
@Tag("slow")
class TrainingsTest {
    /** The examples, each with arguments that make it short, and the figure that it must reach even so. */
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
        PREDATOR_PREY(ExampleOptions::new, PredatorPrey::new, error -> error < 0.2, "--epochs 8"),
        SPARSE(ExampleOptions::new, Sparse::new, found -> found == 1, "--epochs 100"),
        SPIRAL(ExampleOptions::new, Spiral::new, distance -> distance < 0.9, "--epochs 12"),
        TRANSLATE(
                Translate.Options::new, Translate::new, moreLetters -> moreLetters > 0.05, "--epochs 2 --samples 640"),
        UNCERTAINTY(ExampleOptions::new, Uncertainty::new, nats -> nats < 2.42, "--epochs 16"),
        VARIATIONAL_AUTOENCODER(ExampleOptions::new, VariationalAutoencoder::new, nats -> nats < 23, "--epochs 8"),
        VOWELS(ExampleOptions::new, Vowels::new, accuracy -> accuracy > 0.4, "--epochs 60"),
        WEATHER(Weather.Options::new, Weather::new, gain -> gain > 0.01, "--epochs 4");

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

        /**
         * Returns whether a training has learnt, by its figure. Few texts are entirely right so soon; for them more letters must be right
         * than with one answer for all.
         */
        boolean hasLearnt(Training training, Training.Figure figure) {
            return learnt.test(
                    training instanceof Translate translate
                            ? translate.lettersRight(200) - lettersRightOfOneAnswerForAll(200)
                            : figure.value());
        }
    }

    /** An exception that ends a training in the middle of an epoch. */
    private static final class Cut extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @ParameterizedTest
    @EnumSource
    void aShortTrainingLearnsAndHasTheSameBitsOnOneThreadOnTwoAndWhenItIsContinued(
            ShortRun example, @TempDir Path folder) throws Exception {
        Training whole = example.start();
        on(1, () -> {
            try (Doctor doctor = Doctor.watch(whole.parts().model())) {
                whole.trainUntil(whole.epochs);
                assertThat(doctor.findings()).as("mistakes of a sound training").isEmpty();
            }
        });
        cut(example.start(), folder, 1 + whole.parts().trainer().steps() / whole.epochs / 2);
        Training half = example.start();
        continueUntil(half.epochs / 2, half, folder);
        Training continued = example.start();
        continueUntil(continued.epochs, continued, folder);

        Checkpoints expected = whole.addTo(new Checkpoints(folder.resolve("whole")));
        expected.save(whole.parts().trainer().steps());
        assertThat(new Checkpoints(folder).newest().orElseThrow())
                .hasSameBinaryContentAs(expected.newest().orElseThrow());
        Training.Figure[] figure = new Training.Figure[1];
        assertThat(Printed.by(() -> figure[0] = whole.figure())).doesNotContain("NaN");
        assertThat(example.hasLearnt(whole, figure[0]))
                .as("has learnt, with %s", figure[0])
                .isTrue();
    }

    /** The fraction of the letters of dates that are right if each has the most frequent one of its position. */
    private static double lettersRightOfOneAnswerForAll(int texts) {
        Collection<LocalDate> dates = Dates.draw(texts, new Generator(0)).values();
        return IntStream.range(0, 10)
                        .mapToLong(position -> dates.stream()
                                .collect(groupingBy(date -> date.toString().charAt(position), counting()))
                                .values()
                                .stream()
                                .mapToLong(count -> count)
                                .max()
                                .orElseThrow())
                        .average()
                        .orElseThrow()
                / texts;
    }

    /** Trains up to a step, and saves a checkpoint right after it. */
    private static void cut(Training training, Path folder, long step) throws Exception {
        Checkpoints checkpoints = training.addTo(new Checkpoints(folder));
        training.parts().trainer().onStep(() -> {
            if (training.parts().trainer().steps() == step) {
                checkpoints.save(step);
                throw new Cut();
            }
        });
        on(2, () -> assertThatExceptionOfType(Cut.class).isThrownBy(() -> training.trainUntil(training.epochs)));
    }

    /** Goes on from the newest checkpoint until the end of an epoch, and saves another. */
    private static void continueUntil(int end, Training training, Path folder) throws Exception {
        Checkpoints checkpoints = training.addTo(new Checkpoints(folder));
        assertThat(checkpoints.resume()).isPositive();
        on(2, () -> training.trainUntil(end));
        checkpoints.save(training.parts().trainer().steps());
    }

    private static void on(int threads, Runnable work) throws ExecutionException, InterruptedException {
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            pool.submit(work).get();
        } finally {
            pool.shutdown();
        }
    }
}
