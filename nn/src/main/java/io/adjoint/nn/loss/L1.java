package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;

/** The absolute error {@code |p − t|}, with gradient 0 where prediction and target are equal. */
@CheckReturnValue
public record L1() implements ElementwiseLoss {
    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        return prediction.sub(target).abs();
    }
}
