package io.adjoint.autograd;

import io.adjoint.core.GradientPool;
import io.adjoint.core.Lease;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradients that a backward pass adds, at its end, to the stored gradients of leaves and retained tensors: to all of these gradients or
 * to none. All sums are computed before the first sum is assigned, and an assignment allocates no memory. From the first sum to the last
 * assignment the pass holds the locks of all these tensors. Every pass takes its locks in the order of its walk, from the youngest node to
 * the oldest, so concurrent passes neither lose a gradient nor deadlock.
 */
final class Accumulations {
    /** A gradient that the pass has computed, to which {@link #make} adds the gradient that its tensor stores. */
    private record Accumulation(GradientSlot to, PendingGradient sum) {}

    private final List<Accumulation> all = new ArrayList<>();

    void add(GradientSlot to, GradientPool pool, Tensor gradient) {
        all.add(new Accumulation(to, new PendingGradient(pool, gradient)));
    }

    /**
     * Adds the gradients of the pass to all stored gradients, then runs the hooks that users registered to run after the accumulation.
     *
     * @param isTaped whether a tape may refer to the gradients
     */
    void make(boolean isTaped) {
        int locked = 0;
        try {
            for (; locked < all.size(); locked++) {
                all.get(locked).to.lock();
            }
            for (Accumulation each : all) {
                Tensor stored = each.to.gradient();
                if (stored != null && (isTaped || each.sum.total().requiresGrad())) {
                    each.sum.become(stored.add(each.sum.total()));
                } else if (stored != null) {
                    each.sum.add(stored, false);
                }
                // The sum outlives the Lease, a step of the program, in which it was computed. If another thread has
                // ended that lease meanwhile, keep throws, so keep is called before the assignments, which must not
                // fail.
                Lease.keep(each.sum.total().data());
            }
            for (int k = 0; k < all.size(); k++) {
                Accumulation each = all.get(k);
                each.to.replace(each.sum.total(), each.sum.handOver());
            }
        } finally {
            while (locked > 0) {
                all.get(--locked).to.unlock();
            }
        }
        all.forEach(each -> each.to.afterAccumulation());
    }
}
