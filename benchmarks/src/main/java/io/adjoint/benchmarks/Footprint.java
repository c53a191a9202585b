package io.adjoint.benchmarks;

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
import java.util.stream.Stream;

/**
 * Prints how long a step of a workload takes and how much memory its JVM needs, for the comparison of options of the JVM: in a new
 * process for each, as the peak is that of the process.
 *
 * <pre>{@code
 * java -Xmx200m -cp benchmarks/target/benchmarks.jar io.adjoint.benchmarks.Footprint CNN FLOAT32
 * }</pre>
 */
public final class Footprint {
    private static final double WARM_UP = 3;
    private static final double WINDOW = 1;
    private static final int WINDOWS = 5;

    private Footprint() {}

    /** Takes the name of a workload and a floating dtype. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("expected a workload of " + Arrays.toString(Workloads.values())
                    + " and FLOAT64 or FLOAT32, but got " + Arrays.toString(args));
        }
        Supplier<Tensor> step = Workloads.valueOf(args[0]).build(DType.valueOf(args[1]));
        microseconds(step, WARM_UP);
        long collections = sum(GarbageCollectorMXBean::getCollectionCount);
        long collecting = sum(GarbageCollectorMXBean::getCollectionTime);
        double[] windows = new double[WINDOWS];
        for (int k = 0; k < WINDOWS; k++) {
            windows[k] = microseconds(step, WINDOW);
        }
        Arrays.sort(windows);
        collections = sum(GarbageCollectorMXBean::getCollectionCount) - collections;
        collecting = sum(GarbageCollectorMXBean::getCollectionTime) - collecting;
        String peak = peak();
        System.gc();
        long live = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        System.out.printf(
                Locale.ROOT,
                "%s %s: %.0f µs a step (median of %d), %d collections of %d ms in all, %.1f MB live, %s resident at most%n",
                args[0],
                args[1],
                windows[WINDOWS / 2],
                WINDOWS,
                collections,
                collecting,
                live / 1e6,
                peak);
    }

    private static double microseconds(Supplier<Tensor> step, double seconds) {
        long start = System.nanoTime();
        for (int steps = 1; ; steps++) {
            step.get();
            double taken = (System.nanoTime() - start) / 1e9;
            if (taken >= seconds) {
                return taken / steps * 1e6;
            }
        }
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
            return String.format(Locale.ROOT, "%.0f MB", kilobytes * 1024 / 1e6);
        }
    }
}
