package io.adjoint.nn.data;

import java.util.random.RandomGenerator;

/** The generator of a loader that was given none; drawing from it throws. */
enum Missing implements RandomGenerator {
    GENERATOR;

    @Override
    public long nextLong() {
        throw new IllegalStateException(
                "the loader has no generator, but random numbers are needed; give it one with shuffle(rng) or generator(rng),"
                        + " of a stream by batch(n).generator(rng)");
    }
}
