package io.adjoint.autograd;

import io.adjoint.core.PadMode;
import io.adjoint.core.Shape;
import java.util.List;

/**
 * Other shapes and orders of the same elements, parts and copies of them. INT32 tensors can be moved as others can. A wrong axis,
 * size or number is a {@link io.adjoint.core.ShapeException}.
 *
 * <p>To be used through {@link Tensor}, which inherits these methods; the interface is public so that reflection can call them.
 */
public sealed interface ShapingMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    // ---- other shapes: views, unless the elements don't lie in row-major order ----

    /** The same elements in row-major order under another shape; one size may be −1, and is inferred from the others. */
    default Tensor reshape(int... dims) {
        return ShapingRules.reshape(self(), self().shape().reshaped(dims));
    }

    /** The same elements in row-major order under another shape. */
    default Tensor reshape(Shape target) {
        return ShapingRules.reshape(self(), target);
    }

    /** All elements in row-major order as a vector; a scalar becomes a vector of one. */
    default Tensor flatten() {
        return reshape(Shape.of(self().shape().size()));
    }

    /** The given axis and all after it joined to one; {@code flatten(1)} keeps the axis of a batch. */
    default Tensor flatten(int firstAxis) {
        return flatten(firstAxis, -1);
    }

    /** The axes from the first to the last, both included, joined to one. */
    default Tensor flatten(int firstAxis, int lastAxis) {
        return ShapingRules.flatten(self(), firstAxis, lastAxis);
    }

    /** Splits one axis into several; one size may be −1, and is inferred. The opposite of {@link #flatten(int, int)}. */
    default Tensor unflatten(int axis, int... dims) {
        return ShapingRules.unflatten(self(), axis, dims);
    }

    /** Without the given axes, whose sizes must be 1; without all of size 1 if none is given. */
    default Tensor squeeze(int... axes) {
        return ShapingRules.squeeze(self(), axes);
    }

    /** With a new axis of size 1, which is the given one of the result. */
    default Tensor unsqueeze(int axis) {
        return ShapingRules.unsqueeze(self(), axis);
    }

    // ---- other orders: views, but for roll ----

    /** The last two axes swapped; a tensor of fewer axes as it is. */
    default Tensor transpose() {
        return self().shape().rank() < 2 ? self() : transpose(-2, -1);
    }

    /** Two axes swapped. */
    default Tensor transpose(int axis0, int axis1) {
        return ShapingRules.transpose(self(), axis0, axis1);
    }

    /** Two axes swapped: NumPy's name for {@link #transpose(int, int)}. */
    default Tensor swapAxes(int axis0, int axis1) {
        return ShapingRules.swapAxes(self(), axis0, axis1);
    }

    /** The axes in another order: axis k of the result is axis {@code axes[k]} of this tensor. */
    default Tensor permute(int... axes) {
        return ShapingRules.permute(self(), axes);
    }

    /** One axis at another position, the others in their order. */
    default Tensor moveAxis(int from, int to) {
        return moveAxis(new int[] {from}, new int[] {to});
    }

    /** Axis {@code from[k]} becomes axis {@code to[k]}; the others fill the other positions in their order. */
    default Tensor moveAxis(int[] from, int[] to) {
        return ShapingRules.moveAxis(self(), from, to);
    }

    /** The given axes in reverse; all if none is given. */
    default Tensor flip(int... axes) {
        return ShapingRules.flip(self(), axes);
    }

    /** As {@link #rot90(int, int, int)} in the plane of the first two axes. */
    default Tensor rot90(int k) {
        return rot90(k, 0, 1);
    }

    /** Turned by k times 90°, from the first of two axes towards the second; the other way if k is negative. */
    default Tensor rot90(int k, int axis0, int axis1) {
        return ShapingRules.rot90(self(), k, axis0, axis1);
    }

    /** As {@link #roll(int, int)} for all elements in row-major order, as if they were a vector. */
    default Tensor roll(int shift) {
        return flatten().roll(shift, 0).reshape(self().shape());
    }

    /**
     * The entries of an axis moved by {@code shift} positions, backwards if it is negative; entries that leave at one end come in at the
     * other.
     */
    default Tensor roll(int shift, int axis) {
        return roll(new int[] {shift}, new int[] {axis});
    }

    /** As {@link #roll(int, int)} for several axes; shifts of the same axis add up. */
    default Tensor roll(int[] shifts, int[] axes) {
        return RepeatingRules.roll(self(), shifts, axes);
    }

    // ---- parts: views ----

    /** The elements {@code from} (inclusive) to {@code to} (exclusive) of one axis. */
    default Tensor slice(int axis, int from, int to) {
        return slice(axis, from, to, 1);
    }

    /** Every {@code step}-th element from {@code from} (inclusive) to {@code to} (exclusive) of one axis; backwards if negative. */
    default Tensor slice(int axis, int from, int to, int step) {
        return ShapingRules.slice(self(), axis, from, to, step);
    }

    /** The {@code length} entries of one axis from {@code from} on, which counts from the end if it is negative. */
    default Tensor narrow(int axis, int from, int length) {
        return ShapingRules.narrow(self(), axis, from, length);
    }

    /** One entry of an axis, which is removed; the index counts from the end if it is negative. */
    default Tensor select(int axis, int index) {
        return ShapingRules.select(self(), axis, index);
    }

    /**
     * Parts of equal size along an axis, the last of which is smaller if they don't come out even.
     *
     * @throws IllegalArgumentException if the size is not positive
     */
    default List<Tensor> split(int size, int axis) {
        return JoiningRules.split(self(), size, axis);
    }

    /** Parts of the given sizes along an axis; they must add up to its size. */
    default List<Tensor> split(int[] sizes, int axis) {
        return JoiningRules.split(self(), sizes, axis);
    }

    /**
     * At most {@code count} parts along an axis: of equal size, rounded up, until nothing is left; the last may be smaller.
     *
     * @throws IllegalArgumentException if the number is not positive
     */
    default List<Tensor> chunk(int count, int axis) {
        return JoiningRules.chunk(self(), count, axis);
    }

    /** All entries of an axis, each without it. */
    default List<Tensor> unbind(int axis) {
        return JoiningRules.unbind(self(), axis);
    }

    // ---- copies: broadcastTo and expand are views ----

    /** Repeated along new axes and along axes of size 1. */
    default Tensor broadcastTo(Shape target) {
        return ShapingRules.broadcastTo(self(), target);
    }

    /** As {@link #broadcastTo}; a size of −1 is this tensor's own. */
    default Tensor expand(int... dims) {
        return ShapingRules.expand(self(), dims);
    }

    /**
     * Sums over the axes along which broadcasting {@code target} to this shape would repeat elements: the adjoint of {@link #broadcastTo}.
     */
    default Tensor sumTo(Shape target) {
        return ShapingRules.sumTo(self(), target);
    }

    /**
     * Copies side by side, as many along each axis as its number says. If there are fewer numbers than axes, they belong to the last axes;
     * if there are more, new axes are added in front.
     *
     * @throws IllegalArgumentException if a number is negative
     */
    default Tensor tile(int... copies) {
        return RepeatingRules.tile(self(), copies);
    }

    /** As {@link #tile}, with a number for each axis at least. */
    default Tensor repeat(int... copies) {
        return RepeatingRules.repeat(self(), copies);
    }

    /** Each element {@code count} times, in row-major order, as a vector. */
    default Tensor repeatInterleave(int count) {
        return flatten().repeatInterleave(count, 0);
    }

    /**
     * Each entry of an axis {@code count} times, one after the other.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    default Tensor repeatInterleave(int count, int axis) {
        return RepeatingRules.repeatInterleave(self(), count, axis);
    }

    /**
     * Entry k of an axis {@code counts[k]} times.
     *
     * @throws IllegalArgumentException if a count is negative
     */
    default Tensor repeatInterleave(int[] counts, int axis) {
        return RepeatingRules.repeatInterleave(self(), counts, axis);
    }

    /** As {@link #repeatInterleave(int[], int)}, with the counts in an INT32 vector. */
    default Tensor repeatInterleave(Tensor counts, int axis) {
        return RepeatingRules.repeatInterleave(self(), counts, axis);
    }

    /** As {@link #pad(PadMode, int...)} with zeros. */
    default Tensor pad(int... lastAxesFirst) {
        return pad(PadMode.ZEROS, lastAxesFirst);
    }

    /**
     * Padded at both ends of the last axes: a pair of numbers, before and after, for the last axis, then one for the axis
     * before it, and so on. {@code pad(1, 1, 2, 2)} puts one column on the left and on the right of a matrix, and two rows above and
     * below. A negative number takes entries away.
     */
    default Tensor pad(PadMode mode, int... lastAxesFirst) {
        return PaddingRules.pad(self(), mode, lastAxesFirst);
    }

    /** As {@link #pad(PadMode, int...)} with a value of one's own instead of zeros. */
    default Tensor padConstant(double value, int... lastAxesFirst) {
        return PaddingRules.constant(self(), value, lastAxesFirst);
    }

    // ---- diagonals: the k-th is k to the right of the main one, or −k below it if k is negative ----

    /** The elements on and below the main diagonal of the matrices over the last two axes, the others 0. */
    default Tensor tril() {
        return tril(0);
    }

    /** The elements on and below the k-th diagonal, the others 0. */
    default Tensor tril(int k) {
        return DiagonalRules.tril(self(), k);
    }

    /** The elements on and above the main diagonal of the matrices over the last two axes, the others 0. */
    default Tensor triu() {
        return triu(0);
    }

    /** The elements on and above the k-th diagonal, the others 0. */
    default Tensor triu(int k) {
        return DiagonalRules.triu(self(), k);
    }

    /** The main diagonal of the matrices over the first two axes, which become one, the last; a view. */
    default Tensor diagonal() {
        return diagonal(0);
    }

    /** As {@link #diagonal()} for the k-th diagonal, which is empty if it lies outside of the matrices. */
    default Tensor diagonal(int k) {
        return diagonal(k, 0, 1);
    }

    /** As {@link #diagonal(int)} of the matrices over two other axes, of which the first counts their rows. */
    default Tensor diagonal(int k, int axis0, int axis1) {
        return DiagonalRules.diagonal(self(), k, axis0, axis1);
    }

    /** Square matrices, in the last two axes of the result, with the last axis of this tensor as main diagonal, else 0. */
    default Tensor diagEmbed() {
        return diagEmbed(0);
    }

    /** As {@link #diagEmbed()} for the k-th diagonal, which makes the matrices larger by |k|. */
    default Tensor diagEmbed(int k) {
        return diagEmbed(k, -2, -1);
    }

    /** As {@link #diagEmbed(int)}, in two other axes of the result. The opposite of {@link #diagonal(int, int, int)}. */
    default Tensor diagEmbed(int k, int axis0, int axis1) {
        return DiagonalRules.diagEmbed(self(), k, axis0, axis1);
    }

    /** A vector as main diagonal of a matrix of zeros; of a matrix its main diagonal. */
    default Tensor diag() {
        return diag(0);
    }

    /** As {@link #diag()} for the k-th diagonal. */
    default Tensor diag(int k) {
        return DiagonalRules.diag(self(), k);
    }
}
