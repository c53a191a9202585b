package io.adjoint.proof;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.ConnectOptions;
import io.adjoint.nn.parallel.Rendezvous;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The wrong calls of workers that exchange arrays whose messages docs/errors.md quotes. */
final class WorkerMistakes {
    private static final NdArray VECTOR = NdArray.of(Shape.of(2), 1, 2);

    static final List<ThrowingCallable> ALL = List.of(
            () -> Collective.threads(2, worker -> worker.broadcast(VECTOR, worker.rank())),
            WorkerMistakes::oneIsSilent,
            () -> Collective.threads(2, worker -> meets(worker)),
            () -> Collective.threads(1, worker -> {
                throw new IllegalStateException("own");
            }),
            WorkerMistakes::nobodyJoins,
            () -> new ConnectOptions(2, "password"));

    private WorkerMistakes() {}

    /** Calls an operation on rank 0, while rank 1 calls none. */
    private static boolean meets(Collective worker) {
        if (worker.rank() == 0) {
            worker.barrier();
        }
        return true;
    }

    /** Rank 1 calls no operation, and ends only after the time-out of rank 0. */
    private static void oneIsSilent() {
        CountDownLatch over = new CountDownLatch(1);
        List<Boolean> unused = Collective.threads(2, Duration.ofMillis(50), worker -> {
            try {
                return worker.rank() == 0 ? meets(worker) : over.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                over.countDown();
            }
        });
    }

    private static void nobodyJoins() {
        ConnectOptions options = new ConnectOptions(2, ConnectOptions.newSecret()).timeout(Duration.ofMillis(1));
        try (Rendezvous rendezvous = Rendezvous.open()) {
            rendezvous.accept(options).close();
        }
    }
}
