package io.adjoint.autograd;

import io.adjoint.core.ArrayElements;
import io.adjoint.core.Fusion;
import io.adjoint.core.GradientPool;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;

/**
 * The sum of the gradients that a node has received in a backward pass. At first the sum is the first gradient itself, whose array other
 * objects may refer to. Further gradients are added in place if the sum is the only reference to its array, else they give the sum a new
 * array.
 */
final class PendingGradient {
    private final GradientPool pool;
    private Tensor total;
    /** True if this sum has made its array itself, outside of the graph and of any tape. */
    private boolean isMade;

    PendingGradient(GradientPool pool, Tensor first) {
        this.pool = pool;
        total = first;
        pool.hold(first.data());
    }

    Tensor total() {
        return total;
    }

    /**
     * Adds a gradient.
     *
     * @param asOperation whether a graph or a tape may refer to the sum, so that it must be a new array
     */
    void add(Tensor gradient, boolean asOperation) {
        if (!asOperation && takesAdditions() && !Fusion.isDeferred(gradient.data())) {
            InPlace.accumulate(total.data(), gradient.data());
        } else {
            become(total.add(gradient));
            isMade = !asOperation;
        }
    }

    /** The sum's array, for a caller that changes it in place; first copied if other objects may refer to it. */
    NdArray own() {
        if (!takesAdditions()) {
            become(Tensor.of(ArrayElements.copy(total.data())));
            isMade = true;
        }
        return total.data();
    }

    /** Returns whether gradients may be added in place: only the sum refers to its array, which lies in row-major order. */
    private boolean takesAdditions() {
        return !Fusion.isDeferred(total.data()) && total.data().isContiguous() && isSole();
    }

    /** Returns whether no other object refers to the array of the sum. */
    private boolean isSole() {
        return isMade || pool.isSole(total.data());
    }

    /** Replaces the total by a sum that a backward rule has computed: the total plus a further gradient. */
    void become(Tensor sum) {
        pool.hold(sum.data());
        pool.release(total.data());
        total = sum;
        isMade = false;
    }

    /** Ends the sum, to which no further gradient will be added, and returns the total. */
    Tensor take() {
        pool.release(total.data());
        return total;
    }

    /**
     * Ends the sum, whose array the pass gives up.
     *
     * @return whether no other object refers to this array
     */
    boolean handOver() {
        boolean isSole = isSole();
        pool.forget(total.data());
        return isSole;
    }
}
