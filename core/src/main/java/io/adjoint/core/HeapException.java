package io.adjoint.core;

import java.io.IOException;

/**
 * Thrown for content of a file that needs more memory than is free. The message says how large the content is, without the file's name,
 * which the code that reads the file adds.
 *
 * @hidden
 */
@Internal
public final class HeapException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * The exception that a reader of a file throws when memory for the content runs out.
     *
     * @param content the content and its size, as the subject of the message
     */
    public HeapException(String content, OutOfMemoryError cause) {
        super(
                content + " takes more memory than is free of the heap of "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MiB; -Xmx sets a larger one",
                cause);
    }
}
