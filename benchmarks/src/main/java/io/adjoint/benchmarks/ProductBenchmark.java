package io.adjoint.benchmarks;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

/** Times a product of two matrices, each of which may be the transpose of a dense one; shows the cost of the operands' layout. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ProductBenchmark {
    /** The sizes: rows, inner size and columns. */
    @Param({"2x2x2", "8x8x8", "64x784x128", "64x128x10", "1x1024x1024", "256x1024x1024", "1000x1x1000"})
    public String sizes = "";

    /** The operands' layouts: T marks a transposed view. */
    @Param({"ab", "abT", "aTb", "aTbT"})
    public String layout = "";

    /** The element type. */
    @Param
    public DType dtype = DType.FLOAT64;

    private NdArray a = NdArray.scalar(DType.FLOAT64, 0);
    private NdArray b = a;

    /** Draws the operands. */
    @Setup
    public void draw() {
        String[] dims = sizes.split("x", -1);
        int inner = Integer.parseInt(dims[1]);
        a = matrix(Integer.parseInt(dims[0]), inner, layout.startsWith("aT"));
        b = matrix(inner, Integer.parseInt(dims[2]), layout.endsWith("bT"));
    }

    private NdArray matrix(int rows, int columns, boolean transposed) {
        SplittableRandom random = new SplittableRandom(0);
        NdArray dense = NdArray.generate(
                dtype,
                transposed ? Shape.of(columns, rows) : Shape.of(rows, columns),
                element -> random.nextGaussian());
        return transposed ? dense.transpose() : dense;
    }

    /** The product. */
    @Benchmark
    public NdArray product() {
        return a.matmul(b);
    }
}
