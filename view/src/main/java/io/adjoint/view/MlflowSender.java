package io.adjoint.view;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends the entries of one run to an MLflow server in a thread of its own. Adding an entry never blocks; entries that don't fit into the
 * queue, or can't be sent, are dropped and counted.
 */
final class MlflowSender {
    /** MLflow's limit of entries in one request. At most 100 of the entries may be parameters, and 100 tags. */
    private static final int ENTRIES = 1000;

    private static final int NAMED = 100;
    /** MLflow's limit of 1 MB for a request, as a number of chars, which may need 3 bytes each in UTF-8. */
    private static final int CHARACTERS = 300_000;

    private static final long MILLIS_BETWEEN = 1000;
    private static final long LONGEST_PAUSE = 30_000;

    /** The kinds of entries; a request has a list for each kind. */
    enum Kind {
        METRIC,
        PARAMETER,
        TAG
    }

    /** An entry in JSON. */
    record Entry(Kind kind, String json) {}

    private final Supplier<MlflowServer> servers;
    private final String experiment;
    private final @Nullable Path file;
    private final long beginMillis;
    private final Duration silence;
    private final int entries;
    private final long firstPause;
    private final Consumer<String> warning;
    /** The value of the run's tag. */
    private final String key = UUID.randomUUID().toString();
    /** True once the server was asked to create the run. */
    private boolean isAsked;

    private final BlockingQueue<Entry> queue;
    private final AtomicLong lost = new AtomicLong();
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread thread;
    private volatile String status = "FINISHED";
    private volatile @Nullable String run;
    /** True once the run's identifier is written to the file, from which a resumed training reads it. */
    private boolean isKept;

    private volatile String trouble = "";
    /** True once the program was told of a refusal. */
    private boolean isTold;
    /** The number of entries of the batch that is being sent. */
    private int onTheWay;
    /** True once the server has refused to create or continue the run, or the thread has ended: further entries are then lost. */
    private volatile boolean isRefused;
    /** True once the server has received the end of the run. */
    private volatile boolean isComplete;

    /**
     * A sender.
     *
     * @param server makes the connection in the sender's thread, which closes it at the end
     * @param known the identifier of a run to be continued; null for a new run
     * @param file the file to which the identifier of a new run is written; null for none
     * @param beginMillis the time at which the run began, in milliseconds since 1970
     * @param silence the time without an answer after which there is a warning
     * @param entries the number of entries that may wait to be sent
     * @param firstPause the time in milliseconds after which a request that failed is sent again
     * @param warning takes the warnings, in the sender's thread
     */
    MlflowSender(
            Supplier<MlflowServer> server,
            String experiment,
            @Nullable String known,
            @Nullable Path file,
            long beginMillis,
            Duration silence,
            int entries,
            long firstPause,
            Consumer<String> warning) {
        servers = server;
        this.experiment = experiment;
        this.file = file;
        this.beginMillis = beginMillis;
        this.silence = silence;
        this.entries = entries;
        this.firstPause = firstPause;
        queue = new ArrayBlockingQueue<>(entries);
        this.warning = warning;
        run = known;
        isKept = known != null;
        thread = new Thread(this::send, "adjoint-mlflow");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void add(Entry entry) {
        if (isRefused || !queue.offer(entry)) {
            lost.incrementAndGet();
            trouble = isRefused ? trouble : "more than " + entries + " entries waited to be sent";
        }
    }

    /** The run's identifier; null until the server has created the run. */
    @Nullable
    String run() {
        return run;
    }

    long lost() {
        return lost.get();
    }

    /** Says how many entries could not be sent, and why; null if the server has received everything. */
    @Nullable
    String failure() {
        return isComplete && lost.get() == 0 ? null : lost + " entries could not be sent; the last trouble: " + trouble;
    }

    /**
     * Waits at most {@code patience} until the thread has sent the remaining entries and the status {@code how}, and then interrupts the
     * thread.
     */
    void end(String how, Duration patience) {
        status = how;
        ending.countDown();
        try {
            thread.join(Math.max(1, patience.toMillis()));
            thread.interrupt();
            thread.join(MILLIS_BETWEEN);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    // ---- the thread ----

    private void send() {
        try (MlflowServer server = servers.get()) {
            isRefused = !tried(() -> begin(server));
            boolean isEnding = false;
            while (!isEnding || !queue.isEmpty()) {
                isEnding = ending.await(MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
                while (!queue.isEmpty()) {
                    sendBatch(server);
                }
            }
            String id = run;
            if (id != null && !isRefused) {
                long millis = System.currentTimeMillis();
                isComplete = tried(() -> server.update(id, status, millis));
            }
        } catch (RuntimeException e) {
            trouble = e.toString();
        } catch (InterruptedException e) {
            trouble = trouble.isEmpty() ? "there was no time for the rest" : trouble;
        } finally {
            isRefused = true;
            lost.addAndGet(onTheWay + queue.size());
            queue.clear();
        }
    }

    private void begin(MlflowServer server) throws IOException, InterruptedException {
        if (isKept) {
            server.update(Objects.requireNonNull(run), "RUNNING", null);
            return;
        }
        String id = run;
        if (id == null) {
            String there = server.experiment(experiment);
            // The answer to an earlier request may have been lost, but not the request.
            id = isAsked ? server.findRun(there, key) : null;
            isAsked = true;
            id = id == null ? server.createRun(there, beginMillis, key) : id;
            run = id;
        }
        if (file != null) {
            Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder"));
            Files.writeString(file, id + "\n", StandardCharsets.UTF_8);
        }
        isKept = true;
    }

    private void sendBatch(MlflowServer server) throws InterruptedException {
        List<Entry> batch = new ArrayList<>();
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        int characters = 0;
        for (Entry next = queue.peek(); next != null; next = queue.peek()) {
            int count = counts.merge(next.kind(), 1, Integer::sum);
            boolean isFull = batch.size() == ENTRIES || (next.kind() != Kind.METRIC && count > NAMED);
            characters += next.json().length();
            if (!batch.isEmpty() && (isFull || characters > CHARACTERS)) {
                break;
            }
            batch.add(queue.remove());
        }
        String id = run;
        onTheWay = batch.size();
        if (id == null || isRefused) {
            lose(batch);
        } else {
            deliver(server, id, batch, true);
        }
    }

    /**
     * Sends entries. If the server refuses them because of their content, it gets each half alone, but the second half is not divided if
     * nothing of the first was taken: then the cause is hardly an entry, but the run, such as one that was deleted.
     *
     * @return whether the server has taken an entry
     */
    @CanIgnoreReturnValue
    private boolean deliver(MlflowServer server, String id, List<Entry> entries, boolean divides)
            throws InterruptedException {
        try {
            answered(() -> server.logBatch(
                    id, list(entries, Kind.METRIC), list(entries, Kind.PARAMETER), list(entries, Kind.TAG)));
            onTheWay -= entries.size();
            return true;
        } catch (MlflowServer.Refused e) {
            int half = entries.size() / 2;
            if (divides && half > 0 && e.isForContent()) {
                boolean isTaken = deliver(server, id, entries.subList(0, half), true);
                return deliver(server, id, entries.subList(half, entries.size()), isTaken) || isTaken;
            }
            lose(entries);
            tell(e);
            return false;
        }
    }

    private static String list(List<Entry> entries, Kind kind) {
        return entries.stream()
                .filter(entry -> entry.kind() == kind)
                .map(Entry::json)
                .collect(Collectors.joining(","));
    }

    private void lose(List<Entry> entries) {
        onTheWay -= entries.size();
        lost.addAndGet(entries.size());
    }

    private void tell(MlflowServer.Refused refusal) {
        trouble = String.valueOf(refusal.getMessage());
        if (!isTold) {
            isTold = true;
            warning.accept("the server refuses a request: " + trouble);
        }
    }

    /** A request to the server. */
    private interface Request {
        void send() throws IOException, InterruptedException;
    }

    /**
     * Sends a request until the server answers.
     *
     * @return false if the server refuses the request
     */
    private boolean tried(Request request) throws InterruptedException {
        try {
            answered(request);
            return true;
        } catch (MlflowServer.Refused e) {
            tell(e);
            return false;
        }
    }

    /** Sends a request, again and again with growing pauses, until the server answers. */
    private void answered(Request request) throws MlflowServer.Refused, InterruptedException {
        long begin = System.nanoTime();
        boolean isSilent = false;
        for (long pause = firstPause; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
            try {
                request.send();
                return;
            } catch (MlflowServer.Refused e) {
                throw e;
            } catch (IOException e) {
                trouble = String.valueOf(e.getMessage());
                if (!isSilent && System.nanoTime() - begin >= silence.toNanos()) {
                    isSilent = true;
                    warning.accept("nothing could be sent for " + silence.toSeconds() + " seconds, and is tried again: "
                            + trouble);
                }
                TimeUnit.MILLISECONDS.sleep(pause);
            }
        }
    }
}
