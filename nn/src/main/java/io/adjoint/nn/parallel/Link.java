package io.adjoint.nn.parallel;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.parallel.Call.Operation;
import io.adjoint.nn.parallel.Transport.Targets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection to another worker, a nonblocking channel. Both sides send frames: 1 byte for the kind, 4 bytes for the length of the
 * content, and the content, little-endian. In an exchange each side sends one frame with its {@link Call} and the number of elements,
 * followed by frames of elements.
 */
final class Link {
    /** The largest length of a frame's content, in bytes. */
    static final int MAX_CONTENT = 1 << 17;

    private static final int PREFIX = 1 + Integer.BYTES;
    private static final int MAX_READS = 64;
    private static final int MAX_RANK = 1000;
    /** The length of a call of an array without axes, in bytes, and the index of the number of axes in it. */
    private static final int CALL_BYTES = 1 + Long.BYTES + Integer.BYTES + 1 + 3 * Integer.BYTES;

    private static final int AXES = CALL_BYTES - 2 * Integer.BYTES;

    // Operations and dtypes are sent as indices into the lists of all operations and dtypes.
    private static final List<Operation> OPERATIONS = List.of(Operation.values());
    private static final List<DType> DTYPES = List.of(DType.values());

    private static final byte CALL = 1;
    private static final byte ELEMENTS = 2;
    /** The kind of a frame that says that its sender has failed; the content is the reason. */
    private static final byte FAILED = 3;
    /** The kind of a frame that says that its sender has closed its collective. */
    private static final byte CLOSED = 4;

    final int peer;
    private final int rank;
    private final SocketChannel channel;
    /** The bytes that were read and not handled yet, from index 0 to the position. */
    private final ByteBuffer in = buffer(PREFIX + MAX_CONTENT);
    /**
     * The unwritten rest of the current frame, from the position to the limit. The capacity suffices for the current frame and the last
     * frame, which tells the peer why this worker ends.
     */
    private final ByteBuffer out = buffer(PREFIX + MAX_CONTENT + PREFIX + Transport.MAX_TEXT);

    private Iterator<NdArray> unsent = Collections.emptyIterator();
    private @Nullable NdArray vector;
    private int sent;
    private boolean isBroken;

    private @Nullable NdArray target;
    private int filled;
    private boolean isShut;

    Link(int rank, int peer, SocketChannel channel) {
        this.rank = rank;
        this.peer = peer;
        this.channel = channel;
        out.limit(0);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    SocketChannel channel() {
        return channel;
    }

    // ---- an exchange ----

    /** Begins an exchange in which the vectors are sent to the peer. */
    void begin(Call call, List<NdArray> vectors) {
        unsent = vectors.iterator();
        vector = null;
        target = null;
        filled = 0;
        int[] dims = call.shape().toArray();
        if (dims.length > MAX_RANK) {
            throw new TransportException("rank " + rank + " calls " + call + ", but arrays of more than " + MAX_RANK
                    + " axes cannot be sent");
        }
        out.clear().position(PREFIX);
        out.put((byte) OPERATIONS.indexOf(call.operation()))
                .putLong(call.number())
                .putInt(call.round());
        out.put((byte) DTYPES.indexOf(call.dtype())).putInt(call.setting()).putInt(dims.length);
        for (int dim : dims) {
            out.putInt(dim);
        }
        out.putInt(vectors.stream().mapToInt(NdArray::size).reduce(0, Math::addExact));
        finish(CALL);
    }

    private void finish(byte kind) {
        out.flip();
        out.put(0, kind).putInt(1, out.limit() - PREFIX);
    }

    /**
     * Writes as much as the connection takes without blocking; returns whether everything is written. The method doesn't throw I/O errors:
     * the peer may have sent the reason of the error, which {@link #read} then throws.
     */
    boolean write() {
        try {
            while (!isBroken) {
                channel.write(out);
                if (out.hasRemaining()) {
                    return false;
                }
                if (!nextElements()) {
                    return true;
                }
            }
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        } catch (IOException e) {
            isBroken = true;
        }
        return true;
    }

    /** Fills the buffer with the next elements to be sent; returns false if all elements are sent. */
    private boolean nextElements() {
        while (vector == null || sent == vector.size()) {
            if (!unsent.hasNext()) {
                vector = null;
                return false;
            }
            vector = unsent.next();
            sent = 0;
        }
        int count = Math.min(vector.size() - sent, MAX_CONTENT / Payload.bytes(vector.dtype()));
        out.clear().position(PREFIX);
        Payload.put(vector, sent, sent + count, out);
        finish(ELEMENTS);
        sent += count;
        return true;
    }

    /** Reads the bytes that have arrived; returns whether all frames that the peer sends in this exchange are read. */
    boolean read(Call call, Targets targets) {
        try {
            while (!take(call, targets)) {
                int count = channel.read(in);
                if (count == 0) {
                    return false;
                } else if (count < 0) {
                    throw ended(null);
                }
            }
            if (isBroken) {
                // Writing failed, so the exchange cannot be completed. The remaining frames are read, since the last
                // frame may have the reason why the peer ended the connection, which take() throws.
                target = null;
                int count;
                do {
                    boolean unused = take(call, targets);
                    count = channel.read(in);
                } while (count > 0);
                throw ended(null);
            }
            return true;
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        } catch (IOException e) {
            throw ended(e);
        }
    }

    private TransportException interrupted(IOException e) {
        return new TransportException("rank " + rank + " was interrupted", e);
    }

    private TransportException ended(@Nullable IOException e) {
        return new TransportException(
                "the connection of rank " + rank + " to rank " + peer + " has ended; the program of rank " + peer
                        + " has ended or was killed, or the network failed",
                e);
    }

    private boolean isComplete() {
        return target != null && filled == target.size();
    }

    /** Handles the frames of this exchange that were read; returns whether all elements of the peer have arrived. */
    private boolean take(Call call, Targets targets) {
        in.flip();
        while (!isComplete() && in.remaining() >= PREFIX) {
            int length = in.getInt(in.position() + 1);
            if (length < 0 || length > MAX_CONTENT) {
                throw garbage("a frame of " + length + " bytes");
            }
            if (in.remaining() < PREFIX + length) {
                break;
            }
            byte kind = in.get();
            int end = in.position() + Integer.BYTES + length;
            in.position(in.position() + Integer.BYTES);
            handle(kind, length, call, targets);
            in.position(end);
        }
        if (in.position() > 0) {
            in.compact();
        } else {
            in.position(in.limit()).limit(in.capacity());
        }
        return isComplete();
    }

    private void handle(byte kind, int length, Call call, Targets targets) {
        switch (kind) {
            case CALL -> {
                Call theirs = call(length);
                String misfit = call.misfit(rank, theirs, peer);
                if (misfit != null) {
                    throw new TransportException(misfit);
                }
                if (target != null) {
                    throw garbage("two calls");
                }
                target = target(theirs, in.getInt(), targets);
            }
            case ELEMENTS -> {
                int width = target == null ? 1 : Payload.bytes(target.dtype());
                int count = length / width;
                if (target == null || count == 0 || length % width > 0 || count > target.size() - filled) {
                    throw garbage("elements that nobody expects");
                }
                Payload.get(in, count, target, filled);
                filled += count;
            }
            case FAILED -> {
                byte[] text = new byte[Math.min(length, Transport.MAX_TEXT)];
                in.get(text);
                String reason = Transport.line(text);
                throw new TransportException(reason.contains("rank") ? reason : "rank " + peer + " failed: " + reason);
            }
            case CLOSED -> throw Transport.closed(peer, rank);
            default -> throw garbage("a frame of kind " + kind);
        }
    }

    /** The vector for the elements that the peer announces; nothing is allocated for a number of elements that doesn't fit the call. */
    private NdArray target(Call theirs, int count, Targets targets) {
        if (!theirs.mayHave(count)) {
            throw garbage(count + " elements of " + theirs);
        }
        NdArray vector;
        try {
            vector = targets.of(peer, theirs);
        } catch (OutOfMemoryError e) {
            throw new TransportException(
                    "rank " + rank + " has no memory for the elements of rank " + peer + ": " + theirs, e);
        }
        if (count != vector.size()) {
            throw garbage(count + " elements instead of " + vector.size());
        }
        return vector;
    }

    private Call call(int length) {
        int axes = length < CALL_BYTES ? -1 : in.getInt(in.position() + AXES);
        if (axes < 0 || axes > MAX_RANK || length != CALL_BYTES + axes * Integer.BYTES) {
            throw garbage("a call of " + length + " bytes");
        }
        int operation = in.get();
        long number = in.getLong();
        int round = in.getInt();
        int dtype = in.get();
        int setting = in.getInt();
        int[] dims = new int[in.getInt()];
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = in.getInt();
        }
        if (operation < 0 || operation >= OPERATIONS.size() || dtype < 0 || dtype >= DTYPES.size()) {
            throw garbage("a call of the operation " + operation + " and the dtype " + dtype);
        }
        try {
            return new Call(OPERATIONS.get(operation), number, round, DTYPES.get(dtype), Shape.of(dims), setting);
        } catch (ShapeException e) {
            throw garbage("a call of an array " + Arrays.toString(dims));
        }
    }

    private TransportException garbage(String what) {
        return new TransportException("rank " + peer + " sent rank " + rank + " " + what
                + "; its version of Adjoint is another one, or the connection was disturbed");
    }

    /** Returns whether the peer has sent its call of this exchange, but not all elements. */
    boolean isPartlyRead() {
        return target != null && !isComplete();
    }

    /** The number of elements read so far, as text for error messages, such as {@code 3 of 8 elements}. */
    String progress() {
        return filled + " of " + (target == null ? 0 : target.size()) + " elements";
    }

    // ---- the end ----

    /** Appends the last frame, which tells the peer why this worker ends the connection. */
    void beginEnd(@Nullable String reason) {
        unsent = Collections.emptyIterator();
        vector = null;
        byte[] text = Transport.bytes(reason == null ? "" : reason);
        // The rest of the current frame has to be sent before the new frame.
        out.compact()
                .put(reason == null ? CLOSED : FAILED)
                .putInt(text.length)
                .put(text)
                .flip();
    }

    /**
     * Continues ending the connection without blocking; returns whether the connection has ended. The connection has ended if the peer has
     * ended its side, the connection has failed or, unless {@code waits} is true, all frames are written.
     */
    boolean end(boolean waits) {
        try {
            if (write() && !isShut) {
                isShut = true;
                channel.shutdownOutput();
            }
            // The bytes that have arrived are read and dropped: closing a channel with unread bytes would reset the
            // connection, and the peer could lose the last frame.
            for (int k = 0, count; k < MAX_READS; k++) {
                in.clear();
                count = channel.read(in);
                if (count < 0) {
                    return true;
                } else if (count == 0) {
                    break;
                }
            }
            return isShut && !waits;
        } catch (IOException | TransportException e) {
            return true;
        }
    }

    boolean isWritten() {
        return isShut;
    }
}
