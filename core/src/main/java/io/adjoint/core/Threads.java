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
     * Starts a thread and waits until it has ended. A thread always ends, even if it lacks the memory to report a failure to the waiting
     * thread. An interrupt of the waiting thread takes effect only afterwards, so that the work isn't left half done.
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
