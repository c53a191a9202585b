package io.adjoint.core;

import java.io.IOException;

/**
 * Content of a file that takes more memory than is free; the message says how large it is, without the file's name, which readers add.
 *
 * @hidden
 */
@Internal
public final class HeapException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * An exception for the readers of files.
     *
     * @param content the content with its size, as the message's subject
     */
    public HeapException(String content, OutOfMemoryError cause) {
        super(
                content + " takes more memory than is free of the heap of "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MiB; -Xmx sets a larger one",
                cause);
    }
}
