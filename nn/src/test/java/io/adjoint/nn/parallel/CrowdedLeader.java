package io.adjoint.nn.parallel;

import io.adjoint.core.NdArray;
import java.util.concurrent.CompletableFuture;

/** Rank 0 of two workers in a JVM of its own: it prints its port, waits for rank 1, and prints a sum or why there is none. */
final class CrowdedLeader {
    private CrowdedLeader() {}

    public static void main(String[] arguments) {
        ConnectOptions options = new ConnectOptions(2, System.getenv("SECRET")).timeout(WorkerKind.LONG);
        // Loading a class needs a descriptor, so a first job loads all classes.
        try (Rendezvous rendezvous = Rendezvous.open()) {
            CompletableFuture<NdArray> second =
                    CompletableFuture.supplyAsync(() -> summed(Collective.connect(rendezvous.address(), 1, options)));
            NdArray unused = summed(rendezvous.accept(options));
            second.join();
        }
        try (Rendezvous rendezvous = Rendezvous.open()) {
            System.out.println(rendezvous.address().getPort());
            System.out.println(summed(rendezvous.accept(options)).get(0));
        } catch (CollectiveException e) {
            System.out.println(e.getMessage());
        }
    }

    private static NdArray summed(Collective joined) {
        try (Collective collective = joined) {
            return collective.allReduce(WorkerKind.floats(1 + collective.rank()));
        }
    }
}
