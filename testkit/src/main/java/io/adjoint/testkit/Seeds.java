package io.adjoint.testkit;

import java.util.function.LongConsumer;

/** Runs a check with several seeds, from which the check draws its numbers: for checks outside of a jqwik property. */
final class Seeds {
    /** The largest number of seeds. */
    private static final int TRIES = 10;

    private Seeds() {}

    static void run(String what, LongConsumer check) {
        run(what, Math.min(TRIES, Search.defaultTries()), check);
    }

    static void run(String what, int tries, LongConsumer check) {
        for (long seed = 0; seed < tries; seed++) {
            try {
                check.accept(seed);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError(
                        what + ": " + Failures.message(failure) + (tries > 1 ? "\n  seed: " + seed : ""), failure);
            }
        }
    }
}
