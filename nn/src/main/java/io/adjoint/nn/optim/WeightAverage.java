package io.adjoint.nn.optim;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Block;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A running average of a model's parameters, PyTorch's {@code AveragedModel}: {@link #update()} after each step, or after each epoch,
 * {@link #within} to evaluate with the average in the model, {@link #copyTo} to keep it.
 *
 * <p>With the parameters pₜ at the t-th update, t = 1, 2, …, the average is
 *
 * <pre>{@code
 * ema: aₜ = decay·aₜ₋₁ + (1 − decay)·pₜ, where a₀ is the parameters when the average was made, or the parameters of another block
 * swa: aₜ = (p₁ + … + pₜ)/t
 * }</pre>
 *
 * <p>In PyTorch the first update of an exponential average copies, a₁ = p₁, which is the same only if p₁ is a₀. If you load weights into
 * the model, make the average after that. Buffers, such as running statistics, are not averaged: before you evaluate a model with batch
 * normalizations, call {@link io.adjoint.nn.layer.BatchNorm#updateStatistics} with the average in the model. For one thread at a time.
 *
 * <p>The soft update of a target network, {@code target = 0.99·target + 0.01·model}, is
 *
 * <pre>{@code
 * WeightAverage soft = WeightAverage.ema(model, 0.99, target);
 * soft.update();          // after each step of the optimizer
 * soft.copyTo(target);
 * }</pre>
 */
public final class WeightAverage implements Stateful {
    private final Block model;
    /** The decay of the moving average; NaN for the plain mean of all weights. */
    private final double decay;

    private final Map<String, NdArray> averages = new LinkedHashMap<>();
    private int updates;
    /** True while the model holds the averaged weights. */
    private boolean inModel;

    private WeightAverage(Block model, double decay) {
        this.model = model;
        this.decay = decay;
        model.namedParameters()
                .forEach(
                        (path, parameter) -> averages.put(path, parameter.data().copy()));
    }

    /**
     * An exponential moving average, which starts from the parameters as they are now: each update sets it to {@code decay·a +
     * (1 − decay)·p}.
     *
     * @param decay the fraction that remains, such as 0.999
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public static WeightAverage ema(Block model, double decay) {
        return ema(model, decay, model);
    }

    /**
     * An exponential moving average of a model's parameters, which starts from the parameters of another block as they are now, such as a
     * target network.
     *
     * @param decay the fraction that remains, such as 0.99
     * @throws IllegalArgumentException if it is not from 0 to 1, or the block has other parameters than the model; the latter lists every
     *     one that is missing, unexpected, or of another dtype or shape
     */
    public static WeightAverage ema(Block model, double decay, Block start) {
        Settings.requireFraction(WeightAverage.class, "decay", decay);
        WeightAverage average = new WeightAverage(model, decay);
        assignments(start, average.averages, parameters(start)).run();
        return average;
    }

    /** The mean of the parameters at all updates: stochastic weight averaging (Izmailov et al., 2018). */
    public static WeightAverage swa(Block model) {
        return new WeightAverage(model, Double.NaN);
    }

    /** The number of updates. */
    public int updates() {
        return updates;
    }

    /**
     * Takes the parameters as they are now into the average.
     *
     * @throws IllegalStateException if the model has other parameters than when the average was made, or has the average in it, because
     *     {@link #within} is running; then nothing has changed
     */
    public void update() {
        if (inModel) {
            throw new IllegalStateException(
                    "WeightAverage: update() within within(…) would average the average, which is in the"
                            + " model there; update before or after it");
        }
        if (!model.namedParameters().keySet().equals(averages.keySet())) {
            throw new IllegalStateException("WeightAverage: the model's parameters were " + averages.keySet()
                    + " when the average was made, and now are "
                    + model.namedParameters().keySet() + "; make an average of the complete model");
        }
        double share = Double.isNaN(decay) ? 1 / (updates + 1.0) : 1 - decay;
        model.namedParameters().forEach((path, parameter) -> {
            NdArray average = Objects.requireNonNull(averages.get(path));
            if (share == 1) {
                InPlace.assign(average, parameter.data());
            } else {
                InPlace.update(average, parameter.data(), new DoubleAverage(share), new FloatAverage(share));
            }
        });
        updates = Optimizer.next(updates);
    }

    /**
     * Runs a computation with the average in the model, and puts parameters and buffers back after it, also after an exception. A graph
     * that was recorded with the parameters before cannot be differentiated after it. The computation must not {@link #update()} this
     * average.
     *
     * @return the result of the computation
     */
    public <T> T within(Supplier<T> computation) {
        boolean wasInModel = inModel;
        Map<Tensor, NdArray> own = new LinkedHashMap<>();
        model.parameters()
                .forEach(parameter -> own.put(parameter, parameter.data().copy()));
        Map<Buffer, NdArray> buffers = new LinkedHashMap<>();
        model.namedBuffers().values().forEach(buffer -> buffers.put(buffer, buffer.value()));
        Runnable put = into(model);
        try {
            put.run();
            inModel = true;
            return computation.get();
        } finally {
            inModel = wasInModel;
            own.forEach((parameter, elements) -> InPlace.assign(parameter.data(), elements));
            buffers.forEach(Buffer::assign);
        }
    }

    /**
     * Puts the average into a block: the model, or one with the same parameters.
     *
     * @throws IllegalArgumentException that lists every parameter that is missing, unexpected, or of another dtype or shape
     */
    public void copyTo(Block target) {
        into(target).run();
    }

    /** The assignments that put the average into a block. */
    private Runnable into(Block target) {
        return assignments(target, parameters(target), averages);
    }

    private static Map<String, NdArray> parameters(Block block) {
        Map<String, NdArray> parameters = new LinkedHashMap<>();
        block.namedParameters().forEach((path, parameter) -> parameters.put(path, parameter.data()));
        return parameters;
    }

    private static Runnable assignments(Block other, Map<String, NdArray> targets, Map<String, NdArray> values) {
        String owner = "WeightAverage: the parameters of " + other.getClass().getSimpleName();
        return StateFields.check(owner, fields -> targets.forEach(fields::array), values);
    }

    /**
     * Declares the number of updates, under a name that says which kind of average it is, {@code ema.updates} or {@code swa.updates}, and
     * the average of each parameter, by its path.
     */
    @Override
    public void declareState(StateFields fields) {
        fields.count(kind() + ".updates", updates, value -> updates = value);
        averages.forEach((path, average) -> fields.array("average." + path, average));
    }

    private String kind() {
        return Double.isNaN(decay) ? "swa" : "ema";
    }

    /** The kind of average, the decay of an exponential one, and the number of updates. */
    @Override
    public String toString() {
        return "WeightAverage." + kind() + "[" + (Double.isNaN(decay) ? "" : "decay=" + decay + ", ") + "updates="
                + updates + "]";
    }
}
