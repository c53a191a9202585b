package io.adjoint.benchmarks;

import com.sun.management.ThreadMXBean;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Prints how long a step of a workload takes, what it allocates, and how much memory its process needs, for the comparison of options of
 * the JVM: in a new process for each, as the peak is that of the process.
 *
 * <pre>{@code
 * java -Xmx200m -cp benchmarks/target/benchmarks.jar io.adjoint.benchmarks.Footprint CNN FLOAT32
 * }</pre>
 */
public final class Footprint {
    private static final double WARM_UP = 3;
    private static final double MEASURED = 5;

    /** The result of the last step, kept lest the JIT leave it out. */
    @SuppressWarnings("UnusedVariable")
    private static volatile Tensor last = Tensor.of();

    private Footprint() {}

    /** Takes the name of a workload and a floating dtype. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("expected a workload of " + Arrays.toString(Workloads.values())
                    + " and FLOAT64 or FLOAT32, but got " + Arrays.toString(args));
        }
        Supplier<Tensor> step = Workloads.valueOf(args[0]).build(DType.valueOf(args[1]));
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
                "%s %s: %d µs a step (median of %d), which allocates %.1f kB; %d collections, %d ms in all; %s resident at most%n",
                args[0],
                args[1],
                steps[steps.length / 2],
                steps.length,
                allocated / 1e3 / steps.length,
                collections,
                collecting,
                peak());
    }

    /** The times of steps for a number of seconds, of at least one. */
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

    /** The most memory that the process had, where Linux tells it. */
    private static String peak() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "unknown";
        }
        try (Stream<String> lines = Files.lines(status)) {
            long kilobytes = lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
            return kilobytes / 1000 + " MB";
        }
    }
}
