package io.adjoint.autograd;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A backward rule of several inputs with a second form, which adds its gradients to the sums of those that have arrived at the inputs
 * so far: a sum costs no pass of its own, and its terms are added in the order in which a step for each operation would have added them.
 */
interface SummingRule extends Function<Tensor, List<@Nullable Tensor>> {
    /**
     * The new sums, none for an input whose gradient nobody wants.
     *
     * @param sums null for an input where nothing has arrived
     */
    List<@Nullable Tensor> addTo(List<@Nullable Tensor> sums, Tensor gradient);
}
