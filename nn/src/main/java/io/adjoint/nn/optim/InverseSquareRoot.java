package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;

/**
 * A linear rise, then a fall with the square root of the steps (Vaswani et al., 2017): for {@code n = t + 1},
 * {@code at(t) = max·min(n/warmUp, √(warmUp/n))}.
 *
 * @param max the largest value, which the last step of the rise has
 * @param warmUp the number of steps of the rise
 */
@CheckReturnValue
public record InverseSquareRoot(double max, long warmUp) implements Schedule {
    /**
     * A rise and a fall.
     *
     * @throws IllegalArgumentException if the largest value is negative or not finite, or the rise has no steps
     */
    public InverseSquareRoot {
        Settings.requireNotNegative(InverseSquareRoot.class, "max", max);
        Settings.requireCount(InverseSquareRoot.class, "number of steps of the rise", warmUp);
    }

    /**
     * The schedule of the transformer's authors: {@code 1/√width·min(1/√n, n/warmUp^1.5)} for {@code n = t + 1}.
     *
     * @param width the size of the model's vectors
     * @param warmUp the number of steps of the rise, 4000 in the paper
     * @throws IllegalArgumentException if one of them is not positive
     */
    public static InverseSquareRoot noam(int width, long warmUp) {
        Settings.requireCount(InverseSquareRoot.class, "width", width);
        return new InverseSquareRoot(1 / Math.sqrt((double) width * Math.max(1, warmUp)), warmUp);
    }

    @Override
    public double at(long step) {
        double n = Settings.requireStep(getClass(), step) + 1;
        return max * Math.min(n / warmUp, Math.sqrt(warmUp / n));
    }
}
