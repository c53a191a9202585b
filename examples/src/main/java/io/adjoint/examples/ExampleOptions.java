package io.adjoint.examples;

import io.adjoint.core.Generator;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The arguments of all trainings; an example with further arguments extends this class. */
class ExampleOptions {
    @Option(names = "--seed", description = "The seed of all random numbers. The same seed gives the same network.")
    private long seed = 1;

    @Option(
            names = "--epochs",
            converter = Positive.class,
            description = "The number of epochs (default: the example's own).")
    private @Nullable Integer epochs;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes a report of the training to this HTML file.")
    private @Nullable Path report;

    @Option(names = "--live", description = "Serves a page that shows the training in a browser while it runs.")
    private boolean live;

    @Mixin
    private CheckpointOptions checkpoints = new CheckpointOptions();

    @SuppressWarnings("UnusedVariable") // picocli reads the field
    @Option(names = "--help", usageHelp = true, description = "Prints this help.")
    private boolean help;

    /** Sets the file of the report that is used unless the arguments name a file. */
    final void reportTo(Path usual) {
        report = usual;
    }

    /** The file to which the report is written; null if no report is written. */
    final @Nullable Path report() {
        return report;
    }

    /** Returns whether a browser can show the training in a page while it runs. */
    final boolean isLive() {
        return live;
    }

    /** The seed. */
    final long seed() {
        return seed;
    }

    /** A new generator with the seed of the arguments. */
    final Generator generator() {
        return new Generator(seed);
    }

    /** The number of epochs in the arguments, or {@code usual} if they have none. */
    final int epochs(int usual) {
        return epochs == null ? usual : epochs;
    }

    /** The arguments about checkpoints: their folder, and the number of steps between two of them. */
    final CheckpointOptions checkpoints() {
        return checkpoints;
    }

    /** Converts an argument to a positive integer. */
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
