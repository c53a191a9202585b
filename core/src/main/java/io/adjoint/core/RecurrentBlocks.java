package io.adjoint.core;

/**
 * The positions of the states of a scan: h {@code [T + 1, N, P]}, then c {@code [T + 1, N, H]}, block after block. The state between
 * steps t − 1 and t is block t, whichever direction is taken. And the parts of a scan.
 */
record RecurrentBlocks(boolean isReverse, int steps, int samples, int output, int hidden) {
    /** The elements of the largest weight that stays in a core's cache from step to step. */
    private static final int CACHED = 1 << 18;

    /** A part has a multiple of this number of samples, so that its products fill tiles. */
    private static final int TILE = 8;

    /** The same for larger weights, which each part reads from memory once a step. */
    private static final int MANY = 64;

    /** The number of elements of h, and of c if there is one. */
    long elements(boolean hasCell) {
        return (steps + 1L) * samples * (output + (hasCell ? hidden : 0));
    }

    /** The k-th step in the direction that is taken. */
    int step(int k) {
        return isReverse ? steps - 1 - k : k;
    }

    /** The block of the state before a step, in the direction that is taken. */
    int before(int step) {
        return isReverse ? step + 1 : step;
    }

    int after(int step) {
        return isReverse ? step : step + 1;
    }

    /** The first element of h before a step. */
    int hBefore(int step) {
        return h(before(step));
    }

    int hAfter(int step) {
        return h(after(step));
    }

    int cBefore(int step) {
        return c(before(step));
    }

    int cAfter(int step) {
        return c(after(step));
    }

    /** The first element of h in a block. */
    int h(int block) {
        return block * samples * output;
    }

    /** The first element of c. */
    int c(int block) {
        return (steps + 1) * samples * output + block * samples * hidden;
    }

    /** The number of samples that a thread takes through all steps; rows are those of the weight. */
    int samplesOfPart(int rows) {
        long weight = Math.max(1, (long) rows * output);
        long part = Math.max((samples - 1) / Parallel.threads() + 1, ProductLoops.BLOCK / weight / Math.max(1, steps));
        int multiple = weight > CACHED ? MANY : TILE;
        return (int) Math.min(samples, (part + multiple - 1) / multiple * multiple);
    }
}
