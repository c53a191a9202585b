package io.adjoint.nn.optim;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Changes parameters in place, step by step, by what their gradients say. For one thread at a time. */
public abstract class Optimizer {
    private final List<Tensor> parameters;
    private double learningRate;

    /**
     * An optimizer of the given parameters.
     *
     * @throws IllegalArgumentException if there is none, one is not a contiguous leaf that requires a gradient, one is there
     *     twice, or the learning rate is negative or not finite
     */
    protected Optimizer(List<Tensor> parameters, double learningRate) {
        this.parameters = List.copyOf(parameters);
        checkParameters();
        learningRate(learningRate);
    }

    private void checkParameters() {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    typeName() + ": got no parameters; are they registered with parameter() and child()?");
        }
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int k = 0; k < parameters.size(); k++) {
            Tensor parameter = parameters.get(k);
            String problem = seen.add(parameter) ? problem(parameter) : "is in the list more than once";
            if (!problem.isEmpty()) {
                throw new IllegalArgumentException(
                        typeName() + ": parameter " + k + " of shape " + parameter.shape() + " " + problem);
            }
        }
    }

    private static String problem(Tensor parameter) {
        if (!parameter.requiresGrad()) {
            return "does not require grad; create it with requiresGrad(true)";
        }
        if (!parameter.isLeaf()) {
            return "was computed from other tensors; only a leaf can be optimized, use detach()";
        }
        return parameter.data().isContiguous() ? "" : "is not contiguous; make it of data().contiguous()";
    }

    /** The parameters, in the order in which they are updated. */
    public final List<Tensor> parameters() {
        return parameters;
    }

    /** The learning rate. */
    public final double learningRate() {
        return learningRate;
    }

    /**
     * Changes the learning rate from the next step on.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public final void learningRate(double rate) {
        requireNotNegative("learning rate", rate);
        learningRate = rate;
    }

    /** Clears the gradients of all parameters: sets them to null. */
    public final void zeroGrad() {
        for (int k = 0; k < parameters.size(); k++) {
            parameters.get(k).zeroGrad();
        }
    }

    /** Updates every parameter that has a gradient; the others are left as they are. */
    public final void step() {
        for (int k = 0; k < parameters.size(); k++) {
            Tensor parameter = parameters.get(k);
            Tensor gradient = parameter.grad();
            if (gradient != null) {
                update(k, parameter.data(), gradient.data());
            }
        }
    }

    /**
     * Updates one parameter, usually by {@link io.adjoint.core.InPlace#update}.
     *
     * @param index the parameter's place in {@link #parameters()}, for what the optimizer remembers of it
     */
    protected abstract void update(int index, NdArray parameter, NdArray gradient);

    /**
     * Refuses a setting that is negative, infinite or NaN.
     *
     * @throws IllegalArgumentException with the optimizer's name
     */
    protected final void requireNotNegative(String setting, double value) {
        require(value >= 0 && value < Double.POSITIVE_INFINITY, setting, "be finite and not negative", value);
    }

    /**
     * Refuses a setting.
     *
     * @throws IllegalArgumentException with the optimizer's name unless the condition holds
     */
    protected final void require(boolean condition, String setting, String must, double value) {
        if (!condition) {
            throw new IllegalArgumentException(typeName() + ": the " + setting + " must " + must + ", got " + value);
        }
    }

    private String typeName() {
        return getClass().getSimpleName();
    }
}
