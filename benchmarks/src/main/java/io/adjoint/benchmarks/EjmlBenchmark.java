package io.adjoint.benchmarks;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.CommonOps_MT_DDRM;
import org.ejml.dense.row.CommonOps_MT_FDRM;
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

/**
 * Times the matrix products of a workload's step in EJML alone, with matrices in the layout for which EJML is fastest. The time that the
 * library needs in addition is its own cost.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EjmlBenchmark {
    /** The sizes of the products of a step, separated by slashes: rows, inner size and columns. */
    @Param({
        "512x512x512",
        // The products of MLP_S: two of the forward pass, then the gradients of the second weight, of the hidden layer
        // and of the first weight.
        "64x784x128/64x128x10/10x64x128/64x10x128/128x64x784",
        // The products of MLP_L, in the same order.
        "256x1024x1024/256x1024x1024/1024x256x1024/256x1024x1024/1024x256x1024",
        // The products of CNN: values and gradients of the convolutions, each as one product over all images; then
        // the products of the dense layer.
        "16x9x10816/16x10816x9/32x144x1936/32x1936x144/144x32x1936/16x800x10/16x10x800/10x16x800"
    })
    public String products = "";

    /** True if EJML's threaded variants are used. */
    @Param({"false", "true"})
    public boolean threads;

    private DMatrixRMaj[][] doubles = {};
    private FMatrixRMaj[][] floats = {};

    /** Draws the operands. */
    @Setup
    public void draw() {
        EjmlConcurrency.setMaxThreads(Runtime.getRuntime().availableProcessors());
        SplittableRandom random = new SplittableRandom(0);
        String[] sizes = products.split("/", -1);
        doubles = new DMatrixRMaj[sizes.length][];
        floats = new FMatrixRMaj[sizes.length][];
        for (int k = 0; k < sizes.length; k++) {
            String[] dims = sizes[k].split("x", -1);
            int rows = Integer.parseInt(dims[0]);
            int inner = Integer.parseInt(dims[1]);
            int columns = Integer.parseInt(dims[2]);
            doubles[k] = new DMatrixRMaj[] {
                new DMatrixRMaj(rows, inner), new DMatrixRMaj(inner, columns), new DMatrixRMaj(rows, columns)
            };
            floats[k] = new FMatrixRMaj[] {
                new FMatrixRMaj(rows, inner), new FMatrixRMaj(inner, columns), new FMatrixRMaj(rows, columns)
            };
            for (int operand = 0; operand < 2; operand++) {
                for (int e = 0; e < doubles[k][operand].data.length; e++) {
                    doubles[k][operand].data[e] = random.nextGaussian();
                    floats[k][operand].data[e] = (float) doubles[k][operand].data[e];
                }
            }
        }
    }

    /** The products in double. */
    @Benchmark
    public DMatrixRMaj[][] float64() {
        for (DMatrixRMaj[] m : doubles) {
            if (threads) {
                CommonOps_MT_DDRM.mult(m[0], m[1], m[2]);
            } else {
                CommonOps_DDRM.mult(m[0], m[1], m[2]);
            }
        }
        return doubles;
    }

    /** The products in float. */
    @Benchmark
    public FMatrixRMaj[][] float32() {
        for (FMatrixRMaj[] m : floats) {
            if (threads) {
                CommonOps_MT_FDRM.mult(m[0], m[1], m[2]);
            } else {
                CommonOps_FDRM.mult(m[0], m[1], m[2]);
            }
        }
        return floats;
    }
}
