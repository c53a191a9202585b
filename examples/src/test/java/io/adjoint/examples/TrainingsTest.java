package io.adjoint.examples;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.adjoint.core.Generator;
import io.adjoint.nn.train.Doctor;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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
        TRANSLATE(Translate.Options::new, Translate::new, right -> right >= 0, "--epochs 2 --samples 1280"),
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
    }

    /** Ends a training in the midst of an epoch. */
    private static final class Cut extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @ParameterizedTest
    @EnumSource
    void aShortTrainingLearnsAndHasTheSameBitsOnOneThreadOnTwoAndWhenItIsContinued(ShortRun example) throws Exception {
        Training whole = example.start();
        on(1, () -> {
            try (Doctor doctor = Doctor.watch(whole.parts().model())) {
                whole.trainUntil(whole.epochs);
                assertThat(doctor.findings()).as("mistakes of a sound training").isEmpty();
            }
        });
        Training begun = example.start();
        Training.State withinAnEpoch = cut(begun, 1 + whole.parts().trainer().steps() / whole.epochs / 2);
        Training half = example.start();
        half.load(withinAnEpoch);
        on(2, () -> half.trainUntil(half.epochs / 2));
        Training continued = example.start();
        continued.load(half.state());
        on(2, () -> continued.trainUntil(continued.epochs));

        assertThat(continued.state()).isEqualTo(whole.state());
        Training.Figure[] figure = new Training.Figure[1];
        assertThat(Printed.by(() -> figure[0] = whole.figure())).doesNotContain("NaN");
        assertThat(figure[0].value()).matches(example.learnt::test, "has learnt");
        if (whole instanceof Translate translate) {
            assertThat(translate.lettersRight(200)).isGreaterThan(0.05 + lettersRightOfOneAnswerForAll(200));
        }
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

    /** Trains up to a step, and returns the state right after it. */
    private static Training.State cut(Training training, long step) throws Exception {
        List<Training.State> states = new ArrayList<>();
        training.parts().trainer().onStep(() -> {
            if (training.parts().trainer().steps() == step) {
                states.add(training.state());
                throw new Cut();
            }
        });
        on(2, () -> assertThatExceptionOfType(Cut.class).isThrownBy(() -> training.trainUntil(training.epochs)));
        return states.get(0);
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
