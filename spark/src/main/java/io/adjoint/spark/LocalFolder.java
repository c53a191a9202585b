package io.adjoint.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder on this machine, which {@link #close} deletes. */
record LocalFolder(Path path) implements AutoCloseable {
    /** The beginning of the folders' names, which names the process: a folder that a killed process left behind can be told from others. */
    static final String PREFIX = "adjoint-" + ProcessHandle.current().pid() + "-";

    LocalFolder() throws IOException {
        this(Files.createTempDirectory(PREFIX));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            List<Path> files = all.sorted(Comparator.reverseOrder()).toList();
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }
}
