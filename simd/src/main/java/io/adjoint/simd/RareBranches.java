package io.adjoint.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Takes the rare branches of the Vector API before the JIT compiles the vector loops of this module. C2 omits branches that the profile has
 * never seen taken. If such a branch is taken after all, the program runs into a trap: the compiled code is dropped, and the method counts
 * the trap. After 100 traps, summed over the calls that a loop inlines ({@code PerMethodTrapLimit}), C2 compiles all branches. C2 then no
 * longer knows the classes of the vectors behind these branches and allocates an object for each vector: the loop takes ten times as long
 * until the process ends. Two kinds of arithmetic calls take rare branches: the first call of each operation, which fills a cache, and
 * divisions, which are a special case among the binary operations.
 */
final class RareBranches {
    /**
     * The number of rounds of four binary operations each. All binary operations of a type share one method, whose profiling begins after
     * 400 calls at the latest; the 600 calls here are enough for the profile to see the rare branches.
     */
    private static final int ROUNDS = 150;

    private RareBranches() {}

    /**
     * Calls the arithmetic operations and shifts for all element types, and the two reductions that loops use. These calls take about 70
     * ms, most of which is class loading.
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
