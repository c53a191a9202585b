package io.adjoint.autograd;

import io.adjoint.core.NdArray;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the gradients of leaves for tests. */
final class Leaves {
    private Leaves() {}

    /** The gradient of a leaf; zeros if it has none. */
    static NdArray gradient(Tensor leaf) {
        Tensor gradient = leaf.grad();
        return gradient == null ? NdArray.zeros(leaf.dtype(), leaf.shape()) : gradient.data();
    }

    static double[] numbers(@Nullable Tensor tensor) {
        return Objects.requireNonNull(tensor).data().toDoubleArray();
    }
}
