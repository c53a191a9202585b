package io.adjoint.view;

import io.adjoint.core.NdArray;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.NumbersLog;
import io.adjoint.nn.train.TrainingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a training as files of TensorBoard: {@code tensorboard --logdir runs} shows each folder below {@code runs} as a run. The step of
 * all events is the number of optimizer steps, so curves of steps, of evaluations within an epoch, and of epochs have one axis.
 *
 * <p>TensorBoard groups tags by the text before the first slash. So {@code validation loss} gets the tag {@code loss/validation}, which
 * stands beside {@code loss}, and {@code validation Accuracy} gets {@code Accuracy/validation}: where an event has a value {@code p loss},
 * the values whose names begin with p have p at the end. Other names are tags as they are, those with slashes, too. Histograms have 30 bins
 * between the smallest and the largest finite element; the number of elements that are infinite or NaN is the scalar
 * {@code name/not finite}. Settings are hyperparameters, as numbers if they are such; texts tell settings, environment and parameters.
 * Scalars are floats: TensorBoard knows no doubles.
 *
 * <p>Each start writes a file of its own. If a training is continued, its first event tells TensorBoard to forget the steps after the
 * moment from which it goes on, so no curve turns back; a record that was half written in an earlier file is skipped. A new training,
 * whose moment is step 0, puts earlier files of the folder into {@code older.1} and so on, which TensorBoard shows as runs of their own.
 * Each event is handed to the operating system at once, so a process that is killed loses none.
 *
 * <p>A setting changes this object and returns it. For one thread at a time, and one training at a time in a folder.
 */
public final class TensorBoardLog extends NumbersLog<TensorBoardLog> {
    private static final String LOSS = " loss";

    private final Path folder;
    private @Nullable EventFile file;
    /** The kind of data of each tag; TensorBoard shows a tag according to its first kind. */
    private final Map<String, String> kinds = new HashMap<>();

    /** A log in a folder, which is made unless it is there. */
    public TensorBoardLog(Path folder) {
        this.folder = folder;
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /**
     * Called when a training begins or is continued.
     *
     * @throws UncheckedIOException if the folder cannot be written
     */
    @Override
    public void start(TrainingRun run) {
        Moment at = run.at();
        boolean isNew = at.step() == 0 && at.epoch() == 0;
        io("start", () -> {
            close();
            kinds.clear();
            Files.createDirectories(folder);
            if (isNew) {
                EventFile.putAside(folder);
            }
            file = EventFile.create(folder, at.time());
        });
        write(Summaries.version(at.time()));
        if (!isNew) {
            write(Summaries.restart(at));
        }
        summary(at, List.of(Summaries.hyperparameters(run)));
        text(at, "run/settings", table(run.settings()));
        text(at, "run/environment", table(TrainingRun.environment()));
        text(at, "run/parameters", indented(run.summary()));
    }

    /** A table in Markdown, which TensorBoard renders. */
    private static String table(Map<String, String> rows) {
        StringBuilder text = new StringBuilder("| name | value |\n|---|---|\n");
        rows.forEach((name, value) -> text.append("| ")
                .append(cell(name))
                .append(" | ")
                .append(cell(value))
                .append(" |\n"));
        return text.toString();
    }

    private static String cell(String text) {
        return text.replace("\\", "\\\\").replace("|", "\\|").replaceAll("\\R", " ");
    }

    /** Indents lines, so that Markdown shows them verbatim. */
    private static String indented(String lines) {
        return "    " + lines.replaceAll("\\R", "\n    ");
    }

    @Override
    public void numbers(Moment at, Map<String, Double> values) {
        List<ProtoMessage> all = new ArrayList<>();
        values.forEach((name, value) -> all.add(Summaries.scalar(tag(tag(name, values.keySet()), "scalar"), value)));
        summary(at, all);
    }

    /** A tag for a value that differs from the tags of the other values of its event. */
    private static String tag(String name, Set<String> names) {
        for (String other : names) {
            String prefix = other.endsWith(LOSS) ? other.substring(0, other.length() - LOSS.length()) : "";
            if (!prefix.isBlank() && name.startsWith(prefix + " ")) {
                String tag = name.substring(prefix.length() + 1) + "/" + prefix;
                return names.contains(tag) ? name : tag;
            }
        }
        return name;
    }

    /** A tag for a kind of data: the name, followed by the kind if the name is already used for another kind. */
    private String tag(String name, String kind) {
        return kind.equals(kinds.computeIfAbsent(name, n -> kind)) ? name : tag(name + "/" + kind, kind);
    }

    /** Writes a text, which TensorBoard takes for Markdown. */
    @Override
    public void text(Moment at, String name, String text) {
        summary(at, List.of(Summaries.text(tag(name, "text"), text)));
    }

    @Override
    public void histogram(Moment at, String name, NdArray values) {
        Bins bins = Bins.of(values);
        List<ProtoMessage> summaries = new ArrayList<>();
        summaries.add(Summaries.histogram(tag(name, "histogram"), bins));
        if (bins.others() > 0) {
            summaries.add(Summaries.scalar(tag(name + "/not finite", "scalar"), (double) bins.others()));
        }
        summary(at, summaries);
    }

    /**
     * Writes a picture; values outside of [0, 1] count as the nearest in it, NaN as 0.
     *
     * @throws IllegalArgumentException if its shape is none of {@code [H, W]}, {@code [1, H, W]} and {@code [3, H, W]}
     */
    @Override
    public void picture(Moment at, String name, NdArray picture) {
        summary(at, List.of(Summaries.picture(tag(name, "picture"), Png.of(picture))));
    }

    /** Writes the exception as the text {@code run/failure}. */
    @Override
    public void failure(Moment at, Throwable cause) {
        text(at, "run/failure", indented(cause.toString()));
    }

    @Override
    public void end(Moment at) {
        io("close", this::close);
    }

    private void close() throws IOException {
        if (file != null) {
            EventFile open = file;
            file = null;
            open.close();
        }
    }

    private void summary(Moment at, List<ProtoMessage> values) {
        if (!values.isEmpty()) {
            write(Summaries.event(at, values));
        }
    }

    /**
     * Writes an event.
     *
     * @throws IllegalStateException before {@code start} and after {@code end}
     * @throws UncheckedIOException if the event can't be written
     */
    private void write(ProtoMessage event) {
        EventFile open = file;
        if (open == null) {
            throw new IllegalStateException("TensorBoardLog: call start(run) before any other event");
        }
        io("write", () -> open.write(event.toBytes()));
    }

    /** An action that accesses files. */
    private interface Access {
        void run() throws IOException;
    }

    private void io(String verb, Access work) {
        try {
            work.run();
        } catch (IOException e) {
            throw new UncheckedIOException("TensorBoardLog: cannot " + verb + " a file in " + folder + ": " + e, e);
        }
    }
}
