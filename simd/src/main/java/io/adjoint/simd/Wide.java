package io.adjoint.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of doubles from elements of either floating type: sums of both accumulate in double. Its methods are so small that the JIT
 * always inlines them, and they are all that differs between the two types, so that one source serves both.
 */
final class Wide {
    private static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, Vectors.SHAPE);

    /** As many floats as a vector has doubles. */
    private static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Vectors.SHAPE.vectorBitSize() / 2));

    /** The doubles of a vector. */
    static final int LANES = DOUBLES.length();

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

    /** Elements that are computed with before they are widened: as many as {@link #load} loads. */
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
