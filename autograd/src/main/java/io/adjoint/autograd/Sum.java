package io.adjoint.autograd;

import io.adjoint.core.Fusion;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Reuse;

/** The gradient on its way to a node: borrowed from whoever sent the first part, the pass's own to add to from the second on. */
final class Sum {
    private final Reuse reuse;
    private Tensor total;
    private boolean owned;

    /**
     * A sum that begins with a part.
     *
     * @param owned whether the part is an array that nobody else has
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

    /** An array to add to. */
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

    /** Replaces the total by a sum that somebody else has made of it. */
    void become(Tensor sum) {
        reuse.hold(sum.data());
        reuse.release(total.data());
        total = sum;
        owned = false;
    }

    /** The total, which is no sum any more. */
    Tensor take() {
        reuse.release(total.data());
        return total;
    }
}
