package io.adjoint.testkit;

import java.util.Random;

/**
 * The range of the sizes of all axes, and of how many axes {@code ...} stands for.
 *
 * @param sidesGrow whether a few cases may have larger sizes
 * @param ranksGrow whether a few cases may have one more axis
 */
record Limits(int minSide, int maxSide, int minRank, int maxRank, boolean sidesGrow, boolean ranksGrow) {
    static final Limits DEFAULT = new Limits(1, 3, 0, 3, true, true);

    /** A case with more elements than this is large: loops may treat it in another way. */
    private static final int LARGE = 64;

    Limits {
        if (minSide < 0 || maxSide < Math.max(minSide, 1) || minRank < 0 || maxRank < minRank) {
            throw new IllegalArgumentException("shapes: impossible limits: sides from " + minSide + " to " + maxSide
                    + ", axes from " + minRank + " to " + maxRank);
        }
    }

    Limits sides(int min, int max) {
        return new Limits(min, max, minRank, maxRank, false, ranksGrow);
    }

    Limits ranks(int min, int max) {
        return new Limits(minSide, maxSide, min, max, sidesGrow, false);
    }

    /** The simplest side: 1, if it is allowed. */
    int simplest() {
        return Math.max(minSide, 1);
    }

    /**
     * The limits of a large case: sizes of which so many axes hold more than 64 elements, and four axes more often than others.
     *
     * @param hasLoops whether the signature has {@code ...}
     * @param named how many axes an input has beside it
     */
    Limits large(boolean hasLoops, int named, Random random) {
        int most = ranksGrow ? maxRank + 1 : maxRank;
        int least = named == 0 ? Math.min(Math.max(1, minRank), most) : minRank;
        int rank = !hasLoops ? minRank : Math.min(most, least + random.nextInt(most - least + 2));
        int side = (int) Math.ceil(Math.pow(LARGE + 1, 1.0 / Math.max(1, rank + named)));
        Limits large = ranks(rank, rank);
        return sidesGrow ? large.sides(side, side + 1) : large;
    }
}
