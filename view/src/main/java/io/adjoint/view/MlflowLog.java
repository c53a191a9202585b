package io.adjoint.view;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.nn.Settings;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.NumbersLog;
import io.adjoint.nn.train.TrainingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Logs a training to an MLflow server by its REST interface: settings as parameters, numbers as metrics whose step is the number of
 * optimizer steps, the environment and texts as tags, and the status of the run at the end: {@code FINISHED}, {@code FAILED} after an
 * exception, {@code KILLED} if the JVM ends before the training does. Histograms and pictures are left out.
 *
 * <p>A training never waits for the server and never fails with it. Values wait in a queue, at most 100,000, and a daemon thread sends them
 * once a second. Requests have a time-out; a request that fails, or that the server answers by 429 or 5xx, is repeated after pauses that
 * grow up to 30 seconds. If the server refuses a request because of one value, the other values are sent without it. {@link #end} waits for
 * the rest of the queue up to {@link #patience}. Values that could not be sent are counted ({@link #lost}). {@code System.Logger} gets a
 * warning at the first refusal, after a minute in which nothing could be sent, and at the end if something is lost.
 *
 * <p>A continued training adds to its run if this object began the run, or if {@link #runFile} or {@link #runId} is set; it sends the
 * values after the point where it continues again, at the same steps. The parameters of the run stay as they were, since MLflow refuses to
 * change them. In names, {@code _} replaces each character that MLflow refuses; if two names become equal, one gets a number. Parameters
 * are cut after 6,000 characters, tags after 5,000.
 *
 * <p>A setting changes this object and returns it. For one thread at a time.
 */
public final class MlflowLog extends NumbersLog<MlflowLog> {
    private static final Duration AT_EXIT = Duration.ofSeconds(3);
    private static final String FINISHED = "FINISHED";
    private static final int NAME_LENGTH = 250;
    private static final int PARAMETER_LENGTH = 6000;
    private static final int TAG_LENGTH = 5000;
    private static final Duration LONGEST = Duration.ofDays(1);

    private final URI server;
    private final String experiment;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private Duration patience = Duration.ofSeconds(10);
    private Duration timeout = Duration.ofSeconds(10);
    /** The time in which nothing could be sent after which there is a warning. */
    Duration silence = Duration.ofMinutes(1);
    /** The number of entries that may wait to be sent. */
    int queue = 100_000;
    /** The time in milliseconds after which a request that failed is sent again; it doubles with each further failure. */
    long pause = 250;

    private @Nullable Path file;
    /** The identifier of the run that the program has set. */
    private @Nullable String given;
    /** The identifier of the run of the previous training, which a resumed training continues. */
    private @Nullable String begun;

    private @Nullable MlflowSender sender;
    private @Nullable Thread hook;
    private String status = FINISHED;
    private long lost;

    /**
     * A log to a server, {@code new MlflowLog(URI.create("http://localhost:5000"), "digits")}. Nothing is sent to the server before {@link
     * #start}.
     *
     * @param experiment the name of the experiment, which is made unless it is there
     * @throws IllegalArgumentException if the address is none of HTTP, or the name is empty
     */
    public MlflowLog(URI server, String experiment) {
        String scheme = server.getScheme() == null ? "" : server.getScheme().toLowerCase(Locale.ROOT);
        boolean isHttp = (scheme.equals("http") || scheme.equals("https")) && server.getHost() != null;
        Settings.require(isHttp, MlflowLog.class, "server", "be an address such as http://localhost:5000", server);
        Settings.require(!experiment.isBlank(), MlflowLog.class, "name of the experiment", "not be empty", experiment);
        this.server = server;
        this.experiment = experiment;
    }

    /**
     * Sends a header with each request, such as {@code header("Authorization", "Bearer " + token)}.
     *
     * @throws IllegalArgumentException if HTTP doesn't allow the name or the value
     */
    @CanIgnoreReturnValue
    public MlflowLog header(String name, String value) {
        // Throws if the name or the value isn't valid in a header.
        HttpRequest.newBuilder(server).setHeader(name, value);
        headers.put(name, value);
        return this;
    }

    /** Keeps the run's identifier in a file, by which a training that is continued goes on with its run; a new one replaces the file. */
    @CanIgnoreReturnValue
    public MlflowLog runFile(Path path) {
        file = path;
        return this;
    }

    /**
     * Continues a run that the server has already.
     *
     * @throws IllegalArgumentException if it is empty
     */
    @CanIgnoreReturnValue
    public MlflowLog runId(String run) {
        Settings.require(!run.isBlank(), MlflowLog.class, "identifier of the run", "not be empty", run);
        given = run;
        return this;
    }

    /**
     * Sets the longest time that {@link #end} waits for values that are still to be sent; 10 seconds by default.
     *
     * @throws IllegalArgumentException if it is negative or more than a day
     */
    @CanIgnoreReturnValue
    public MlflowLog patience(Duration longest) {
        Settings.require(
                !longest.isNegative() && longest.compareTo(LONGEST) <= 0,
                MlflowLog.class,
                "patience",
                "be from 0 to a day",
                longest);
        patience = longest;
        return this;
    }

    /**
     * Sets the time after which a request without an answer is repeated; 10 seconds by default.
     *
     * @throws IllegalArgumentException if it is less than a millisecond or more than a day
     */
    @CanIgnoreReturnValue
    public MlflowLog timeout(Duration longest) {
        Settings.require(
                longest.compareTo(Duration.ofMillis(1)) >= 0 && longest.compareTo(LONGEST) <= 0,
                MlflowLog.class,
                "timeout",
                "be from 1 ms to a day",
                longest);
        timeout = longest;
        return this;
    }

    /** The number of metrics, parameters and tags so far that could not be sent. */
    public long lost() {
        return lost + (sender == null ? 0 : sender.lost());
    }

    /**
     * Called when a training begins or is continued. Returns before the server is asked.
     *
     * @throws UncheckedIOException if the training is continued, and the file of its run cannot be read; or if it is a new one, and the
     *     file of another run cannot be deleted
     */
    @Override
    public void start(TrainingRun run) {
        Moment at = run.at();
        end(at);
        String known = known(at);
        if (known == null) {
            forgetOther();
        }
        status = FINISHED;
        names.clear();
        MlflowSender next = new MlflowSender(
                () -> new MlflowServer(server, headers, timeout),
                experiment,
                known,
                file,
                at.time().toEpochMilli(),
                silence,
                queue,
                pause,
                this::warn);
        sender = next;
        hook = new Thread(() -> next.end("KILLED", AT_EXIT), "adjoint-mlflow-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        next.start();
        if (known == null) {
            run.settings().forEach((name, value) -> named(MlflowSender.Kind.PARAMETER, name, value, PARAMETER_LENGTH));
        }
        TrainingRun.environment().forEach((name, value) -> text(at, "environment." + name, value));
    }

    /**
     * Deletes the file with the identifier of an earlier run. If it were kept, and the server isn't reachable now, a resumed training would
     * continue the earlier run.
     */
    private void forgetOther() {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException("MlflowLog: cannot delete " + file + ", of another run: " + e, e);
            }
        }
    }

    /** The identifier of the MLflow run for a training that begins at a moment; null if the training needs a new run. */
    private @Nullable String known(Moment at) {
        if (given != null || (at.step() == 0 && at.epoch() == 0)) {
            return given;
        }
        if (begun == null && file != null && Files.exists(file)) {
            try {
                String text = Files.readString(file, StandardCharsets.UTF_8).strip();
                begun = text.isEmpty() ? null : text;
            } catch (IOException e) {
                throw new UncheckedIOException("MlflowLog: cannot read " + file + ": " + e, e);
            }
        }
        return begun;
    }

    /**
     * Sends metrics.
     *
     * @throws IllegalStateException before {@code start} and after {@code end}
     */
    @Override
    public void numbers(Moment at, Map<String, Double> values) {
        values.forEach((name, value) -> metric(at, name, value));
    }

    private void metric(Moment at, String name, double value) {
        add(
                MlflowSender.Kind.METRIC,
                "{\"key\":" + Json.text(key(name)) + ",\"value\":" + Json.number(value) + ",\"timestamp\":"
                        + at.time().toEpochMilli() + ",\"step\":" + at.step() + "}");
    }

    /** Sends a text as a tag. */
    @Override
    public void text(Moment at, String name, String text) {
        named(MlflowSender.Kind.TAG, name, text, TAG_LENGTH);
    }

    private void named(MlflowSender.Kind kind, String name, String text, int longest) {
        int end = Math.min(text.length(), longest);
        boolean isHalf = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
        String value = text.substring(0, isHalf ? end - 1 : end);
        add(kind, "{\"key\":" + Json.text(key(name)) + ",\"value\":" + Json.text(value) + "}");
    }

    /**
     * The name of a value in MLflow: it has only allowed characters, and no part between slashes is empty or dots. MLflow refuses a whole
     * request because of a name that isn't a normalized path or begins with two dots.
     */
    private String key(String name) {
        return names.computeIfAbsent(name, n -> {
            String allowed = n.replaceAll("[^A-Za-z0-9_\\-. :/]", "_");
            String parts = Arrays.stream(allowed.split("/", -1))
                    .map(part -> part.matches("\\.{0,2}") ? "_" : part)
                    .collect(Collectors.joining("/"));
            parts = parts.startsWith("..") ? "_" + parts.substring(1) : parts;
            String key =
                    parts.substring(0, Math.min(parts.length(), NAME_LENGTH)).replaceAll("/\\.{0,2}$", "_");
            for (int number = 2; names.containsValue(key); number++) {
                String suffix = " " + number;
                key = parts.substring(0, Math.min(parts.length(), NAME_LENGTH - suffix.length())) + suffix;
            }
            return key;
        });
    }

    private void add(MlflowSender.Kind kind, String json) {
        if (sender == null) {
            throw new IllegalStateException("MlflowLog: call start(run) before any other event");
        }
        sender.add(new MlflowSender.Entry(kind, json));
    }

    @Override
    public void failure(Moment at, Throwable cause) {
        status = "FAILED";
        text(at, "failure", cause.toString());
    }

    /** Takes the end of the training. Waits for values that are still to be sent, no longer than {@link #patience} says. */
    @Override
    public void end(Moment at) {
        MlflowSender open = sender;
        if (open == null) {
            return;
        }
        sender = null;
        removeHook();
        open.end(status, patience);
        begun = open.run();
        lost += open.lost();
        String failure = open.failure();
        if (failure != null) {
            warn("the run isn't complete: " + failure);
        }
    }

    private void warn(String trouble) {
        System.getLogger(MlflowLog.class.getName())
                .log(System.Logger.Level.WARNING, "MlflowLog, " + server + ": " + trouble);
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(Objects.requireNonNull(hook, "a run has a hook"));
        } catch (IllegalStateException e) {
            // The JVM is shutting down, so the shutdown hook can't be removed and will run.
            status = "KILLED";
        }
        hook = null;
    }
}
