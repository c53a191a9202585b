package io.adjoint.autograd;

import io.adjoint.core.InPlace;
import io.adjoint.core.Lease;
import io.adjoint.core.Reuse;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradients that a backward pass adds, at its end, to the stored gradients of leaves and retained tensors: to all of these gradients or
 * to none. All sums are computed before the first sum is assigned, and an assignment allocates no memory. From the first sum to the last
 * assignment the pass holds the locks of all these tensors. Every pass takes its locks in the order of its walk, from the youngest node to
 * the oldest, so concurrent passes neither lose a gradient nor deadlock.
 */
final class Accumulations {
    private static final class Accumulation {
        final Arrivals to;
        /** The gradient that the pass has computed; after {@link #add}, the sum of this gradient and the stored gradient of the tensor. */
        Tensor sum;
        /** True if no other object refers to the array of the sum. */
        boolean owned;

        Accumulation(Arrivals to, Tensor gradient) {
            this.to = to;
            this.sum = gradient;
        }

        /** Adds the stored gradient to the pass's gradient: in place, in the pass's array, if no other object refers to that array. */
        private void add(boolean isOwn) {
            Tensor kept = to.gradient();
            boolean isSeen = sum.requiresGrad() || Recorder.current().tracing();
            owned = isOwn;
            if (kept == null) {
                return;
            }
            if (isOwn && !isSeen && sum.data().isContiguous()) {
                InPlace.accumulate(sum.data(), kept.data());
            } else {
                sum = kept.add(sum);
                // Other objects may refer to the sum: a tape keeps the values of operations, and a graph keeps values
                // that backward rules read.
                owned = !isSeen && !sum.requiresGrad();
            }
        }
    }

    private final List<Accumulation> all = new ArrayList<>();

    void add(Arrivals to, Tensor gradient) {
        if (to.keeps()) {
            all.add(new Accumulation(to, gradient));
        }
    }

    /** Adds the gradients of the pass to all stored gradients, then runs the hooks that users registered to run after the accumulation. */
    void make(Reuse reuse) {
        int locked = 0;
        try {
            for (; locked < all.size(); locked++) {
                all.get(locked).to.lock();
            }
            for (Accumulation each : all) {
                each.add(reuse.handOver(each.sum.data()));
                // The sum outlives the Lease, a step of the program, in which it was computed. If another thread has
                // ended that lease meanwhile, keep throws, so keep is called before the assignments, which must not
                // fail.
                Lease.keep(each.sum.data());
            }
            for (int k = 0; k < all.size(); k++) {
                all.get(k).to.replace(all.get(k).sum, all.get(k).owned);
            }
        } finally {
            while (locked > 0) {
                all.get(--locked).to.unlock();
            }
        }
        all.forEach(each -> each.to.afterAccumulation());
    }
}
