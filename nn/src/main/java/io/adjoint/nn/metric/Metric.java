package io.adjoint.nn.metric;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Stateful;

/**
 * Measures the quality of predictions, batch by batch. Its value is the value of all predictions since the metric was made or reset; it
 * does not depend on how they were split into batches.
 *
 * <pre>{@code
 * Accuracy accuracy = new Accuracy();
 * model.eval();
 * for (Batch batch : test) {
 *     accuracy.update(noGrad(() -> model.forward(batch.x())), batch.y());
 * }
 * model.train();
 * double fraction = accuracy.value();
 * }</pre>
 *
 * <p>In training mode dropout would falsify the predictions, and batch normalizations would take the test batches into their running
 * statistics. Metrics record no gradients. Their state has the sums of the epoch so far, so that a training that continues in the middle of
 * an epoch gets the value of the whole epoch. For one thread at a time.
 */
public interface Metric extends Stateful {
    /**
     * Takes the predictions of a batch and their targets into account; on failure nothing has changed.
     *
     * @throws io.adjoint.core.ShapeException if the shapes do not fit
     * @throws io.adjoint.core.DTypeException if the dtypes are not those that the metric takes
     * @throws IllegalArgumentException if a target is not a class, or a number cannot be judged
     */
    void update(Tensor prediction, Tensor target);

    /** The figure for all predictions since the last reset; NaN if there were none. */
    double value();

    /** Forgets all predictions, as at the beginning of an epoch. */
    void reset();
}
