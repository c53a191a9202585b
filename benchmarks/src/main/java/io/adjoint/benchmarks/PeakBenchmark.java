package io.adjoint.benchmarks;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The most that a processor can do for a matrix product: vectors that stay in registers, multiplied and added with two roundings, as
 * {@code a * b + c} is, or fused with one. The score is that of one lane, in billions of multiplications and additions a second: times
 * the lanes of the longest vectors (8 doubles or 16 floats, of 512 bits) it is GFLOP/s. {@code -t 2} shows what a second thread adds.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@OperationsPerInvocation(2 * PeakBenchmark.SUMS * PeakBenchmark.STEPS)
public class PeakBenchmark {
    static final int STEPS = 1 << 16;

    /** As many as hide the latency of a multiplication and an addition, one after the other. */
    static final int SUMS = 10;

    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

    /** Less than 1, so that sums stay finite. */
    private double factor = 0.5;

    /** Multiply, round, add and round doubles. */
    @Benchmark
    public double doubles() {
        DoubleVector a = DoubleVector.broadcast(DOUBLES, factor);
        DoubleVector b = DoubleVector.broadcast(DOUBLES, 1);
        DoubleVector s0 = DoubleVector.broadcast(DOUBLES, 0);
        DoubleVector s1 = DoubleVector.broadcast(DOUBLES, 1);
        DoubleVector s2 = DoubleVector.broadcast(DOUBLES, 2);
        DoubleVector s3 = DoubleVector.broadcast(DOUBLES, 3);
        DoubleVector s4 = DoubleVector.broadcast(DOUBLES, 4);
        DoubleVector s5 = DoubleVector.broadcast(DOUBLES, 5);
        DoubleVector s6 = DoubleVector.broadcast(DOUBLES, 6);
        DoubleVector s7 = DoubleVector.broadcast(DOUBLES, 7);
        DoubleVector s8 = DoubleVector.broadcast(DOUBLES, 8);
        DoubleVector s9 = DoubleVector.broadcast(DOUBLES, 9);
        for (int k = 0; k < STEPS; k++) {
            s0 = s0.mul(a).add(b);
            s1 = s1.mul(a).add(b);
            s2 = s2.mul(a).add(b);
            s3 = s3.mul(a).add(b);
            s4 = s4.mul(a).add(b);
            s5 = s5.mul(a).add(b);
            s6 = s6.mul(a).add(b);
            s7 = s7.mul(a).add(b);
            s8 = s8.mul(a).add(b);
            s9 = s9.mul(a).add(b);
        }
        return s0.add(s1)
                .add(s2)
                .add(s3)
                .add(s4)
                .add(s5)
                .add(s6)
                .add(s7)
                .add(s8)
                .add(s9)
                .lane(0);
    }

    /** Fused multiply-add of doubles. */
    @Benchmark
    public double doublesFused() {
        DoubleVector a = DoubleVector.broadcast(DOUBLES, factor);
        DoubleVector b = DoubleVector.broadcast(DOUBLES, 1);
        DoubleVector s0 = DoubleVector.broadcast(DOUBLES, 0);
        DoubleVector s1 = DoubleVector.broadcast(DOUBLES, 1);
        DoubleVector s2 = DoubleVector.broadcast(DOUBLES, 2);
        DoubleVector s3 = DoubleVector.broadcast(DOUBLES, 3);
        DoubleVector s4 = DoubleVector.broadcast(DOUBLES, 4);
        DoubleVector s5 = DoubleVector.broadcast(DOUBLES, 5);
        DoubleVector s6 = DoubleVector.broadcast(DOUBLES, 6);
        DoubleVector s7 = DoubleVector.broadcast(DOUBLES, 7);
        DoubleVector s8 = DoubleVector.broadcast(DOUBLES, 8);
        DoubleVector s9 = DoubleVector.broadcast(DOUBLES, 9);
        for (int k = 0; k < STEPS; k++) {
            s0 = s0.lanewise(VectorOperators.FMA, a, b);
            s1 = s1.lanewise(VectorOperators.FMA, a, b);
            s2 = s2.lanewise(VectorOperators.FMA, a, b);
            s3 = s3.lanewise(VectorOperators.FMA, a, b);
            s4 = s4.lanewise(VectorOperators.FMA, a, b);
            s5 = s5.lanewise(VectorOperators.FMA, a, b);
            s6 = s6.lanewise(VectorOperators.FMA, a, b);
            s7 = s7.lanewise(VectorOperators.FMA, a, b);
            s8 = s8.lanewise(VectorOperators.FMA, a, b);
            s9 = s9.lanewise(VectorOperators.FMA, a, b);
        }
        return s0.add(s1)
                .add(s2)
                .add(s3)
                .add(s4)
                .add(s5)
                .add(s6)
                .add(s7)
                .add(s8)
                .add(s9)
                .lane(0);
    }

    /** Multiply, round, add and round floats. */
    @Benchmark
    public float floats() {
        FloatVector a = FloatVector.broadcast(FLOATS, (float) factor);
        FloatVector b = FloatVector.broadcast(FLOATS, 1);
        FloatVector s0 = FloatVector.broadcast(FLOATS, 0);
        FloatVector s1 = FloatVector.broadcast(FLOATS, 1);
        FloatVector s2 = FloatVector.broadcast(FLOATS, 2);
        FloatVector s3 = FloatVector.broadcast(FLOATS, 3);
        FloatVector s4 = FloatVector.broadcast(FLOATS, 4);
        FloatVector s5 = FloatVector.broadcast(FLOATS, 5);
        FloatVector s6 = FloatVector.broadcast(FLOATS, 6);
        FloatVector s7 = FloatVector.broadcast(FLOATS, 7);
        FloatVector s8 = FloatVector.broadcast(FLOATS, 8);
        FloatVector s9 = FloatVector.broadcast(FLOATS, 9);
        for (int k = 0; k < STEPS; k++) {
            s0 = s0.mul(a).add(b);
            s1 = s1.mul(a).add(b);
            s2 = s2.mul(a).add(b);
            s3 = s3.mul(a).add(b);
            s4 = s4.mul(a).add(b);
            s5 = s5.mul(a).add(b);
            s6 = s6.mul(a).add(b);
            s7 = s7.mul(a).add(b);
            s8 = s8.mul(a).add(b);
            s9 = s9.mul(a).add(b);
        }
        return s0.add(s1)
                .add(s2)
                .add(s3)
                .add(s4)
                .add(s5)
                .add(s6)
                .add(s7)
                .add(s8)
                .add(s9)
                .lane(0);
    }

    /** Fused multiply-add of floats. */
    @Benchmark
    public float floatsFused() {
        FloatVector a = FloatVector.broadcast(FLOATS, (float) factor);
        FloatVector b = FloatVector.broadcast(FLOATS, 1);
        FloatVector s0 = FloatVector.broadcast(FLOATS, 0);
        FloatVector s1 = FloatVector.broadcast(FLOATS, 1);
        FloatVector s2 = FloatVector.broadcast(FLOATS, 2);
        FloatVector s3 = FloatVector.broadcast(FLOATS, 3);
        FloatVector s4 = FloatVector.broadcast(FLOATS, 4);
        FloatVector s5 = FloatVector.broadcast(FLOATS, 5);
        FloatVector s6 = FloatVector.broadcast(FLOATS, 6);
        FloatVector s7 = FloatVector.broadcast(FLOATS, 7);
        FloatVector s8 = FloatVector.broadcast(FLOATS, 8);
        FloatVector s9 = FloatVector.broadcast(FLOATS, 9);
        for (int k = 0; k < STEPS; k++) {
            s0 = s0.lanewise(VectorOperators.FMA, a, b);
            s1 = s1.lanewise(VectorOperators.FMA, a, b);
            s2 = s2.lanewise(VectorOperators.FMA, a, b);
            s3 = s3.lanewise(VectorOperators.FMA, a, b);
            s4 = s4.lanewise(VectorOperators.FMA, a, b);
            s5 = s5.lanewise(VectorOperators.FMA, a, b);
            s6 = s6.lanewise(VectorOperators.FMA, a, b);
            s7 = s7.lanewise(VectorOperators.FMA, a, b);
            s8 = s8.lanewise(VectorOperators.FMA, a, b);
            s9 = s9.lanewise(VectorOperators.FMA, a, b);
        }
        return s0.add(s1)
                .add(s2)
                .add(s3)
                .add(s4)
                .add(s5)
                .add(s6)
                .add(s7)
                .add(s8)
                .add(s9)
                .lane(0);
    }
}
