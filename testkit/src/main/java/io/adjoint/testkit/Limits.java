package io.adjoint.testkit;

/** How large shapes may be: the sides of all axes, and how many axes {@code ...} stands for. */
record Limits(int minSide, int maxSide, int minRank, int maxRank) {
    static final Limits DEFAULT = new Limits(1, 3, 0, 3);

    Limits {
        if (minSide < 0 || maxSide < Math.max(minSide, 1) || minRank < 0 || maxRank < minRank) {
            throw new IllegalArgumentException("shapes: impossible limits: sides from " + minSide + " to " + maxSide
                    + ", axes from " + minRank + " to " + maxRank);
        }
    }

    Limits sides(int min, int max) {
        return new Limits(min, max, minRank, maxRank);
    }

    Limits ranks(int min, int max) {
        return new Limits(minSide, maxSide, min, max);
    }

    /** The simplest side: 1, if it is allowed. */
    int simplest() {
        return Math.max(minSide, 1);
    }
}
