package io.adjoint.io;

import java.io.IOException;

/** A fault of a file; the message doesn't name the file, which {@link Reading} adds. */
final class Problem extends IOException {
    private static final long serialVersionUID = 1;

    Problem(String problem) {
        super(problem);
    }

    Problem(String problem, Throwable cause) {
        super(problem, cause);
    }

    static void require(boolean condition, String problem) throws Problem {
        if (!condition) {
            throw new Problem(problem);
        }
    }
}
