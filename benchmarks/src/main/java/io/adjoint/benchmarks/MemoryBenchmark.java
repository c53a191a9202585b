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

/** Times the cost of Java's memory: of new arrays, which the JVM fills with zeros, and of ADD_ROW as a plain loop on two threads. */
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
        /** The size of a new array in MB; 4 MB are a million FLOAT32 elements. */
        @Param({"4", "8", "16", "32", "64"})
        int megabytes;
    }

    /** Allocates an array, as for each result of a forward pass. */
    @Benchmark
    public float[] newArray(Size size) {
        return new float[size.megabytes * 1_000_000 / Float.BYTES];
    }

    /** Allocates an array and writes the sums to it. */
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
