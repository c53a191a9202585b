package io.adjoint.examples;

import io.adjoint.core.DType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The arguments of the examples that train a recurrent network or a transformer on the names of classes. */
final class TextOptions extends TypedOptions {
    @Option(names = "--transformer", description = "Trains a transformer instead of a recurrent network.")
    private boolean transformer;

    @Option(
            names = "--samples",
            converter = Positive.class,
            description = "The number of training names (default: all).")
    private @Nullable Integer samples;

    TextOptions() {
        super(DType.FLOAT32);
    }

    boolean transformer() {
        return transformer;
    }

    /** The number of names used of {@code all}: the number in the arguments, or all if there is none. */
    int samples(int all) {
        return samples == null ? all : Math.min(samples, all);
    }
}
