package io.adjoint.autograd;

import io.adjoint.core.Shape;

/** Other shapes and orders of the same elements: the rules are in {@link Shaping}. */
sealed interface ShapingMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** The same elements in row-major order under another shape; one side may be −1. */
    default Tensor reshape(int... sides) {
        return Shaping.reshape(self(), self().shape().reshaped(sides));
    }

    /** The same elements in row-major order under another shape. */
    default Tensor reshape(Shape target) {
        return Shaping.reshape(self(), target);
    }

    /** The last two axes swapped; a tensor of fewer axes as it is. */
    default Tensor transpose() {
        return self().shape().rank() < 2 ? self() : transpose(-2, -1);
    }

    /** Two axes swapped. */
    default Tensor transpose(int axis0, int axis1) {
        return Shaping.transpose(self(), axis0, axis1);
    }

    /** The axes in another order: axis k of the result is axis {@code axes[k]} of this tensor. */
    default Tensor permute(int... axes) {
        return Shaping.permute(self(), axes);
    }

    /** The elements {@code from} (inclusive) to {@code to} (exclusive) of one axis. */
    default Tensor slice(int axis, int from, int to) {
        return slice(axis, from, to, 1);
    }

    /** Every {@code step}-th element from {@code from} (inclusive) to {@code to} (exclusive) of one axis; backwards if negative. */
    default Tensor slice(int axis, int from, int to, int step) {
        return Shaping.slice(self(), axis, from, to, step);
    }

    /** The given axes in reverse. */
    default Tensor flip(int... axes) {
        return Shaping.flip(self(), axes);
    }

    /** Without the given axes, whose sides must be 1; without all of side 1 if none is given. */
    default Tensor squeeze(int... axes) {
        return Shaping.squeeze(self(), axes);
    }

    /** With a new axis of side 1 in front of the given one. */
    default Tensor unsqueeze(int axis) {
        return Shaping.unsqueeze(self(), axis);
    }

    /** Repeated along new axes and along axes of side 1. */
    default Tensor broadcastTo(Shape target) {
        return Shaping.broadcastTo(self(), target);
    }

    /** The sum over whatever broadcasting {@code target} to this shape repeated: the opposite of {@link #broadcastTo}. */
    default Tensor sumTo(Shape target) {
        return Shaping.sumTo(self(), target);
    }
}
