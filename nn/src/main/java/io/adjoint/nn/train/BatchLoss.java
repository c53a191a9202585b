package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Settings;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The losses of batches.
 *
 * @param loss computes the mean loss of a batch's samples
 * @param size returns what a batch counts in the mean of several
 */
record BatchLoss<B>(Function<? super B, Tensor> loss, ToDoubleFunction<? super B> size) {
    BatchLoss<B> size(ToDoubleFunction<? super B> other) {
        return new BatchLoss<>(loss, other);
    }

    Tensor of(B batch) {
        Tensor value = loss.apply(batch);
        Trainer.requireThat(
                value.shape().size() == 1,
                "the loss of a batch must be one number, but is " + value.shape() + "; reduce it with mean()");
        return value;
    }

    double sizeOf(B batch) {
        double samples = size.applyAsDouble(batch);
        Settings.require(
                samples >= 0 && samples < Double.POSITIVE_INFINITY,
                Trainer.class,
                "size of a batch",
                "be finite and at least 0",
                samples);
        return samples;
    }

    /** The mean of several batches. */
    double mean(Iterable<? extends B> batches) {
        double sum = 0;
        double samples = 0;
        for (B batch : batches) {
            double weight = sizeOf(batch);
            if (weight > 0) {
                sum += weight * of(batch).item();
                samples += weight;
            }
        }
        Trainer.requireThat(samples > 0, "there are no batches to validate with");
        return sum / samples;
    }
}
