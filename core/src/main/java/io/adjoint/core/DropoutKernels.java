package io.adjoint.core;

/**
 * Dropout of random elements. The mask is a function of a seed and of each element's row-major index, so it need not be kept for the
 * backward pass, and it is the same for both floating types and any number of threads.
 *
 * @hidden
 */
@Internal
public final class DropoutKernels {
    /** The increment of SplitMix64. */
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private DropoutKernels() {}

    /**
     * Multiplies each element by 0 with probability p, which is rounded to a multiple of 2⁻³², and otherwise by the scale.
     *
     * @param x FLOAT64 or FLOAT32
     * @param p from 0 to 1
     */
    public static NdArray dropout(NdArray x, double p, double scale, long seed) {
        NdArray dense = x.contiguous();
        Object y = Reuse.empty(x.dtype, x.size());
        long threshold = threshold(p);
        DropoutLoops<Object> loops = x.dtype.loops("dropout").dropout();
        Parallel.ranges(
                x.size(),
                (start, end) -> loops.apply(
                        dense.storage, dense.offset + start, start, end - start, seed, threshold, scale, y, start));
        return NdArray.adopt(x.dtype, x.shape, y);
    }

    /** The limit below which the 32 random bits of an element mean that the element is dropped. */
    static long threshold(double p) {
        return Math.round(p * 0x1p32);
    }

    /**
     * The random bits of the elements 2k (upper half) and 2k + 1 (lower half): SplitMix64's output for the state {@code seed + k·GAMMA}.
     */
    static long bits(long seed, long k) {
        long z = seed + k * GAMMA;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
