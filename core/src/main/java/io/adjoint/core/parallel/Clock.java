package io.adjoint.core.parallel;

import io.adjoint.core.Internal;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process-wide counter of events, which orders the events of all threads. Each operation, and each change of an array in place, takes the
 * number of a new event; comparing the numbers of an operation and a change shows whether the array was changed after the operation had
 * used it.
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
