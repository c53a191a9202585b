package io.adjoint.nn.parallel;

import io.adjoint.core.NdArray;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** A worker's way to exchange arrays with all others at once. For one thread at a time, but for {@link #abort}. */
interface Transport {
    /** Receives the elements of a peer. */
    @FunctionalInterface
    interface Targets {
        /** The contiguous vector that receives the elements of a peer, exactly as many as it sends. */
        NdArray of(int rank, Call call);
    }

    int rank();

    int size();

    /**
     * Sends a message to each other worker and receives one of each. Nobody returns before all have called; on return the arrays that
     * were sent may be changed.
     *
     * <p>The time-out begins with the first round of an operation, and is for all of them.
     *
     * @param call this worker's call; one of a peer that doesn't fit it is refused
     * @param outgoing for each rank the vectors whose elements it gets, one after the other; the entry of the own rank is ignored
     * @throws TransportException if a peer fails, doesn't call within the time-out, or calls something else; or if the thread is
     *     interrupted. The transport has to be ended then, by {@link #fail}
     */
    void exchange(Call call, List<List<NdArray>> outgoing, Targets targets);

    /** Ends this transport, and tells the others why; never throws. */
    void fail(String reason);

    /** Ends this transport in order: others that need this worker still are told that it has closed. */
    void close();

    /** Makes the exchange that another thread is in fail. */
    void abort(String reason);

    /** The reason of a time-out. */
    static TransportException timeout(List<Integer> ranks, int rank, Duration timeout) {
        boolean one = ranks.size() == 1;
        return new TransportException(ranks(ranks) + " sent rank " + rank + " nothing for " + text(timeout) + "; "
                + (one ? "its program has ended, hangs" : "their programs have ended, hang")
                + (one ? ", or calls fewer operations" : ", or call fewer operations"));
    }

    /** The reason why a worker waits for one that has closed its collective. */
    static TransportException closed(int peer, int rank) {
        return new TransportException(
                "rank " + peer + " has closed its collective, while rank " + rank + " calls a further operation");
    }

    /** Such as {@code rank 1} or {@code ranks 1, 3}. */
    static String ranks(List<Integer> ranks) {
        return (ranks.size() == 1 ? "rank " : "ranks ")
                + ranks.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** Such as {@code 30 s} or {@code 200 ms}. */
    static String text(Duration timeout) {
        long millis = timeout.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
