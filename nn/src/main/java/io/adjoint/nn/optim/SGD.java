package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import java.util.List;

/**
 * Stochastic gradient descent. With gradient g, parameter p, learning rate η, weight decay λ, momentum μ and dampening δ, each 0
 * by default but η:
 *
 * <pre>{@code
 * d = g + λ·p
 * b = d in the first step, then μ·b + (1 − δ)·d
 * p = p − η·b,  or  p − η·(d + μ·b) with Nesterov's momentum
 * }</pre>
 *
 * <p>The settings return this optimizer: {@code new SGD(model.parameters(), 0.1).momentum(0.9)}.
 */
public final class SGD extends Optimizer {
    /** For each parameter its b as the one element of an array; empty until its first step with momentum. */
    private final NdArray[][] buffers;

    private double momentum;
    private double dampening;
    private boolean nesterov;
    private double weightDecay;

    /**
     * Plain descent.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public SGD(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
        buffers = new NdArray[parameters.size()][0];
    }

    /** Sets the momentum μ, not negative. */
    @CanIgnoreReturnValue
    public SGD momentum(double momentum) {
        requireNotNegative("momentum", momentum);
        this.momentum = momentum;
        return this;
    }

    /** Sets the dampening δ of the gradient in later steps than the first. */
    @CanIgnoreReturnValue
    public SGD dampening(double dampening) {
        require(Double.isFinite(dampening), "dampening", "be finite", dampening);
        this.dampening = dampening;
        return this;
    }

    /** Looks ahead along the momentum, after Nesterov: needs a momentum, and no dampening. */
    @CanIgnoreReturnValue
    public SGD nesterov() {
        this.nesterov = true;
        return this;
    }

    /** Sets the weight decay λ, not negative. */
    @CanIgnoreReturnValue
    public SGD weightDecay(double weightDecay) {
        requireNotNegative("weight decay", weightDecay);
        this.weightDecay = weightDecay;
        return this;
    }

    @Override
    protected void update(int index, NdArray parameter, NdArray gradient) {
        if (nesterov && (momentum == 0 || dampening != 0)) {
            throw new IllegalStateException(
                    "SGD: Nesterov's momentum needs a momentum above 0 and a dampening of 0, but they are " + momentum
                            + " and " + dampening);
        }
        if (momentum == 0) {
            descend(parameter, gradient);
        } else {
            descendWithMomentum(index, parameter, gradient);
        }
    }

    private void descend(NdArray parameter, NdArray gradient) {
        double rate = learningRate();
        InPlace.update(
                parameter,
                gradient,
                (operands, from, to) -> DoubleLoops.sgd(operands, from, to, rate, weightDecay),
                (operands, from, to) -> FloatLoops.sgd(operands, from, to, rate, weightDecay));
    }

    private void descendWithMomentum(int index, NdArray parameter, NdArray gradient) {
        boolean first = buffers[index].length == 0;
        if (first) {
            buffers[index] = new NdArray[] {NdArray.zeros(parameter.dtype(), parameter.shape())};
        }
        double rate = learningRate();
        // A first step takes the gradient as it is.
        double keep = first ? 0 : momentum;
        double take = first ? 1 : 1 - dampening;
        double direct = nesterov ? 1 : 0;
        double ahead = nesterov ? momentum : 1;
        InPlace.update(
                parameter,
                gradient,
                (operands, from, to) ->
                        DoubleLoops.momentum(operands, from, to, rate, weightDecay, keep, take, direct, ahead),
                (operands, from, to) ->
                        FloatLoops.momentum(operands, from, to, rate, weightDecay, keep, take, direct, ahead),
                buffers[index]);
    }
}
