package io.adjoint.core;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.jspecify.annotations.Nullable;

/**
 * Runs large loops on several threads, in blocks on which no bit of a result may depend: it is the same on 1, 2 or 64 threads. The
 * threads are those of the pool that the caller runs in, else the JVM's common pool; there is nothing to shut down.
 * To run a computation on n threads, submit it to a {@code new ForkJoinPool(n)}; to bound the whole process, set the system
 * property {@code java.util.concurrent.ForkJoinPool.common.parallelism}.
 *
 * <p>What a block throws, an error of the JVM included, ends the loop and is thrown to its caller: see {@link ParallelLoop}.
 *
 * @hidden
 */
@Internal
public final class Parallel {
    /** Elements of a block: 2 to 10 µs, which outweigh handing it over to a thread that waits. No result depends on it. */
    static final int BLOCK = 1 << 13;

    /** Elements of a part of a sum. The sums of parts are added in their order, so the bits of a sum depend on it. */
    static final int PART = 1 << 15;

    /** Blocks that each thread gets of a loop that allocates arrays in each. */
    private static final int FEW = 4;

    /** The work of a range. */
    @FunctionalInterface
    public interface Range {
        /** Does the work of {@code [from, to)}. */
        void run(int from, int to);
    }

    private Parallel() {}

    /** The number of runs of {@code elements} elements each that make a block: 1 if a run is longer. */
    public static int blockOf(int elements) {
        return Math.max(1, BLOCK / Math.max(1, elements));
    }

    /** The size of the blocks of a loop that allocates arrays in each: at least the given one, and large enough for a few a thread. */
    static int fewBlocks(int n, int least) {
        return Math.max(Math.max(1, least), n / (FEW * threads()));
    }

    /** Covers {@code [0, n)} by ranges of at most {@link #BLOCK}. */
    static void ranges(int n, Range body) {
        ranges(n, BLOCK, body);
    }

    /** Covers {@code [0, n)} by ranges of at most {@code block}. */
    public static void ranges(int n, int block, Range body) {
        if (n <= block) {
            body.run(0, n);
        } else {
            new ParallelLoop(n, block, body).run(threads(), currentPool() == null);
        }
    }

    /** The number of threads that a loop started here may use. */
    static int threads() {
        ForkJoinPool pool = currentPool();
        // The caller works along with the common pool's threads, but is itself one of the threads of a pool of its own.
        return pool == null ? ForkJoinPool.getCommonPoolParallelism() + 1 : pool.getParallelism();
    }

    private static @Nullable ForkJoinPool currentPool() {
        ForkJoinPool pool = ForkJoinTask.getPool();
        return pool == ForkJoinPool.commonPool() ? null : pool;
    }
}
