package io.adjoint.nn.parallel;

import io.adjoint.core.Messages;
import io.adjoint.core.NdArray;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Exchanges arrays between this worker and all other workers. Only {@link #abort} may be called while another thread uses the transport.
 */
interface Transport {
    /** The longest text that a worker sends, in bytes. */
    int MAX_TEXT = 4096;

    /** Chooses the arrays that receive the elements of peers. */
    @FunctionalInterface
    interface Targets {
        /**
         * The contiguous vector that receives the elements of the peer of a rank, which made the given call; the vector's size is the
         * number of elements that the peer sends.
         */
        NdArray of(int rank, Call call);
    }

    int rank();

    int size();

    /**
     * Sends a message to each other worker and receives a message from each. No worker's call returns before all workers have called; after
     * the return the arrays that were sent may be changed.
     *
     * <p>The time-out begins with the first round of an operation, and covers all of its rounds.
     *
     * @param call this worker's call; a peer's call that doesn't match it is an error
     * @param outgoing for each rank the vectors that are sent to this rank, which receives their elements one after the other; the entry of
     *     the own rank is ignored
     * @throws TransportException if a peer fails, doesn't call within the time-out, or calls another operation; or if the thread is
     *     interrupted. Afterwards the caller has to end the transport by {@link #fail}
     */
    void exchange(Call call, List<List<NdArray>> outgoing, Targets targets);

    /** Ends this transport, and tells the other workers why; never throws. */
    void fail(String reason);

    /** Ends this transport without an error. A worker that waits for this worker afterwards gets the error {@link #closed}. */
    void close();

    /** Makes an exchange fail that another thread is waiting in. */
    void abort(String reason);

    /** Makes the exception of a time-out while waiting for ranks. */
    static TransportException timeout(List<Integer> ranks, int rank, Duration timeout) {
        boolean one = ranks.size() == 1;
        return new TransportException(ranks(ranks) + " sent rank " + rank + " nothing for " + text(timeout) + "; "
                + (one ? "its program has ended, hangs" : "their programs have ended, hang")
                + (one ? ", or calls fewer operations" : ", or call fewer operations"));
    }

    /** Makes the exception of a worker that waits for a peer that has closed its collective. */
    static TransportException closed(int peer, int rank) {
        return new TransportException(
                "rank " + peer + " has closed its collective, while rank " + rank + " calls a further operation");
    }

    /** The ranks in words, such as {@code rank 1} or {@code ranks 1, 3}. */
    static String ranks(List<Integer> ranks) {
        return (ranks.size() == 1 ? "rank " : "ranks ")
                + ranks.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** A text as it is sent: in UTF-8, and cut if it is too long. */
    static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, Math.min(bytes.length, MAX_TEXT));
    }

    /** A text that was sent, in one line. */
    static String line(byte[] sent) {
        return Messages.oneLine(new String(sent, StandardCharsets.UTF_8));
    }

    /** The duration in words, such as {@code 30 s} or {@code 200 ms}. */
    static String text(Duration timeout) {
        long millis = timeout.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
