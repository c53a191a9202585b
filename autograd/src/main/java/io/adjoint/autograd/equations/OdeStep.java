package io.adjoint.autograd.equations;

import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import java.util.function.BinaryOperator;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A step of a solution: its ends, and the states between them. With checkpoints it keeps the ends and their derivatives alone, and is
 * computed again for the states between.
 */
final class OdeStep {
    final double t;
    final double next;
    final Tensor start;
    final Tensor end;
    /** The derivative at the end, with which the next step begins. */
    final Tensor derivative;
    /** The norm of the estimated error over its tolerance; not a number if a stage isn't finite. */
    final double error;

    private final BinaryOperator<Tensor> field;
    private final Tensor startDerivative;
    private final DormandPrince.@Nullable Step whole;

    /**
     * Computes a step.
     *
     * @param field the derivative of the state, of a time and a state
     * @param norm the norm of a step's estimated error; it isn't recorded
     */
    OdeStep(
            BinaryOperator<Tensor> field,
            double t,
            double next,
            Tensor start,
            Tensor startDerivative,
            boolean isCheckpoint,
            ToDoubleFunction<DormandPrince.Step> norm) {
        this.field = field;
        this.t = t;
        this.next = next;
        this.start = start;
        this.startDerivative = startDerivative;
        if (isCheckpoint) {
            double[] estimate = {Double.NEGATIVE_INFINITY};
            Tensor both = Transforms.checkpoint(
                    y -> {
                        DormandPrince.Step step = compute();
                        if (estimate[0] == Double.NEGATIVE_INFINITY) {
                            estimate[0] = norm.applyAsDouble(step);
                        }
                        return Tensor.stack(0, step.end(), step.derivative());
                    },
                    start);
            whole = null;
            error = estimate[0];
            end = both.select(0, 0);
            derivative = both.select(0, 1);
        } else {
            DormandPrince.Step step = compute();
            whole = step;
            error = norm.applyAsDouble(step);
            end = step.end();
            derivative = step.derivative();
        }
    }

    private DormandPrince.Step compute() {
        return DormandPrince.step(field, t, next - t, start, startDerivative);
    }

    /** The step with all of its stages, computed again if it has a checkpoint. */
    DormandPrince.Step whole() {
        return whole == null ? again() : whole;
    }

    private DormandPrince.Step again() {
        DormandPrince.Step step = compute();
        if (!step.end().data().equals(end.data())) {
            throw new GraphException(
                    "Odes: the step from " + t + " to " + next + " has another end when it is computed again;"
                            + " don't change a tensor that the equation reads, or ask for states before, or solve without checkpoints()");
        }
        return step;
    }

    /** The states at some times, which broadcast with the state. */
    Tensor at(Tensor times) {
        Tensor fraction = times.sub(t).div(next - t);
        return whole == null ? Transforms.checkpoint(f -> again().at(f), fraction) : whole.at(fraction);
    }
}
