package io.adjoint.core.parallel;

import io.adjoint.core.Internal;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.jspecify.annotations.Nullable;

/**
 * Runs large loops on several threads, in blocks. Results must not depend on the blocks: they have the same bits on 1, 2 or 64 threads. The
 * loops use the threads of the {@code ForkJoinPool} in which the caller runs, else of the JVM's common pool; there is nothing to shut down.
 * To run a computation on n threads, submit it to a {@code new ForkJoinPool(n)}; to bound the whole process, set the system property {@code
 * java.util.concurrent.ForkJoinPool.common.parallelism}.
 *
 * <p>An exception or error (even one of the JVM) that a block throws ends the loop and is thrown to the loop's caller; see
 * {@link ParallelLoop}.
 *
 * @hidden
 */
@Internal
public final class Parallel {
    /**
     * The number of elements in a block: 2 to 10 µs of work, more than it costs to hand a block to a waiting thread. No result depends on
     * this number.
     */
    public static final int BLOCK = 1 << 13;

    /**
     * A long sum is computed in blocks of this number of elements, whose sums are added in order; so the bits of the sum depend on this
     * number.
     */
    public static final int SUM_BLOCK = 1 << 15;

    /** The threads of the common pool and a caller; on one processor the pool's one thread would only share it with the caller. */
    private static final int COMMON_THREADS =
            Runtime.getRuntime().availableProcessors() == 1 ? 1 : ForkJoinPool.getCommonPoolParallelism() + 1;

    /**
     * The body of a loop, which computes a range of the loop's indices.
     *
     * @hidden
     */
    @FunctionalInterface
    public interface Range {
        /** Runs the loop for the indices {@code [from, to)}. */
        void run(int from, int to);
    }

    private Parallel() {}

    /** The number of runs of {@code elements} elements each that make up a block; 1 if a run is longer than a block. */
    public static int blockOf(int elements) {
        return Math.max(1, BLOCK / Math.max(1, elements));
    }

    /** Divides {@code [0, n)} into ranges of at most {@link #BLOCK} and runs the body on each. */
    public static void ranges(int n, Range body) {
        ranges(n, BLOCK, body);
    }

    /** Divides {@code [0, n)} into ranges of at most {@code block} and runs the body on each; if n is 0, the body does not run. */
    public static void ranges(int n, int block, Range body) {
        if (n > block) {
            new ParallelLoop(n, block, body).run(threads(), currentPool() == null);
        } else if (n > 0) {
            body.run(0, n);
        }
    }

    /** The number of threads that a loop of the calling thread may use. */
    public static int threads() {
        ForkJoinPool pool = currentPool();
        // With the common pool, the caller works in addition to the pool's threads; in any other pool, the caller is
        // one of the pool's threads.
        return pool == null ? COMMON_THREADS : pool.getParallelism();
    }

    private static @Nullable ForkJoinPool currentPool() {
        ForkJoinPool pool = ForkJoinTask.getPool();
        return pool == ForkJoinPool.commonPool() ? null : pool;
    }

    /** Throws a throwable of any type as it is, also a checked one; does nothing for null. */
    public static void rethrow(@Nullable Throwable thrown) {
        if (thrown != null) {
            Parallel.<RuntimeException>throwAs(thrown);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAs(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
