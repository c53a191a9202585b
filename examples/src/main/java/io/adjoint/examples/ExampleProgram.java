package io.adjoint.examples;

import io.adjoint.io.Checkpoints;
import io.adjoint.nn.train.Progress;
import io.adjoint.nn.train.Trainer;
import io.adjoint.view.LivePage;
import io.adjoint.view.Report;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The program of an example: it reads the arguments, prints the baseline, trains, and prints the test result as its last line.
 *
 * @param <A> the arguments of the example
 */
@Command(showDefaultValues = true)
final class ExampleProgram<A extends ExampleOptions> implements Callable<Integer> {
    @Mixin
    private final A arguments;

    private final Start<A> start;

    /**
     * Makes a training: the constructor of an example.
     *
     * @param <A> the arguments of the example
     */
    interface Start<A> {
        Training of(A arguments) throws Exception;
    }

    private ExampleProgram(A arguments, Start<A> start) {
        this.arguments = arguments;
        this.start = start;
    }

    /** Runs an example; ends the JVM with an error status if the example fails. */
    static <A extends ExampleOptions> void run(String about, A arguments, Start<A> start, String... args) {
        int status = command(about, arguments, start).execute(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Returns the command that runs an example; {@code arguments} holds the defaults, which the command line changes. */
    static <A extends ExampleOptions> CommandLine command(String about, A arguments, Start<A> start) {
        CommandLine command = new CommandLine(new ExampleProgram<>(arguments, start));
        command.getCommandSpec().usageMessage().description(about);
        return command;
    }

    @Override
    public Integer call() throws Exception {
        Training training = start.of(arguments);
        System.out.println(training.baseline());
        arguments.checkpoints().inFolder().ifPresent(checkpoints -> resume(training, checkpoints));
        Trainer<?> trainer = training.parts().trainer().log(Progress.on(System.out));
        Report report = new Report(training.getClass().getSimpleName()).setting("seed", arguments.seed());
        LongStream.Builder ends = LongStream.builder().add(System.nanoTime());
        trainer.onEpoch(epoch -> ends.add(System.nanoTime()));
        Training.Figure figure;
        try (LivePage page = arguments.isLive() ? LivePage.of(report) : null) {
            if (page != null) {
                System.out.println("Live page: " + page.address());
                trainer.log(page);
            } else if (arguments.report() != null) {
                trainer.log(report);
            }
            training.trainUntil(training.epochs);
            figure = training.figure();
            if (page != null) {
                page.update(training::complete);
            } else {
                training.complete(report);
            }
        }
        if (arguments.report() != null) {
            report.write(arguments.report());
            System.out.println("Report: " + arguments.report().toAbsolutePath());
        }
        System.out.println(duration(ends.build().toArray()));
        System.out.printf(Locale.ROOT, "Test %s: %s%n", figure.name(), figure.text());
        return 0;
    }

    /** Continues the training from the newest checkpoint, and lets it save further checkpoints. */
    private void resume(Training training, Checkpoints checkpoints) {
        Trainer<?> trainer = training.parts().trainer();
        long step = training.addTo(checkpoints).resume();
        if (step > 0) {
            System.out.println("Continues after step " + step);
        }
        trainer.onEpoch(checkpoints::save).onStep(() -> {
            if (arguments.checkpoints().isDue(trainer.steps())) {
                checkpoints.save(trainer.steps());
            }
        });
    }

    /**
     * The line with the time of the training and of its fastest epoch; {@code times} are the nanoseconds at the beginning and after each
     * epoch.
     */
    private static String duration(long[] times) {
        int epochs = times.length - 1;
        double all = times[epochs] - times[0];
        double fastest = IntStream.range(0, epochs)
                .mapToDouble(k -> times[k + 1] - times[k])
                .min()
                .orElse(0);
        return String.format(
                Locale.ROOT,
                "Trained for %d epochs in %.1f s, the fastest in %.3f s",
                epochs,
                all / 1e9,
                fastest / 1e9);
    }
}
