package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;

/** An elementwise loss, which has no setting for the reduction, with a given one. */
record ReducedLoss(ElementwiseLoss loss, Reduction reduction) implements ElementwiseLoss {
    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        return loss.each(prediction, target);
    }

    @Override
    public Tensor reduced(Tensor prediction, Tensor target, Reduction reduction) {
        return loss.reduced(prediction, target, reduction);
    }

    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        ElementwiseLoss.requireAlike(loss.getClass().getSimpleName(), prediction, target);
        return reduced(prediction, target, reduction);
    }

    @Override
    public ElementwiseLoss reduction(Reduction reduction) {
        return loss.reduction(reduction);
    }

    @Override
    public String toString() {
        return loss + ".reduction(" + reduction + ")";
    }
}
