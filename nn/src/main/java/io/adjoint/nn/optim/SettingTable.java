package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.StateFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.DoublePredicate;

/** The settings of an optimizer with their values, and the groups of parameters, which may override these values. */
final class SettingTable {
    static final String RATE = "learningRate";
    static final String DECAY = "weightDecay";

    private final Class<?> owner;
    private final List<Setting> settings;
    private final List<ParameterGroup> groups = new ArrayList<>();
    private double[] values;

    private SettingTable(Class<?> owner, List<Setting> settings, double[] values) {
        this.owner = owner;
        this.settings = settings;
        this.values = values;
    }

    /** Declares the first two settings, the learning rate and the weight decay. */
    SettingTable(Class<?> owner) {
        this(owner, new ArrayList<>(), new double[0]);
        declare(RATE, 0, SettingTable::isNotNegative, NOT_NEGATIVE);
        declare(DECAY, 0, SettingTable::isNotNegative, NOT_NEGATIVE);
    }

    static final String NOT_NEGATIVE = "be finite and not negative";

    static boolean isNotNegative(double value) {
        return value >= 0 && value < Double.POSITIVE_INFINITY;
    }

    Class<?> owner() {
        return owner;
    }

    List<Setting> settings() {
        return settings;
    }

    Setting rate() {
        return settings.get(0);
    }

    Setting decay() {
        return settings.get(1);
    }

    List<ParameterGroup> groups() {
        return groups;
    }

    // ---- declaration ----

    /** Adds a setting, or replaces the setting of the same name. */
    @CanIgnoreReturnValue
    Setting declare(String name, double initial, DoublePredicate range, String must) {
        int index = 0;
        while (index < settings.size() && !settings.get(index).name.equals(name)) {
            index++;
        }
        Setting setting = new Setting(owner, name, index, initial, range, must);
        if (index < settings.size()) {
            settings.set(index, setting);
        } else {
            settings.add(setting);
            values = Arrays.copyOf(values, index + 1);
        }
        values[index] = initial;
        return setting;
    }

    /** Adds a group of parameters whose settings have the optimizer's values. */
    ParameterGroup add(List<Tensor> parameters) {
        ParameterGroup group = new ParameterGroup(this, groups.size(), List.copyOf(parameters));
        groups.add(group);
        return group;
    }

    // ---- values ----

    Setting named(String name) {
        for (Setting setting : settings) {
            if (setting.name.equals(name)) {
                return setting;
            }
        }
        throw new IllegalArgumentException(
                owner.getSimpleName() + ": has no setting '" + name + "'; its settings are " + settings);
    }

    double get(Setting setting) {
        return values[setting.index];
    }

    /** Sets the optimizer's value of a setting, which also holds for groups that don't override it. */
    void set(Setting setting, double value) {
        setting.require(value);
        values[setting.index] = value;
    }

    Map<String, Double> byName() {
        Map<String, Double> all = new LinkedHashMap<>();
        settings.forEach(setting -> all.put(setting.name, get(setting)));
        return all;
    }

    // ---- state ----

    /**
     * Declares the values of all settings as fields of the optimizer's state: the field {@code Adam.beta1} has the optimizer's value of a
     * setting, {@code Adam.group1.beta1} a value that overrides it in a group. Loading a state that has only the learning rate leaves the
     * other settings unchanged.
     *
     * @return on loading, copies of the groups with the loaded values, which {@link StateFields#onLoad} assigns to the groups if the whole
     *     state fits; on saving, the groups themselves
     */
    List<ParameterGroup> declareState(StateFields fields) {
        String prefix = owner.getSimpleName() + ".";
        SettingTable common = new SettingTable(owner, settings, values.clone());
        for (Setting setting : settings) {
            String name = prefix + setting.name;
            if (setting.index == 0 || fields.has(name, true)) {
                common.values[setting.index] = declare(fields, name, setting, values[setting.index]);
            }
        }
        List<ParameterGroup> loaded = new ArrayList<>();
        for (int k = 0; k < groups.size(); k++) {
            loaded.add(declareGroup(fields, prefix, groups.get(k), common));
        }
        fields.onLoad(() -> {
            values = common.values;
            for (int k = 0; k < loaded.size(); k++) {
                groups.get(k).copy(loaded.get(k));
            }
        });
        return fields.isLoading() ? loaded : groups;
    }

    private ParameterGroup declareGroup(
            StateFields fields, String optimizer, ParameterGroup group, SettingTable common) {
        String prefix = optimizer + "group" + group.number() + ".";
        ParameterGroup loaded = new ParameterGroup(common, group.number(), group.parameters());
        if (fields.has(prefix + "rateScale", group.rateScale() != 1)) {
            double scale = fields.number(prefix + "rateScale", group.rateScale());
            fields.require(isNotNegative(scale), "the rate scale must " + NOT_NEGATIVE + ", got " + scale);
            loaded.rateScale(scale);
        } else if (!fields.has(optimizer + DECAY, true)) {
            loaded.rateScale(group.rateScale());
        }
        for (Setting setting : settings) {
            String name = prefix + setting.name;
            if (fields.has(name, group.isOwn(setting))) {
                loaded.own(setting, declare(fields, name, setting, group.get(setting)));
            } else if (group.isOwn(setting) && !fields.has(optimizer + knownBy(setting), true)) {
                loaded.own(setting, group.get(setting));
            }
        }
        return loaded;
    }

    /**
     * The name of a field of a saved state. If the state has this field, the version that saved the state also saved the groups' values of
     * the setting. For the learning rate this is the field of the weight decay, since older versions saved the learning rate without values
     * of groups.
     */
    private static String knownBy(Setting setting) {
        return setting.index == 0 ? DECAY : setting.name;
    }

    private static double declare(StateFields fields, String name, Setting setting, double value) {
        double loaded = fields.number(name, value);
        fields.require(setting.accepts(loaded), setting.problem(loaded));
        return loaded;
    }

    // ---- description ----

    /** The optimizer's settings as text, such as {@code learning rate 0.1, momentum 0.9}. */
    String describe() {
        StringJoiner text = new StringJoiner(", ");
        for (Setting setting : settings) {
            String value = setting.describe(values[setting.index]);
            if (!value.isEmpty()) {
                text.add(value);
            }
        }
        return text.toString();
    }

    /** The groups as text, such as {@code in 2 groups; group 1: weight decay 0.0}; empty for a single group that overrides nothing. */
    String describeGroups() {
        StringBuilder text = new StringBuilder(groups.size() == 1 ? "" : " in " + groups.size() + " groups");
        for (int k = 0; k < groups.size(); k++) {
            String own = groups.get(k).describe();
            text.append(own.isEmpty() ? "" : "; group " + k + ": " + own);
        }
        return text.toString();
    }
}
