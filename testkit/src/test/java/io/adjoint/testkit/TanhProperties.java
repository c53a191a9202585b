package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;

/** A built-in operation with all its properties. */
class TanhProperties implements OperationProperties {
    @Override
    public Operation operation() {
        return Operation.unary("tanh", Tensor::tanh)
                .within(Values.between(-20, 20))
                .referenceEach(Math::tanh)
                .order(3);
    }
}
