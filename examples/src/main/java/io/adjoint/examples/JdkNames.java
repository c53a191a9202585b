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
    /** An upper bound of the length of the names. */
    static final int LONGEST = 100;

    private JdkNames() {}

    /**
     * A class.
     *
     * @param simple its name without the package
     * @param area the first two parts of its package, such as {@code java.util}
     */
    record Name(String simple, String area) {}

    /** All classes, sorted by name, so that the order is the same wherever the same JDK runs. */
    static List<Name> all() {
        // The path of a class is, for example, /modules/java.base/java/util/List.class. The names of nested classes
        // contain a $, and package-info contains a hyphen.
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
