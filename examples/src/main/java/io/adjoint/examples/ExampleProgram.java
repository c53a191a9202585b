package io.adjoint.examples;

import io.adjoint.nn.train.Progress;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The program around a training: it reads the arguments, prints the baseline, trains, and prints the figure as its last line.
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
     * @param <A> its arguments
     */
    interface Start<A> {
        Training of(A arguments) throws Exception;
    }

    private ExampleProgram(A arguments, Start<A> start) {
        this.arguments = arguments;
        this.start = start;
    }

    /** Runs an example and ends the JVM if that fails. */
    static <A extends ExampleOptions> void run(String about, A arguments, Start<A> start, String... args) {
        int status = command(about, arguments, start).execute(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** The command that runs an example, its arguments being those given here until it is told others. */
    static <A extends ExampleOptions> CommandLine command(String about, A arguments, Start<A> start) {
        CommandLine command = new CommandLine(new ExampleProgram<>(arguments, start));
        command.getCommandSpec().usageMessage().description(about);
        return command;
    }

    @Override
    public Integer call() throws Exception {
        Training training = start.of(arguments);
        System.out.println(training.baseline());
        long begin = System.nanoTime();
        training.parts().trainer().progress(Progress.on(System.out));
        training.trainUntil(training.epochs);
        double seconds = (System.nanoTime() - begin) / 1e9;
        Training.Figure figure = training.figure();
        System.out.printf(Locale.ROOT, "Trained for %d epochs in %.1f s%n", training.epochs, seconds);
        System.out.printf(Locale.ROOT, "Test %s: %s%n", figure.name(), figure.text());
        return 0;
    }
}
