package io.adjoint.nn.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A step of the optimizer, for logs.
 *
 * @param at the moment after it
 * @param loss the loss of the last batch before the step; NaN if that batch was before a state that was loaded
 * @param learningRate the optimizer's learning rate; NaN if nobody knows it
 * @param gradientNorm the norm of all gradients before clipping, NaN or infinite as they may be; empty unless a {@link Trainer} clips by
 *     it or has {@link Trainer#measureGradientNorm}
 * @param done the fraction of the training that is over, from 0 to 1; NaN if nobody knows it
 */
public record Step(Moment at, double loss, double learningRate, OptionalDouble gradientNorm, double done) {
    /**
     * The numbers by the names that logs give them: {@code batch loss}, and where they are known {@code learning rate} and
     * {@code gradient norm}.
     */
    public Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        // NaN is included, since it is the loss or the norm of a diverged training.
        values.put("batch loss", loss);
        if (!Double.isNaN(learningRate)) {
            values.put("learning rate", learningRate);
        }
        gradientNorm.ifPresent(norm -> values.put("gradient norm", norm));
        return values;
    }
}
