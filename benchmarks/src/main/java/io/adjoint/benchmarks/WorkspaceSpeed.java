package io.adjoint.benchmarks;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/**
 * Prints the time of a step of a workload without and with a {@link io.adjoint.autograd.Workspace}, as in {@code docs/performance.md}.
 * Blocks of steps of both kinds take turns in one process, so that other programs on the machine slow both down alike.
 *
 * <pre>{@code
 * java --add-modules jdk.incubator.vector -cp benchmarks/target/benchmarks.jar io.adjoint.benchmarks.WorkspaceSpeed GATHER FLOAT32
 * }</pre>
 */
public final class WorkspaceSpeed {
    private static final int BLOCKS = 60;
    private static final double WARM_UP = 10;
    private static final double SECONDS_OF_BLOCK = 0.1;
    /** The time between two readings of the clock, in seconds at least: shorter steps are timed several at a time. */
    private static final double TICK = 1e-4;

    /** The result of the last step, stored so that the JIT doesn't eliminate the step. */
    @SuppressWarnings("UnusedVariable")
    private static volatile Tensor last = Tensor.of();

    private WorkspaceSpeed() {}

    /** Takes the name of a workload and a floating dtype. */
    public static void main(String[] args) {
        if (args.length != 2) {
            throw new IllegalArgumentException("expected a workload of " + Arrays.toString(Workloads.values())
                    + ", and FLOAT64 or FLOAT32, but got " + Arrays.toString(args));
        }
        Workloads workload = Workloads.valueOf(args[0]);
        DType dtype = DType.valueOf(args[1]);
        List<Supplier<Tensor>> kinds = List.of(workload.build(dtype, false), workload.build(dtype, true));
        int warm = 0;
        for (long begin = System.nanoTime(); seconds(begin) < WARM_UP; warm++) {
            last = kinds.get(warm % 2).get();
        }
        int atOnce = (int) Math.max(1, TICK / (WARM_UP / warm));
        double[][] times = new double[2][BLOCKS / 2];
        for (int block = 0; block < BLOCKS; block++) {
            times[block % 2][block / 2] = median(block(kinds.get(block % 2), atOnce));
        }
        double[] least = Arrays.stream(times)
                .mapToDouble(each -> Arrays.stream(each).min().orElseThrow())
                .toArray();
        double[] middle =
                Arrays.stream(times).mapToDouble(WorkspaceSpeed::median).toArray();
        System.out.printf(
                Locale.ROOT,
                "%s %s: %.1f µs a step without, %.1f with a workspace: %.2f times as fast in the fastest of %d blocks, %.2f in the median%n",
                workload,
                dtype,
                least[0] * 1e6,
                least[1] * 1e6,
                least[0] / least[1],
                BLOCKS / 2,
                middle[0] / middle[1]);
    }

    /** Makes steps for the time of a block; returns the seconds of a step, the average over each group of {@code atOnce} steps. */
    private static double[] block(Supplier<Tensor> step, int atOnce) {
        DoubleStream.Builder times = DoubleStream.builder();
        long begin = System.nanoTime();
        do {
            long before = System.nanoTime();
            for (int k = 0; k < atOnce; k++) {
                last = step.get();
            }
            times.add(seconds(before) / atOnce);
        } while (seconds(begin) < SECONDS_OF_BLOCK);
        return times.build().toArray();
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
