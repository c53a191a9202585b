package io.adjoint.nn.parallel;

import io.adjoint.core.NdArray;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The transport between workers in several JVMs, with a connection for each pair of workers. The thread that calls an operation serves all
 * connections.
 */
final class SocketTransport implements Transport {
    /** The time, in nanoseconds, for telling the other workers why this worker failed. */
    private static final long FAREWELL = TimeUnit.MILLISECONDS.toNanos(500);

    private final int rank;
    private final Duration timeout;
    private final List<Link> links;
    private final Selector selector;
    private volatile @Nullable String aborted;
    /** The {@link System#nanoTime} at which the time-out of the last operation ends. */
    private long deadline;

    /**
     * A transport over connections to all other workers, ordered by rank; closing the transport closes them.
     *
     * @throws IOException if the system has no selector left, or a connection has ended
     */
    SocketTransport(int rank, Duration timeout, List<Link> links) throws IOException {
        this.rank = rank;
        this.timeout = timeout;
        this.links = links;
        selector = Selector.open();
        for (Link link : links) {
            SocketChannel channel = link.channel();
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.register(selector, 0, link);
        }
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return links.size() + 1;
    }

    @Override
    public void exchange(Call call, List<List<NdArray>> outgoing, Targets targets) {
        if (call.round() == 0) {
            deadline = System.nanoTime() + timeout.toNanos();
        }
        requireUndisturbed();
        for (Link link : links) {
            link.begin(call, outgoing.get(link.peer));
        }
        // Each connection sends and receives once before the loop; this also sets, for each channel, the operations
        // (reading, writing) for which the loop waits.
        links.forEach(link -> advance(link, call, targets));
        try {
            while (!waiting().isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw timeout();
                }
                selector.select(
                        key -> advance((Link) key.attachment(), call, targets),
                        1 + TimeUnit.NANOSECONDS.toMillis(left));
                requireUndisturbed();
            }
        } catch (IOException e) {
            throw new TransportException("rank " + rank + " cannot wait for the others: " + e, e);
        }
    }

    /** Sends and receives as many bytes as the connection allows without blocking. */
    private void advance(Link link, Call call, Targets targets) {
        requireUndisturbed();
        boolean written = link.write();
        boolean read = link.read(call, targets);
        key(link).interestOps((written ? 0 : SelectionKey.OP_WRITE) | (read ? 0 : SelectionKey.OP_READ));
    }

    private SelectionKey key(Link link) {
        return link.channel().keyFor(selector);
    }

    /** The links that have not sent and received all elements of the exchange. */
    private List<Link> waiting() {
        List<Link> waiting = new ArrayList<>();
        for (Link link : links) {
            if (key(link).interestOps() != 0) {
                waiting.add(link);
            }
        }
        return waiting;
    }

    private void requireUndisturbed() {
        if (Thread.currentThread().isInterrupted()) {
            throw new TransportException("rank " + rank + " was interrupted");
        }
        if (aborted != null) {
            throw new TransportException(aborted);
        }
    }

    private TransportException timeout() {
        List<Integer> silent = new ArrayList<>();
        for (Link link : waiting()) {
            if ((key(link).interestOps() & SelectionKey.OP_READ) == 0) {
                return new TransportException("rank " + link.peer + " took too little of what rank " + rank
                        + " sent it in " + Transport.text(timeout));
            }
            if (link.isPartlyRead()) {
                return new TransportException("rank " + link.peer + " sent rank " + rank + " only " + link.progress()
                        + " in " + Transport.text(timeout)
                        + "; it has stopped, or such arrays need a longer timeout");
            }
            silent.add(link.peer);
        }
        return Transport.timeout(silent, rank, timeout);
    }

    @Override
    public void fail(String reason) {
        end(reason, System.nanoTime() + FAREWELL);
    }

    @Override
    public void close() {
        end(null, System.nanoTime());
    }

    /**
     * Tells the other workers why this worker ends, and closes the connections. If there is a reason, the method waits until the other
     * workers have ended their connections or the deadline has passed.
     */
    private void end(@Nullable String reason, long deadline) {
        // If the thread is interrupted, an operation on a channel closes the channel at once, so the interrupt is
        // cleared until the end of this method.
        boolean interrupted = Thread.interrupted();
        try (selector) {
            boolean waits = reason != null;
            List<Link> ending = new ArrayList<>(links);
            ending.forEach(link -> link.beginEnd(reason));
            ending.removeIf(link -> isOver(link, waits));
            for (long left; !ending.isEmpty() && (left = deadline - System.nanoTime()) > 0; ) {
                selector.select(key -> {}, 1 + TimeUnit.NANOSECONDS.toMillis(left));
                ending.removeIf(link -> isOver(link, waits));
            }
        } catch (IOException | RuntimeException e) {
            // The exception is ignored: if the other workers get no message, they still notice that the
            // connections end.
        } finally {
            links.forEach(link -> closeQuietly(link.channel()));
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isOver(Link link, boolean waits) {
        boolean over = link.end(waits);
        SelectionKey key = key(link);
        if (over) {
            key.cancel();
        } else {
            key.interestOps(SelectionKey.OP_READ | (link.isWritten() ? 0 : SelectionKey.OP_WRITE));
        }
        return over;
    }

    @Override
    public void abort(String reason) {
        aborted = reason;
        selector.wakeup();
    }

    /** Closes an abandoned resource, ignoring exceptions. */
    static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // The resource is abandoned anyway.
        }
    }
}
