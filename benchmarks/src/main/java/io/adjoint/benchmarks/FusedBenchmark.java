package io.adjoint.benchmarks;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
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

/** Times elementwise functions of 1000×1000 elements, forward and backward, operation by operation and fused. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FusedBenchmark {
    /** The functions, of two matrices and a row. */
    public enum Formula {
        /** The function of the workload EW_1M. */
        EW_1M(p -> Workloads.formula(p.get(0))),
        /** GELU in the approximation by tanh, composed of arithmetic operations. */
        GELU_TANH(p -> {
            Tensor x = p.get(0);
            Tensor inner = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
            return x.mul(0.5).mul(inner.tanh().add(1));
        }),
        /** A gate of an LSTM: the sigmoid of the sum of three terms, from the input, the state and the bias. */
        GATE(p -> p.get(0).add(p.get(1)).add(p.get(2)).sigmoid());

        private final Function<List<Tensor>, Tensor> function;

        Formula(Function<List<Tensor>, Tensor> function) {
            this.function = function;
        }
    }

    /** The function. */
    @Param
    public Formula formula = Formula.EW_1M;

    /** True for one fused operation, false for the operations one by one. */
    @Param({"false", "true"})
    public boolean fused;

    /** The element type. */
    @Param({"FLOAT64", "FLOAT32"})
    public DType dtype = DType.FLOAT64;

    private List<Tensor> inputs = List.of();

    /** Draws two matrices and a row. */
    @Setup
    public void draw() {
        SplittableRandom random = new SplittableRandom(0);
        inputs = Stream.of(
                        Tensor.randn(dtype, random, 1000, 1000),
                        Tensor.randn(dtype, random, 1000, 1000),
                        Tensor.randn(dtype, random, 1000))
                .map(x -> x.requiresGrad(true))
                .toList();
    }

    /** The sum and its gradients. */
    @Benchmark
    public Tensor step() {
        inputs.forEach(Tensor::zeroGrad);
        Tensor y = fused ? Transforms.fused(formula.function, inputs) : formula.function.apply(inputs);
        Tensor sum = y.sum();
        sum.backward();
        return sum;
    }
}
