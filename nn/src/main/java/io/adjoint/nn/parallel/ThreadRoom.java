package io.adjoint.nn.parallel;

import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The transports of workers that are threads of one JVM. In an exchange each worker copies the arrays that the other workers pass, and no
 * worker returns before all workers have copied them.
 */
final class ThreadRoom {
    /** A worker's call and, by rank, the vectors for the other workers. */
    private record Message(Call call, List<List<NdArray>> outgoing) {}

    private final Duration timeout;
    private final @Nullable Message[] messages;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // The lock guards all fields below.
    /** The number of times that all workers have met at the barrier in {@code meet()}. */
    private long meetings;

    private final boolean[] isThere;
    private final boolean[] isClosed;
    private @Nullable String failure;

    ThreadRoom(int size, Duration timeout) {
        this.timeout = timeout;
        messages = new Message[size];
        isThere = new boolean[size];
        isClosed = new boolean[size];
    }

    /** Makes the transport of the worker of a rank. */
    Transport place(int rank) {
        return new Place(rank);
    }

    /** Makes the current and all further exchanges fail; the reason of the first failure is kept. */
    void fail(String reason) {
        change(() -> failure = failure == null ? reason : failure);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Place implements Transport {
        private final int rank;
        /** The {@link System#nanoTime} at which the time-out of the last operation ends. */
        private long deadline;

        Place(int rank) {
            this.rank = rank;
        }

        @Override
        public int rank() {
            return rank;
        }

        @Override
        public int size() {
            return messages.length;
        }

        @Override
        public void exchange(Call call, List<List<NdArray>> outgoing, Targets targets) {
            if (call.round() == 0) {
                deadline = System.nanoTime() + timeout.toNanos();
            }
            // The lock in meet() makes this worker's message visible to the other workers, and their messages to
            // this worker.
            messages[rank] = new Message(call, outgoing);
            meet();
            for (int peer = 0; peer < messages.length; peer++) {
                Message message = messages[peer];
                if (peer != rank && message != null) {
                    receive(call, peer, message, targets);
                }
            }
            // When all workers have called meet() again, no other worker reads this worker's arrays any more.
            meet();
            messages[rank] = null;
        }

        private void receive(Call call, int peer, Message message, Targets targets) {
            String misfit = call.misfit(rank, message.call, peer);
            if (misfit != null) {
                throw new TransportException(misfit);
            }
            NdArray target = targets.of(peer, message.call);
            int filled = 0;
            for (NdArray vector : message.outgoing.get(rank)) {
                InPlace.assign(target.slice(0, filled, filled + vector.size()), vector);
                filled += vector.size();
            }
        }

        /** Waits until all workers have called this method. */
        private void meet() {
            lock.lock();
            try {
                requireNoFailure();
                // The last worker to call doesn't wait, so it has to look for an interrupt.
                if (Thread.currentThread().isInterrupted()) {
                    throw interrupted(null);
                }
                long meeting = meetings;
                isThere[rank] = true;
                if (absent().isEmpty()) {
                    Arrays.fill(isThere, false);
                    meetings++;
                    changed.signalAll();
                }
                await(meeting);
            } catch (TransportException e) {
                // The room fails before the lock is released: this worker already counts as present, so another worker
                // would otherwise complete the meeting, and that worker's operation would succeed.
                ThreadRoom.this.fail(String.valueOf(e.getMessage()));
                throw e;
            } finally {
                lock.unlock();
            }
        }

        private TransportException interrupted(@Nullable InterruptedException cause) {
            return new TransportException("rank " + rank + " was interrupted", cause);
        }

        private void await(long meeting) {
            try {
                while (meetings == meeting) {
                    long left = deadline - System.nanoTime();
                    requireHope(left);
                    boolean unused = changed.await(left, TimeUnit.NANOSECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw interrupted(e);
            }
        }

        /** Throws if waiting is useless: if an exchange has failed, an absent worker has closed its transport, or no time is left. */
        private void requireHope(long left) {
            requireNoFailure();
            List<Integer> absent = absent();
            for (int peer : absent) {
                if (isClosed[peer]) {
                    throw Transport.closed(peer, rank);
                }
            }
            if (left <= 0) {
                throw Transport.timeout(absent, rank, timeout);
            }
        }

        private void requireNoFailure() {
            if (failure != null) {
                throw new TransportException(failure);
            }
        }

        private List<Integer> absent() {
            return IntStream.range(0, isThere.length)
                    .filter(peer -> !isThere[peer])
                    .boxed()
                    .toList();
        }

        @Override
        public void fail(String reason) {
            ThreadRoom.this.fail(reason);
        }

        @Override
        public void close() {
            change(() -> isClosed[rank] = true);
        }

        @Override
        public void abort(String reason) {
            ThreadRoom.this.fail(reason);
        }
    }
}
