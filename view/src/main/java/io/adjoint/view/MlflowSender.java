package io.adjoint.view;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
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

    private static final int QUEUE = 100_000;
    private static final long MILLIS_BETWEEN = 1000;
    private static final long FIRST_PAUSE = 250;
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
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong lost = new AtomicLong();
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread thread;
    private volatile String status = "FINISHED";
    private volatile @Nullable String run;
    /** True once the run's identifier is written to the file, from which a resumed training reads it. */
    private boolean isKept;

    private volatile String trouble = "";
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
     */
    MlflowSender(
            Supplier<MlflowServer> server,
            String experiment,
            @Nullable String known,
            @Nullable Path file,
            long beginMillis) {
        servers = server;
        this.experiment = experiment;
        this.file = file;
        this.beginMillis = beginMillis;
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
            trouble = isRefused ? trouble : "more than " + QUEUE + " entries waited to be sent";
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
            isRefused = !tried(0, () -> begin(server));
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
                isComplete = tried(0, () -> server.update(id, status, millis));
            }
        } catch (RuntimeException e) {
            trouble = e.toString();
        } catch (InterruptedException e) {
            trouble = trouble.isEmpty() ? "there was no time for the rest" : trouble;
        } finally {
            isRefused = true;
            lost.addAndGet(queue.size());
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
            id = server.createRun(server.experiment(experiment), beginMillis);
            run = id;
        }
        if (file != null) {
            Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder"));
            Files.writeString(file, id + "\n", StandardCharsets.UTF_8);
        }
        isKept = true;
    }

    @SuppressWarnings("EnumOrdinal") // the lists of a batch are in the order of the constants of Kind
    private void sendBatch(MlflowServer server) throws InterruptedException {
        StringBuilder[] lists = {new StringBuilder(), new StringBuilder(), new StringBuilder()};
        int[] counts = new int[lists.length];
        int characters = 0;
        int count = 0;
        for (Entry next = queue.peek(); next != null; next = queue.peek()) {
            int kind = next.kind().ordinal();
            boolean isFull = count == ENTRIES || (next.kind() != Kind.METRIC && counts[kind] == NAMED);
            if (count > 0 && (isFull || characters + next.json().length() > CHARACTERS)) {
                break;
            }
            queue.remove();
            lists[kind].append(counts[kind] == 0 ? "" : ",").append(next.json());
            counts[kind]++;
            count++;
            characters += next.json().length();
        }
        String id = run;
        if (id == null || isRefused) {
            lost.addAndGet(count);
        } else {
            tried(count, () -> server.logBatch(id, lists[0].toString(), lists[1].toString(), lists[2].toString()));
        }
    }

    /** A request to the server. */
    private interface Request {
        void send() throws IOException, InterruptedException;
    }

    /**
     * Sends a request, again and again with growing pauses, until the server answers. If the request is refused, or the thread is
     * interrupted, the request's {@code entries} count as lost.
     *
     * @return false if the server refuses the request
     */
    @CanIgnoreReturnValue
    private boolean tried(int entries, Request request) throws InterruptedException {
        boolean isDone = false;
        try {
            for (long pause = FIRST_PAUSE; !isDone; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
                try {
                    request.send();
                    isDone = true;
                } catch (MlflowServer.Refused e) {
                    trouble = String.valueOf(e.getMessage());
                    return false;
                } catch (IOException e) {
                    trouble = String.valueOf(e.getMessage());
                    TimeUnit.MILLISECONDS.sleep(pause);
                }
            }
            return true;
        } finally {
            if (!isDone) {
                lost.addAndGet(entries);
            }
        }
    }
}
