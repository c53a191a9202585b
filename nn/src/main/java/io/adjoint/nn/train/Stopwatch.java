package io.adjoint.nn.train;

import java.util.function.LongSupplier;

/** The time that a training has spent within its calls of fit. */
final class Stopwatch {
    /** True once a setting depends on the elapsed time; only then the elapsed time is part of the trainer's state. */
    boolean isUsed;

    private final LongSupplier clock;
    /** The seconds that earlier calls of fit took. */
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
