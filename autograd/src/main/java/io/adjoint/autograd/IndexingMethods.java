package io.adjoint.autograd;

import io.adjoint.core.DTypeException;
import io.adjoint.core.IndexParser;
import io.adjoint.core.ShapeException;

/**
 * Elements picked or put by index, and sorted. An index is INT32 ({@link DTypeException} if not) and counts from 0, but in {@link
 * #get(Index...)} also from the end; one that is out of range is a {@link ShapeException} that names it, the axis and its size.
 * Where an index repeats, gradients add up.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface IndexingMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    // ---- the index language ----

    /**
     * The elements at indices, one index per axis, as {@code x[...]} in NumPy: {@code x.get(all(), at(3), range(0, 8, 2),
     * newAxis())} with the factories of {@link Index}. Axes that are not mentioned stay whole. Numbers, ranges and new axes give a
     * view; lists, tensors and masks copy. Several of these are broadcast together, and their axes replace the indexed ones, or
     * come first if others lie between them. A single number only removes its axis, as in PyTorch.
     *
     * @throws ShapeException if there are too many indices, one is out of range, or lists do not broadcast
     * @throws IllegalArgumentException if there is more than one ellipsis
     */
    default Tensor get(Index... indices) {
        return IndexingRules.get(self(), Index.axes(indices));
    }

    /**
     * As {@link #get(Index...)}, in NumPy's notation without the outer brackets: {@code x.get("..., -1, 0:8:2, [3, 0, 1], None")}.
     *
     * @throws IllegalArgumentException if the text is no index, with the position in it
     */
    default Tensor get(String indices) {
        return IndexingRules.get(self(), IndexParser.parse(indices));
    }

    /**
     * This tensor with the values, broadcast, where the indices point: NumPy's {@code x[...] = values}, but as a new tensor. If several
     * values are written to one element, the last in row-major order stays, and only this one gets a gradient.
     *
     * @throws ShapeException if the values do not broadcast to what the indices pick
     */
    default Tensor indexPut(Tensor values, Index... indices) {
        return IndexingRules.indexPut(self(), values, Index.axes(indices));
    }

    // ---- one axis ----

    /** {@code out[i][j] = this[index[i][j]][j]} for axis 0 and likewise for others; the INT32 index has this tensor's rank. */
    default Tensor gather(int axis, Tensor index) {
        return IndexingRules.gather(self(), axis, index);
    }

    /**
     * This tensor with {@code source[i][j]} at {@code [index[i][j]][j]} for axis 0 and likewise for others: the opposite of
     * {@link #gather}. If several values are written to one element, the last in row-major order stays, and only this one gets a gradient.
     * A source longer than the index is cut.
     */
    default Tensor scatter(int axis, Tensor index, Tensor source) {
        return IndexingRules.scatter(self(), axis, index, source);
    }

    /** As {@link #scatter}, but adds to the elements that are there. */
    default Tensor scatterAdd(int axis, Tensor index, Tensor source) {
        return IndexingRules.scatterAdd(self(), axis, index, source);
    }

    /** The entries of one axis that a one-dimensional INT32 index names, in its order. */
    default Tensor indexSelect(int axis, Tensor index) {
        return IndexingRules.indexSelect(self(), axis, index);
    }

    /** The entries of one axis that the numbers name, in their order. */
    default Tensor indexSelect(int axis, int... index) {
        return indexSelect(axis, Tensor.of(index));
    }

    /** This tensor with the source's entry k along one axis added to the entry {@code index[k]}; the index has one axis. */
    default Tensor indexAdd(int axis, Tensor index, Tensor source) {
        return IndexingRules.indexAdd(self(), axis, index, source);
    }

    // ---- all elements, rows ----

    /** The elements where the BOOL mask is true, in row-major order along one axis; this tensor and the mask broadcast. */
    default Tensor maskedSelect(Tensor mask) {
        return IndexingRules.maskedSelect(self(), mask);
    }

    /** The elements at INT32 positions in row-major order, in the shape of the index. */
    default Tensor take(Tensor index) {
        return IndexingRules.take(self(), index);
    }

    /** The rows of this table at INT32 indices of any shape; the result's shape is the indices' shape followed by a row's shape. */
    default Tensor embedding(Tensor indices) {
        return IndexingRules.embedding(self(), indices);
    }

    /** As {@link #embedding(Tensor)}; the row of the padding index gets no gradient. */
    default Tensor embedding(Tensor indices, int padding) {
        return IndexingRules.embedding(self(), indices, padding);
    }

    /** The indices of the elements that are not 0: INT32, a row for each of them, in row-major order, a column for each axis. */
    default Tensor nonZero() {
        return IndexingRules.nonZero(self());
    }

    /** For INT32 classes a new last axis, with 1 at the class and 0 elsewhere; INT32. */
    default Tensor oneHot(int classes) {
        return Tensor.of(self().data().oneHot(classes));
    }

    /** The number of times that each of the classes 0, 1, … occurs among INT32 elements of any shape; INT32. */
    default Tensor binCount(int classes) {
        return IndexingRules.binCount(self(), classes);
    }

    // ---- order: NaN counts as largest, equal elements stay in their order ----

    /** The elements along an axis in ascending order, and where they were. */
    default IndexedValues sort(int axis) {
        return sort(axis, false);
    }

    /** The elements along an axis in ascending or descending order, and where they were. */
    default IndexedValues sort(int axis, boolean descending) {
        return SortingRules.sort(self(), axis, descending);
    }

    /** The INT32 indices that sort an axis in ascending order. */
    default Tensor argSort(int axis) {
        return argSort(axis, false);
    }

    /** The INT32 indices that sort an axis in ascending or descending order. */
    default Tensor argSort(int axis, boolean descending) {
        return Tensor.of(self().data().argSort(axis, descending));
    }

    /** The k largest elements along the last axis, the largest first, and their indices. */
    default IndexedValues topK(int k) {
        return topK(k, -1);
    }

    /** The k largest elements along an axis, the largest first, and their indices. */
    default IndexedValues topK(int k, int axis) {
        return topK(k, axis, true);
    }

    /** The k largest elements along an axis, the largest first, or the k smallest, the smallest first, and their indices. */
    default IndexedValues topK(int k, int axis, boolean largest) {
        return SortingRules.topK(self(), k, axis, largest);
    }

    /** For each value the INT32 number of elements of this ascending vector that are less: where to insert it. */
    default Tensor searchSorted(Tensor values) {
        return searchSorted(values, false);
    }

    /**
     * For each value the INT32 number of elements of this ascending vector that are less, or, if {@code right}, not greater.
     *
     * @throws IllegalArgumentException if the elements do not ascend
     */
    default Tensor searchSorted(Tensor values, boolean right) {
        return Tensor.of(self().data().searchSorted(values.data(), right));
    }

    /** The different elements in ascending order, the index of each element among them, and their counts. */
    default Unique unique() {
        return SortingRules.unique(self());
    }
}
