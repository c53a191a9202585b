package io.adjoint.io;

import java.io.IOException;

/**
 * Says that an array in a file has more elements than a Java array can have. The message doesn't name the file; {@link Reading} adds the
 * name.
 */
final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;

    TooLarge(TensorInfo info) {
        super(info + " is larger than an array, which has at most " + Integer.MAX_VALUE + " elements");
    }
}
