package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;

/** An elementwise loss with a given reduction. */
record ReducedLoss(ElementwiseLoss each, Reduction reduction) implements Loss {
    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        ElementwiseLoss.requireAlike(each.getClass().getSimpleName(), prediction, target);
        return each.reduced(prediction, target, reduction);
    }

    @Override
    public String toString() {
        return each + ".reduction(" + reduction + ")";
    }
}
