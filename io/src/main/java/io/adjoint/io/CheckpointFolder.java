package io.adjoint.io;

import io.adjoint.nn.train.Goal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The folder of a training's checkpoints. All that is known of them is in their names and headers, so nothing has to agree with another
 * file.
 */
record CheckpointFolder(Path path) {
    /** The value that the best checkpoint is the best by. */
    record Criterion(String value, Goal goal) {}

    /** The checkpoints, by step; none if there is no folder. */
    NavigableMap<Long, Path> files() {
        NavigableMap<Long, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(path)) {
            all.forEach(file -> CheckpointFile.step(file).ifPresent(step -> files.put(step, file)));
        } catch (NoSuchFileException e) {
            return files;
        } catch (IOException e) {
            throw failed("list", e);
        }
        return files;
    }

    /** Makes the folder unless it is there, and removes what processes that were killed before have left in it. */
    void prepare(Instant begun) {
        try {
            create(path.toAbsolutePath());
            ReplacingFile.deletePartials(path, CheckpointFile.NAME, begun);
        } catch (IOException e) {
            throw failed("write to", e);
        }
    }

    private static void create(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null && !Files.isDirectory(folder)) {
            create(parent);
            Files.createDirectory(folder);
            ReplacingFile.force(parent);
        }
    }

    /** The best of the checkpoints that have the value, of equal ones the first. */
    Optional<Path> best(Criterion criterion) {
        double best = Double.NaN;
        Path found = null;
        for (Path file : files().values()) {
            Double value = readable(file)
                    .map(about -> about.values().get(criterion.value()))
                    .orElse(null);
            if (value != null && (found == null || criterion.goal().isBetter(value, best))) {
                best = value;
                found = file;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Deletes all but the last ones and one more. A file that is no checkpoint, or no longer, is left to its owner. */
    void deleteAllBut(int last, Optional<Path> best) {
        NavigableMap<Long, Path> files = files();
        files.values().stream()
                .limit(Math.max(0, files.size() - last))
                .filter(file ->
                        !best.equals(Optional.of(file)) && readable(file).isPresent())
                .forEach(CheckpointFolder::delete);
    }

    private static Optional<CheckpointFile> readable(Path file) {
        try {
            return Optional.of(CheckpointFile.about(file));
        } catch (MalformedFileException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The next checkpoint tries again; this one is safe.
        }
    }

    private UncheckedIOException failed(String action, IOException cause) {
        return new UncheckedIOException("Checkpoints: cannot " + action + " the folder " + path + ": " + cause, cause);
    }
}
