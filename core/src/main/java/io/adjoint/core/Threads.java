package io.adjoint.core;

/**
 * Waiting for threads that go on with the work of another one.
 *
 * @hidden
 */
@Internal
public final class Threads {
    private Threads() {}

    /**
     * Starts a thread and waits for its end, which comes even if the thread lacks the memory to report why. The work cannot be left half
     * done: whoever interrupts meanwhile is heard afterwards.
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
