package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Callers;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Updates parameters in place from their gradients. The parameters come in groups, of which the first has this optimizer's settings and
 * others have some of their own; settings change the optimizer and return it. For one thread at a time.
 *
 * <p>A step changes the elements of the tensors that were given, whoever else has them: {@code new SGD(List.of(x.requiresGrad(true)), 1)}
 * changes x, and the data set that x is part of. To keep them, optimize {@code Tensor.of(x.data().copy()).requiresGrad(true)}.
 *
 * <p>An optimizer implements {@link #update}, its formula; what a parameter carries from step to step is kept here by name, so every
 * optimizer has {@link #state()} and {@link #load}. What it carries for all parameters together it adds to {@link #declareState}. A
 * gradient that is NaN makes its parameter NaN, for good; {@link Clip} can refuse it.
 */
public abstract class Optimizer implements Stateful {
    private static final String RATE = ".learningRate";
    private final List<Entry> entries = new ArrayList<>();
    private double learningRate;
    private double weightDecay;
    private boolean isMaximizing;
    final List<Runnable> before = new ArrayList<>();
    final List<Runnable> after = new ArrayList<>();

    /** A parameter with what the optimizer keeps of it. */
    private static final class Entry {
        final Tensor parameter;
        final ParameterGroup group;
        Kept kept = Kept.NOTHING;

        Entry(Tensor parameter, ParameterGroup group) {
            this.parameter = parameter;
            this.group = group;
        }
    }

    /** A parameter's step with all that it needs, still to be made. */
    private record Move(Entry entry, Update update, DenseGradient gradient, Kept before) {
        void make() {
            Kept after = before.next();
            update.apply(
                    entry.parameter.data(), gradient.dense(), before.arrays().toArray(NdArray[]::new));
            entry.kept = after;
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
        this.learningRate = requireNotNegative("learning rate", learningRate);
    }

    /**
     * Adds parameters with settings of their own.
     *
     * @throws IllegalArgumentException if there is none, one is not a contiguous leaf that requires a gradient, or one is there twice
     */
    public final void add(ParameterGroup group) {
        if (!entries.isEmpty() && !hasGroups()) {
            throw new IllegalArgumentException(typeName() + ": takes all parameters as one group; got another one");
        }
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
        group.parameters().forEach(parameter -> entries.add(new Entry(parameter, group)));
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
        return entries.stream().map(entry -> entry.parameter).toList();
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
    @CanIgnoreReturnValue
    public Optimizer learningRate(double rate) {
        learningRate = requireNotNegative("learning rate", rate);
        return this;
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
        entries.forEach(entry -> entry.parameter.zeroGrad());
    }

    /**
     * Updates every parameter that has a gradient; the others are left as they are. Before that it runs {@link #beforeStep}, after that
     * {@link #afterStep}. All arrays that a step needs are allocated
     * before the first parameter is updated, so that after an {@link OutOfMemoryError} no parameter has changed.
     */
    public void step() {
        run(before);
        updateAll();
        run(after);
    }

    /** Runs hooks, which may take themselves off. */
    static void run(List<Runnable> hooks) {
        if (!hooks.isEmpty()) {
            List.copyOf(hooks).forEach(Runnable::run);
        }
    }

    private void updateAll() {
        boolean borrows = Callers.keepsNoGradients(this);
        List<Entry> moving = new ArrayList<>(entries.size());
        try {
            List<NdArray> gradients = new ArrayList<>(entries.size());
            for (Entry entry : entries) {
                Tensor gradient = borrows ? Internals.borrowGrad(entry.parameter) : entry.parameter.grad();
                if (gradient != null) {
                    moving.add(entry);
                    gradients.add(isMaximizing ? gradient.data().mul(-1) : gradient.data());
                }
            }
            List<DenseGradient> dense = DenseGradient.of(gradients);
            List<Move> moves = new ArrayList<>(moving.size());
            // Parameters of one group that have made as many steps share a formula.
            Update shared = null;
            for (int k = 0; k < moving.size(); k++) {
                Entry entry = moving.get(k);
                if (shared == null || !sharesFormula(entry, moving.get(k - 1))) {
                    shared = update(entry, next(entry.kept.steps()));
                }
                moves.add(move(entry, shared, dense.get(k)));
            }
            moves.forEach(Move::make);
        } finally {
            (borrows ? moving : List.<Entry>of()).forEach(entry -> Internals.giveBackGrad(entry.parameter));
        }
    }

    @SuppressWarnings("ReferenceEquality") // groups of equal parameters and settings are two
    private static boolean sharesFormula(Entry a, Entry b) {
        return a.group == b.group && a.kept.steps() == b.kept.steps();
    }

    private Update update(Entry entry, int t) {
        return update(
                learningRate * entry.group.rateScale(), entry.group.weightDecay().orElse(weightDecay), t);
    }

    private Move move(Entry entry, Update update, DenseGradient gradient) {
        Kept kept = entry.kept;
        if (kept.names().equals(update.names())) {
            return new Move(entry, update, gradient, kept);
        }
        Kept first = Kept.first(update, entry.parameter.data());
        // Settings that changed between steps made the formula carry other arrays, of which this is the first step.
        return new Move(entry, kept.steps() > 0 ? update(entry, 1) : update, gradient, first);
    }

    /** The number of the step after a number of steps; it stops at the largest int, where no formula changes with it any more. */
    static int next(int steps) {
        return steps == Integer.MAX_VALUE ? steps : steps + 1;
    }

    /**
     * Registers what to do before each step, such as to clip the gradients; if it throws, there is no step. Hooks run in the order in which
     * they were registered. An optimizer that evaluates a closure itself, as {@link LBFGS}, runs them before that.
     */
    @CanIgnoreReturnValue
    public final Hook beforeStep(Runnable hook) {
        before.add(hook);
        return () -> before.remove(hook);
    }

    /** Registers what to do after each step, such as to update a {@link WeightAverage}; if it throws, the step stays. */
    @CanIgnoreReturnValue
    public final Hook afterStep(Runnable hook) {
        after.add(hook);
        return () -> after.remove(hook);
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

    /** Returns whether a step needs a closure, {@link #step(Supplier)}, as only that of {@link LBFGS} does: it evaluates the loss again. */
    public boolean needsClosure() {
        return false;
    }

    /**
     * The formula of the next step of the parameters of a group that have made as many steps.
     *
     * @param rate the learning rate of the parameter's group
     * @param weightDecay the weight decay of the parameter's group
     * @param t the number of the step, 1 for the first with these arrays
     */
    protected abstract Update update(double rate, double weightDecay, int t);

    // ---- state ----

    /**
     * Declares what the optimizer carries from step to step: the learning rate, under a name that says which optimizer's it is,
     * {@code Adam.learningRate}, and for parameter k the number of its steps {@code k.steps} and its arrays, such as {@code k.momentum}.
     * Settings other than the learning rate are not part of it: they are in the program, and one that was changed there is meant. Counts
     * of steps stop at 2³¹ − 1. The name is the simple one of the class: one that is renamed loads no checkpoints from before, and
     * anonymous ones, without a name, are not told apart. A state of another optimizer is refused by its name. An optimizer that carries
     * anything else overrides this method, and calls it first.
     */
    @Override
    public void declareState(StateFields fields) {
        // Has the class, as the arrays of two optimizers, Adam and AdamW, may have the same names and shapes.
        String rateName = typeName() + RATE;
        List<String> rates = fields.names("", List.of(rateName)).stream()
                .filter(name -> name.endsWith(RATE))
                .toList();
        // Of another optimizer its name says it all: its arrays have no meaning here.
        fields.require(
                rates.isEmpty() || rates.contains(rateName),
                "missing '" + rateName + "' FLOAT64 []; unexpected '" + String.join("', '", rates) + "'");
        double loaded = fields.number(rateName, learningRate, rate -> learningRate = rate);
        fields.require(
                loaded >= 0 && Double.isFinite(loaded),
                "the learning rate must be finite and not negative, got " + loaded);
        for (int k = 0; k < entries.size(); k++) {
            Entry entry = entries.get(k);
            String prefix = k + ".";
            int steps = fields.count(prefix + "steps", entry.kept.steps());
            Kept kept = fields.isLoading() ? loaded(entry, steps) : entry.kept;
            for (int a = 0; a < kept.names().size(); a++) {
                fields.array(prefix + kept.names().get(a), kept.arrays().get(a));
            }
            fields.onLoad(() -> entry.kept = kept);
        }
    }

    /** The arrays that a parameter has after a number of steps, to be loaded: none before its first step. */
    private Kept loaded(Entry entry, int steps) {
        Kept first =
                steps == 0 ? Kept.NOTHING : Kept.first(update(learningRate, weightDecay, 1), entry.parameter.data());
        return new Kept(steps, first.names(), first.arrays());
    }

    /** False if all parameters are one group. */
    boolean hasGroups() {
        return true;
    }

    // ---- checks ----

    /**
     * Refuses a setting.
     *
     * @throws IllegalArgumentException with the optimizer's name unless the condition holds
     */
    protected final void require(boolean condition, String setting, String must, double value) {
        Settings.require(condition, getClass(), setting, must, value);
    }

    /**
     * Refuses a setting that is negative, infinite or NaN.
     *
     * @return the value
     * @throws IllegalArgumentException with the optimizer's name
     */
    protected final double requireNotNegative(String setting, double value) {
        return Settings.requireNotNegative(getClass(), setting, value);
    }

    final void requireDecayRate(String setting, double value) {
        require(value >= 0 && value < 1, setting, "be at least 0 and less than 1", value);
    }

    // ---- description ----

    /** The settings that not every optimizer has, for {@link #toString()}, such as {@code momentum 0.9}; nothing by default. */
    protected String describe() {
        return "";
    }

    /** The settings, and what they are for: {@code SGD(learning rate 0.1, momentum 0.9; 4 parameters of 25,450 elements)}. */
    @Override
    public final String toString() {
        long elements = entries.stream()
                .mapToLong(entry -> entry.parameter.shape().size())
                .sum();
        Set<ParameterGroup> groups = Collections.newSetFromMap(new IdentityHashMap<>());
        // By identity, as equality compares lists.
        entries.forEach(entry -> groups.add(entry.group));
        return typeName() + "(learning rate " + learningRate
                + (describe().isEmpty() ? "" : ", " + describe())
                + (weightDecay == 0 ? "" : ", weight decay " + weightDecay)
                + (isMaximizing ? ", maximizing" : "")
                + String.format(
                        Locale.ROOT,
                        "; %d parameter%s of %,d elements",
                        entries.size(),
                        entries.size() == 1 ? "" : "s",
                        elements)
                + (groups.size() == 1 ? "" : " in " + groups.size() + " groups") + ")";
    }

    private String typeName() {
        return getClass().getSimpleName();
    }
}
