package io.adjoint.view;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.adjoint.nn.train.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Report} that a browser shows while the training runs.
 *
 * <pre>{@code
 * try (LivePage page = LivePage.of(new Report("Digits"))) {
 *     System.out.println(page.address());
 *     trainer.log(page).fit(batches, 40);
 * }
 * }</pre>
 *
 * <p>The JDK's HTTP server serves the page to programs on the same machine only, at an address that nobody can guess. Daemon threads make
 * and send pages: a training never waits for a browser, not even for one that hangs, and computes the same bits with and without the page.
 * All browsers get the same copy of a page. The server closes a connection whose request takes more than 10 seconds, or whose browser takes
 * more than a minute to read the page. A page that you open late shows the training from its start. At most 32 open pages are kept up to
 * date. A page that is open when you close this object keeps its last content.
 *
 * <p>One thread at a time logs the training; any thread may call the other methods.
 */
public final class LivePage implements Log, AutoCloseable {
    private static final int THREADS = 64;
    /** The largest number of open pages that are kept up to date; half of the threads are reserved for other requests. */
    private static final int MOST_READERS = THREADS / 2;

    private static final long NANOS_BETWEEN = 500_000_000;
    private static final long MILLIS_OF_SILENCE = 10_000;
    /** The time, in milliseconds, in which open pages may still receive the last state after closing. */
    private static final long MILLIS_AT_CLOSE = 500;

    /** The time within which a request must have come. */
    private static final Duration REQUEST = Duration.ofSeconds(10);
    /** The time within which a page must have been taken. */
    private static final Duration ANSWER = Duration.ofMinutes(1);

    private static final Pattern HERE =
            Pattern.compile("(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d+)?", Pattern.CASE_INSENSITIVE);

    private final Report report;
    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final TimeLimit limit = new TimeLimit(LivePage::daemon);
    private final Duration request;
    private final String path;

    /** The lock that is held while a page is made; a training never needs it. */
    private final Object making = new Object();
    /** The page that was made last, guarded by that lock. */
    private @Nullable Rendering made;

    /** A permit for each further page that may be kept up to date. */
    private final Semaphore readers = new Semaphore(MOST_READERS);

    // The fields below and the report are guarded by this object's lock.
    private long version;
    private boolean isClosed;

    private LivePage(Report report, HttpServer server, Duration request) {
        this.report = report;
        this.server = server;
        this.request = request;
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        path = "/" + HexFormat.of().formatHex(secret) + "/";
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), LivePage::daemon);
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Serves a report at a free port.
     *
     * @throws UncheckedIOException if the machine gives no port
     */
    public static LivePage of(Report report) {
        return of(report, 0);
    }

    /**
     * Serves a report at a port, or at a free one if that is in use; {@link #address} tells which.
     *
     * @throws IllegalArgumentException if the port is not from 0 to 65535
     * @throws UncheckedIOException if the machine gives no port
     */
    public static LivePage of(Report report, int port) {
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("LivePage: a port is from 1 to 65535, or 0 for a free one; got " + port);
        }
        try {
            return opened(report, port, REQUEST);
        } catch (IOException e) {
            throw new UncheckedIOException("LivePage: cannot listen at a port of this machine: " + e.getMessage(), e);
        }
    }

    /**
     * Serves a report.
     *
     * @param request the time within which a request must have come
     */
    static LivePage opened(Report report, int port, Duration request) throws IOException {
        LivePage page = new LivePage(report, server(port), request);
        page.open();
        return page;
    }

    private static HttpServer server(int port) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try {
            return HttpServer.create(new InetSocketAddress(here, port), 0);
        } catch (BindException inUse) {
            return HttpServer.create(new InetSocketAddress(here, 0), 0);
        }
    }

    private void open() {
        server.setExecutor(exchange -> threads.execute(() -> within(exchange)));
        server.createContext("/", this::answer);
        // The server's thread is a daemon because the thread that starts it is one.
        Thread start = daemon(server::start);
        start.start();
        try {
            start.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "adjoint-live-page");
        thread.setDaemon(true);
        return thread;
    }

    /** The address of the page, for a browser on this machine. */
    public URI address() {
        InetSocketAddress at = server.getAddress();
        String host = at.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + at.getPort() + path);
    }

    // ---- the training's side ----

    @Override
    public void passOn(Consumer<Log> event) {
        update(event::accept);
    }

    /** Shows a change of the report: an event of its log, or facts that logs don't get, such as results by class. */
    public synchronized void update(Consumer<Report> change) {
        change.accept(report);
        version++;
    }

    /** Ends the server. Open pages get the last state, if they take it within half a second. */
    @Override
    public void close() {
        close(MILLIS_AT_CLOSE);
    }

    /** Ends the server after a number of milliseconds, or as soon as all open pages have the last state. */
    void close(long millis) {
        synchronized (this) {
            isClosed = true;
            notifyAll();
        }
        try {
            if (readers.tryAcquire(MOST_READERS, millis, TimeUnit.MILLISECONDS)) {
                readers.release(MOST_READERS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop(0);
        threads.shutdownNow();
        limit.close();
    }

    // ---- the browser's side ----

    /** Runs an exchange, whose request must have come in time. */
    private void within(Runnable exchange) {
        limit.set(request);
        try {
            exchange.run();
        } finally {
            limit.lift();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        limit.set(ANSWER);
        try (exchange) {
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            String asked = exchange.getRequestURI().getPath();
            if (!isForHere(exchange.getRequestHeaders().getFirst("Host"))) {
                refuse(exchange, 403, "This page is for this machine.");
            } else if (!asked.equals(path) && !asked.equals(path + "events")) {
                refuse(exchange, 404, "There is no such page.");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                refuse(exchange, 405, "This page can only be read.");
            } else if (asked.equals(path)) {
                Rendering now = rendering(0);
                String html = report.livePage(now.about(), now.sections()).html();
                send(exchange, 200, "text/html; charset=utf-8", html);
            } else {
                stream(exchange);
            }
        }
    }

    /**
     * Returns whether the Host header names this machine, with any port: a tunnel has another. Another name could belong to a foreign site
     * that resolves to this machine (DNS rebinding).
     */
    private static boolean isForHere(@Nullable String host) {
        return host != null && HERE.matcher(host).matches();
    }

    private static void refuse(HttpExchange exchange, int status, String why) throws IOException {
        send(exchange, status, "text/plain; charset=utf-8", why + "\n");
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** The content of the report at one moment. */
    private record Snapshot(Recorded recorded, long version, boolean isLast) {}

    private synchronized Snapshot snapshot() {
        return new Snapshot(report.recorded.copy(), version, isClosed);
    }

    /** The page as it is, or was at most some nanoseconds ago; made once for all readers who ask meanwhile. */
    private Rendering rendering(long age) {
        synchronized (making) {
            Rendering before = made;
            Snapshot now = snapshot();
            boolean isYoung = before != null && System.nanoTime() - before.nanos() < age;
            if (before != null && before.isLast() == now.isLast() && (isYoung || before.version() == now.version())) {
                return before;
            }
            Rendering next = Rendering.of(now.recorded(), now.version(), now.isLast(), before);
            made = next;
            return next;
        }
    }

    private synchronized boolean enter() {
        return !isClosed && readers.tryAcquire();
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        if (!enter()) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody()
                    .write(
                            Rendering.event(
                                    "full",
                                    MOST_READERS
                                            + " pages of this training are open, so this one stays as it is. Close one, and load this again."));
            return;
        }
        // The answer is closed before the permit is released: once the last reader has left, the server may be stopped,
        // which would cut off an incomplete answer.
        try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            limit.lift();
            follow(exchange.getResponseBody());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            readers.release();
        }
    }

    /** Sends the changed sections until this page is closed; throws if the reader has disconnected. */
    private void follow(OutputStream out) throws IOException, InterruptedException {
        Map<String, byte[]> sent = new HashMap<>();
        Rendering now = rendering(NANOS_BETWEEN);
        while (true) {
            out.write(Rendering.event(
                    "sections", now.sections().stream().map(Section::id).collect(Collectors.joining(" "))));
            for (Section section : now.sections()) {
                byte[] part = Objects.requireNonNull(now.parts().get(section.id()));
                if (sent.put(section.id(), part) != part) {
                    out.write(part);
                }
            }
            if (now.isLast()) {
                out.write(Rendering.event("end", "over"));
                out.flush();
                return;
            }
            out.flush();
            awaitChange(now.version());
            now = rendering(NANOS_BETWEEN);
        }
    }

    /** Waits for a change, or a while, after which a write shows whether the reader is still connected. */
    private synchronized void awaitChange(long seen) throws InterruptedException {
        long begin = System.nanoTime();
        while (!isClosed) {
            long passed = System.nanoTime() - begin;
            boolean isDue = passed >= NANOS_BETWEEN && version != seen;
            if (isDue || passed >= TimeUnit.MILLISECONDS.toNanos(MILLIS_OF_SILENCE)) {
                return;
            }
            // The training's steps don't notify this thread, so it looks for a change twice a second.
            TimeUnit.NANOSECONDS.timedWait(this, NANOS_BETWEEN);
        }
    }
}
