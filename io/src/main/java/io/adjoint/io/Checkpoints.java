package io.adjoint.io;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.train.Epoch;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of a training, in a separate folder: each is one file with the states of all parts. If a program is killed at any moment
 * and you start it again, it continues from the newest checkpoint, and ends with the same bits as a program that was never interrupted.
 *
 * <pre>{@code
 * Checkpoints checkpoints = new Checkpoints(Path.of("run"))
 *         .part("model", model)
 *         .part("optimizer", optimizer)
 *         .part("loader", loader)
 *         .part("trainer", trainer)
 *         .part("dropout", rng)
 *         .keepBest("validation loss", Goal.MIN);
 * checkpoints.resume();
 * trainer.onEpoch(checkpoints::save).fit(loader, 40);
 * }</pre>
 *
 * <p>A checkpoint is written under a temporary name, forced to the disk and renamed; older checkpoints are deleted after that. If the
 * process ends or a write fails at any point, the earlier checkpoints still exist, and no half-written file has the name of a checkpoint.
 * Each is a safetensors file that ends with the SHA-256 of all bytes before, so damage is found; {@link Safetensors} and other programs
 * read it. The same states give the same bytes.
 *
 * <p>Settings change this object and return it. For one thread at a time, and one training at a time in a folder: {@link #save} throws if
 * another training has saved a newer step there. Where the file system has locks, two trainings that save at the same moment do so one
 * after the other.
 */
public final class Checkpoints {
    private final CheckpointFolder folder;
    private final Map<String, Stateful> parts = new LinkedHashMap<>();
    private final Instant begun = Instant.now();
    private int last = 3;
    private CheckpointFolder.@Nullable Criterion criterion;
    private @Nullable Consumer<String> damage;
    /** The damaged checkpoints that were skipped; they are newer than the one that was loaded. */
    private List<Path> skipped = List.of();
    /** The step of the newest checkpoint that this object has saved or loaded. */
    private long known = -1;
    /** True once a checkpoint was loaded or saved. From then on no part may be added, since its state would not be loaded. */
    private boolean complete;

    /** Checkpoints in a folder, which is made by the first {@link #save} unless it is there. */
    public Checkpoints(Path folder) {
        this.folder = new CheckpointFolder(folder);
    }

    // ---- settings ----

    /**
     * Adds a part of the training: model, optimizer, loader, trainer, plateau, weight average, a generator that is drawn from (a loader's
     * is part of the loader), or an object of the program's own.
     *
     * @param name letters, digits, {@code _}, {@code -} and {@code .}
     * @throws IllegalArgumentException if the name has other characters, or there is a part of that name
     * @throws IllegalStateException after {@link #resume}, {@link #load} or {@link #save}, which would have been without it
     */
    @CanIgnoreReturnValue
    public Checkpoints part(String name, Stateful part) {
        if (complete) {
            throw new IllegalStateException("Checkpoints: the part '" + name
                    + "' comes too late to be loaded; add all parts before resume(), load() or save()");
        }
        require(
                name.matches("[\\w.-]+"),
                "the name of a part has letters, digits, '_', '-' and '.', got '" + name + "'");
        require(parts.putIfAbsent(name, part) == null, "there are two parts '" + name + "'");
        return this;
    }

    /**
     * Keeps the given number of newest checkpoints, 3 by default. The disk needs room for one more.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    @CanIgnoreReturnValue
    public Checkpoints keepLast(int count) {
        require(count >= 1, "at least 1 checkpoint must be kept, got " + count);
        last = count;
        return this;
    }

    /**
     * Also keeps the checkpoint with the best value of the given name, of equal values the first checkpoint; NaN is worse than any number.
     */
    @CanIgnoreReturnValue
    public Checkpoints keepBest(String value, Goal goal) {
        criterion = new CheckpointFolder.Criterion(value, goal);
        return this;
    }

    /**
     * Lets {@link #resume} and {@link #best} skip damaged checkpoints, if there is a whole one: {@code resume} goes on from the newest
     * whole one, and the next {@link #save} renames the damaged files to {@code NAME.damaged}; {@code best} returns the best whole one.
     * Each save also renames the damaged files that it would delete if they were whole. A file that is not a damaged checkpoint, such as
     * one of a newer version, is not skipped.
     *
     * @param warning takes a text that names the damaged files and the one that was used instead, such as {@code System.err::println}
     */
    @CanIgnoreReturnValue
    public Checkpoints skipDamaged(Consumer<String> warning) {
        damage = warning;
        return this;
    }

    // ---- loading ----

    /**
     * Goes on from the newest checkpoint, if there is one. Call it before the training begins, with all parts added: then the parts get the
     * states of the checkpoint. First it asks each part for its state, so that a part that cannot be saved is found at once.
     *
     * @return the step that it was saved after; 0 if there is none
     * @throws io.adjoint.core.MalformedDataException if the newest checkpoint is damaged, or no checkpoint; the message names all such
     *     files, the newest whole one, and how to go on from there. Nothing has been loaded then. After {@link #skipDamaged} only if no
     *     older one is whole, or a file is not a checkpoint
     * @throws IllegalArgumentException if it has other parts, or a part does not fit; nothing has been loaded then
     * @throws UncheckedIOException if the folder or the file cannot be read
     */
    @CanIgnoreReturnValue
    public long resume() {
        Map<String, Map<String, NdArray>> unused = states();
        List<Path> newestFirst = List.copyOf(folder.files().descendingMap().values());
        skipped = List.of();
        if (newestFirst.isEmpty()) {
            complete = true;
            return 0;
        }
        try {
            return read(newestFirst.get(0));
        } catch (MalformedFileException e) {
            return resumeOlder(newestFirst, e);
        }
    }

    /** Goes on from the newest whole checkpoint, or names it in an exception. */
    private long resumeOlder(List<Path> newestFirst, MalformedFileException problem) {
        UnusableCheckpoints unusable = UnusableCheckpoints.of(newestFirst, problem);
        Path whole = unusable.whole();
        if (damage == null || unusable.isAnother() || whole == null) {
            throw new MalformedFileException(problem, unusable.wayOut());
        }
        long step = read(whole);
        skipped = unusable.files();
        damage.accept(problem.getMessage() + unusable.others() + ". Went on from " + whole
                + ", which is whole; the next save renames the damaged files to NAME.damaged");
        return step;
    }

    /**
     * Loads any checkpoint of this training, such as {@link #best}. To go on from one that is not the newest, delete those after it.
     *
     * @return the step that it was saved after
     * @throws io.adjoint.core.MalformedDataException if it is damaged, or no checkpoint; then nothing has been loaded
     * @throws IllegalArgumentException if it has other parts, or a part does not fit; then nothing has been loaded
     * @throws UncheckedIOException if the file cannot be read
     */
    @CanIgnoreReturnValue
    public long load(Path file) {
        return read(file);
    }

    private long read(Path file) {
        CheckpointFile.Contents contents = CheckpointFile.read(file);
        Map<String, Map<String, NdArray>> states = contents.states();
        requireSameParts(file, states.keySet());
        List<Runnable> assignments = new ArrayList<>();
        parts.forEach((name, part) -> {
            try {
                assignments.add(StateFields.check(part, state(states, name)));
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(
                        file + ": nothing was loaded, as its part '" + name + "' does not fit: " + problem(e), e);
            }
        });
        assignments.forEach(Runnable::run);
        complete = true;
        // The steps of checkpoints in another folder don't limit the steps that may be saved to this folder.
        long step = contents.about().step();
        known = folder.contains(file) ? step : known;
        return step;
    }

    /** The message of a part's error, without the beginning that the messages of all parts have. */
    private static String problem(RuntimeException error) {
        return String.valueOf(error.getMessage()).replace("the state does not fit, and nothing was loaded: ", "");
    }

    private void requireSameParts(Path file, Set<String> names) {
        Set<String> missing = new LinkedHashSet<>(parts.keySet());
        missing.removeAll(names);
        Set<String> unexpected = new LinkedHashSet<>(names);
        unexpected.removeAll(parts.keySet());
        if (!missing.isEmpty() || !unexpected.isEmpty()) {
            throw new IllegalArgumentException(
                    file + ": nothing was loaded, as it has other parts than this training: missing " + missing
                            + ", unexpected " + unexpected
                            + "; add the parts that it was saved with, by their names there, or read some by"
                            + " Checkpoints.read(file, part)");
        }
    }

    private static Map<String, NdArray> state(Map<String, Map<String, NdArray>> states, String name) {
        return Objects.requireNonNull(states.get(name));
    }

    /**
     * The state of one part, for a program that uses a model and trains none: {@code model.load(Checkpoints.read(file, "model"))}.
     *
     * @throws io.adjoint.core.MalformedDataException if the file is damaged, or no checkpoint
     * @throws IllegalArgumentException if it has no such part
     * @throws UncheckedIOException if it cannot be read
     */
    public static Map<String, NdArray> read(Path file, String part) {
        Map<String, Map<String, NdArray>> states = CheckpointFile.read(file).states();
        Map<String, NdArray> state = states.get(part);
        require(state != null, file + " has no part '" + part + "'; it has " + states.keySet());
        return Objects.requireNonNull(state);
    }

    /**
     * The newest checkpoint in the folder, by its name.
     *
     * @throws UncheckedIOException if the folder cannot be read
     */
    public Optional<Path> newest() {
        return Optional.ofNullable(folder.files().lastEntry()).map(Map.Entry::getValue);
    }

    /**
     * The best checkpoint in the folder, by {@link #keepBest}; empty if no checkpoint was saved with its value. It is read in full, to find
     * damage.
     *
     * @throws IllegalStateException if {@link #keepBest} was not called
     * @throws io.adjoint.core.MalformedDataException if it is damaged, or a file is damaged whose value cannot be read; the message
     *     names all such files and the best whole one. After {@link #skipDamaged} only if none is whole
     * @throws UncheckedIOException if the folder cannot be read
     */
    public Optional<Path> best() {
        if (criterion == null) {
            throw new IllegalStateException(
                    "Checkpoints: nobody said what the best is; call keepBest(value, goal) first");
        }
        return folder.best(criterion, damage);
    }

    // ---- saving ----

    /**
     * Saves the states of all parts: after a step, when gradients are cleared or no longer needed. By a {@code Trainer} call it in any
     * listener of a step or epoch, and add the listeners that change a part, as of an average, before. It waits while another training
     * saves in the folder. An old checkpoint is deleted only after reading it has shown that it is whole; a damaged one stays, or is
     * renamed after {@link #skipDamaged}.
     *
     * @param step the number of steps so far, which {@link #resume} will return; a checkpoint of the same step is replaced, but its values
     *     are kept
     * @throws IllegalArgumentException if there are no parts, or the step is negative or less than the step of the newest checkpoint that
     *     this object knows
     * @throws IllegalStateException if the folder has a newer checkpoint, which this object has neither saved nor loaded: {@link #resume}
     *     was not called, or another process saves here; or if other code of this process has locked the file {@code .lock} there
     * @throws UncheckedIOException if it cannot be written; the checkpoints that there were are still there
     */
    public void save(long step) {
        save(step, Map.of());
    }

    /**
     * Saves the states of all parts after an epoch of a {@code Trainer}, with the values that were measured at its end. If the value of
     * {@link #keepBest} was not measured, such as the value of a validation at a longer interval, the checkpoint is not a candidate for the
     * best.
     *
     * @throws IllegalArgumentException as {@link #save(long, Map)}
     * @throws IllegalStateException as {@link #save(long)}
     * @throws UncheckedIOException as {@link #save(long)}
     */
    public void save(Epoch epoch) {
        boolean isCandidate = criterion == null || !epoch.notMeasured().contains(criterion.value());
        save(epoch.steps(), epoch.values(), isCandidate);
    }

    /**
     * Saves the states of all parts with some values, by which the best is found; without any as {@link #save(long)}.
     *
     * @throws IllegalArgumentException as {@link #save(long)}, or if there are values, but not the value of {@link #keepBest}
     * @throws IllegalStateException as {@link #save(long)}
     * @throws UncheckedIOException as {@link #save(long)}
     */
    public void save(long step, Map<String, Double> values) {
        save(step, values, true);
    }

    private void save(long step, Map<String, Double> values, boolean isCandidate) {
        require(!parts.isEmpty(), "there are no parts to save; add them by part(name, part)");
        require(
                step >= Math.max(0, known) && step <= CheckpointFile.LAST_STEP,
                "a checkpoint of step " + step + " would not be the newest"
                        + (known < 0
                                ? "; steps are counted from 0"
                                : "; the one before is of step " + known
                                        + ". If a Trainer counts the steps, it must be a part to go on counting"));
        require(!hasNull(values), "a value or its name is null: " + values);
        require(
                !isCandidate || criterion == null || values.isEmpty() || values.containsKey(criterion.value()),
                "the best is to be found by '" + (criterion == null ? "" : criterion.value())
                        + "', but the values are those of " + values.keySet());
        Map<String, Map<String, NdArray>> states = states();
        try {
            folder.alone(begun, before -> write(step, values, states, before));
        } catch (UncheckedIOException e) {
            throw new UncheckedIOException(e.getMessage() + stillThere(), e.getCause());
        }
    }

    /**
     * The sentence about the newest checkpoint, looked up only after saving has failed, since another training may have saved and deleted
     * files meanwhile.
     */
    private String stillThere() {
        try {
            return newest().map(file -> ". The newest checkpoint is still " + file)
                    .orElse("");
        } catch (UncheckedIOException e) {
            return "";
        }
    }

    private void write(
            long step, Map<String, Double> values, Map<String, Map<String, NdArray>> states, Instant before) {
        skipped.forEach(folder::setAside);
        skipped = List.of();
        newest().ifPresent(this::requireKnown);
        folder.deletePartials(before);
        new CheckpointFile(step, List.copyOf(parts.keySet()), values.isEmpty() ? folder.values(step) : values)
                .write(CheckpointFile.path(folder.path(), step), states);
        known = step;
        complete = true;
        folder.deleteAllBut(last, criterion, damage);
    }

    private void requireKnown(Path newest) {
        if (CheckpointFile.step(newest).orElse(-1) > known) {
            throw new IllegalStateException(
                    "Checkpoints: " + newest + " is newer than what this training has saved or loaded; call resume()"
                            + " to go on from it, delete it to go back, or save to another folder. If"
                            + " another process saves here, end one of them");
        }
    }

    /** The state of each part, by the part's name; its arrays are no copies. */
    Map<String, Map<String, NdArray>> states() {
        Map<String, Map<String, NdArray>> states = new LinkedHashMap<>();
        parts.forEach((name, part) -> {
            Map<String, NdArray> state = StateFields.current(part);
            require(
                    !hasNull(state),
                    "the state of '" + name + "' has an array or a name that is null: " + state.keySet());
            states.put(name, state);
        });
        return states;
    }

    private static boolean hasNull(Map<?, ?> map) {
        return map.entrySet().stream().anyMatch(entry -> entry.getKey() == null || entry.getValue() == null);
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException("Checkpoints: " + problem);
        }
    }
}
