package io.adjoint.testkit;

import java.util.Optional;
import java.util.Random;

/**
 * The ranges of the sizes of axes, and of the number of axes for which {@code ...} stands, in shapes drawn for a {@link Signature}.
 *
 * @param dimsGrow whether a few cases may have sizes larger than {@code maxDim}
 * @param ranksGrow whether a few cases may have one axis more than {@code maxRank}
 */
record Limits(int minDim, int maxDim, int minRank, int maxRank, boolean dimsGrow, boolean ranksGrow) {
    static final Limits DEFAULT = new Limits(1, 3, 0, 3, true, true);

    /**
     * The number of elements above which a case counts as large, since an operation may have different loops for many and for few elements.
     */
    static final int LARGE = 64;
    /** The number of elements above which a pass takes long enough for another thread to compute at the same time. */
    static final int LONG = 1 << 10;
    /** One more than 8,192, the largest number of elements that loops of core and optimizers process in one thread. */
    static final int MORE_THAN_A_BLOCK = (1 << 13) + 1;

    Limits {
        if (minDim < 0 || maxDim < Math.max(minDim, 1) || minRank < 0 || maxRank < minRank) {
            throw new IllegalArgumentException("shapes: impossible limits: sizes from " + minDim + " to " + maxDim
                    + ", axes from " + minRank + " to " + maxRank);
        }
    }

    Limits dims(int min, int max) {
        return new Limits(min, max, minRank, maxRank, false, ranksGrow);
    }

    Limits ranks(int min, int max) {
        return new Limits(minDim, maxDim, min, max, dimsGrow, false);
    }

    /**
     * The limits of a case with more elements than loops process in one thread; empty if sizes may not grow, or if fewer than {@code axes}
     * axes are allowed.
     *
     * @param axes the smallest number of axes: 1 if the result is known to have the shape of the inputs, otherwise 2, since an operation
     *     may need memory for the square of an axis's size
     */
    Optional<Limits> huge(int axes) {
        int rank = Math.max(minRank, axes);
        int size = (int) Math.ceil(StrictMath.pow(MORE_THAN_A_BLOCK, 1.0 / rank));
        return dimsGrow && rank <= maxRank ? Optional.of(ranks(rank, rank).dims(size, size + 1)) : Optional.empty();
    }

    /** The size to which axes shrink: 1 if the size 1 is allowed, otherwise the smallest allowed size. */
    int simplest() {
        return Math.max(minDim, 1);
    }

    /**
     * The limits of a large case: sizes whose product is larger than {@code elements}, and the largest allowed number of axes more often
     * than smaller numbers.
     *
     * @param hasLoops whether the signature has {@code ...}
     * @param named the largest number of axes that an input has besides {@code ...}
     */
    Limits large(int elements, boolean hasLoops, int named, Random random) {
        int most = ranksGrow ? maxRank + 1 : maxRank;
        int smallest = named == 0 ? Math.min(Math.max(1, minRank), most) : minRank;
        int rank = !hasLoops ? minRank : Math.min(most, smallest + random.nextInt(most - smallest + 2));
        int size = (int) Math.ceil(StrictMath.pow(elements + 1, 1.0 / Math.max(1, rank + named)));
        Limits large = ranks(rank, rank);
        return dimsGrow ? large.dims(size, size + 1) : large;
    }
}
