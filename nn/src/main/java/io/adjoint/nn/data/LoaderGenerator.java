package io.adjoint.nn.data;

import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.StateFields;
import java.util.random.RandomGenerator;

/**
 * Declares the random parts of a loader's state: its generator as {@code "generator"}, if it is a {@link Generator}, and seeds and counts
 * as longs.
 */
final class LoaderGenerator {
    /** Stands for the missing generator of a loader; drawing a number throws. */
    static final RandomGenerator NONE = () -> {
        throw new IllegalStateException(
                "the loader has no generator, but random numbers are needed; give it one with shuffle(rng) or generator(rng),"
                        + " of a stream by batch(n).generator(rng)");
    };

    private LoaderGenerator() {}

    /**
     * Declares a generator as a part of a loader's state.
     *
     * @throws IllegalStateException if the generator is of another class, whose state can't be read
     */
    static void declareState(Class<?> owner, StateFields fields, RandomGenerator generator) {
        if (generator instanceof Generator known) {
            fields.part(name -> "generator", known);
        } else if (generator != NONE) {
            throw new IllegalStateException(owner.getSimpleName() + ": the state of a "
                    + generator.getClass().getName()
                    + " cannot be read, so a loader could not go on as this one; give it a new Generator(seed)"
                    + " instead");
        }
    }

    /** Declares a long as an INT32 array {@code [2]} of its low and its high half; returns the long of the loaded state. */
    static long declareLong(StateFields fields, String name, long value) {
        NdArray words = NdArray.of(Shape.of(2), new int[] {(int) value, (int) (value >>> 32)});
        int[] halves = fields.array(name, words, loaded -> {}).toIntArray();
        return Integer.toUnsignedLong(halves[0]) | (long) halves[1] << 32;
    }
}
