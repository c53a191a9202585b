package io.adjoint.autograd;

import org.jspecify.annotations.Nullable;

/** The accumulated gradient of a leaf; several threads may add to it, and each contribution counts exactly once. */
final class GradientSlot {
    private @Nullable Tensor gradient;

    synchronized @Nullable Tensor get() {
        return gradient;
    }

    synchronized void set(@Nullable Tensor replacement) {
        gradient = replacement;
    }

    /** Adds out of place: the arrays that meet here may be shared with other leaves or held by the user. */
    synchronized void add(Tensor contribution) {
        gradient = gradient == null ? contribution : gradient.add(contribution);
    }
}
