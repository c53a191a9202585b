package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import java.util.Objects;

/** Reads tensors in tests. */
public final class TestTensors {
    private TestTensors() {}

    /** The gradient of a leaf that has one. */
    public static NdArray gradient(Tensor leaf) {
        return Objects.requireNonNull(leaf.grad()).data();
    }

    /** The largest absolute difference of corresponding elements of tensors of one shape. */
    public static double distance(Tensor a, Tensor b) {
        assertThat(a.shape()).isEqualTo(b.shape());
        return a.sub(b).abs().max().item();
    }
}
