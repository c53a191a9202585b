package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Lease;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Block;
import io.adjoint.nn.HeldLeaves;
import io.adjoint.nn.loss.Reduction;
import io.adjoint.nn.optim.Clip;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Schedule;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The optimizer's steps of a training, and the gradients that are accumulated for the next step. */
final class Updates {
    /** The name of the learning rate among the settings of an optimizer. */
    static final String RATE = "learningRate";

    /** The optimizer; null if the program makes its steps itself, in the function of a batch. */
    final @Nullable Optimizer optimizer;

    /** The schedules of the optimizer's settings, by the names of these. */
    final Map<String, Scheduled> schedules = new LinkedHashMap<>();

    /** The functions that make a schedule of the number of steps of the whole training, by the names of the settings. */
    final Map<String, LongFunction<? extends Schedule>> schedulesOfAll = new LinkedHashMap<>();

    double maxNorm = Double.POSITIVE_INFINITY;
    double maxValue = Double.POSITIVE_INFINITY;
    /** True if the norm of the gradients is computed even if the gradients are not clipped by norm. */
    boolean measuresNorm;
    /** The norm of the last step's gradients, before clipping; empty if it wasn't measured. */
    OptionalDouble norm = OptionalDouble.empty();
    /** The number of batches whose gradients are accumulated for one step. */
    int accumulated = 1;

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
     * The model's parameters before the first batch of a training, for {@link #checkRegistered}; null before {@link #check} and after this
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

    /** A schedule, and the interval after which its argument grows by 1. */
    record Scheduled(Schedule schedule, Every every) {}

    Updates(@Nullable Optimizer optimizer) {
        this.optimizer = optimizer;
    }

    /** A copy with the same optimizer and clipping, but without accumulation, schedule and steps. */
    Updates copy() {
        Updates copy = new Updates(optimizer);
        copy.maxNorm = maxNorm;
        copy.maxValue = maxValue;
        copy.parametersBefore = parametersBefore;
        copy.held = held;
        return copy;
    }

    /**
     * Refuses settings that contradict each other.
     *
     * @throws IllegalArgumentException if two settings contradict each other
     */
    void check(Block model) {
        boolean clips = maxNorm < Double.POSITIVE_INFINITY || maxValue < Double.POSITIVE_INFINITY;
        if (optimizer == null) {
            Trainer.requireThat(
                    !clips && !measuresNorm && accumulated == 1 && schedules.isEmpty(),
                    "the function of a batch makes its steps itself, so the trainer can neither accumulate, clip nor measure"
                            + " gradients, nor set a learning rate or another setting; do so in the function");
            return;
        }
        List<Tensor> parameters = model.parameters();
        Trainer.requireThat(
                parameters.isEmpty()
                        || optimizer.parameters().stream()
                                .anyMatch(own -> parameters.stream().anyMatch(parameter -> parameter == own)),
                "the optimizer has none of the model's " + parameters.size()
                        + " parameters, so nothing would be trained; make it of model.parameters()");
        Trainer.requireThat(
                optimizer.parameters().isEmpty()
                        || optimizer.parameters().stream().anyMatch(Tensor::requiresGrad),
                "all " + optimizer.parameters().size()
                        + " parameters of the optimizer are frozen, so nothing would be trained; unfreeze() the layers"
                        + " that are to learn");
        Trainer.requireThat(
                !optimizer.needsClosure() || (accumulated == 1 && !clips),
                optimizer.getClass().getSimpleName()
                        + " evaluates the loss of a batch several times a step, so gradients can be neither accumulated (make"
                        + " the batches larger) nor clipped (its line search needs the true ones)");
        if (parametersBefore == null) {
            parametersBefore = new HashSet<>(parameters);
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
    void checkRegistered(Block model) {
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
    List<Tensor> parameters() {
        return optimizer == null ? List.of() : optimizer.parameters();
    }

    /**
     * The parts of a training that have a state, by name.
     *
     * @param batches the batches, which are a further part if they are {@link Stateful}, such as a loader
     */
    Map<String, Stateful> parts(Block model, Stateful trainer, Iterable<?> batches) {
        Map<String, Stateful> parts = new LinkedHashMap<>();
        parts.put("", model);
        if (optimizer != null) {
            parts.put("optimizer", optimizer);
        }
        parts.put("trainer", trainer);
        if (batches instanceof Stateful loader) {
            parts.put("loader", loader);
        }
        return parts;
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
        } else if (accumulated == 1) {
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
            Outcome outcome = Lease.part(() -> backward.apply(1).kept());
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
        if (hasGradients && maxValue < Double.POSITIVE_INFINITY) {
            Clip.value(parameters, maxValue);
        }
        if (hasGradients && maxNorm < Double.POSITIVE_INFINITY) {
            norm = OptionalDouble.of(Clip.norm(parameters, maxNorm));
        } else if (measuresNorm || maxNorm < Double.POSITIVE_INFINITY) {
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

    /** Returns whether the learning rate has a schedule. */
    boolean schedulesRate() {
        return schedules.containsKey(RATE) || schedulesOfAll.containsKey(RATE);
    }

    /** Makes the schedules that span the whole training, whose number of steps is asked for if there are any. */
    void makeSchedules(LongSupplier steps) {
        schedulesOfAll.forEach((setting, schedule) ->
                schedules.put(setting, new Scheduled(schedule.apply(steps.getAsLong()), Every.STEP)));
    }

    private void setScheduled(Optimizer stepping, int epochs) {
        schedules.forEach((setting, each) ->
                stepping.set(setting, each.schedule().at(each.every().passed(steps, epochs))));
    }
}
