package io.adjoint.nn.train;

import io.adjoint.core.StateFields;
import java.util.function.LongSupplier;

/** The time that a training has spent within its calls of fit. */
final class Stopwatch {
    /** The name of the elapsed time in the state of a training. */
    static final String ELAPSED = "elapsed";

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

    double seconds() {
        return before + (runs ? (clock.getAsLong() - begin) / 1e9 : 0);
    }

    /** Declares the elapsed seconds, which are part of the state if a setting depends on them. */
    void declareState(StateFields fields) {
        boolean isSaved = fields.has(ELAPSED, isUsed);
        double elapsed = isSaved ? fields.number(ELAPSED, seconds()) : 0;
        fields.require(elapsed >= 0 && Double.isFinite(elapsed), "'" + ELAPSED + "' is no time: " + elapsed);
        fields.onLoad(() -> {
            isUsed |= isSaved;
            before = elapsed;
        });
    }
}
