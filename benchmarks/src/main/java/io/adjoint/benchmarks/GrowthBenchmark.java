package io.adjoint.benchmarks;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Times steps for several sizes of matrices, batches and sequences; {@link GrowthChart} draws the times. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class GrowthBenchmark {
    /** A workload of {@link Growth} and its size. */
    @Param({
        "MATMUL 64", "MATMUL 128", "MATMUL 256", "MATMUL 512", "MATMUL 1024", "MATMUL 2048",
        "BATCH 1", "BATCH 4", "BATCH 16", "BATCH 64", "BATCH 256", "BATCH 1024",
        "SEQUENCE 16", "SEQUENCE 64", "SEQUENCE 256", "SEQUENCE 1024", "SEQUENCE 4096"
    })
    public String point = "";

    /** The element type. */
    @Param({"FLOAT64", "FLOAT32"})
    public DType dtype = DType.FLOAT64;

    private Supplier<Tensor> step = () -> Tensor.of();

    /** Builds the workload. */
    @Setup
    public void build() {
        String[] words = point.split(" ", -1);
        step = Growth.valueOf(words[0]).build(Integer.parseInt(words[1]), dtype);
    }

    /** One step. */
    @Benchmark
    public Tensor step() {
        return step.get();
    }
}
