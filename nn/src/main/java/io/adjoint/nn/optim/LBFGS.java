package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import java.util.List;
import java.util.function.Supplier;

/**
 * L-BFGS (Liu and Nocedal, 1989) for losses without noise, such as the loss of all data at once. Each iteration moves the parameters along
 * −H·g, where H approximates the inverse Hessian by the last changes of parameters and gradients; {@link #step(Supplier)} makes several
 * iterations, and calls the closure for each loss and gradient it needs. It evaluates the same points as PyTorch's, one by one.
 *
 * <pre>{@code
 * LBFGS lbfgs = new LBFGS(model.parameters()).strongWolfe();
 * lbfgs.step(() -> {
 *     lbfgs.zeroGrad();
 *     Tensor loss = …;
 *     loss.backward();
 *     return loss;
 * });
 * }</pre>
 *
 * <p>By default the learning rate is 1, a step has at most 20 iterations and 25 evaluations, the memory holds 100 changes, and there is no
 * line search: the step along a direction is the learning rate. All parameters are one group, and there is no weight decay: add a penalty
 * to the loss. Vectors are in double precision, two of all parameters' size for each change in memory.
 */
public final class LBFGS extends FluentOptimizer<LBFGS> {
    private final Setting gradientTolerance = notNegative("gradientTolerance", 1e-7);
    private final Setting changeTolerance = notNegative("changeTolerance", 1e-9);
    private int maxIterations = 20;
    private int maxEvaluations = -1;
    private int history = 100;
    private boolean isSearching;

    private Memory memory = Memory.unknown();

    /** L-BFGS with learning rate 1. */
    public LBFGS(List<Tensor> parameters) {
        this(parameters, 1);
    }

    /**
     * L-BFGS with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public LBFGS(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
        refuseWeightDecay("add a penalty to the loss");
    }

    // ---- settings ----

    /**
     * Sets the largest number of iterations in a step; the largest number of evaluations becomes 5/4 of it, unless it was set.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    @CanIgnoreReturnValue
    public LBFGS maxIterations(int count) {
        require(count > 0, "largest number of iterations", "be positive", count);
        this.maxIterations = count;
        return this;
    }

    /**
     * Sets the number of evaluations after which a step ends.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    @CanIgnoreReturnValue
    public LBFGS maxEvaluations(int count) {
        require(count > 0, "largest number of evaluations", "be positive", count);
        this.maxEvaluations = count;
        return this;
    }

    /**
     * Sets when a step ends: at a gradient whose largest element is at most 10⁻⁷ by default, and at a change of the parameters or the
     * loss of at most 10⁻⁹.
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    @CanIgnoreReturnValue
    public LBFGS tolerances(double ofGradient, double ofChange) {
        changeTolerance.require(ofChange);
        set(gradientTolerance, ofGradient);
        return with(changeTolerance, ofChange);
    }

    /**
     * Sets the number of changes that are remembered. If there are more already, the oldest are forgotten.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    @CanIgnoreReturnValue
    public LBFGS history(int size) {
        require(size > 0, "size of the history", "be positive", size);
        this.history = size;
        memory = memory.withHistory(size);
        return this;
    }

    /** Searches along each direction for a point that satisfies the strong Wolfe conditions, which takes more evaluations. */
    @CanIgnoreReturnValue
    public LBFGS strongWolfe() {
        this.isSearching = true;
        return this;
    }

    /**
     * Refuses to maximize.
     *
     * @throws IllegalStateException always
     */
    @CanIgnoreReturnValue
    @Override
    public LBFGS maximize() {
        throw new IllegalStateException("LBFGS: cannot maximize; return the negative loss from the closure");
    }

    @Override
    boolean hasGroups() {
        return false;
    }

    // ---- steps ----

    /**
     * Refuses a step without a closure.
     *
     * @throws IllegalStateException always
     */
    @Override
    public void step() {
        throw new IllegalStateException("LBFGS: a step needs a closure that computes the loss; call step(closure)");
    }

    @Override
    protected String describe() {
        return "at most " + maxIterations + " iterations, history " + history
                + (isSearching ? ", strong Wolfe conditions" : "");
    }

    @Override
    public boolean needsClosure() {
        return true;
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        throw new IllegalArgumentException("LBFGS: moves all parameters together; a single one has made no steps");
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the closure does not return one number, or computed no gradient
     */
    @CanIgnoreReturnValue
    @Override
    public Tensor step(Supplier<Tensor> closure) {
        before.forEach(Runnable::run);
        List<NdArray> start = copies();
        Memory known = memory;
        boolean isDone = false;
        try {
            Tensor loss = iterate(closure, start);
            isDone = true;
            after.forEach(Runnable::run);
            return loss;
        } finally {
            if (!isDone) {
                putBack(start);
                memory = known;
            }
        }
    }

    private List<NdArray> copies() {
        return parameters().stream().map(p -> p.data().copy()).toList();
    }

    private void putBack(List<NdArray> copies) {
        List<Tensor> parameters = parameters();
        for (int k = 0; k < copies.size(); k++) {
            InPlace.assign(parameters.get(k).data(), copies.get(k));
        }
    }

    /**
     * Makes the iterations of a step.
     *
     * @param start copies of the parameters
     */
    private Tensor iterate(Supplier<Tensor> closure, List<NdArray> start) {
        List<Tensor> parameters = parameters();
        Tensor first = loss(closure);
        if (parameters.stream().allMatch(parameter -> parameter.grad() == null)) {
            throw new IllegalArgumentException(
                    "LBFGS: the closure computed no gradient of the parameters; call backward() on the"
                            + " loss in it, and return the loss");
        }
        double loss = first.item();
        Flat gradient = Flat.gradients(parameters);
        double ofGradient = get(gradientTolerance);
        double ofChange = get(changeTolerance);
        if (gradient.largest() <= ofGradient) {
            return first;
        }
        int limit = maxEvaluations > 0 ? maxEvaluations : maxIterations * 5 / 4;
        int evaluations = 1;
        for (int k = 1; k <= maxIterations; k++) {
            Memory next = memory.next(gradient, loss, history);
            Flat direction = next.direction();
            next = next.withLength(
                    learningRate() * (next.iterations() == 1 ? Math.min(1, 1 / gradient.sumOfAbsolutes()) : 1));
            double slope = gradient.dot(direction);
            if (slope > -ofChange) {
                memory = next;
                break;
            }
            boolean isOptimal = false;
            if (isSearching) {
                List<NdArray> origin = k == 1 ? start : copies();
                StrongWolfe search = new StrongWolfe(
                        step -> evaluate(origin, direction, step, closure),
                        new StrongWolfe.Point(0, loss, gradient, slope));
                StrongWolfe.Point found = search.search(next.length(), direction.largest(), ofChange);
                move(next.withLength(found.step()));
                loss = found.value();
                gradient = found.gradient();
                evaluations += search.tries();
                isOptimal = gradient.largest() <= ofGradient;
            } else {
                move(next);
                // The evaluation after the last iteration would not be used.
                if (k < maxIterations) {
                    loss = loss(closure).item();
                    gradient = Flat.gradients(parameters);
                    evaluations++;
                    isOptimal = gradient.largest() <= ofGradient;
                }
            }
            if (evaluations >= limit
                    || isOptimal
                    || direction.mul(memory.length()).largest() <= ofChange
                    || Math.abs(loss - memory.loss()) < ofChange) {
                break;
            }
        }
        return first;
    }

    /** Moves the parameters, and then stores the state that includes this move. */
    private void move(Memory next) {
        next.direction().addTo(parameters(), next.length());
        memory = next;
    }

    /** Evaluates the closure, which must return one number. */
    private static Tensor loss(Supplier<Tensor> closure) {
        Tensor loss = Autograd.enableGrad(closure);
        if (loss == null || loss.shape().size() != 1) {
            throw new IllegalArgumentException("LBFGS: the closure must return the loss, one number, but returned "
                    + (loss == null ? "null" : "a tensor of shape " + loss.shape()));
        }
        return loss;
    }

    /** Evaluates the point after a step along the direction, and moves the parameters back to the origin, of which these are copies. */
    private StrongWolfe.Point evaluate(List<NdArray> origin, Flat direction, double step, Supplier<Tensor> closure) {
        try {
            direction.addTo(parameters(), step);
            double value = loss(closure).item();
            Flat gradient = Flat.gradients(parameters());
            return new StrongWolfe.Point(step, value, gradient, gradient.dot(direction));
        } finally {
            putBack(origin);
        }
    }

    // ---- state ----

    /** Declares the state that every optimizer has, and the memory of earlier iterations, which is one for all parameters. */
    @Override
    public void declareState(StateFields fields) {
        super.declareState(fields);
        int size = parameters().stream().mapToInt(p -> p.data().size()).sum();
        Memory loaded = memory.declareState(fields, size, history);
        fields.onLoad(() -> memory = loaded);
    }
}
