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

/** Times a step of each of the {@link Workloads}, in microseconds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WorkloadBenchmark {
    /** The workload. */
    @Param
    public Workloads workload = Workloads.XOR;

    /** The element type. */
    @Param({"FLOAT64", "FLOAT32"})
    public DType dtype = DType.FLOAT64;

    /** True to run each step in a workspace; {@code -p workspace=false,true} measures both. */
    @Param("false")
    public boolean workspace;

    private Supplier<Tensor> step = () -> Tensor.of();

    /** Builds the workload. */
    @Setup
    public void build() {
        step = workload.build(dtype, workspace);
    }

    /** One step. */
    @Benchmark
    public Tensor step() {
        return step.get();
    }
}
