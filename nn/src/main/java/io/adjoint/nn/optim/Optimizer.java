package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Updates parameters in place from their gradients. The parameters come in groups, of which the first has this optimizer's settings and
 * others have some of their own; settings change the optimizer and return it. For one thread at a time.
 *
 * <p>An optimizer implements {@link #update}, its formula; what a parameter carries from step to step is kept here by name, so every
 * optimizer has {@link #state()} and {@link #load}.
 */
public abstract class Optimizer {
    private final List<Slot> slots = new ArrayList<>();
    private double learningRate;
    private double weightDecay;
    private boolean isMaximizing;

    /** A parameter with what the optimizer keeps of it. */
    private static final class Slot {
        final Tensor parameter;
        final ParameterGroup group;
        /** The number of steps made with these arrays. */
        int steps;

        List<String> names = List.of();
        NdArray[] arrays = {};

        Slot(Tensor parameter, ParameterGroup group) {
            this.parameter = parameter;
            this.group = group;
        }

        /** Returns whether other arrays were carried before, so that these begin as zeros. */
        boolean carry(List<String> wanted) {
            boolean begins = !names.equals(wanted);
            if (begins) {
                names = wanted;
                arrays = wanted.stream()
                        .map(name -> NdArray.zeros(parameter.dtype(), parameter.shape()))
                        .toArray(NdArray[]::new);
                steps = 0;
            }
            return begins;
        }
    }

    /**
     * An optimizer of the given parameters.
     *
     * @throws IllegalArgumentException if there is none, one is not a contiguous leaf that requires a gradient, one is there
     *     twice, or the learning rate is negative or not finite
     */
    protected Optimizer(List<Tensor> parameters, double learningRate) {
        add(new ParameterGroup(parameters));
        learningRate(learningRate);
    }

    /**
     * Adds parameters with settings of their own.
     *
     * @throws IllegalArgumentException if there is none, one is not a contiguous leaf that requires a gradient, or one is there twice
     */
    public final void add(ParameterGroup group) {
        if (group.parameters().isEmpty()) {
            throw new IllegalArgumentException(
                    typeName() + ": got no parameters; are they registered with parameter() and child()?");
        }
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.addAll(parameters());
        for (int k = 0; k < group.parameters().size(); k++) {
            Tensor parameter = group.parameters().get(k);
            String problem = seen.add(parameter) ? problem(parameter) : "is in the list more than once";
            if (!problem.isEmpty()) {
                throw new IllegalArgumentException(
                        typeName() + ": parameter " + k + " of shape " + parameter.shape() + " " + problem);
            }
        }
        group.parameters().forEach(parameter -> slots.add(new Slot(parameter, group)));
    }

    private static String problem(Tensor parameter) {
        if (!parameter.isLeaf()) {
            return "was computed from other tensors; only a leaf can be optimized, use detach()";
        }
        if (!parameter.requiresGrad() && !Internals.isFrozen(parameter)) {
            return "does not require grad; create it with requiresGrad(true)";
        }
        return parameter.data().isContiguous() ? "" : "is not contiguous; make it of data().contiguous()";
    }

    // ---- settings ----

    /** The parameters of all groups, in the order in which they are updated. */
    public final List<Tensor> parameters() {
        return slots.stream().map(slot -> slot.parameter).toList();
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
        learningRate = requireNotNegative("learning rate", rate);
    }

    /**
     * Sets the weight decay λ of the groups without one of their own; 0 by default.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public Optimizer weightDecay(double decay) {
        weightDecay = requireNotNegative("weight decay", decay);
        return this;
    }

    /** Steps along the gradient instead of against it: what the gradients are of is made large. */
    @CanIgnoreReturnValue
    public Optimizer maximize() {
        isMaximizing = true;
        return this;
    }

    // ---- steps ----

    /** Clears the gradients of all parameters: sets them to null. */
    public final void zeroGrad() {
        for (Slot slot : slots) {
            slot.parameter.zeroGrad();
        }
    }

    /** Updates every parameter that has a gradient; the others are left as they are. */
    public void step() {
        for (Slot slot : slots) {
            Tensor gradient = slot.parameter.grad();
            if (gradient != null) {
                step(slot, isMaximizing ? gradient.data().mul(-1) : gradient.data());
            }
        }
    }

    private void step(Slot slot, NdArray gradient) {
        double rate = learningRate * slot.group.rateScale();
        double decay = slot.group.weightDecay().orElse(weightDecay);
        Update update = update(rate, decay, slot.steps + 1);
        boolean hadOthers = slot.steps > 0;
        if (slot.carry(update.arrays()) && hadOthers) {
            // Settings that changed between steps made the formula carry other arrays, of which this is the first step.
            update = update(rate, decay, 1);
        }
        slot.steps++;
        update.apply(slot.parameter.data(), gradient, slot.arrays);
    }

    /**
     * Computes the loss and its gradients by the closure, then makes a step. Optimizers that need several evaluations a step call the
     * closure as often.
     *
     * @param closure clears the gradients, computes the loss, calls backward on it and returns it
     * @return the loss before the step
     */
    @CanIgnoreReturnValue
    public Tensor step(Supplier<Tensor> closure) {
        Tensor loss = Autograd.enableGrad(closure);
        step();
        return loss;
    }

    /**
     * The formula of a parameter's next step.
     *
     * @param rate the learning rate of the parameter's group
     * @param weightDecay the weight decay of the parameter's group
     * @param t the number of the step, 1 for the first with these arrays
     */
    protected abstract Update update(double rate, double weightDecay, int t);

    // ---- state ----

    /**
     * A copy of what the optimizer carries from step to step: the learning rate, and for parameter k the number of its steps
     * {@code k.steps} and its arrays, such as {@code k.momentum}. Settings other than the learning rate are not part of it.
     */
    public final Map<String, NdArray> state() {
        Map<String, NdArray> all = new LinkedHashMap<>();
        all.put("learningRate", NdArray.scalar(DType.FLOAT64, learningRate));
        for (int k = 0; k < slots.size(); k++) {
            Slot slot = slots.get(k);
            String prefix = k + ".";
            all.put(prefix + "steps", NdArray.scalar(DType.INT32, slot.steps));
            for (int a = 0; a < slot.arrays.length; a++) {
                all.put(prefix + slot.names.get(a), slot.arrays[a].copy());
            }
        }
        return all;
    }

    /**
     * Continues from a state that an optimizer of the same class, settings and shapes of parameters gave.
     *
     * @throws IllegalArgumentException that lists every array that is missing, unexpected, or of another dtype or shape, or if a number
     *     of steps is negative; then nothing has changed
     */
    public final void load(Map<String, NdArray> state) {
        Map<String, State.Slot> expected = new LinkedHashMap<>();
        expected.put("learningRate", new State.Slot(DType.FLOAT64, Shape.scalar()));
        for (int k = 0; k < slots.size(); k++) {
            State.Slot array = State.Slot.of(slots.get(k).parameter.data());
            expected.put(k + ".steps", new State.Slot(DType.INT32, Shape.scalar()));
            for (String name : carried(state, k)) {
                expected.put(k + "." + name, array);
            }
        }
        State.requireMatch(typeName(), expected, state);
        for (int k = 0; k < slots.size(); k++) {
            require(steps(state, k) >= 0, "number of steps of parameter " + k, "not be negative", steps(state, k));
        }
        learningRate(entry(state, "learningRate").item());
        for (int k = 0; k < slots.size(); k++) {
            Slot slot = slots.get(k);
            String prefix = k + ".";
            slot.names = carried(state, k);
            slot.arrays = slot.names.stream()
                    .map(name -> entry(state, prefix + name).copy())
                    .toArray(NdArray[]::new);
            slot.steps = steps(state, k);
        }
    }

    private static int steps(Map<String, NdArray> state, int k) {
        return (int) entry(state, k + ".steps").item();
    }

    /** The arrays that a state must have of parameter k: none before its first step. */
    private List<String> carried(Map<String, NdArray> state, int k) {
        NdArray steps = state.get(k + ".steps");
        boolean hasBegun = steps != null && steps.size() == 1 && steps.item() > 0;
        return hasBegun ? update(learningRate, weightDecay, 1).arrays() : List.of();
    }

    private static NdArray entry(Map<String, NdArray> state, String name) {
        return Objects.requireNonNull(state.get(name));
    }

    // ---- checks ----

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

    /**
     * Refuses a setting that is negative, infinite or NaN.
     *
     * @return the value
     * @throws IllegalArgumentException with the optimizer's name
     */
    protected final double requireNotNegative(String setting, double value) {
        require(value >= 0 && value < Double.POSITIVE_INFINITY, setting, "be finite and not negative", value);
        return value;
    }

    final void requireDecayRate(String setting, double value) {
        require(value >= 0 && value < 1, setting, "be at least 0 and less than 1", value);
    }

    private String typeName() {
        return getClass().getSimpleName();
    }
}
