package io.adjoint.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Branches of the Vector API that are taken rarely, taken before the loops are compiled. C2 leaves out branches that the profile has never
 * seen taken; one that is taken after all is a trap: the compiled code is dropped, and the method counts it. From 100 traps on, summed over
 * the calls that a loop inlines ({@code PerMethodTrapLimit}), C2 leaves no branch out, is no longer sure of the classes of the vectors
 * behind them, and makes an object of each: the loop takes ten times as long, for as long as the process runs. Two kinds of calls of
 * arithmetic take a branch that others do not: the first of each operation, which fills a cache, and divisions, which are a special case
 * among the binary operations.
 */
final class RareBranches {
    /** A profile begins after 400 calls of a method at the latest, and the binary operations of each type share one. */
    private static final int ROUNDS = 150;

    private RareBranches() {}

    /**
     * Calls the arithmetic and the shifts of all types of elements and the two reductions in use; takes some 70 ms, most of them to load
     * classes.
     */
    static void take() {
        var d = DoubleVector.broadcast(VectorSpecies.of(double.class, Vectors.SHAPE), 1);
        var f = FloatVector.broadcast(VectorSpecies.of(float.class, Vectors.SHAPE), 1);
        var l = LongVector.broadcast(VectorSpecies.of(long.class, Vectors.SHAPE), 1);
        var i = IntVector.broadcast(VectorSpecies.of(int.class, Vectors.SHAPE), 1);
        d.add(d).sub(d).mul(d).max(d).min(d).fma(d, d).abs().neg();
        f.add(f).sub(f).mul(f).max(f).min(f).abs().neg();
        l.add(l).sub(l).and(l).or(l).lanewise(VectorOperators.LSHL, 1).lanewise(VectorOperators.LSHR, 1);
        i.add(i).sub(i).and(i).or(i).min(i).max(i);
        i.lanewise(VectorOperators.LSHL, 1).lanewise(VectorOperators.LSHR, 1).lanewise(VectorOperators.ASHR, 1);
        i.reduceLanes(VectorOperators.MAX);
        l.reduceLanes(VectorOperators.OR);
        for (int round = 0; round < ROUNDS; round++) {
            d = d.mul(d).add(d).mul(d).div(d);
            f = f.mul(f).add(f).mul(f).div(f);
        }
    }
}
