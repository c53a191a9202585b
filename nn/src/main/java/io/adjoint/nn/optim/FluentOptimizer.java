package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import java.util.List;

/**
 * An optimizer of this package: its settings return the optimizer under its own type, so that you can chain them.
 *
 * @param <S> the optimizer
 */
public abstract class FluentOptimizer<S extends FluentOptimizer<S>> extends Optimizer {
    FluentOptimizer(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
    }

    @SuppressWarnings("unchecked") // S is the type of this optimizer, since no other class can extend it
    final S self() {
        return (S) this;
    }

    final S with(Setting setting, double value) {
        set(setting, value);
        return self();
    }

    @CanIgnoreReturnValue
    @Override
    public S learningRate(double rate) {
        super.learningRate(rate);
        return self();
    }

    @CanIgnoreReturnValue
    @Override
    public S weightDecay(double decay) {
        super.weightDecay(decay);
        return self();
    }

    @CanIgnoreReturnValue
    @Override
    public S set(String setting, double value) {
        super.set(setting, value);
        return self();
    }

    @CanIgnoreReturnValue
    @Override
    public S maximize() {
        super.maximize();
        return self();
    }
}
