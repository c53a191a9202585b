package io.adjoint.core;

import io.adjoint.core.loops.ElementLoop;
import io.adjoint.core.parallel.Clock;
import org.jspecify.annotations.Nullable;

/**
 * An elementwise operation that has not been computed: a deferred array has an expression in place of elements until {@link Fusion}
 * evaluates it. For a deferred operand, elementwise kernels return a deferred result; all other kernels throw, since a deferred array has
 * no elements to read.
 */
final class Expression {
    /** The number that {@link Clock} gave to this expression, larger than the numbers of the expressions of its operands. */
    final long created = Clock.tick();
    /** The operation's loop; null if this expression just wraps the elements of its only operand. */
    final ElementLoop.@Nullable Maker loop;

    final NdArray[] operands;

    private Expression(ElementLoop.@Nullable Maker loop, NdArray... operands) {
        this.loop = loop;
        this.operands = operands;
    }

    static NdArray of(DType dtype, Shape shape, ElementLoop.Maker loop, NdArray... operands) {
        NdArray[] read = operands.clone();
        for (int o = 0; o < read.length; o++) {
            read[o] = source(read[o]);
            read[o].requireLive();
        }
        return NdArray.adopt(dtype, shape, new Expression(loop, read));
    }

    /** Wraps an array in a deferred array without computing anything; an in-place change of the array also changes the wrapper. */
    static NdArray of(NdArray x) {
        x.requireLive();
        return new NdArray(x.dtype, x.shape, x.shape.strides(), 0, new Expression(null, x), x.owner(), x.lease());
    }

    /** The array that x wraps if {@link #of} made x as a wrapper, else x itself. */
    static NdArray source(NdArray x) {
        return x.storage() instanceof Expression expression && expression.loop == null ? expression.operands[0] : x;
    }
}
