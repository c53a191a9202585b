package io.adjoint.nn;

import io.adjoint.core.ArrayElements;
import io.adjoint.core.NdArray;
import io.adjoint.core.loops.DropoutLoops;
import io.adjoint.core.parallel.Parallel;

/**
 * Dropout of random elements. The mask is a function of a seed and of each element's row-major index, so it need not be kept for the
 * backward pass, and it is the same for both floating types and any number of threads.
 */
final class DropoutKernels {
    private DropoutKernels() {}

    /**
     * Multiplies each element by 0 with probability p, which is rounded to a multiple of 2⁻³², and otherwise by the scale.
     *
     * @param x FLOAT64 or FLOAT32
     * @param p from 0 to 1
     */
    static NdArray dropout(NdArray x, double p, double scale, long seed) {
        DropoutLoops<Object> loops = ArrayElements.loops(x.dtype(), "dropout").dropout();
        ArrayElements from = ArrayElements.of(x);
        Object y = ArrayElements.empty(x.dtype(), x.size());
        Parallel.ranges(
                x.size(),
                Parallel.blockOf(1),
                (start, end) ->
                        loops.apply(from.array(), from.offset() + start, start, end - start, seed, p, scale, y, start));
        return ArrayElements.adopt(x.dtype(), x.shape(), y);
    }
}
