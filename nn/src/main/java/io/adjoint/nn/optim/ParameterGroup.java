package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/**
 * Parameters of an {@link Optimizer} that have the same settings: the optimizer's, unless they are set here. {@link Optimizer#add} makes
 * one, and its settings return it: {@code adam.add(biases).weightDecay(0)}. They hold from the next step on, and may change at any time.
 */
public final class ParameterGroup {
    private final SettingTable table;
    private final int number;
    private final List<Tensor> parameters;
    private double rateScale = 1;

    // The values, by the index of the setting.
    private double[] values;
    private boolean[] isOwn;

    /** A group with a number, counted from 0, and the optimizer's values. */
    ParameterGroup(SettingTable table, int number, List<Tensor> parameters, double[] values) {
        this.table = table;
        this.number = number;
        this.parameters = parameters;
        this.values = values.clone();
        this.isOwn = new boolean[values.length];
    }

    /** The parameters, in the order in which they are updated. */
    public List<Tensor> parameters() {
        return parameters;
    }

    // ---- settings ----

    /** The learning rate of these parameters: the optimizer's, or the group's own one, times {@link #rateScale()}. */
    public double learningRate() {
        return values[0] * rateScale;
    }

    /** The weight decay of these parameters. */
    public double weightDecay() {
        return values[1];
    }

    /** The factor of the learning rate, 1 by default. */
    public double rateScale() {
        return rateScale;
    }

    /**
     * The value of a setting for these parameters; of the learning rate without {@link #rateScale()}.
     *
     * @throws IllegalArgumentException if it is a setting of another class
     */
    public double get(Setting setting) {
        if (setting.owner != table.owner()) {
            throw new IllegalArgumentException(table.owner().getSimpleName() + ": the setting '" + setting
                    + "' belongs to " + setting.owner.getSimpleName());
        }
        return values[setting.index];
    }

    /**
     * The value of a setting for these parameters; of the learning rate without {@link #rateScale()}.
     *
     * @throws IllegalArgumentException if the optimizer has no setting of that name
     */
    public double get(String setting) {
        return values[table.named(setting).index];
    }

    /**
     * Sets a setting of these parameters, such as {@code momentum}, in place of the optimizer's.
     *
     * @param setting its name, which is the one of the optimizer's method, or {@code beta1} and {@code beta2} of {@code betas}
     * @throws IllegalArgumentException if the optimizer has no setting of that name, or the value is out of its range
     */
    @CanIgnoreReturnValue
    public ParameterGroup set(String setting, double value) {
        Setting named = table.named(setting);
        named.require(value);
        own(named, value);
        return this;
    }

    /**
     * Sets a learning rate that doesn't follow the optimizer's; for one that does there is {@link #rateScale(double)}.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public ParameterGroup learningRate(double rate) {
        return set(SettingTable.RATE, rate);
    }

    /**
     * Sets the weight decay, such as 0 for biases.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public ParameterGroup weightDecay(double decay) {
        return set(SettingTable.DECAY, decay);
    }

    /**
     * Sets the factor of the learning rate, so that one schedule drives all groups.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public ParameterGroup rateScale(double scale) {
        rateScale = Settings.requireNotNegative(table.owner(), "rate scale", scale);
        return this;
    }

    // ---- for the table ----

    /** Adds a setting that the optimizer declares. */
    void declare(Setting setting) {
        int size = Math.max(values.length, setting.index + 1);
        values = Arrays.copyOf(values, size);
        isOwn = Arrays.copyOf(isOwn, size);
        values[setting.index] = setting.initial;
    }

    void own(Setting setting, double value) {
        values[setting.index] = value;
        isOwn[setting.index] = true;
    }

    /** Takes over the optimizer's value of a setting, unless the group overrides it. */
    void inherit(Setting setting, double value) {
        if (!isOwn[setting.index]) {
            values[setting.index] = value;
        }
    }

    int number() {
        return number;
    }

    boolean isOwn(Setting setting) {
        return isOwn[setting.index];
    }

    /** A group of the same parameters that overrides none of the optimizer's values, which are {@code common}. */
    ParameterGroup inheriting(double[] common) {
        return new ParameterGroup(table, number, parameters, common);
    }

    void copy(ParameterGroup other) {
        rateScale = other.rateScale;
        values = other.values.clone();
        isOwn = other.isOwn.clone();
    }

    /** The settings that the group overrides, as text: {@code rate scale 0.1, weight decay 0.0}; empty if it overrides none. */
    String describe() {
        StringJoiner text = new StringJoiner(", ");
        if (rateScale != 1) {
            text.add("rate scale " + rateScale);
        }
        for (Setting setting : table.settings()) {
            if (isOwn(setting)) {
                text.add(Setting.words(setting.name) + " " + values[setting.index]);
            }
        }
        return text.toString();
    }

    /** The number of its parameters, and its settings. */
    @Override
    public String toString() {
        String own = describe();
        return "ParameterGroup(" + parameters.size() + (parameters.size() == 1 ? " parameter" : " parameters")
                + (own.isEmpty() ? "" : "; " + own) + ")";
    }
}
