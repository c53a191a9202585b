package io.adjoint.nn.data;

import java.util.random.RandomGenerator;

/** The generator of those who were given none. */
enum Missing implements RandomGenerator {
    GENERATOR;

    @Override
    public long nextLong() {
        throw new IllegalStateException(
                "DataLoader: random numbers are needed; say from which generator with shuffle(rng) or generator(rng), of a"
                        + " stream by batch(n).generator(rng)");
    }
}
