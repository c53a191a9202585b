package io.adjoint.autograd;

import io.adjoint.core.Fusion;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Reuse;

/**
 * The sum of the gradients that have arrived at a node. The array of the first gradient belongs to its sender; from the second gradient on,
 * the sum has an array that belongs to the pass.
 */
final class Sum {
    private final Reuse reuse;
    private Tensor total;
    private boolean owned;

    /**
     * A sum that begins with one gradient.
     *
     * @param owned whether no other object refers to the array of this gradient
     */
    Sum(Reuse reuse, Tensor first, boolean owned) {
        this.reuse = reuse;
        this.owned = owned;
        total = first;
        reuse.hold(first.data());
    }

    Tensor total() {
        return total;
    }

    void add(Tensor part, boolean asOperation) {
        if (owned && !asOperation && !Fusion.isDeferred(total.data()) && !Fusion.isDeferred(part.data())) {
            InPlace.accumulate(total.data(), part.data());
        } else {
            replace(total.add(part));
        }
    }

    /** The sum in an array that may be changed in place. */
    NdArray own() {
        if (!owned) {
            replace(Tensor.of(total.data().copy()));
        }
        return total.data();
    }

    private void replace(Tensor by) {
        become(by);
        owned = true;
    }

    /** Replaces the total by a sum that the backward rule has computed from the total. */
    void become(Tensor sum) {
        reuse.hold(sum.data());
        reuse.release(total.data());
        total = sum;
        owned = false;
    }

    /** Ends the sum and returns the total. */
    Tensor take() {
        reuse.release(total.data());
        return total;
    }
}
