package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.layer.RecurrentCell.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a scan over T steps of N samples.
 *
 * @param input the products of the input and its weight, plus their bias, {@code [T, N, G·H]}
 * @param initial the initial states: h {@code [N, P]} and, for cells that have it, c {@code [N, H]}
 * @param weights the weight of h, {@code [G·H, P]}; the bias of the product with h, {@code [G·H]}, if the products with the input and
 *     with h are separate, else null, since {@code input} includes the only bias; the projection from H to P units, {@code [P, H]}, or null
 */
record ScanOperands(Tensor input, List<Tensor> initial, Weights weights) {
    List<Tensor> all() {
        List<Tensor> all = new ArrayList<>();
        all.add(input);
        all.addAll(initial);
        all.addAll(weights.all());
        return all;
    }

    /** These operands with other tensors in place of {@link #all}, in the same order. */
    ScanOperands replaced(List<Tensor> others) {
        int first = 1 + initial.size();
        return new ScanOperands(
                others.get(0), others.subList(1, first), weights.replaced(others.subList(first, others.size())));
    }
}
