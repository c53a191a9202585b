package io.adjoint.autograd;

import io.adjoint.core.NdArray;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * A backward rule that can also add its gradient to a sum, in place: for an input of which the operation reads a small part.
 *
 * @param adder takes the upstream gradient and the sum, of the input's shape and row-major
 * @param fresh whether nobody else has the array that the rule returns
 * @param isOurs whether no function of a user sees a gradient
 */
record AddingRule(UnaryOperator<Tensor> rule, BiConsumer<NdArray, NdArray> adder, boolean fresh, boolean isOurs)
        implements UnaryOperator<Tensor> {
    @Override
    public Tensor apply(Tensor g) {
        return rule.apply(g);
    }
}
