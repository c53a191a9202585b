package io.adjoint.nn.train;

import java.util.List;

/** Runs all parts of a cleanup even if some of them fail. */
final class Cleanup {
    private Cleanup() {}

    /** Runs all parts, then throws the first exception, with the later ones added as suppressed exceptions. */
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
