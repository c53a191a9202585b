package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Hooks;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import io.adjoint.core.loops.UpdateKernel;
import io.adjoint.nn.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;

/**
 * Updates parameters in place from their gradients. The parameters are in groups; a group has this optimizer's settings, except for the
 * ones that it sets itself. Settings change the optimizer and return it. For one thread at a time.
 *
 * <p>A step changes the elements of the given tensors in place, also for other code that holds them: {@code new
 * SGD(List.of(x.requiresGrad(true)), 1)} changes x, and the data set that x is part of. To keep them, optimize {@code
 * Tensor.of(x.data().copy()).requiresGrad(true)}.
 *
 * <p>Your own optimizer implements {@link #update}, its formula, and declares its settings by {@link #setting}. This class keeps the
 * settings, and the arrays of each parameter, by name, so every optimizer has {@link #state()} and {@link #load}. Override {@link
 * #declareState} to add state that belongs to all parameters together. A gradient that is NaN makes its parameter NaN, for good; {@link
 * Clip} can refuse it.
 */
public abstract class Optimizer implements Stateful {
    private final SettingTable table = new SettingTable(getClass());
    private final List<ParameterState> entries = new ArrayList<>();
    private boolean isMaximizing;
    final Hooks<Runnable> before = new Hooks<>();
    final Hooks<Runnable> after = new Hooks<>();

    /**
     * An optimizer of the given parameters.
     *
     * @throws IllegalArgumentException if there is none, one is not a contiguous leaf that requires a gradient, one is there
     *     twice, or the learning rate is negative or not finite
     */
    protected Optimizer(List<Tensor> parameters, double learningRate) {
        add(parameters);
        table.set(table.rate(), learningRate);
    }

    /**
     * Adds a group of parameters, with the optimizer's settings until they are changed: {@code adam.add(body.parameters()).rateScale(0.1)}.
     *
     * @return the new group
     * @throws IllegalArgumentException if there is none, one is not a contiguous leaf that requires a gradient, or one is there twice
     */
    @CanIgnoreReturnValue
    public final ParameterGroup add(List<Tensor> parameters) {
        if (!entries.isEmpty() && !hasGroups()) {
            throw new IllegalArgumentException(typeName() + ": takes all parameters as one group; got another one");
        }
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    typeName() + ": got no parameters; are they registered with parameter() and child()?");
        }
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.addAll(parameters());
        for (int k = 0; k < parameters.size(); k++) {
            Tensor parameter = parameters.get(k);
            String problem = seen.add(parameter) ? problem(parameter) : "is in the list more than once";
            if (!problem.isEmpty()) {
                throw new IllegalArgumentException(
                        typeName() + ": parameter " + k + " of shape " + parameter.shape() + " " + problem);
            }
        }
        ParameterGroup group = table.add(parameters);
        group.parameters().forEach(parameter -> entries.add(new ParameterState(parameter, group)));
        return group;
    }

    /** The reason why a parameter can't be optimized; empty if it can. */
    String problem(Tensor parameter) {
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
        return entries.stream().map(entry -> entry.parameter).toList();
    }

    /** The groups of parameters, the constructor's group first. */
    public final List<ParameterGroup> groups() {
        return List.copyOf(table.groups());
    }

    /** The learning rate. */
    public final double learningRate() {
        return table.get(table.rate());
    }

    /**
     * Changes the learning rate from the next step on.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public Optimizer learningRate(double rate) {
        return set(SettingTable.RATE, rate);
    }

    /**
     * Sets the weight decay λ of the groups without one of their own; 0 by default.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public Optimizer weightDecay(double decay) {
        return set(SettingTable.DECAY, decay);
    }

    /** The settings by name, beginning with {@code learningRate} and {@code weightDecay}: a copy. */
    public final Map<String, Double> settings() {
        return table.byName();
    }

    /**
     * The value of a setting by its name.
     *
     * @throws IllegalArgumentException if there is no setting of that name
     */
    public final double get(String setting) {
        return table.get(table.named(setting));
    }

    /**
     * Sets a setting by its name, which is the name of its method, or {@code beta1} and {@code beta2} of {@code betas}: for the groups
     * without a value of their own, from the next step on.
     *
     * @throws IllegalArgumentException if there is no setting of that name, or the value is out of its range
     */
    @CanIgnoreReturnValue
    public Optimizer set(String setting, double value) {
        table.set(table.named(setting), value);
        return this;
    }

    /** Steps along the gradient instead of against it, so the function whose gradients are used is maximized. */
    @CanIgnoreReturnValue
    public Optimizer maximize() {
        isMaximizing = true;
        return this;
    }

    // ---- steps ----

    /** Clears the gradients of all parameters: sets them to null. */
    public final void zeroGrad() {
        entries.forEach(entry -> entry.parameter.zeroGrad());
    }

    /**
     * Updates every parameter that has a gradient; the others are left as they are. Before that it runs {@link #beforeStep}, after that
     * {@link #afterStep}. All arrays are allocated, and every {@link Update.Formula} computed, before the first parameter changes: a step
     * that fails there, as by an {@link OutOfMemoryError}, has changed nothing and can be repeated. An {@link UpdateKernel} runs after
     * that; one that throws leaves a half step.
     */
    public void step() {
        before.forEach(Runnable::run);
        updateAll();
        after.forEach(Runnable::run);
    }

    private void updateAll() {
        List<ParameterState> moving = new ArrayList<>(entries.size());
        try {
            List<NdArray> gradients = new ArrayList<>(entries.size());
            for (ParameterState entry : entries) {
                Tensor gradient = Internals.borrowGrad(entry.parameter);
                if (gradient != null) {
                    moving.add(entry);
                    gradients.add(isMaximizing ? gradient.data().mul(-1) : gradient.data());
                }
            }
            List<DenseGradient> dense = DenseGradient.of(gradients);
            List<Runnable> moves = new ArrayList<>(moving.size());
            // Consecutive parameters of one group with the same number of steps share a formula.
            Update shared = null;
            for (int k = 0; k < moving.size(); k++) {
                ParameterState entry = moving.get(k);
                if (shared == null || !entry.sharesFormula(moving.get(k - 1))) {
                    shared = update(entry.group, entry.nextStep());
                }
                if (shared.mayKeepGradient()) {
                    Tensor unused =
                            entry.parameter.grad(); // later gradients are not written to the array of one that was read
                }
                moves.add(entry.move(this, shared, dense.get(k)));
            }
            moves.forEach(Runnable::run);
        } finally {
            moving.forEach(entry -> Internals.giveBackGrad(entry.parameter));
        }
    }

    /** The number of steps plus 1, at most the largest int; no formula depends on the number of steps when it is that large. */
    static int next(int steps) {
        return steps == Integer.MAX_VALUE ? steps : steps + 1;
    }

    /**
     * Registers an action before each step, such as to clip the gradients; if it throws, there is no step. Hooks run in the order in which
     * they were registered. An optimizer that evaluates a closure itself, as {@link LBFGS}, runs them before that.
     */
    @CanIgnoreReturnValue
    public final Hook beforeStep(Runnable hook) {
        return before.add(hook);
    }

    /** Registers an action after each step, such as to update a {@link WeightAverage}; if it throws, the step stays. */
    @CanIgnoreReturnValue
    public final Hook afterStep(Runnable hook) {
        return after.add(hook);
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

    /** Returns whether a step needs a closure, {@link #step(Supplier)}, as only {@link LBFGS} does: it evaluates the loss again. */
    public boolean needsClosure() {
        return false;
    }

    /**
     * The formula of the next step, for those parameters of a group that have made the same number of steps.
     *
     * @param group the parameters, and the values of their settings: {@code group.learningRate()}, {@code group.get(momentum)}
     * @param t the number of the step, 1 for the first with these arrays
     */
    protected abstract Update update(ParameterGroup group, int t);

    // ---- state ----

    /**
     * Declares the state that the optimizer carries from step to step: the settings, under names that say which optimizer's they are,
     * {@code Adam.learningRate}, {@code Adam.group1.weightDecay} those that group 1 has of its own, and for parameter k the number of its
     * steps {@code k.steps} and its arrays, such as {@code k.momentum}. Settings of a state replace the settings of the program; one that
     * the state doesn't have, as of an earlier version, stays. A switch, which a method without an argument sets, is not part of the state.
     * Counts of steps stop at 2³¹ − 1. The optimizer's name is the simple name of its class: a renamed class doesn't load earlier
     * checkpoints, and anonymous classes, which have no name, are not distinguished. A state of another optimizer is refused by its name.
     * An optimizer that carries anything else overrides this method, and calls it first.
     */
    @Override
    public void declareState(StateFields fields) {
        // The name of the field contains the class, since the arrays of two optimizers, such as Adam and AdamW, may
        // have equal names and shapes.
        String suffix = "." + SettingTable.RATE;
        String rateName = typeName() + suffix;
        List<String> rates = fields.names("", List.of(rateName)).stream()
                .filter(name -> name.endsWith(suffix) && name.indexOf('.') == name.length() - suffix.length())
                .toList();
        // If the state is of another optimizer, the message names that optimizer and doesn't list its arrays, which
        // this optimizer doesn't have.
        fields.require(
                rates.isEmpty() || rates.contains(rateName),
                "missing '" + rateName + "' FLOAT64 []; unexpected '" + String.join("', '", rates) + "'");
        List<ParameterGroup> loaded = table.declareState(fields);
        for (int k = 0; k < entries.size(); k++) {
            ParameterState entry = entries.get(k);
            entry.declareState(this, fields, k + ".", loaded.get(entry.group.number()));
        }
    }

    /** Returns whether the optimizer can have several groups of parameters. */
    boolean hasGroups() {
        return true;
    }

    // ---- declaration of settings ----

    /**
     * Declares a setting, for a field of the optimizer: {@code Setting rho = setting("rho", 0.9, v -> v >= 0 && v <= 1, "be from 0 to 1")}.
     * A setting with the name of an earlier one, such as {@code weightDecay}, replaces it.
     *
     * @param name the name by which it is set, saved and printed, in camel case
     * @param initial its value by default
     * @param range true for the values that are allowed
     * @param must the range in words, for messages: {@code rho must be from 0 to 1}
     */
    protected final Setting setting(String name, double initial, DoublePredicate range, String must) {
        return table.declare(name, initial, range, must);
    }

    /** Declares a setting that is finite and not negative. */
    protected final Setting notNegative(String name, double initial) {
        return setting(name, initial, SettingTable::isNotNegative, SettingTable.NOT_NEGATIVE);
    }

    /** Declares the decay rate of a running mean: at least 0 and less than 1. */
    protected final Setting decayRate(String name, double initial) {
        return setting(name, initial, v -> v >= 0 && v < 1, "be at least 0 and less than 1");
    }

    /** Refuses every weight decay other than 0. */
    final void refuseWeightDecay(String reason) {
        table.declare(SettingTable.DECAY, 0, v -> v == 0, "be 0: " + reason);
    }

    /**
     * Sets a setting, for a method of the optimizer that does.
     *
     * @throws IllegalArgumentException if the value is out of its range
     */
    protected final void set(Setting setting, double value) {
        table.set(setting, value);
    }

    /** The optimizer's value of a setting; formulas read the value of the group instead. */
    final double get(Setting setting) {
        return table.get(setting);
    }

    /**
     * Refuses a setting.
     *
     * @throws IllegalArgumentException with the optimizer's name unless the condition holds
     */
    protected final void require(boolean condition, String setting, String must, double value) {
        Settings.require(condition, getClass(), setting, must, value);
    }

    // ---- description ----

    /** The switches that are on, and numbers that are no settings, for {@link #toString()}; nothing by default. */
    protected String describe() {
        return "";
    }

    /** The settings, and the number of parameters: {@code SGD(learning rate 0.1, momentum 0.9; 4 parameters of 25,450 elements)}. */
    @Override
    public final String toString() {
        long elements = entries.stream()
                .mapToLong(entry -> entry.parameter.shape().size())
                .sum();
        return typeName() + "(" + table.describe()
                + (describe().isEmpty() ? "" : ", " + describe())
                + (isMaximizing ? ", maximizing" : "")
                + String.format(
                        Locale.ROOT,
                        "; %d parameter%s of %,d elements",
                        entries.size(),
                        entries.size() == 1 ? "" : "s",
                        elements)
                + table.describeGroups() + ")";
    }

    private String typeName() {
        return getClass().getSimpleName();
    }
}
