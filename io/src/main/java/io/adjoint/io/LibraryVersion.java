package io.adjoint.io;

import io.adjoint.core.Internal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The version of the library, which the build writes into a resource; "unknown" if a program was packaged without that resource.
 *
 * @hidden
 */
@Internal
public final class LibraryVersion {
    /** The version, such as {@code 1.0.0}. */
    public static final String TEXT = read(LibraryVersion.class.getResourceAsStream("version.txt"));

    private LibraryVersion() {}

    static String read(@Nullable InputStream resource) {
        try (InputStream in = resource) {
            return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
