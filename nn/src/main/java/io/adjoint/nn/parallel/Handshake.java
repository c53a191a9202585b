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
 * The first messages of a connection, by which both sides prove that they know the job's secret. The length of each message is known before
 * it is read, so that a stranger cannot send more bytes than are expected:
 *
 * <ol>
 *   <li>hello, from the connecting side: magic number, version, random bytes;
 *   <li>challenge, from the accepting side: magic number, version, and random bytes of its own;
 *   <li>proof, from the connecting side: number of workers, own rank, the peer's rank, the port for workers of higher ranks, the time
 *       for which the worker waits for the answer, and the HMAC-SHA256 of all messages so far with the secret as its key;
 *   <li>answer, from the accepting side when all expected workers have joined or the peer is refused: status, length of the content,
 * HMAC-SHA256 and content.
 * </ol>
 *
 * <p>Because of the random bytes a proof is valid for one connection only, and because the sender's side (connecting or accepting) is
 * hashed, too, a proof cannot be sent back to its sender.
 */
abstract class Handshake {
    static final int VERSION = 2;
    static final int NONCE = 32;
    static final int MAC = 32;
    static final int HELLO = Long.BYTES + Integer.BYTES + NONCE;
    /** The length of a proof without its MAC, in bytes. */
    static final int CLAIM = 5 * Integer.BYTES;
    /** The length of an answer without its MAC and content, in bytes. */
    static final int VERDICT = 1 + Integer.BYTES;

    static final byte ADMITTED = 0;
    /** The status of an answer that refuses the peer; the content of the answer is the reason. */
    static final byte REFUSED = 1;
    /** The status of an answer that refuses the peer because of a wrong proof; the answer has no content, and its MAC is 0. */
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
     * Handles a complete message, of the length passed to {@link #expect}.
     *
     * @throws IOException if the message is not a worker's
     */
    abstract void receive(ByteBuffer message) throws IOException;

    /**
     * Writes and reads as many bytes as the channel allows without blocking, and passes each complete message to {@link #receive}.
     *
     * @throws EOFException if the other side has closed the connection
     * @throws IOException if the connection fails, or the other side is not a worker
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

    /** Returns whether all messages of the handshake are sent and received. */
    final boolean isOver() {
        return !out.hasRemaining() && in.capacity() == 0;
    }

    final void expect(int bytes) {
        in = ByteBuffer.allocate(bytes);
    }

    final void send(ByteBuffer message) {
        out = message;
    }

    /** Makes a hello or a challenge, which have one format. */
    final ByteBuffer hello() {
        byte[] nonce = new byte[NONCE];
        new SecureRandom().nextBytes(nonce);
        ByteBuffer hello = ByteBuffer.allocate(HELLO);
        return hello.putLong(MAGIC).putInt(VERSION).put(nonce).flip();
    }

    /**
     * The version in a hello or challenge.
     *
     * @throws IOException if the magic number is missing
     */
    static int version(ByteBuffer hello) throws IOException {
        if (hello.getLong(0) != MAGIC) {
            throw new IOException("no worker of Adjoint");
        }
        return hello.getInt(Long.BYTES);
    }

    /** Appends a message of either side to the transcript that the next MAC covers. */
    final void record(ByteBuffer message) {
        transcript.writeBytes(bytes(message));
    }

    /** A copy of the remaining bytes of a message. */
    static byte[] bytes(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.duplicate().get(bytes);
        return bytes;
    }

    /** The MAC of all recorded messages and of the name of the sending side, {@code connecting} or {@code accepting}. */
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
