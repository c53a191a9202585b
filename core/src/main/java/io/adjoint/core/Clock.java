package io.adjoint.core;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A process-wide count of events, so that "before" and "after" mean something between threads. What is computed and what is
 * changed in place both take a number from here, which tells later whether a value was changed after it had been used.
 *
 * @hidden
 */
@Internal
public final class Clock {
    private static final AtomicLong EVENTS = new AtomicLong();

    private Clock() {}

    /** The number of a new event: greater than every number given before. */
    public static long tick() {
        return EVENTS.incrementAndGet();
    }
}
