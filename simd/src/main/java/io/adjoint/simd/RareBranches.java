package io.adjoint.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Calls each operation on vectors some hundred times, before the loops do, so that HotSpot's profile has all of their branches. C2 leaves a
 * branch out that the profile has never seen taken. When it is taken after all, the compiled code is dropped, and the method keeps the
 * count of such traps; a loop takes it over with each call that it inlines. From 100 on, which is {@code PerMethodTrapLimit}, C2 leaves no
 * branch out any more, is no longer sure of the classes of the vectors behind it, and makes an object of each: the loop takes ten times as
 * long, for as long as the process runs. Two kinds of operations take a branch that others do not: the first ever of its kind, which fills
 * a cache in the Vector API, and divisions, which it tells from others by a special case.
 */
final class RareBranches {
    /** HotSpot begins a method's profile after 400 calls at the latest; these are six times as many of those that operations share. */
    private static final int CALLS = 300;

    private RareBranches() {}

    static void take() {
        var d = DoubleVector.broadcast(VectorSpecies.of(double.class, Vectors.SHAPE), 1);
        var f = FloatVector.broadcast(VectorSpecies.of(float.class, Vectors.SHAPE), 1);
        var l = LongVector.broadcast(VectorSpecies.of(long.class, Vectors.SHAPE), 1);
        var i = IntVector.broadcast(VectorSpecies.of(int.class, Vectors.SHAPE), 1);
        for (int call = 0; call < CALLS; call++) {
            d = d.add(d).sub(d).mul(d).div(d).max(d).min(d).fma(d, d).abs().neg();
            f = f.add(f).sub(f).mul(f).div(f).max(f).min(f).abs().neg();
            l = l.add(l).sub(l).and(l).or(l).lanewise(VectorOperators.LSHL, 1).lanewise(VectorOperators.LSHR, 1);
            i = i.add(i).sub(i).and(i).or(i).min(i).lanewise(VectorOperators.LSHL, 1);
            i = i.lanewise(VectorOperators.LSHR, 1).lanewise(VectorOperators.ASHR, 1);
        }
    }
}
