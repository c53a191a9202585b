package io.adjoint.nn.train;

import java.util.List;
import java.util.function.Supplier;

/** Runs all parts of a cleanup even if some of them fail. */
final class Cleanup {
    private Cleanup() {}

    /**
     * Runs a body and then all parts of the cleanup. If the body throws, the parts run, too, and their exceptions are added to the body's
     * exception as suppressed exceptions.
     */
    static <T> T after(Supplier<T> body, List<Runnable> parts) {
        T result;
        try {
            result = body.get();
        } catch (RuntimeException | Error failure) {
            try {
                all(parts);
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
            throw failure;
        }
        all(parts);
        return result;
    }

    /** Runs all parts, then throws the first exception of a part, to which exceptions of later parts are added as suppressed exceptions. */
    static void all(List<Runnable> parts) {
        RuntimeException failure = null;
        for (Runnable part : parts) {
            try {
                part.run();
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
