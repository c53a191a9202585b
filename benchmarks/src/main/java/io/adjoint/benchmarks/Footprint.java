package io.adjoint.benchmarks;

import com.sun.management.ThreadMXBean;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/**
 * Prints the time of a step of a workload, the bytes that it allocates, and the peak memory of the process, for the comparison of JVM
 * options. Each measurement needs a new process, since the peak is that of the whole process.
 *
 * <pre>{@code
 * java -Xmx200m -cp benchmarks/target/benchmarks.jar io.adjoint.benchmarks.Footprint CNN FLOAT32 workspace
 * }</pre>
 */
public final class Footprint {
    private static final double WARM_UP = 3;
    private static final double MEASURED = 5;

    /** The result of the last step, stored so that the JIT doesn't eliminate the step. */
    @SuppressWarnings("UnusedVariable")
    private static volatile Tensor last = Tensor.of();

    private Footprint() {}

    /** Takes the name of a workload, a floating dtype and, for steps in a workspace, the word workspace. */
    public static void main(String[] args) throws IOException {
        boolean workspace = args.length == 3 && args[2].equals("workspace");
        if (args.length != 2 && !workspace) {
            throw new IllegalArgumentException("expected a workload of " + Arrays.toString(Workloads.values())
                    + ", FLOAT64 or FLOAT32, and nothing or workspace, but got " + Arrays.toString(args));
        }
        Supplier<Tensor> step = Workloads.valueOf(args[0]).build(DType.valueOf(args[1]), workspace);
        microseconds(step, WARM_UP);
        long allocated = allocated();
        long collections = sum(GarbageCollectorMXBean::getCollectionCount);
        long collecting = sum(GarbageCollectorMXBean::getCollectionTime);
        long[] steps = microseconds(step, MEASURED);
        allocated = allocated() - allocated;
        collections = sum(GarbageCollectorMXBean::getCollectionCount) - collections;
        collecting = sum(GarbageCollectorMXBean::getCollectionTime) - collecting;
        Arrays.sort(steps);
        System.out.printf(
                Locale.ROOT,
                "%s %s: %d µs a step (median of %d), which allocates %.1f kB; %d collections, %d ms in all; %d MB resident at most%n",
                args[0],
                args[1],
                steps[steps.length / 2],
                steps.length,
                allocated / 1e3 / steps.length,
                collections,
                collecting,
                ParallelSpeed.peak() / 1000);
    }

    /** Makes steps for a number of seconds, at least one step; returns the time of each step. */
    private static long[] microseconds(Supplier<Tensor> step, double seconds) {
        LongStream.Builder times = LongStream.builder();
        long start = System.nanoTime();
        for (long before = start; before == start || (before - start) / 1e9 < seconds; ) {
            last = step.get();
            long now = System.nanoTime();
            times.add((now - before) / 1000);
            before = now;
        }
        return times.build().toArray();
    }

    /** The bytes that all threads have allocated. */
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    private static long sum(ToLongFunction<GarbageCollectorMXBean> of) {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(of)
                .sum();
    }
}
