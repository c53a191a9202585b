package io.adjoint.nn;

import io.adjoint.core.parallel.Parallel;

/**
 * The division of a dense array into groups, over each of which a normalization takes mean and variance. A group consists of one or more
 * segments of neighbouring elements. Weights belong either to segments (batch norm, group norm) or, if a group has a single segment, to its
 * elements (layer norm).
 */
record NormalizedGroups(
        int groups,
        int segments,
        int length,
        int groupStride,
        int segmentStride,
        boolean ofElements,
        int period,
        int groupWeights,
        int segmentWeights) {
    /** Each row of a matrix {@code [rows, length]} is a group; each column has a weight. */
    static NormalizedGroups rows(int rows, int length) {
        return new NormalizedGroups(rows, 1, length, length, 0, true, 1, 0, 0);
    }

    /** Each channel of {@code [batch, channels, length]} is a group, with one weight. */
    static NormalizedGroups channels(int batch, int channels, int length) {
        return new NormalizedGroups(channels, batch, length, length, channels * length, false, channels, 1, 0);
    }

    /**
     * Channels of {@code [batch, groups, channels, length]} that have the same indices on the first two axes are a group (group norm); each
     * of the groups·channels channels has a weight.
     */
    static NormalizedGroups groups(int batch, int groups, int channels, int length) {
        return new NormalizedGroups(
                batch * groups, channels, length, channels * length, length, false, groups, channels, 1);
    }

    /** The number of elements in a group. */
    int size() {
        return segments * length;
    }

    /** The index, in the array, of the first element of a group's segment. */
    int start(int group, int segment) {
        return group * groupStride + segment * segmentStride;
    }

    /** The index of the weight of a group's segment, if weights belong to segments. */
    int weight(int group, int segment) {
        return group % period * groupWeights + segment * segmentWeights;
    }

    /** The number of weights. */
    int weights() {
        return ofElements ? length : period * Math.max(groupWeights, 1);
    }

    /** The number of groups that one thread handles at a time. */
    int block() {
        return Parallel.blockOf(size());
    }
}
