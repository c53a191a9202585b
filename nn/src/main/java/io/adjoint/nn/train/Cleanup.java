package io.adjoint.nn.train;

import java.util.List;
import java.util.function.Supplier;

/** Runs all actions of a cleanup even if some of them fail. */
final class Cleanup {
    private Cleanup() {}

    /**
     * Runs a body and then all actions of the cleanup. If the body throws, the actions run, too, and their exceptions are added to the
     * body's exception as suppressed exceptions.
     */
    static <T> T after(Supplier<T> body, List<Runnable> actions) {
        T result;
        try {
            result = body.get();
        } catch (RuntimeException | Error failure) {
            try {
                all(actions);
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
            throw failure;
        }
        all(actions);
        return result;
    }

    /**
     * Runs all actions, then throws the first exception of an action, to which exceptions of later actions are added as suppressed
     * exceptions.
     */
    static void all(List<Runnable> actions) {
        RuntimeException failure = null;
        for (Runnable action : actions) {
            try {
                action.run();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else if (e != failure) {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
