package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Lease;
import io.adjoint.core.StateFields;
import io.adjoint.nn.Block;
import io.adjoint.nn.HeldLeaves;
import io.adjoint.nn.loss.Reduction;
import io.adjoint.nn.optim.Clip;
import io.adjoint.nn.optim.Optimizer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The optimizer's steps of a training, and the gradients that are accumulated for the next step. */
final class Updates {
    private static final String GRADIENT = "gradient.";

    private final TrainingPlan<?> plan;
    private final @Nullable Optimizer optimizer;
    /** The schedules of the optimizer's settings of the present call of fit, by the names of the settings. */
    private final Map<String, TrainingPlan.Scheduled> schedules = new LinkedHashMap<>();

    /** The norm of the last step's gradients, before clipping; empty if it wasn't measured. */
    OptionalDouble norm = OptionalDouble.empty();
    /** The number of optimizer steps so far. */
    long steps;
    /** The number of batches whose gradients are accumulated since the last step. */
    int pending;
    /** The reduction of the losses of the {@link #pending} batches; null if there are none. */
    @Nullable
    Reduction pendingReduction;
    /**
     * The sum of the weights of the {@link #pending} batches, over which their gradients are a mean; 0 if their losses are sums, whose
     * gradients are added as they are.
     */
    double pendingSamples;
    /**
     * The model's parameters before the first batch of a training, for {@link #checkRegistered}; null before {@link #begin} and after this
     * batch.
     */
    private @Nullable Set<Tensor> parametersBefore;
    /** The leaves that blocks of the model kept in fields before the first batch, without having registered them. */
    private List<Held> held = List.of();

    /**
     * A leaf in a field of a block.
     *
     * @param before its gradient before the first batch
     */
    private record Held(String name, Tensor leaf, @Nullable Tensor before) {
        @SuppressWarnings("ReferenceEquality") // a gradient that grad() has returned is never changed, only replaced
        boolean hasNewGradient() {
            Tensor now = leaf.grad();
            return now != null && now != before;
        }
    }

    Updates(TrainingPlan<?> plan) {
        this.plan = plan;
        optimizer = plan.optimizer;
    }

    /**
     * Begins a call of fit: makes its schedules, and notes the model's parameters before its first batch.
     *
     * @param all computes the number of steps of the whole training, for schedules that span it
     */
    void begin(LongSupplier all) {
        schedules.clear();
        plan.schedules.forEach((setting, schedule) -> schedules.put(setting, schedule.apply(all)));
        if (optimizer != null && parametersBefore == null) {
            Block model = plan.model();
            parametersBefore = new HashSet<>(model.parameters());
            held = HeldLeaves.of(model).entrySet().stream()
                    .map(entry -> new Held(
                            entry.getValue(), entry.getKey(), entry.getKey().grad()))
                    .toList();
        }
    }

    /**
     * Refuses parameters that the forward pass of the first batch registered, and leaves that the model hasn't registered, though its
     * blocks keep them and the first batch gave them gradients, unless the optimizer has them.
     *
     * @throws IllegalStateException that names the parameters or leaves
     */
    void checkRegistered() {
        Block model = plan.model();
        Set<Tensor> before = parametersBefore;
        if (before == null) {
            return;
        }
        Set<Tensor> known = new HashSet<>(before);
        known.addAll(parameters());
        List<String> late = model.namedParameters().entrySet().stream()
                .filter(entry -> entry.getValue().requiresGrad() && !known.contains(entry.getValue()))
                .map(entry -> "'" + entry.getKey() + "' " + entry.getValue().shape())
                .toList();
        if (!late.isEmpty()) {
            throw new IllegalStateException("Trainer: the first forward pass registered the parameters "
                    + String.join(", ", late)
                    + ", which the optimizer doesn't have, so it would never train them; register all blocks in"
                    + " constructors, or make a new optimizer of model.parameters(), and a new Trainer, now that the model"
                    + " has run once");
        }
        known.addAll(model.parameters());
        List<String> unregistered = held.stream()
                .filter(each -> each.hasNewGradient() && !known.contains(each.leaf()))
                .map(each -> "'" + each.name() + "' " + each.leaf().shape())
                .toList();
        if (!unregistered.isEmpty()) {
            throw new IllegalStateException(
                    "Trainer: the model computes with the leaves " + String.join(", ", unregistered)
                            + " in its fields without having registered them, so they are neither trained nor saved; register a leaf where"
                            + " it is created: weight = parameter(\"weight\", …), and several as weights = parameters(\"weights\","
                            + " List.of(…)); add one that the model isn't to save to this optimizer: optimizer.add(List.of(leaf)); keep"
                            + " one that another optimizer steps outside of the model's blocks");
        }
        parametersBefore = null;
        held = List.of();
    }

    /** The parameters whose gradients are accumulated. */
    private List<Tensor> parameters() {
        return optimizer == null ? List.of() : optimizer.parameters();
    }

    /** Clears the gradients, after a step and for a new epoch. */
    void clear() {
        if (optimizer != null) {
            optimizer.zeroGrad();
        }
    }

    /** Drops the count, the reduction and the weight of the pending batches. */
    void forget() {
        pending = 0;
        pendingReduction = null;
        pendingSamples = 0;
    }

    void learningRate(double rate) {
        if (optimizer != null) {
            optimizer.learningRate(rate);
        }
    }

    /** The current learning rate; NaN without an optimizer. */
    double learningRate() {
        return optimizer == null ? Double.NaN : optimizer.learningRate();
    }

    /**
     * Adds the gradients of a batch to the accumulated gradients.
     *
     * @param backward takes a factor, adds the gradients of factor · loss to the parameters, and returns the outcome of the batch
     * @param weight the weight of the batch
     * @param epochs the number of completed epochs, for the schedule
     */
    Outcome backward(DoubleFunction<Outcome> backward, double weight, int epochs) {
        Outcome outcome;
        if (optimizer != null && optimizer.needsClosure()) {
            outcome = closure(optimizer, backward, epochs);
        } else if (plan.accumulated == 1) {
            outcome = backward.apply(1);
        } else {
            double all = pendingSamples + weight;
            if (pendingSamples > 0) {
                scaleGradients(pendingSamples / all);
            }
            outcome = backward.apply(weight / all);
        }
        pending++;
        pendingReduction = outcome.reduction();
        pendingSamples += outcome.reduction() == Reduction.SUM ? 0 : weight;
        return outcome;
    }

    /**
     * Returns the outcome of a batch or of its part, before gradients are computed from it.
     *
     * @throws IllegalArgumentException if its reduction is another than that of the pending batches
     */
    Outcome checked(Outcome outcome) {
        Trainer.requireThat(
                pendingReduction == null || pendingReduction == outcome.reduction(),
                "some accumulated batches have mean losses, others summed ones; give all one reduction");
        return outcome;
    }

    /** Makes the step of an optimizer that evaluates the batch several times; returns the outcome of the first evaluation. */
    private Outcome closure(Optimizer closing, DoubleFunction<Outcome> backward, int epochs) {
        setScheduled(closing, epochs);
        Outcome[] first = new Outcome[1];
        closing.step(() -> {
            closing.zeroGrad();
            Outcome outcome = Lease.nested(() -> backward.apply(1).kept());
            first[0] = first[0] == null ? outcome : first[0];
            return outcome.loss();
        });
        return first[0];
    }

    /**
     * Makes a step if at least {@code batches} batches are pending. If the optimizer needs a closure or the program makes the steps itself,
     * the step was made with the batch, and is only counted here. The gradients stay until {@link #clear}.
     *
     * @return whether a step was made
     */
    boolean stepIfDue(int batches, int epochs) {
        if (pending < batches) {
            return false;
        }
        if (optimizer != null && !optimizer.needsClosure()) {
            limit(optimizer.parameters());
            setScheduled(optimizer, epochs);
            optimizer.step();
        }
        steps++;
        forget();
        return true;
    }

    /** Clips and measures the gradients. The batches of a step may give none of the parameters a gradient, which {@link Clip} refuses. */
    private void limit(List<Tensor> parameters) {
        boolean hasGradients = Clip.hasGradients(parameters);
        if (hasGradients && plan.maxValue < Double.POSITIVE_INFINITY) {
            Clip.value(parameters, plan.maxValue);
        }
        if (hasGradients && plan.maxNorm < Double.POSITIVE_INFINITY) {
            norm = OptionalDouble.of(Clip.norm(parameters, plan.maxNorm));
        } else if (plan.measuresNorm || plan.maxNorm < Double.POSITIVE_INFINITY) {
            norm = OptionalDouble.of(Clip.totalNorm(parameters, 2));
        }
    }

    /**
     * Scales the accumulated gradients, which are a weighted mean over the pending batches, so that they are the weighted mean over one
     * more batch once the weighted gradients of this batch are added.
     */
    private void scaleGradients(double factor) {
        parameters().forEach(parameter -> {
            Tensor gradient = parameter.grad();
            if (gradient != null) {
                parameter.setGrad(gradient.mul(factor));
            }
        });
    }

    private void setScheduled(Optimizer stepping, int epochs) {
        schedules.forEach((setting, each) ->
                stepping.set(setting, each.schedule().at(each.every().passed(steps, epochs))));
    }

    // ---- state ----

    /** The loaded number of steps, and of the batches whose gradients are accumulated, and the sum of their weights. */
    record Counts(long steps, int pending, double pendingSamples) {}

    /** Declares the numbers of steps and of pending batches, and the gradients of these; a parameter may have none. */
    Counts declareState(StateFields fields) {
        long allSteps = fields.longCount("steps", steps, value -> steps = value);
        int count = CurrentEpoch.count(fields, "pending", pending);
        double samples = fields.number("pendingSamples", pendingSamples, value -> pendingSamples = value);
        fields.onLoad(() -> {
            pending = count;
            pendingReduction = count == 0 ? null : samples == 0 ? Reduction.SUM : Reduction.MEAN;
        });
        List<Tensor> parameters = parameters();
        for (int k = 0; k < parameters.size(); k++) {
            Tensor parameter = parameters.get(k);
            fields.onLoad(() -> parameter.setGrad(null));
            // grad() is called only if the gradient is saved, since later gradients can't reuse the memory of an array
            // that grad() has returned.
            Tensor now = count == 0 || fields.isLoading() ? null : parameter.grad();
            if (count > 0 && fields.has(GRADIENT + k, now != null)) {
                fields.array(
                        GRADIENT + k,
                        now == null ? parameter.data() : now.data(),
                        gradient -> parameter.setGrad(Tensor.of(gradient)));
            }
        }
        return new Counts(allSteps, count, samples);
    }
}
