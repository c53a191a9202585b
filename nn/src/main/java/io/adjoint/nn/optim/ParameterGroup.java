package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** The values that the group has in place of the table's, by the name of the setting. */
    private final Map<String, Double> own = new HashMap<>();

    /** A group with a number, counted from 0, and the optimizer's values. */
    ParameterGroup(SettingTable table, int number, List<Tensor> parameters) {
        this.table = table;
        this.number = number;
        this.parameters = parameters;
    }

    /** The parameters, in the order in which they are updated. */
    public List<Tensor> parameters() {
        return parameters;
    }

    // ---- settings ----

    /** The learning rate of these parameters: the optimizer's, or the group's own one, times {@link #rateScale()}. */
    public double learningRate() {
        return value(table.rate()) * rateScale;
    }

    /** The weight decay of these parameters. */
    public double weightDecay() {
        return value(table.decay());
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
        return value(setting);
    }

    private double value(Setting setting) {
        Double mine = own.isEmpty() ? null : own.get(setting.name);
        return mine == null ? table.get(setting) : mine;
    }

    /**
     * The value of a setting for these parameters; of the learning rate without {@link #rateScale()}.
     *
     * @throws IllegalArgumentException if the optimizer has no setting of that name
     */
    public double get(String setting) {
        return value(table.named(setting));
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

    void own(Setting setting, double value) {
        own.put(setting.name, value);
    }

    int number() {
        return number;
    }

    boolean isOwn(Setting setting) {
        return own.containsKey(setting.name);
    }

    void copy(ParameterGroup other) {
        rateScale = other.rateScale;
        own.clear();
        own.putAll(other.own);
    }

    /** The settings that the group overrides, as text: {@code rate scale 0.1, weight decay 0.0}; empty if it overrides none. */
    String describe() {
        StringJoiner text = new StringJoiner(", ");
        if (rateScale != 1) {
            text.add("rate scale " + rateScale);
        }
        for (Setting setting : table.settings()) {
            if (isOwn(setting)) {
                text.add(Setting.words(setting.name) + " " + value(setting));
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
