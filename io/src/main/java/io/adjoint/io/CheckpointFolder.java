package io.adjoint.io;

import io.adjoint.nn.optim.Goal;
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
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a training's checkpoints. The steps and values are read from the checkpoints' names and headers; an index file could
 * disagree with the checkpoints.
 */
record CheckpointFolder(Path path) {
    /** The name of the value by which the best checkpoint is chosen, and whether this value is to be low or high. */
    record Criterion(String value, Goal goal) {}

    /** The name of the file that is locked while a checkpoint is saved. It is never deleted, since another process could have locked it. */
    private static final String LOCK = ".lock";

    /**
     * A monitor for each folder, on which the threads of this process wait for each other: locking a file that another thread has locked
     * throws instead of waiting.
     */
    private static final Map<Path, Object> MONITORS = new ConcurrentHashMap<>();

    /** The checkpoint files of the folder, by step; empty if the folder doesn't exist. */
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
     * Runs an action that saves to the folder, after creating the folder if necessary. Meanwhile other threads of this process can't save
     * to the folder, nor can other processes if the file system has locks.
     *
     * @param begun the time at which this training began
     * @param action takes the time before which a partial file must have been written to be deleted. Partial files are leftovers of
     *     processes that ended while saving, unless a process is still writing them. The time is {@link Instant#MAX} if this call has
     *     locked the folder, since no other process is saving then, otherwise {@code begun}
     */
    void alone(Instant begun, Consumer<Instant> action) {
        try {
            create(path.toAbsolutePath());
            synchronized (MONITORS.computeIfAbsent(path.toRealPath(), folder -> new Object())) {
                try (FileChannel file = openLock()) {
                    boolean locked = file != null && lock(file);
                    // If this process has the lock, no other process that takes the lock is writing now, so all partial
                    // files are leftovers, and can be deleted.
                    action.accept(locked ? Instant.MAX : begun);
                }
            }
        } catch (IOException e) {
            throw failed("write to", e);
        }
    }

    /**
     * Opens the file to be locked; null if it belongs to another user and is not writable, so that checkpoints are saved without a lock.
     */
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

    /** Locks a file until it is closed; returns false if the file system has no locks. */
    private boolean lock(FileChannel file) throws FileLockInterruptionException {
        try {
            return file.lock().isValid();
        } catch (OverlappingFileLockException e) {
            // This process has locked the file, but not under this class's monitors: a second class loader has loaded
            // this class, with monitors of its own.
            throw new IllegalStateException(
                    "Checkpoints: other code of this process has locked the file " + path.resolve(LOCK)
                            + "; give each training a folder of its own",
                    e);
        } catch (FileLockInterruptionException e) {
            throw e;
        } catch (IOException e) {
            // Some network file systems have no locks. Checkpoints are then saved without a lock; each file is complete
            // nevertheless.
            return false;
        }
    }

    /** Deletes the partial files of checkpoints that killed processes left in the folder, if they were last written before a time. */
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
                // Another training has created the folder meanwhile.
            }
            ReplacingFile.force(parent);
        }
    }

    /**
     * The best checkpoint that has the criterion's value.
     *
     * @param warning takes a text if damaged checkpoints are skipped; null if they may not be skipped
     * @throws io.adjoint.core.MalformedDataException if a checkpoint that may be the best is damaged, and may not be skipped, or no
     *     other one is whole
     */
    Optional<Path> best(Criterion criterion, @Nullable Consumer<String> warning) {
        List<Path> bestFirst = bestFirst(criterion);
        if (bestFirst.isEmpty()) {
            return Optional.empty();
        }
        Optional<MalformedFileException> problem = CheckpointFile.problem(bestFirst.get(0));
        if (problem.isEmpty()) {
            return Optional.of(bestFirst.get(0));
        }
        UnusableCheckpoints unusable = UnusableCheckpoints.of(bestFirst, problem.get());
        Path whole = unusable.whole();
        if (warning == null || whole == null) {
            throw new MalformedFileException(problem.get(), unusable.wayOutForBest());
        }
        warning.accept(problem.get().getMessage() + unusable.others() + ". The best whole checkpoint is " + whole);
        return Optional.of(whole);
    }

    /**
     * The candidates for the best checkpoint, best first; of equally good ones the checkpoint with the lowest step is first. Damaged ones
     * are among them. Those whose header can't be read, so that their value isn't known, come before all others.
     */
    private List<Path> bestFirst(Criterion criterion) {
        List<Path> unreadable = new ArrayList<>();
        Map<Path, Double> values = new LinkedHashMap<>();
        for (Path file : files().values()) {
            Optional<CheckpointFile> about = about(file);
            about.map(CheckpointFile::values)
                    .map(all -> all.get(criterion.value()))
                    .ifPresent(value -> values.put(file, value));
            if (about.isEmpty() && isDamaged(CheckpointFile.problem(file))) {
                unreadable.add(file);
            }
        }
        // The sort is stable, so among equal values the lowest step is first.
        Stream<Path> readable = values.entrySet().stream()
                .sorted(Map.Entry.comparingByValue((a, b) ->
                        criterion.goal().isBetter(a, b) ? -1 : criterion.goal().isBetter(b, a) ? 1 : 0))
                .map(Map.Entry::getKey);
        return Stream.concat(unreadable.stream(), readable).toList();
    }

    private Optional<Path> bestWhole(Criterion criterion) {
        return bestFirst(criterion).stream()
                .filter(file -> CheckpointFile.problem(file).isEmpty())
                .findFirst();
    }

    private static boolean isDamaged(Optional<MalformedFileException> problem) {
        return problem.isPresent() && !problem.get().isAnother();
    }

    /** The values of the checkpoint of a step; empty if the checkpoint doesn't exist or isn't readable. */
    Map<String, Double> values(long step) {
        return Optional.ofNullable(files().get(step))
                .flatMap(CheckpointFolder::about)
                .map(CheckpointFile::values)
                .orElse(Map.of());
    }

    /**
     * Deletes all checkpoints except the {@code last} newest ones and the best whole one. A file is deleted only if it is whole, since a
     * damaged one may be the best.
     *
     * @param warning takes a text for each damaged file that would have been deleted, and is renamed; null if such files are to stay, so
     *     that {@link #best} reports them
     */
    void deleteAllBut(int last, @Nullable Criterion criterion, @Nullable Consumer<String> warning) {
        try {
            Optional<Path> best = criterion == null ? Optional.empty() : bestWhole(criterion);
            NavigableMap<Long, Path> files = files();
            List<Path> old = files.values().stream()
                    .limit(Math.max(0, files.size() - last))
                    .filter(file -> !best.equals(Optional.of(file)))
                    .toList();
            for (Path file : old) {
                Optional<MalformedFileException> problem = CheckpointFile.problem(file);
                if (problem.isEmpty()) {
                    delete(file);
                } else if (isDamaged(problem) && warning != null) {
                    setAside(file);
                    warning.accept(file + " is damaged, and was renamed to NAME.damaged instead of being deleted");
                }
            }
        } catch (UncheckedIOException e) {
            // The best checkpoint can't be determined now, so all checkpoints are kept. The next save tries again to
            // delete the old ones.
        }
    }

    private static Optional<CheckpointFile> about(Path file) {
        try {
            return Optional.of(CheckpointFile.about(file));
        } catch (MalformedFileException e) {
            return Optional.empty();
        }
    }

    /** Renames a damaged checkpoint, unless it was deleted or replaced meanwhile, so that it doesn't count as the newest. */
    void setAside(Path damaged) {
        try {
            if (Files.exists(damaged) && CheckpointFile.problem(damaged).isPresent()) {
                Path aside = damaged.resolveSibling(damaged.getFileName() + ".damaged");
                Files.move(damaged, aside, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw failed("write to", e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The exception is ignored, since the new checkpoint is already saved; the next save tries to delete this
            // file again.
        }
    }

    private UncheckedIOException failed(String action, IOException cause) {
        return new UncheckedIOException("Checkpoints: cannot " + action + " the folder " + path + ": " + cause, cause);
    }
}
