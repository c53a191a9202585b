package io.adjoint.nn.parallel;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The first words of a connection, by which both sides prove that they know the job's secret. Each message has a fixed length, so that a
 * stranger can send no more than is expected:
 *
 * <ol>
 *   <li>hello, of the side that connects: magic number, version, random bytes;
 *   <li>challenge, of the side that accepts: the same, with random bytes of its own;
 *   <li>proof: number of workers, own rank, the other's rank, port for workers of higher ranks, and the HMAC-SHA256 of all messages so
 *       far with the secret as its key;
 *   <li>answer, as soon as all expected workers are there, or one that is refused: status, length of a content, HMAC-SHA256, content.
 * </ol>
 *
 * <p>The random bytes make each proof good for one connection, and the name of its side keeps it from being sent back.
 */
abstract class Handshake {
    static final int VERSION = 1;
    static final int NONCE = 32;
    static final int MAC = 32;
    static final int HELLO = Long.BYTES + Integer.BYTES + NONCE;
    /** A proof but for its MAC. */
    static final int CLAIM = 4 * Integer.BYTES;
    /** An answer but for its MAC and content. */
    static final int VERDICT = 1 + Integer.BYTES;

    static final byte ADMITTED = 0;
    /** Refused for the reason in the content. */
    static final byte REFUSED = 1;
    /** Refused because its proof is wrong; neither MAC nor content. */
    static final byte UNKNOWN = 2;

    private static final String ALGORITHM = "HmacSHA256";
    private static final long MAGIC = 0x41646a6f696e744cL; // "AdjointL" in ASCII

    final SocketChannel channel;
    final ConnectOptions options;
    private final ByteArrayOutputStream transcript = new ByteArrayOutputStream();
    private ByteBuffer in = ByteBuffer.allocate(0);
    private ByteBuffer out = ByteBuffer.allocate(0);

    Handshake(SocketChannel channel, ConnectOptions options) {
        this.channel = channel;
        this.options = options;
    }

    /**
     * Handles a message of the length that was expected.
     *
     * @throws IOException if it is no message of a worker
     */
    abstract void receive(ByteBuffer message) throws IOException;

    /**
     * Goes on as far as the channel allows.
     *
     * @throws EOFException if the other side has closed the connection
     * @throws IOException if the connection fails, or the other side is no worker
     */
    final void advance() throws IOException {
        while (true) {
            channel.write(out);
            if (out.hasRemaining() || in.capacity() == 0) {
                return;
            }
            int count = channel.read(in);
            if (count < 0) {
                throw new EOFException("the connection was closed");
            }
            if (in.hasRemaining()) {
                return;
            }
            ByteBuffer message = in.flip();
            in = ByteBuffer.allocate(0);
            receive(message);
        }
    }

    final boolean isWriting() {
        return out.hasRemaining();
    }

    /** Returns whether there is nothing left to be sent or received. */
    final boolean isOver() {
        return !out.hasRemaining() && in.capacity() == 0;
    }

    final void expect(int bytes) {
        in = ByteBuffer.allocate(bytes);
    }

    final void send(ByteBuffer message) {
        out = message;
    }

    /** A hello, or the challenge that is its counterpart. */
    final ByteBuffer hello() {
        byte[] nonce = new byte[NONCE];
        new SecureRandom().nextBytes(nonce);
        ByteBuffer hello = ByteBuffer.allocate(HELLO);
        return hello.putLong(MAGIC).putInt(VERSION).put(nonce).flip();
    }

    /**
     * The version in a hello or challenge.
     *
     * @throws IOException if it is none
     */
    static int version(ByteBuffer hello) throws IOException {
        if (hello.getLong(0) != MAGIC) {
            throw new IOException("no worker of Adjoint");
        }
        return hello.getInt(Long.BYTES);
    }

    /** Adds a message, of either side, to the messages that the next MAC covers. */
    final void record(ByteBuffer message) {
        transcript.writeBytes(bytes(message));
    }

    /** A copy of the remaining bytes of a message. */
    static byte[] bytes(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.duplicate().get(bytes);
        return bytes;
    }

    /** The MAC of all recorded messages, as one side makes it. */
    final byte[] mac(String side) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(options.secret(), ALGORITHM));
            mac.update(side.getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(transcript.toByteArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
