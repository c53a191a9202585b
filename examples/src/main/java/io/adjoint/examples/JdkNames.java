package io.adjoint.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The names of the top-level classes of the running JDK, in the packages {@code java.*} and {@code javax.*}. */
final class JdkNames {
    /** No name is longer. */
    static final int LONGEST = 100;

    private JdkNames() {}

    /**
     * A class.
     *
     * @param simple its name without the package
     * @param area the first two parts of its package, such as {@code java.util}
     */
    record Name(String simple, String area) {}

    /** All of them by name, so that it is the same order wherever the same JDK runs. */
    static List<Name> all() {
        // A path is /modules/java.base/java/util/List.class; nested classes have a $ in it, package-info a hyphen.
        try (Stream<Path> files =
                Files.walk(FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules"))) {
            return files.filter(file -> file.toString().matches("/modules/[^/]+/javax?/[^$-]+\\.class"))
                    .map(file -> new Name(
                            file.getFileName().toString().replace(".class", ""),
                            file.getName(2) + "." + file.getName(3)))
                    .sorted(Comparator.comparing(Name::simple).thenComparing(Name::area))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
