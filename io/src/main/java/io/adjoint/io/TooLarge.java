package io.adjoint.io;

import java.io.IOException;

/** An array in a file that has more elements than an array of Java, without the file's name; {@link Reading} adds that. */
final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;

    TooLarge(TensorInfo info) {
        super(info + " is larger than an array, which has at most " + Integer.MAX_VALUE + " elements");
    }
}
