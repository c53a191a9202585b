package io.adjoint.autograd;

import io.adjoint.core.ArrayElements;
import io.adjoint.core.Fusion;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Reuse;

/**
 * The sum of the gradients that a node has received in a backward pass. At first the sum is the first gradient itself, whose array other
 * objects may refer to. The addition of a second gradient gives the sum an array that only the pass refers to.
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

    /** The sum's array, for a caller that changes it in place; first copied if other objects may refer to it. */
    NdArray own() {
        if (!owned) {
            replace(Tensor.of(ArrayElements.copy(total.data())));
        }
        return total.data();
    }

    private void replace(Tensor by) {
        become(by);
        owned = true;
    }

    /** Replaces the total by a sum that a backward rule has computed: the total plus a further gradient. */
    void become(Tensor sum) {
        reuse.hold(sum.data());
        reuse.release(total.data());
        total = sum;
        owned = false;
    }

    /** Ends the sum, to which no further gradient will be added, and returns the total. */
    Tensor take() {
        reuse.release(total.data());
        return total;
    }
}
