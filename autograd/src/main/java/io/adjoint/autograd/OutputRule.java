package io.adjoint.autograd;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** A backward rule that reads its operation's output, which is known when the operation is recorded: {@link #of} makes the rule. */
record OutputRule(BinaryOperator<Tensor> rule) implements UnaryOperator<Tensor> {
    UnaryOperator<Tensor> of(Tensor output) {
        return g -> rule.apply(g, output);
    }

    @Override
    public Tensor apply(Tensor g) {
        throw new IllegalStateException("edge: a backward rule (g, y) is applied by the operation that it is given to");
    }
}
