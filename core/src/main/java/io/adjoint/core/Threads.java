package io.adjoint.core;

import io.adjoint.core.parallel.Parallel;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on the stack of a new thread while the calling thread waits, since deeply nested work could overflow the caller's stack.
 *
 * @hidden
 */
@Internal
public final class Threads {
    private Threads() {}

    /**
     * Runs work in a new thread, and waits until the thread has ended. The work belongs to the calling thread's step of a workspace, and
     * draws its random numbers from the calling thread's {@link RandomStreams stream}; its loops use the threads of the common pool. The
     * caller gets the exception that the work throws. An interrupt of the waiting thread takes effect only afterwards, so that the work
     * isn't left half done.
     *
     * @param stackSize the size of the new stack in bytes; 0 for the JVM's default
     */
    public static void runOnNewStack(String name, long stackSize, Runnable work) {
        Runnable carried = Lease.carried(RandomStreams.carried(work));
        // A thread always ends, even if it lacks the memory to report a failure.
        AtomicReference<@Nullable Throwable> outcome =
                new AtomicReference<>(new IllegalStateException("the thread '" + name + "' ended before its work did"));
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        carried.run();
                        outcome.set(null);
                    } catch (Throwable failure) {
                        outcome.set(failure);
                    }
                },
                name,
                stackSize);
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Parallel.rethrow(outcome.get());
    }
}
