package io.adjoint.benchmarks;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of Java's memory: new arrays, which are cleared, and ADD_ROW as a bare loop on two threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MemoryBenchmark {
    private static final int SIDE = 1000;

    private final double[] matrix = new double[SIDE * SIDE];
    private final double[] row = new double[SIDE];

    /** The size of an array. */
    @State(Scope.Benchmark)
    public static class Size {
        /** Of FLOAT32 that is a million elements each. */
        @Param({"4", "8", "16", "32", "64"})
        int megabytes;
    }

    /** A new array, as for each result of a forward pass. */
    @Benchmark
    public float[] newArray(Size size) {
        return new float[size.megabytes * 1_000_000 / Float.BYTES];
    }

    /** A new array with the sums in it. */
    @Benchmark
    public double[] addRow() {
        double[] sum = new double[SIDE * SIDE];
        ForkJoinTask<?> half = ForkJoinPool.commonPool().submit(() -> addRow(sum, 0, SIDE / 2));
        addRow(sum, SIDE / 2, SIDE);
        half.join();
        return sum;
    }

    private void addRow(double[] sum, int from, int to) {
        for (int r = from; r < to; r++) {
            for (int c = 0; c < SIDE; c++) {
                sum[r * SIDE + c] = matrix[r * SIDE + c] + row[c];
            }
        }
    }
}
