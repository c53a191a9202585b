package io.adjoint.examples;

import io.adjoint.core.Generator;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The arguments that all trainings have; an example with more of them extends this. */
class ExampleOptions {
    @Option(names = "--seed", description = "The seed of the random numbers: the same seed gives the same network.")
    private long seed = 1;

    @Option(
            names = "--epochs",
            converter = Positive.class,
            description = "The number of passes over the training data, in place of the example's own.")
    private @Nullable Integer epochs;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes a report of the training to this HTML file.")
    private @Nullable Path report;

    @Option(names = "--live", description = "Shows the training in a page for a browser while it runs.")
    private boolean live;

    @Mixin
    private CheckpointOptions checkpoints = new CheckpointOptions();

    @SuppressWarnings("UnusedVariable") // picocli looks at it
    @Option(names = "--help", usageHelp = true, description = "Prints this.")
    private boolean help;

    /** Writes the report to a file unless the arguments name another. */
    final void reportTo(Path usual) {
        report = usual;
    }

    /** The file of the report; null for none. */
    final @Nullable Path report() {
        return report;
    }

    /** Returns whether the training has a page while it runs. */
    final boolean isLive() {
        return live;
    }

    /** The seed. */
    final long seed() {
        return seed;
    }

    /** A new generator of the seed. */
    final Generator generator() {
        return new Generator(seed);
    }

    /** The number of epochs that was asked for, or else the given one. */
    final int epochs(int usual) {
        return epochs == null ? usual : epochs;
    }

    /** The folder that the training is saved to, and the number of steps after which. */
    final CheckpointOptions checkpoints() {
        return checkpoints;
    }

    /** Understands whole numbers from 1 on. */
    static final class Positive implements CommandLine.ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            int number = Integer.parseInt(text);
            if (number < 1) {
                throw new CommandLine.TypeConversionException("must be at least 1, got " + number);
            }
            return number;
        }
    }
}
