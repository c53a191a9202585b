package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;
import java.util.Arrays;

/**
 * A value that is multiplied by γ at each milestone: {@code at(t) = value·γⁿ} for the number n of milestones up to t; PyTorch's
 * {@code MultiStepLR}. By default γ = 0.1.
 */
@CheckReturnValue
public final class MultiStepDecay implements Schedule {
    private final double value;
    private final double gamma;
    private final long[] milestones;

    /**
     * A tenth at each milestone.
     *
     * @param value the first value
     * @param milestones the steps at which it falls, in any order; one that is there twice counts twice
     * @throws IllegalArgumentException if the value or a milestone is negative, or the value is not finite
     */
    public MultiStepDecay(double value, long... milestones) {
        this(value, 0.1, milestones.clone());
        for (long milestone : milestones) {
            Settings.requireNotNegative(MultiStepDecay.class, "milestone", (double) milestone);
        }
    }

    private MultiStepDecay(double value, double gamma, long[] milestones) {
        this.value = Settings.requireNotNegative(MultiStepDecay.class, "value", value);
        this.gamma = Settings.requireNotNegative(MultiStepDecay.class, "gamma", gamma);
        this.milestones = milestones;
    }

    /**
     * With another factor γ.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public MultiStepDecay gamma(double factor) {
        return new MultiStepDecay(value, factor, milestones);
    }

    @Override
    public double at(long step) {
        Settings.requireStep(getClass(), step);
        double result = value;
        for (long milestone : milestones) {
            result *= milestone <= step ? gamma : 1;
        }
        return result;
    }

    @Override
    public String toString() {
        return "MultiStepDecay[value=" + value + ", milestones=" + Arrays.toString(milestones) + ", gamma=" + gamma
                + "]";
    }
}
