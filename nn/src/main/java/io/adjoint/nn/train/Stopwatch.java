package io.adjoint.nn.train;

import java.util.function.LongSupplier;

/** The time that a training has taken within its calls. */
final class Stopwatch {
    /** True once something goes by the time, which is part of the state only then. */
    boolean isUsed;

    private final LongSupplier clock;
    /** The seconds of calls before. */
    private double before;

    private long begin;
    private boolean runs;

    Stopwatch(LongSupplier nanos) {
        clock = nanos;
    }

    void start() {
        begin = clock.getAsLong();
        runs = true;
    }

    void stop() {
        before = seconds();
        runs = false;
    }

    void set(double seconds) {
        before = seconds;
    }

    double seconds() {
        return before + (runs ? (clock.getAsLong() - begin) / 1e9 : 0);
    }
}
