package io.adjoint.benchmarks;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Times functions per element of 1,000, which one thread computes in its cache: a lower bound for larger arrays. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(FunctionBenchmark.ELEMENTS)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FunctionBenchmark {
    static final int ELEMENTS = 1000;

    /** The functions of the workload EW_1M. */
    public enum Elementary {
        /** The exponential function. */
        EXP(Tensor::exp),
        /** The logistic sigmoid. */
        SIGMOID(Tensor::sigmoid),
        /** The hyperbolic tangent. */
        TANH(Tensor::tanh);

        private final UnaryOperator<Tensor> operation;

        Elementary(UnaryOperator<Tensor> operation) {
            this.operation = operation;
        }
    }

    /** The function. */
    @Param
    public Elementary function = Elementary.EXP;

    /** The element type. */
    @Param({"FLOAT64", "FLOAT32"})
    public DType dtype = DType.FLOAT64;

    private Tensor x = Tensor.of(0);

    /** Draws the elements. */
    @Setup
    public void draw() {
        x = Tensor.randn(dtype, new SplittableRandom(0), ELEMENTS);
    }

    /** The values, without a recorded graph. */
    @Benchmark
    public Tensor value() {
        return function.operation.apply(x);
    }
}
