package io.adjoint.nn.parallel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;

/**
 * The handshake on the side of the worker that connects. If the accepting worker refuses the connection, a {@link TransportException} says
 * why.
 */
final class ConnectingHandshake extends Handshake {
    /** The largest length of a worker's address in the answer of rank 0, in bytes. */
    private static final int MAX_ADDRESS = Integer.BYTES + 16 + Integer.BYTES;
    /** The time left for an answer to arrive is 1 / MARGIN_DIVISOR of the time for an answer, at most MARGIN milliseconds. */
    private static final int MARGIN_DIVISOR = 4;

    private static final long MARGIN = 1000;

    private enum Expected {
        CHALLENGE,
        VERDICT,
        CONTENT
    }

    private final int rank;
    private final int peer;
    private final int port;
    private final long deadline;
    private Expected expected = Expected.CHALLENGE;
    private byte status;
    private byte[] mac = new byte[0];
    private byte[] content = new byte[0];

    /**
     * A handshake with the worker of rank {@code peer}.
     *
     * @param port the port at which this worker accepts workers of higher ranks
     * @param deadline the {@link System#nanoTime} until which this worker waits for the answer
     */
    ConnectingHandshake(SocketChannel channel, ConnectOptions options, int rank, int peer, int port, long deadline) {
        super(channel, options);
        this.rank = rank;
        this.peer = peer;
        this.port = port;
        this.deadline = deadline;
        ByteBuffer hello = hello();
        record(hello);
        send(hello);
        expect(HELLO);
    }

    @Override
    void receive(ByteBuffer message) {
        switch (expected) {
            case CHALLENGE -> prove(message);
            case VERDICT -> verdict(message);
            case CONTENT -> content(bytes(message));
        }
    }

    private void prove(ByteBuffer challenge) {
        int version;
        try {
            version = version(challenge);
        } catch (IOException e) {
            throw new TransportException("at the address of rank " + peer + " there is " + e.getMessage(), e);
        }
        if (version != VERSION) {
            throw new TransportException("rank " + peer + "'s protocol has version " + version + ", rank " + rank
                    + "'s has " + VERSION + "; all workers need the same version of Adjoint");
        }
        record(challenge);
        ByteBuffer claim = ByteBuffer.allocate(CLAIM)
                .putInt(options.size())
                .putInt(rank)
                .putInt(peer)
                .putInt(port)
                .putInt(patience())
                .flip();
        record(claim);
        send(ByteBuffer.allocate(CLAIM + MAC).put(claim).put(mac("connecting")).flip());
        expected = Expected.VERDICT;
        expect(VERDICT + MAC);
    }

    /** The time, in milliseconds, after which the peer has to answer why it can't admit this worker. */
    private int patience() {
        long left = Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
        return (int) Math.min(Integer.MAX_VALUE, left - Math.min(left / MARGIN_DIVISOR, MARGIN));
    }

    private void verdict(ByteBuffer verdict) {
        status = verdict.get();
        int length = verdict.getInt();
        if (status == UNKNOWN) {
            throw new TransportException("rank " + peer + " refuses rank " + rank + ": their secrets differ");
        }
        if (length < 0 || length > (status == ADMITTED ? (long) MAX_ADDRESS * options.size() : Transport.MAX_TEXT)) {
            throw new TransportException("rank " + peer + " sent an answer of " + length + " bytes");
        }
        mac = bytes(verdict);
        record(verdict.duplicate().flip());
        expected = Expected.CONTENT;
        if (length == 0) {
            content(new byte[0]);
        } else {
            expect(length);
        }
    }

    private void content(byte[] received) {
        record(ByteBuffer.wrap(received));
        if (!MessageDigest.isEqual(mac, mac("accepting"))) {
            throw new TransportException("whatever answers as rank " + peer + " doesn't know the secret of the job");
        }
        if (status != ADMITTED) {
            throw new TransportException("rank " + peer + " refuses rank " + rank + ": " + Transport.line(received));
        }
        content = received;
    }

    /** The content of the answer that admitted this worker. */
    byte[] content() {
        return content;
    }
}
