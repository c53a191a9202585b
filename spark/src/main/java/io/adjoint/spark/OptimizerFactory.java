package io.adjoint.spark;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.optim.Optimizer;
import java.io.Serializable;
import java.util.List;

/**
 * Makes the optimizer of a training, at each worker: {@code AdamW::new}, or
 * {@code (parameters, rate) -> new SGD(parameters, rate).momentum(0.9)}. A factory that is to be saved is a public class, as with a
 * {@link ModelFactory}.
 */
@FunctionalInterface
public interface OptimizerFactory extends Serializable {
    /**
     * A new optimizer.
     *
     * @param parameters the parameters of the model
     * @param learningRate the learning rate of the estimator
     */
    Optimizer of(List<Tensor> parameters, double learningRate);
}
