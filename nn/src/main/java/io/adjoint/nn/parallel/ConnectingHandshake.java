package io.adjoint.nn.parallel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The handshake on the side of the worker that connects. If the accepting worker refuses the connection, a {@link TransportException} says
 * why.
 */
final class ConnectingHandshake extends Handshake {
    /** The largest accepted length of an answer's content, in bytes: enough for the addresses of a million workers. */
    private static final int MAX_CONTENT = 1 << 25;

    private enum Expected {
        CHALLENGE,
        VERDICT,
        CONTENT
    }

    private final int rank;
    private final int peer;
    private final int port;
    private Expected expected = Expected.CHALLENGE;
    private byte status;
    private byte[] mac = new byte[0];
    private byte[] content = new byte[0];

    /** A handshake with the worker of rank {@code peer}. The peer is told the port at which this worker accepts workers of higher ranks. */
    ConnectingHandshake(SocketChannel channel, ConnectOptions options, int rank, int peer, int port) {
        super(channel, options);
        this.rank = rank;
        this.peer = peer;
        this.port = port;
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
                .flip();
        record(claim);
        send(ByteBuffer.allocate(CLAIM + MAC).put(claim).put(mac("connecting")).flip());
        expected = Expected.VERDICT;
        expect(VERDICT + MAC);
    }

    private void verdict(ByteBuffer verdict) {
        status = verdict.get();
        int length = verdict.getInt();
        if (status == UNKNOWN) {
            throw new TransportException("rank " + peer + " refuses rank " + rank + ": their secrets differ");
        }
        if (length < 0 || length > MAX_CONTENT) {
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
            throw new TransportException(
                    "rank " + peer + " refuses rank " + rank + ": " + new String(received, StandardCharsets.UTF_8));
        }
        content = received;
    }

    /** The content of the answer that admitted this worker. */
    byte[] content() {
        return content;
    }
}
