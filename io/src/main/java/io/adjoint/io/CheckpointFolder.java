package io.adjoint.io;

import io.adjoint.nn.train.Goal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a training's checkpoints. All that is known of them is in their names and headers, so nothing has to agree with another
 * file.
 */
record CheckpointFolder(Path path) {
    /** The value that the best checkpoint is the best by. */
    record Criterion(String value, Goal goal) {}

    /** The file that is locked while a checkpoint is saved. It stays: whoever deleted it could delete that of another. */
    private static final String LOCK = ".lock";

    /** A monitor for each folder of this process: to lock a file that another thread has locked is an error, not a reason to wait. */
    private static final Map<Path, Object> MONITORS = new ConcurrentHashMap<>();

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

    /** Returns whether a file lies in this folder. */
    boolean contains(Path file) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        return path.toAbsolutePath().normalize().equals(parent);
    }

    /**
     * Runs an action that saves, in the folder, which is made unless it is there. Whoever else saves in it waits until the action is over,
     * or is waited for: threads of this process and, if the file system has locks, other processes.
     *
     * @param begun when this training began
     * @param action takes the time before which nobody has written what another process may still be writing: all times with a lock
     */
    void alone(Instant begun, Consumer<Instant> action) {
        try {
            create(path.toAbsolutePath());
            synchronized (MONITORS.computeIfAbsent(path.toRealPath(), folder -> new Object())) {
                try (FileChannel file = openLock()) {
                    boolean locked = file != null && lock(file);
                    // Who has the lock is the only one who writes.
                    action.accept(locked ? Instant.MAX : begun);
                }
            }
        } catch (IOException e) {
            throw failed("write to", e);
        }
    }

    /** The file to be locked; null if another user made it who lets nobody else write to it. Then saving goes without a lock. */
    private @Nullable FileChannel openLock() throws IOException {
        Path lock = path.resolve(LOCK);
        try {
            return FileChannel.open(lock, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        } catch (AccessDeniedException e) {
            if (Files.exists(lock)) {
                return null;
            }
            throw e;
        }
    }

    /** Locks a file until it is closed; returns whether the file system could. */
    private boolean lock(FileChannel file) throws FileLockInterruptionException {
        try {
            return file.lock().isValid();
        } catch (OverlappingFileLockException e) {
            // This class is in the process twice, by two class loaders, each with monitors of its own.
            throw new IllegalStateException(
                    "Checkpoints: other code of this process has locked the file " + path.resolve(LOCK)
                            + "; give each training a folder of its own",
                    e);
        } catch (FileLockInterruptionException e) {
            throw e;
        } catch (IOException e) {
            // Some network file systems have no locks. Saving goes without: each file is whole all the same.
            return false;
        }
    }

    /** Removes what processes that were killed before have left in the folder. */
    void deletePartials(Instant before) {
        try {
            ReplacingFile.deletePartials(path, CheckpointFile.NAME, before);
        } catch (IOException e) {
            throw failed("write to", e);
        }
    }

    private static void create(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null && !Files.isDirectory(folder)) {
            create(parent);
            try {
                Files.createDirectory(folder);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
                // Another training made it meanwhile.
            }
            ReplacingFile.force(parent);
        }
    }

    /** The best of the whole checkpoints that have the value, of equal ones the first. */
    Optional<Path> best(Criterion criterion) {
        Map<Path, Double> values = new LinkedHashMap<>();
        for (Path file : files().values()) {
            about(file).map(about -> about.values().get(criterion.value())).ifPresent(value -> values.put(file, value));
        }
        // The sort keeps the order of equal ones.
        return values.entrySet().stream()
                .sorted(Map.Entry.comparingByValue((a, b) ->
                        criterion.goal().isBetter(a, b) ? -1 : criterion.goal().isBetter(b, a) ? 1 : 0))
                .map(Map.Entry::getKey)
                .filter(CheckpointFolder::isWhole)
                .findFirst();
    }

    /** The values of the checkpoint of a step; none if there is no readable one. */
    Map<String, Double> values(long step) {
        return Optional.ofNullable(files().get(step))
                .flatMap(CheckpointFolder::about)
                .map(CheckpointFile::values)
                .orElse(Map.of());
    }

    /** Deletes all but the last ones and the best. A file that is no checkpoint, or no longer, is left to its owner. */
    void deleteAllBut(int last, @Nullable Criterion criterion) {
        try {
            Optional<Path> best = criterion == null ? Optional.empty() : best(criterion);
            NavigableMap<Long, Path> files = files();
            files.values().stream()
                    .limit(Math.max(0, files.size() - last))
                    .filter(file ->
                            !best.equals(Optional.of(file)) && about(file).isPresent())
                    .forEach(CheckpointFolder::delete);
        } catch (UncheckedIOException e) {
            // Which one is the best can't be read now. The next save tries again; all are kept.
        }
    }

    /** Returns whether every byte of a file is as it was written. */
    static boolean isWhole(Path file) {
        try (Safetensors opened = Safetensors.open(file)) {
            opened.verifySeal();
            return true;
        } catch (MalformedFileException e) {
            return false;
        }
    }

    private static Optional<CheckpointFile> about(Path file) {
        try {
            return Optional.of(CheckpointFile.about(file));
        } catch (MalformedFileException e) {
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
