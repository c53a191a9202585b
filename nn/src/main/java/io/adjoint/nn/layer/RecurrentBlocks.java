package io.adjoint.nn.layer;

import io.adjoint.core.loops.ProductLoops;
import io.adjoint.core.parallel.Parallel;

/**
 * The layout of the states of a recurrent layer over T steps and N samples: h {@code [T + 1, N, P]}, then c {@code [T + 1, N, H]}. Block t
 * of h, and of c, is the state between steps t − 1 and t, in either direction of time. The record also divides the samples among threads.
 */
record RecurrentBlocks(boolean isReverse, int steps, int samples, int output, int hidden) {
    /** The number of elements of the largest weight that stays in a core's cache from step to step. */
    private static final int CACHED = 1 << 18;

    /** The number of samples that a thread takes at a time is a multiple of this number, so that matrix products consist of whole tiles. */
    private static final int TILE = 8;

    /**
     * This multiple replaces {@link #TILE} if the weight exceeds the cache: a thread then reads the weight from memory in every step, which
     * pays off only for many samples.
     */
    private static final int MANY = 64;

    /** The number of elements of h and, if the layer has a cell state, of c. */
    long elements(boolean hasCell) {
        return (steps + 1L) * samples * (output + (hasCell ? hidden : 0));
    }

    /** The k-th step that is computed, by its index in time; in reverse the last step in time is computed first. */
    int step(int k) {
        return isReverse ? steps - 1 - k : k;
    }

    /** The block that holds a step's input state. In reverse this is the state that follows the step in time. */
    int before(int step) {
        return isReverse ? step + 1 : step;
    }

    int after(int step) {
        return isReverse ? step : step + 1;
    }

    /** The index, in the vector of all states, of the first element of a step's input state h. */
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

    /** The index, in the vector of all states, at which a block of h begins. */
    int h(int block) {
        return block * samples * output;
    }

    /** The index, in the vector of all states, at which a block of c begins. */
    int c(int block) {
        return (steps + 1) * samples * output + block * samples * hidden;
    }

    /** The number of samples that a thread takes through all steps at a time; {@code rows} is the number of rows of the weight of h. */
    int samplesOfPart(int rows) {
        long weight = Math.max(1, (long) rows * output);
        long most = Math.max((samples - 1) / Parallel.threads() + 1, ProductLoops.BLOCK / weight / Math.max(1, steps));
        int multiple = weight > CACHED ? MANY : TILE;
        return (int) Math.min(samples, (most + multiple - 1) / multiple * multiple);
    }
}
