package io.adjoint.autograd;

import java.util.function.UnaryOperator;

/** A backward rule that computes with arrays: its result has no derivative, and says so when it is differentiated. */
record FirstOrderRule(String name, UnaryOperator<Tensor> rule) implements UnaryOperator<Tensor> {
    @Override
    public Tensor apply(Tensor g) {
        Tensor result = Callbacks.result(name, "the backward rule", Autograd.noGrad(() -> rule.apply(g.detach())));
        return Autograd.isRecording() ? new Tensor(result.data(), Node.dead(name, result.data())) : result;
    }
}
