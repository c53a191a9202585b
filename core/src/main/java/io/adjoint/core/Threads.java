package io.adjoint.core;

/**
 * Runs work on the stack of a new thread while the calling thread waits, since deeply nested work could overflow the caller's stack.
 *
 * @hidden
 */
@Internal
public final class Threads {
    private Threads() {}

    /**
     * Starts a thread and waits for its end, which comes even if the thread lacks the memory to report a failure. The work must not be left
     * half done, so an interrupt of the waiting thread takes effect only afterwards.
     */
    public static void runToEnd(Thread thread) {
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
    }
}
