package io.adjoint.autograd;

import io.adjoint.core.InPlace;
import io.adjoint.core.Reuse;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradients that a backward pass adds to the gradients of leaves and of retained tensors when it has come to its end: to all of them or
 * to none. Each sum is computed before the first is assigned, and assigning allocates nothing. Meanwhile the pass holds the locks of all,
 * which every pass takes in one order, that of its walk, so passes of several threads neither lose a gradient nor wait for each other in
 * a circle.
 */
final class Accumulations {
    private static final class Accumulation {
        final Arrivals to;
        /** The pass's gradient; then its sum with the one that is kept. */
        Tensor sum;
        /** True if nobody else has the array of the sum. */
        boolean owned;

        Accumulation(Arrivals to, Tensor gradient) {
            this.to = to;
            this.sum = gradient;
        }

        /** Adds the gradient that is kept, into the pass's own array if it has one. */
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
                // A tape keeps the values of operations, and a graph those that its rules read.
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

    /** Makes all of them, then runs the hooks that wait for that. */
    void make(Reuse reuse) {
        int locked = 0;
        try {
            for (; locked < all.size(); locked++) {
                all.get(locked).to.lock();
            }
            for (Accumulation each : all) {
                each.add(reuse.handOver(each.sum.data()));
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
