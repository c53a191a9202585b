package io.adjoint.nn.parallel;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Accepts the connections of the workers whose ranks are higher than this worker's. A connection that isn't a worker's, or that sends
 * nothing, is refused without delaying the workers; a worker that disconnects before all workers have joined may connect again.
 */
final class Acceptor implements AutoCloseable {
    /** The time, in nanoseconds, within which a connection has to prove that it is a worker's. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    /** The largest number of connections that have not proved to be a worker's, besides the expected workers. */
    private static final int MAX_STRANGERS = 64;

    private final ConnectOptions options;
    private final int own;
    private final Selector selector = Selector.open();
    private final Map<Integer, AcceptingHandshake> joined = new TreeMap<>();
    /** The connections that have not proved to be a worker's, the oldest first, with the deadline of each. */
    private final Map<AcceptingHandshake, Long> strangers = new LinkedHashMap<>();
    /** The reason for the last refusal of a connection; empty if no connection was refused. */
    private String refusal = "";

    private boolean isComplete;

    Acceptor(ServerSocketChannel server, ConnectOptions options, int own) throws IOException {
        this.options = options;
        this.own = own;
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Waits until all workers of higher ranks have joined, then answers them.
     *
     * @param answer computes the content of the answer from the workers that joined, by rank
     * @return the connections of these workers, ordered by rank
     * @throws TransportException if the workers don't join before the deadline, or the thread is interrupted
     */
    List<SocketChannel> accept(long deadline, Function<Map<Integer, AcceptingHandshake>, byte[]> answer)
            throws IOException {
        while (!absent().isEmpty()) {
            long end = end(deadline);
            if (System.nanoTime() - end >= 0) {
                throw timeout();
            }
            select(end);
        }
        // Strangers may hold all descriptors, of which the answers need some; select() closes descriptors of dropped
        // connections.
        List.copyOf(strangers.keySet()).forEach(stranger -> drop(stranger, "all workers have joined"));
        selector.selectNow();
        byte[] content = answer.apply(joined);
        joined.values().forEach(handshake -> handshake.admit(content));
        List<SocketChannel> channels = new ArrayList<>();
        for (AcceptingHandshake handshake : joined.values()) {
            Joining.complete(handshake, deadline, own, handshake.rank(), options);
            channels.add(handshake.channel);
        }
        isComplete = true;
        return channels;
    }

    /** The deadline, or the earliest time at which a worker that joined stops waiting: it has to be told before why it waits in vain. */
    private long end(long deadline) {
        long end = deadline;
        for (AcceptingHandshake handshake : joined.values()) {
            end = handshake.deadline() - end < 0 ? handshake.deadline() : end;
        }
        return end;
    }

    private List<Integer> absent() {
        return IntStream.range(own + 1, options.size())
                .filter(rank -> !joined.containsKey(rank))
                .boxed()
                .toList();
    }

    private TransportException timeout() {
        String reason = Transport.ranks(absent()) + " of " + options.size() + " did not join within "
                + Transport.text(options.timeout())
                + (refusal.isEmpty() ? "" : "; a connection was refused: " + refusal);
        // Without an answer the workers that joined would wait for their own time-outs.
        joined.values().forEach(handshake -> handshake.refuse(reason));
        for (AcceptingHandshake handshake : joined.values()) {
            try {
                handshake.advance();
            } catch (IOException e) {
                // The worker has disconnected, so it needs no answer.
            }
        }
        return new TransportException(reason);
    }

    /**
     * Waits for new connections and for bytes from open connections, and handles them. Waits at most until the given deadline or the
     * earliest deadline of an open connection.
     */
    private void select(long deadline) throws IOException {
        long next = deadline;
        for (long patience : strangers.values()) {
            next = patience - next < 0 ? patience : next;
        }
        selector.select(1 + TimeUnit.NANOSECONDS.toMillis(Math.max(0, next - System.nanoTime())));
        Joining.requireNotInterrupted(own);
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isValid() && key.attachment() instanceof AcceptingHandshake handshake) {
                advance(key, handshake);
            } else if (key.isValid() && key.channel() instanceof ServerSocketChannel server) {
                welcome(server);
            }
        }
        selector.selectedKeys().clear();
        dropStrangers();
    }

    private void welcome(ServerSocketChannel server) throws IOException {
        SocketChannel channel;
        try {
            channel = server.accept();
        } catch (IOException e) {
            // The process may have no descriptor left.
            if (strangers.isEmpty()) {
                throw e;
            }
            drop(strangers.keySet().iterator().next(), "there was no room for a further one: " + e.getMessage());
            return;
        }
        if (channel == null) {
            return;
        }
        try {
            channel.configureBlocking(false);
            AcceptingHandshake handshake = new AcceptingHandshake(
                    channel, options, own, rank -> rank > own && rank < options.size() && !joined.containsKey(rank));
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ, handshake);
            strangers.put(handshake, System.nanoTime() + PATIENCE);
            advance(key, handshake);
        } catch (IOException e) {
            SocketTransport.closeQuietly(channel);
        }
    }

    private void advance(SelectionKey key, AcceptingHandshake handshake) {
        try {
            handshake.advance();
            if (handshake.isOver()) {
                // Only the handshake with a refused peer can be over already: a peer that proved its rank is answered
                // when all workers have joined, and no connection is advanced here after that.
                drop(handshake, handshake.refusal());
            } else {
                key.interestOps(handshake.isWriting() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
                if (handshake.isProven()) {
                    joined.put(handshake.rank(), handshake);
                    strangers.remove(handshake);
                }
            }
        } catch (IOException e) {
            drop(handshake, String.valueOf(e.getMessage()));
        }
    }

    private void drop(AcceptingHandshake handshake, String reason) {
        refusal = reason;
        joined.values().remove(handshake);
        strangers.remove(handshake);
        SocketTransport.closeQuietly(handshake.channel);
    }

    /** Drops the connections that have sent no proof in time, and the oldest ones if there are too many: each costs a descriptor. */
    private void dropStrangers() {
        int excess = strangers.size() - MAX_STRANGERS - options.size();
        for (Map.Entry<AcceptingHandshake, Long> stranger : List.copyOf(strangers.entrySet())) {
            if (excess-- > 0) {
                drop(stranger.getKey(), "too many others came before it proved that it is a worker");
            } else if (System.nanoTime() - stranger.getValue() >= 0) {
                drop(
                        stranger.getKey(),
                        "it didn't prove within " + Transport.text(Duration.ofNanos(PATIENCE))
                                + " that it is a worker");
            }
        }
    }

    /** Closes all connections except the connections that {@link #accept} returned. */
    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof AcceptingHandshake handshake
                    && !(isComplete && joined.containsValue(handshake))) {
                SocketTransport.closeQuietly(handshake.channel);
            }
        }
        selector.close();
    }
}
