package io.adjoint.simd;

import io.adjoint.core.loops.ReductionLoops;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of doubles that are loaded from elements of either floating type, since sums and some functions of both types are computed in
 * double. The methods here are so small that the JIT always inlines them. Only these methods differ between the two types, so the loops
 * that call them have one source for both types.
 */
final class Wide {
    private static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, Vectors.SHAPE);

    /** A vector of as many floats as a vector of {@link #DOUBLES} has doubles. */
    private static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Vectors.SHAPE.vectorBitSize() / 2));

    private static final Class<? extends FloatVector> FLOATS_TYPE =
            FloatVector.zero(FLOATS).getClass();

    /** The number of doubles in a vector. */
    static final int LANES = DOUBLES.length();

    /**
     * The distance between the two vectors of running sums that a loop computes at a time: with a single vector, each addition would wait
     * for the addition before. The distance is 0 if one vector holds all running sums; the loop then computes this vector twice, in two
     * chains of additions that do not wait for each other.
     */
    static final int APART = LANES < ReductionLoops.LANES ? LANES : 0;

    /** The number of running sums that one pass over a block computes. */
    static final int AT_ONCE = LANES + APART;

    private Wide() {}

    static DoubleVector all(double value) {
        return DoubleVector.broadcast(DOUBLES, value);
    }

    static DoubleVector load(double[] x, int i) {
        return DoubleVector.fromArray(DOUBLES, x, i);
    }

    static DoubleVector load(float[] x, int i) {
        return widened(FloatVector.fromArray(FLOATS, x, i));
    }

    static void store(DoubleVector v, double[] y, int j) {
        v.intoArray(y, j);
    }

    /** Rounds the elements of v to floats, and stores these; for the cast see {@link DoubleArithmetic}. */
    static void store(DoubleVector v, float[] y, int j) {
        FLOATS_TYPE.cast(v.convertShape(VectorOperators.D2F, FLOATS, 0)).intoArray(y, j);
    }

    /**
     * Loads elements as a vector of their own type, for operations before the elements are widened. The vector has as many elements as a
     * vector of {@link #load}.
     */
    static DoubleVector narrow(double[] x, int i) {
        return load(x, i);
    }

    static FloatVector narrow(float[] x, int i) {
        return FloatVector.fromArray(FLOATS, x, i);
    }

    static DoubleVector widened(DoubleVector x) {
        return x;
    }

    static DoubleVector widened(FloatVector x) {
        return (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
    }
}
