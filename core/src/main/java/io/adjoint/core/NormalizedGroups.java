package io.adjoint.core;

/**
 * The division of a dense array into the groups that a normalization takes mean and variance over: each of several segments of
 * neighbouring elements. Either each segment has a weight, or each element of a group, which then has one segment, as in layer norm.
 *
 * @hidden
 */
@Internal
public final class NormalizedGroups {
    final int groups;
    final int segments;
    final int length;
    final boolean ofElements;
    private final int segmentStride;
    private final int groupStride;
    private final int period;
    private final int groupWeights;
    private final int segmentWeights;

    private NormalizedGroups(
            int groups,
            int segments,
            int length,
            int groupStride,
            int segmentStride,
            boolean ofElements,
            int period,
            int groupWeights,
            int segmentWeights) {
        this.groups = groups;
        this.segments = segments;
        this.length = length;
        this.groupStride = groupStride;
        this.segmentStride = segmentStride;
        this.ofElements = ofElements;
        this.period = period;
        this.groupWeights = groupWeights;
        this.segmentWeights = segmentWeights;
    }

    /** Each row {@code [length]} of a matrix, with a weight for each column. */
    public static NormalizedGroups rows(int rows, int length) {
        return new NormalizedGroups(rows, 1, length, length, 0, true, 1, 0, 0);
    }

    /** Each channel of {@code [batch, channels, length]}, with a weight for each. */
    public static NormalizedGroups channels(int batch, int channels, int length) {
        return new NormalizedGroups(channels, batch, length, length, channels * length, false, channels, 1, 0);
    }

    /** The neighbouring channels of {@code [batch, groups, channels, length]}, with a weight for each of the groups·channels. */
    public static NormalizedGroups groups(int batch, int groups, int channels, int length) {
        return new NormalizedGroups(
                batch * groups, channels, length, channels * length, length, false, groups, channels, 1);
    }

    /** The number of elements of a group. */
    int size() {
        return segments * length;
    }

    /** The index of the first element of a segment. */
    int start(int group, int segment) {
        return group * groupStride + segment * segmentStride;
    }

    /** The index of a segment's weight. */
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
