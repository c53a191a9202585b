package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import java.util.List;

/**
 * {@link Adam} and {@link AdamW}, which differ in their weight decay.
 *
 * @param <S> the optimizer
 */
abstract class AdamBase<S extends AdamBase<S>> extends MomentOptimizer<S> {
    private boolean isAmsgrad;

    AdamBase(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    /** Divides by the root of the largest second moment so far, v̄ = max(v̄, v) in place of v: AMSGrad (Reddi et al., 2018). */
    @CanIgnoreReturnValue
    public S amsgrad() {
        this.isAmsgrad = true;
        return self();
    }

    @Override
    protected final String describe() {
        return isAmsgrad ? "AMSGrad" : "";
    }

    @Override
    protected final Update update(ParameterGroup group, int t) {
        double first = group.get(beta1);
        double second = group.get(beta2);
        double corrected = group.learningRate() / (1 - StrictMath.pow(first, t));
        double correction = 1 / Math.sqrt(1 - StrictMath.pow(second, t));
        double keep = kept(group);
        double add = added(group);
        List<String> arrays = isAmsgrad
                ? List.of("firstMoment", "secondMoment", "largestSecondMoment")
                : List.of("firstMoment", "secondMoment");
        return new Update(
                new DoubleAdam(corrected, correction, first, second, group.get(eps), add, keep, isAmsgrad),
                new FloatAdam(corrected, correction, first, second, group.get(eps), add, keep, isAmsgrad),
                arrays.toArray(String[]::new));
    }
}
