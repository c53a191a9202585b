package io.adjoint.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs functions on new threads. */
final class OtherThread {
    private OtherThread() {}

    /** Starts a function on a new thread of the given name. */
    static <T> FutureTask<T> start(String name, Callable<T> function) {
        FutureTask<T> task = new FutureTask<>(function);
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Waits for the result of a function; unchecked exceptions and errors of the function are rethrown on the calling thread. */
    @CanIgnoreReturnValue // some callers only wait for the end
    static <T> T result(FutureTask<T> task) {
        try {
            return task.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while another thread computed", interrupted);
        } catch (ExecutionException wrapped) {
            throw Failures.unwrapped(wrapped.getCause());
        }
    }
}
