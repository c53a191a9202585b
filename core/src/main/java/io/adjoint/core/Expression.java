package io.adjoint.core;

import org.jspecify.annotations.Nullable;

/**
 * An elementwise operation that stands in for the elements of an array until {@link Fusion} evaluates it. Elementwise kernels make a
 * further expression of it; everything else refuses it, since there is nothing to read.
 */
final class Expression {
    /** Later expressions have greater numbers than their operands. */
    final long created = Clock.tick();
    /** Null for the elements of the only operand as they are. */
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
        }
        return NdArray.adopt(dtype, shape, new Expression(loop, read));
    }

    /** The elements of an array as they are; a change in place to the array is one to the result. */
    static NdArray of(NdArray x) {
        return new NdArray(x.dtype, x.shape, x.shape.strides(), 0, new Expression(null, x), x.owner());
    }

    /** The array itself, or the one whose elements it stands for as they are. */
    static NdArray source(NdArray x) {
        return x.storage instanceof Expression expression && expression.loop == null ? expression.operands[0] : x;
    }
}
