package io.adjoint.nn.train;

import java.util.List;

/** Work that has to be done even if a part of it fails. */
final class Cleanup {
    private Cleanup() {}

    /** Runs all, then throws the first exception of one of them, to which the others are added. */
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
