package io.adjoint.core;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A process-wide counter of events, which orders the events of all threads. Each operation and each change in place takes a number;
 * comparing the two numbers shows whether a value was changed after an operation had used it.
 *
 * @hidden
 */
@Internal
public final class Clock {
    private static final AtomicLong EVENTS = new AtomicLong();

    private Clock() {}

    /** The number of a new event, larger than all numbers given before. */
    public static long tick() {
        return EVENTS.incrementAndGet();
    }
}
