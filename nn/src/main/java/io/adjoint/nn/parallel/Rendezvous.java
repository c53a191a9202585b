package io.adjoint.nn.parallel;

import io.adjoint.nn.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/**
 * The address at which the workers of a job meet: rank 0 opens it, tells the others {@link #address} in some way, and
 * {@linkplain #accept accepts} them. Only for ports that the system chooses; where the port is known, {@link Collective#connect} is enough.
 */
public final class Rendezvous implements AutoCloseable {
    /** The largest number of connections waiting to be accepted. */
    static final int BACKLOG = 1024;

    private final ServerSocketChannel server;
    private final InetSocketAddress address;

    private Rendezvous(ServerSocketChannel server, InetSocketAddress address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Listens at a free port of the loopback interface, which only programs of this machine reach.
     *
     * @throws UncheckedIOException if there is none
     */
    public static Rendezvous open() {
        return open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /**
     * Listens at an address.
     *
     * @param address of a network interface of this machine; port 0 stands for a free one
     * @throws IllegalArgumentException if the host is unknown
     * @throws UncheckedIOException if this is not possible, as when another program listens there
     */
    public static Rendezvous open(InetSocketAddress address) {
        Settings.require(!address.isUnresolved(), Rendezvous.class, "address", "have a known host", address);
        try {
            ServerSocketChannel server = ServerSocketChannel.open();
            try {
                server.bind(address, BACKLOG);
                return new Rendezvous(server, (InetSocketAddress) server.getLocalAddress());
            } catch (IOException | RuntimeException e) {
                server.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Rendezvous: cannot listen at " + address + ": " + e.getMessage(), e);
        }
    }

    /** The address with the port that was chosen. */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Waits for all other workers, and closes the address.
     *
     * @return the collective of rank 0
     * @throws CollectiveException if they don't join within the time-out, or the thread is interrupted
     * @throws IllegalStateException if this was closed, as it is after a call
     */
    public Collective accept(ConnectOptions options) {
        if (!server.isOpen()) {
            throw new IllegalStateException("Rendezvous: " + address + " is closed; open one for each job");
        }
        try (this) {
            return new Collective(Joining.lead(server, options));
        }
    }

    /** Stops listening. */
    @Override
    public void close() {
        SocketTransport.closeQuietly(server);
    }

    @Override
    public String toString() {
        return "Rendezvous[" + address + "]";
    }
}
