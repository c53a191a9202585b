package io.adjoint.io;

import java.io.IOException;

/** A fault found in a file. The message doesn't name the file; {@link Reading} adds the name. */
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
