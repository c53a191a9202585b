package io.adjoint.nn.parallel;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects all workers of a job to one another. Each worker connects to rank 0, which waits for all workers and then answers with their
 * addresses. Each worker then connects to the workers of lower ranks in the order of their ranks, and after that accepts the workers of
 * higher ranks: rank 1 accepts all of them first, then rank 2, and so on, so no two workers wait for each other.
 */
final class Joining {
    private static final long RETRY_MILLIS = 50;

    private final ConnectOptions options;
    private final int rank;
    private final long deadline;
    private final List<Link> links = new ArrayList<>();
    /** The server socket to which workers of higher ranks connect; null on rank 0 and on the last rank. */
    private @Nullable ServerSocketChannel server;

    private Joining(ConnectOptions options, int rank) {
        this.options = options;
        this.rank = rank;
        deadline = System.nanoTime() + options.timeout().toNanos();
    }

    /** Makes the transport of rank 0, to which the other workers connect at the listening socket. */
    static Transport lead(ServerSocketChannel listening, ConnectOptions options) {
        Joining joining = new Joining(options, 0);
        return joining.transport(() -> joining.acceptFrom(listening));
    }

    /** Makes the transport of a rank above 0; {@code address} is the address of rank 0. */
    static Transport join(InetSocketAddress address, int rank, ConnectOptions options) {
        Joining joining = new Joining(options, rank);
        return joining.transport(() -> joining.joinLed(address));
    }

    private interface Handshakes {
        void run() throws IOException;
    }

    private Transport transport(Handshakes handshakes) {
        boolean complete = false;
        try {
            handshakes.run();
            Transport transport = new SocketTransport(rank, options.timeout(), links);
            complete = true;
            return transport;
        } catch (TransportException e) {
            throw new CollectiveException("connect: " + e.getMessage(), e.getCause());
        } catch (ClosedByInterruptException e) {
            throw new CollectiveException("connect: rank " + rank + " was interrupted", e);
        } catch (IOException e) {
            throw new CollectiveException("connect: rank " + rank + " failed: " + e, e);
        } finally {
            closeServer();
            if (!complete) {
                links.forEach(link -> SocketTransport.closeQuietly(link.channel()));
            }
        }
    }

    private void joinLed(InetSocketAddress address) throws IOException {
        ConnectingHandshake handshake = reach(address);
        add(0, handshake.channel);
        List<InetSocketAddress> addresses = addresses(handshake.content());
        for (int peer = 1; peer < rank; peer++) {
            InetSocketAddress other = addresses.get(peer - 1);
            try {
                add(peer, connect(other, peer).channel);
            } catch (SocketException | EOFException | SocketTimeoutException e) {
                throw new TransportException(
                        "rank " + rank + " did not reach rank " + peer + " at " + other + ": " + e.getMessage(), e);
            }
        }
        if (server != null) {
            acceptFrom(server);
        }
    }

    private void add(int peer, SocketChannel channel) {
        links.add(new Link(rank, peer, channel));
    }

    private void acceptFrom(ServerSocketChannel listening) throws IOException {
        try (Acceptor acceptor = new Acceptor(listening, options, rank)) {
            int peer = rank + 1;
            for (SocketChannel channel : acceptor.accept(deadline, this::table)) {
                add(peer++, channel);
            }
        }
    }

    // ---- the addresses of ranks 1 and up, collected by rank 0 ----

    private byte[] table(Map<Integer, AcceptingHandshake> joined) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (rank > 0) {
            return bytes.toByteArray();
        }
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (AcceptingHandshake handshake : joined.values()) {
                InetSocketAddress address = (InetSocketAddress) handshake.channel.getRemoteAddress();
                byte[] host = address.getAddress().getAddress();
                out.writeInt(host.length);
                out.write(host);
                out.writeInt(handshake.port());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private List<InetSocketAddress> addresses(byte[] table) throws IOException {
        List<InetSocketAddress> addresses = new ArrayList<>();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(table));
        for (int peer = 1; peer < options.size(); peer++) {
            byte[] host = in.readNBytes(in.readInt());
            addresses.add(new InetSocketAddress(InetAddress.getByAddress(host), in.readInt()));
        }
        return addresses;
    }

    // ---- connecting ----

    /** Connects to rank 0; tries again while rank 0 doesn't listen yet. */
    private ConnectingHandshake reach(InetSocketAddress address) throws IOException {
        while (true) {
            try {
                return connect(address, 0);
            } catch (SocketException | EOFException | SocketTimeoutException e) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new TransportException(
                            "rank " + rank + " did not reach rank 0 at " + address + " within "
                                    + Transport.text(options.timeout()) + ": " + e.getMessage(),
                            e);
                }
                sleep(Math.min(left, RETRY_MILLIS));
            }
        }
    }

    private void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            requireNotInterrupted(rank);
        }
    }

    /**
     * Connects to a worker. If {@code peer} is 0, the server socket for workers of higher ranks is opened before the handshake, at the
     * local address of the connection.
     */
    private ConnectingHandshake connect(InetSocketAddress address, int peer) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
            // The host name is resolved at each attempt to connect, since a machine that is starting may have no DNS
            // entry yet.
            InetSocketAddress found = address.isUnresolved()
                    ? new InetSocketAddress(address.getHostString(), address.getPort())
                    : address;
            if (found.isUnresolved()) {
                throw new ConnectException("the host " + address.getHostString() + " is unknown");
            }
            channel.socket().connect(found, (int) Math.min(left, Integer.MAX_VALUE));
            int port = peer == 0 ? serve((InetSocketAddress) channel.getLocalAddress()) : 0;
            channel.configureBlocking(false);
            ConnectingHandshake handshake = new ConnectingHandshake(channel, options, rank, peer, port, deadline);
            complete(handshake, deadline, rank, peer, options);
            return handshake;
        } catch (Throwable e) {
            SocketTransport.closeQuietly(channel);
            throw e;
        }
    }

    /**
     * Opens the server socket for workers of higher ranks and returns its port; returns 0 on the last rank, which needs no server socket.
     */
    private int serve(InetSocketAddress local) throws IOException {
        closeServer();
        if (rank == options.size() - 1) {
            return 0;
        }
        ServerSocketChannel opened = ServerSocketChannel.open();
        server = opened;
        opened.bind(new InetSocketAddress(local.getAddress(), 0), Rendezvous.BACKLOG);
        return ((InetSocketAddress) opened.getLocalAddress()).getPort();
    }

    private void closeServer() {
        if (server != null) {
            SocketTransport.closeQuietly(server);
        }
    }

    /** Sends and receives the messages of a handshake until it is over, or fails at the deadline. */
    static void complete(Handshake handshake, long deadline, int rank, int peer, ConnectOptions options)
            throws IOException {
        try (Selector selector = Selector.open()) {
            SelectionKey key = handshake.channel.register(selector, 0);
            handshake.advance();
            while (!handshake.isOver()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new TransportException("rank " + peer + " did not answer rank " + rank + " within "
                            + Transport.text(options.timeout()) + "; it waits for others, or hangs");
                }
                key.interestOps(handshake.isWriting() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
                selector.select(1 + TimeUnit.NANOSECONDS.toMillis(left));
                selector.selectedKeys().clear();
                requireNotInterrupted(rank);
                handshake.advance();
            }
        }
    }

    static void requireNotInterrupted(int rank) {
        if (Thread.currentThread().isInterrupted()) {
            throw new TransportException("rank " + rank + " was interrupted");
        }
    }
}
