package io.adjoint.nn.data;

import java.util.random.RandomGenerator;

/** Stands for the missing generator of a loader; drawing a number throws. */
enum Missing implements RandomGenerator {
    GENERATOR;

    @Override
    public long nextLong() {
        throw new IllegalStateException(
                "the loader has no generator, but random numbers are needed; give it one with shuffle(rng) or generator(rng),"
                        + " of a stream by batch(n).generator(rng)");
    }
}
