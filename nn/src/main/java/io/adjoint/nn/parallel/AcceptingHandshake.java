package io.adjoint.nn.parallel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * The handshake on the side of the worker that accepts a connection. The answer is sent when {@link #admit} is called, or when the peer is
 * refused.
 */
final class AcceptingHandshake extends Handshake {
    private final int own;
    /** True for the ranks of workers that have to join and have not joined yet. */
    private final IntPredicate isExpected;

    private boolean hasHello;
    private int rank = -1;
    private int port;
    private long deadline;
    private String refusal = "";

    AcceptingHandshake(SocketChannel channel, ConnectOptions options, int own, IntPredicate isExpected) {
        super(channel, options);
        this.own = own;
        this.isExpected = isExpected;
        expect(HELLO);
    }

    @Override
    void receive(ByteBuffer message) throws IOException {
        if (isProven()) {
            throw new IOException("it sent something before it was answered");
        } else if (hasHello) {
            proof(message);
            return;
        }
        hasHello = true;
        int version = version(message);
        record(message);
        ByteBuffer challenge = hello();
        record(challenge);
        send(challenge);
        if (version == VERSION) {
            expect(CLAIM + MAC);
        } else {
            refusal = "its protocol has version " + version + ", rank " + own + "'s has " + VERSION;
        }
    }

    private void proof(ByteBuffer message) {
        record(message.duplicate().limit(CLAIM));
        byte[] mac = bytes(message.duplicate().position(CLAIM));
        if (!MessageDigest.isEqual(mac, mac("connecting"))) {
            refusal = "it doesn't know the secret";
            send(ByteBuffer.allocate(VERDICT + MAC).put(0, UNKNOWN));
            return;
        }
        int size = message.getInt();
        int claimed = message.getInt();
        int to = message.getInt();
        port = message.getInt();
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(message.getInt());
        if (size != options.size()) {
            refuse("its number of workers is " + size + ", rank " + own + "'s is " + options.size());
        } else if (to != own) {
            refuse("it wants to reach rank " + to + ", but this is rank " + own);
        } else if (!isExpected.test(claimed)) {
            refuse("rank " + own + " expects no further rank " + claimed + " of " + size + "; each rank joins once");
        } else {
            rank = claimed;
            // The peer sends no more bytes before the answer. The handshake expects a byte nevertheless, so that
            // advance() notices if the peer closes the connection.
            expect(1);
        }
    }

    /** True once the peer has proved its rank. */
    boolean isProven() {
        return rank >= 0;
    }

    int rank() {
        return rank;
    }

    /** The port at which the peer accepts workers of higher ranks. */
    int port() {
        return port;
    }

    /** The {@link System#nanoTime} until which the peer waits for the answer. */
    long deadline() {
        return deadline;
    }

    /** The reason why the peer was refused; empty if it wasn't. */
    String refusal() {
        return refusal;
    }

    /** Admits the peer, and sends it the content of the answer. */
    void admit(byte[] content) {
        answer(ADMITTED, content);
    }

    /** Tells a worker that knows the secret why it cannot join. */
    void refuse(String reason) {
        refusal = reason;
        answer(REFUSED, Transport.bytes(reason));
    }

    private void answer(byte status, byte[] content) {
        expect(0);
        record(ByteBuffer.allocate(VERDICT).put(status).putInt(content.length).flip());
        record(ByteBuffer.wrap(content));
        send(ByteBuffer.allocate(VERDICT + MAC + content.length)
                .put(status)
                .putInt(content.length)
                .put(mac("accepting"))
                .put(content)
                .flip());
    }
}
