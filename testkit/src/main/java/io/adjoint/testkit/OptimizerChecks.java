package io.adjoint.testkit;

import static io.adjoint.testkit.Agreement.requireClose;
import static io.adjoint.testkit.Agreement.requireSame;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.ParameterGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Implements the checks of {@link OptimizerCheck}. */
final class OptimizerChecks {
    /** The number of steps of most runs. */
    static final int STEPS = 4;

    private OptimizerChecks() {}

    static void requireSameValues(String when, List<NdArray> actual, String other, List<NdArray> expected) {
        for (int k = 0; k < expected.size(); k++) {
            requireSame("parameter " + k + " " + when, actual.get(k), other, expected.get(k));
        }
    }

    // ---- values ----

    static void reference(OptimizerSpec spec, long seed) {
        OptimizerReference formula = spec.reference().orElseThrow();
        List<NdArray> start = Descent.values(spec, seed, DType.FLOAT64, Descent.LARGE);
        Descent descent = Descent.of(spec, start);
        List<List<NdArray>> gradients = new ArrayList<>();
        start.forEach(parameter -> gradients.add(new ArrayList<>()));
        for (int step = 0; step < STEPS; step++) {
            for (int k = 0; k < start.size(); k++) {
                boolean isMissing = step == 1 && k == 1;
                NdArray gradient = Descent.gradient(start.get(k).shape(), STEPS * seed + step, k);
                Tensor parameter = descent.parameters().get(k);
                parameter.zeroGrad();
                if (!isMissing) {
                    parameter.setGrad(Tensor.of(gradient));
                    gradients.get(k).add(gradient);
                }
            }
            descent.optimizer().step();
            for (int k = 0; k < start.size(); k++) {
                NdArray first = start.get(k);
                List<NdArray> given = gradients.get(k);
                NdArray expected = Reference.build(
                        first.shape(),
                        index -> formula.of(
                                first.get(index),
                                given.stream().mapToDouble(g -> g.get(index)).toArray()));
                requireClose(
                        "parameter " + k + " after step " + (step + 1)
                                + (k == 1 && step > 0 ? ", the second of which had no gradient of it," : ""),
                        descent.parameters().get(k).data(),
                        expected,
                        spec.rtol(),
                        1,
                        "by the reference");
            }
        }
    }

    static void trajectories(OptimizerSpec spec) {
        for (OptimizerSpec.Trajectory run : spec.trajectories()) {
            Descent descent = Descent.of(spec, List.of(array(run.start())));
            Tensor parameter = descent.parameters().get(0);
            for (int step = 0; step < run.gradients().size(); step++) {
                parameter.setGrad(Tensor.of(array(run.gradients().get(step))));
                descent.optimizer().step();
                requireClose(
                        "the parameter after step " + (step + 1),
                        parameter.data(),
                        array(run.expected().get(step)),
                        spec.rtol(),
                        1,
                        "of the known run");
            }
        }
    }

    private static NdArray array(List<Double> elements) {
        return NdArray.of(
                Shape.of(elements.size()),
                elements.stream().mapToDouble(element -> element).toArray());
    }

    static void floats(OptimizerSpec spec, long seed) {
        requireSameInFloats(spec, seed, "", optimizer -> {});
        for (String setting : settings(spec)) {
            requireSameInFloats(
                    spec,
                    seed,
                    " with another " + setting + " than the factory's",
                    optimizer -> change(optimizer, setting));
        }
    }

    private static void requireSameInFloats(OptimizerSpec spec, long seed, String with, Consumer<Optimizer> setting) {
        Descent doubles = Descent.of(spec, Descent.values(spec, seed, DType.FLOAT64));
        Descent floats = Descent.of(spec, Descent.values(spec, seed, DType.FLOAT32));
        setting.accept(doubles.optimizer());
        setting.accept(floats.optimizer());
        for (int step = 0; step < STEPS; step++) {
            doubles.step(STEPS * seed + step);
            floats.step(STEPS * seed + step);
        }
        for (int k = 0; k < spec.shapes().size(); k++) {
            requireClose(
                    "FLOAT32 parameter " + k + " after " + STEPS + " steps" + with,
                    floats.parameters().get(k),
                    doubles.parameters().get(k),
                    spec.floatRtol(),
                    1,
                    "in FLOAT64");
        }
    }

    static void empty(OptimizerSpec spec, long seed) {
        Descent descent = Descent.of(
                spec,
                List.of(NdArray.zeros(DType.FLOAT64, Shape.of(0, 3)), NdArray.zeros(DType.FLOAT64, Shape.of(4, 5))));
        for (int step = 0; step < STEPS; step++) {
            descent.step(STEPS * seed + step);
        }
        for (double element : descent.parameters().get(1).data().toDoubleArray()) {
            if (!Double.isFinite(element)) {
                throw new AssertionError("beside a parameter without elements, another one became " + element + ": "
                        + descent.parameters().get(1));
            }
        }
    }

    // ---- state ----

    static void resume(OptimizerSpec spec, long seed) {
        int saved = (int) Math.floorMod(seed, STEPS + 1L);
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            Descent one = Descent.of(spec, Descent.values(spec, seed, dtype));
            for (int step = 0; step < saved; step++) {
                one.step(seed + step);
            }
            Descent other = Descent.of(spec, one.values());
            other.optimizer().load(one.optimizer().state());
            for (int step = saved; step < saved + STEPS; step++) {
                one.step(seed + step);
                other.step(seed + step);
                String when = "in " + dtype + " after step " + (step + 1) + ", of an optimizer that loaded the state of"
                        + " step " + saved + ",";
                requireSameValues(when, other.values(), "of the one that went on", one.values());
            }
            requireSameState(other.optimizer(), one.optimizer().state());
        }
    }

    private static void requireSameState(Optimizer optimizer, Map<String, NdArray> expected) {
        Agreement.requireSameState("the optimizer has", optimizer.state(), "expected", expected);
    }

    static void state(OptimizerSpec spec, long seed) {
        Descent descent = Descent.of(spec, Descent.values(spec, seed, DType.FLOAT64));
        descent.step(seed);
        descent.step(seed + 1);
        Optimizer optimizer = descent.optimizer();
        Map<String, NdArray> kept = new LinkedHashMap<>();
        optimizer.state().forEach((name, array) -> kept.put(name, array.copy()));
        optimizer
                .state()
                .values()
                .forEach(array -> InPlace.assign(array, NdArray.full(array.dtype(), array.shape(), 7)));
        requireSameState(optimizer, kept);
        String settings = optimizer.getClass().getSimpleName() + ".";
        for (String name : kept.keySet()) {
            Map<String, NdArray> missing = new LinkedHashMap<>(kept);
            missing.remove(name);
            // A state of an earlier version may lack a setting, and the setting then keeps its value. Of the settings,
            // only the learning rate is required, since its entry, such as Adam.learningRate, names the optimizer's
            // class, and so tells the states of different optimizers apart.
            if (name.startsWith(settings) && !name.endsWith(".learningRate")) {
                optimizer.load(missing);
                requireSameState(optimizer, kept);
            } else {
                requireRefused(optimizer, missing, "without " + name, kept);
            }
        }
        Map<String, NdArray> unexpected = new LinkedHashMap<>(kept);
        unexpected.put("another", NdArray.scalar(DType.FLOAT64, 1));
        requireRefused(optimizer, unexpected, "with 'another' besides", kept);
    }

    private static void requireRefused(
            Optimizer optimizer, Map<String, NdArray> state, String what, Map<String, NdArray> kept) {
        try {
            optimizer.load(state);
        } catch (IllegalArgumentException refused) {
            requireSameState(optimizer, kept);
            return;
        }
        throw new AssertionError("a state " + what + " was loaded");
    }

    // ---- parameters by themselves ----

    static void groups(OptimizerSpec spec, long seed) {
        double rateScale = 0.5;
        double decay = 0.125;
        List<NdArray> start = Descent.values(spec, seed, DType.FLOAT64);
        Descent first = Descent.of(spec, start.subList(0, 1));
        Descent second = Descent.of(spec, start.subList(1, 2));
        second.optimizer().learningRate(rateScale * second.optimizer().learningRate());
        Descent both = Descent.of(spec, start.subList(0, 1));
        Tensor grouped = Tensor.of(start.get(1).copy()).requiresGrad(true);
        ParameterGroup group = both.optimizer().add(List.of(grouped)).rateScale(rateScale);
        Descent halfRate = Descent.of(spec, start.subList(1, 2));
        halfRate.optimizer().learningRate(second.optimizer().learningRate());
        Descent plain = Descent.of(spec, start.subList(1, 2));
        boolean decays = isTaken(second.optimizer(), "weightDecay", decay);
        if (decays) {
            group.weightDecay(decay);
        }
        boolean rateMatters = false;
        boolean decayMatters = false;
        for (int step = 0; step < STEPS; step++) {
            grouped.setGrad(Tensor.of(Descent.gradient(grouped.shape(), seed + step, 0)));
            both.step(seed + step);
            first.step(seed + step);
            second.step(seed + step);
            halfRate.step(seed + step);
            plain.step(seed + step);
            // If steps depend only on the signs of gradients, several steps may lead back to the initial parameters for
            // any learning rate, so the parameters are compared after each step.
            rateMatters |= !plain.values().equals(halfRate.values());
            decayMatters |= !halfRate.values().equals(second.values());
        }
        requireEffect("learning rate", rateMatters);
        requireEffect("weight decay", decayMatters || !decays);
        requireSameValues("beside a group", both.values(), "by itself", first.values());
        requireSame(
                "a parameter in a group with half the rate and, if there can be one, a weight decay of " + decay,
                grouped,
                "with an optimizer of these settings",
                second.parameters().get(0));
        settingsOfGroups(spec, seed);
    }

    private static Set<String> settings(OptimizerSpec spec) {
        return Descent.of(spec, Descent.values(spec, 0, DType.FLOAT64))
                .optimizer()
                .settings()
                .keySet();
    }

    /**
     * Changes a setting to half of its value or, if half is not allowed, to twice its value; a value of 0 becomes 0.25. Returns false if
     * the optimizer refuses both.
     */
    @CanIgnoreReturnValue
    private static boolean change(Optimizer optimizer, String setting) {
        double value = optimizer.get(setting);
        return isTaken(optimizer, setting, value == 0 ? 0.25 : value / 2) || isTaken(optimizer, setting, 2 * value);
    }

    /**
     * Checks that a change of a setting in a parameter group has the effect of this change in the optimizer. Each setting is changed alone.
     */
    private static void settingsOfGroups(OptimizerSpec spec, long seed) {
        List<NdArray> start = Descent.values(spec, seed, DType.FLOAT64);
        for (String setting : settings(spec)) {
            Descent single = Descent.of(spec, start.subList(0, 1));
            if (!change(single.optimizer(), setting)) {
                continue;
            }
            Descent grouped = Descent.of(spec, start.subList(0, 1));
            grouped.optimizer().groups().get(0).set(setting, single.optimizer().get(setting));
            Descent resumed = Descent.of(spec, start.subList(0, 1));
            resumed.optimizer().load(grouped.optimizer().state());
            for (int step = 0; step < STEPS; step++) {
                single.step(seed + step);
                grouped.step(seed + step);
                resumed.step(seed + step);
            }
            String when = "with " + setting + " " + single.optimizer().get(setting) + " in a group";
            requireSameValues(when, grouped.values(), "in the optimizer", single.values());
            requireSameValues(when + " from a state", resumed.values(), "without one", grouped.values());
        }
    }

    private static void requireEffect(String setting, boolean matters) {
        if (!matters) {
            throw new AssertionError("another " + setting + " has no effect; is it the one that update() is given?");
        }
    }

    /** Changes a setting of an optimizer; returns false if the optimizer refuses the value. */
    private static boolean isTaken(Optimizer optimizer, String setting, double value) {
        try {
            optimizer.set(setting, value);
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    static void frozen(OptimizerSpec spec, long seed) {
        List<NdArray> start = Descent.values(spec, seed, DType.FLOAT64);
        Descent descent = Descent.of(spec, start);
        Tensor frozen = descent.parameters().get(1);
        frozen.freeze();
        for (int step = 0; step < STEPS; step++) {
            descent.step(seed + step);
            requireSame("a frozen parameter after a step", frozen.data(), "before", start.get(1));
        }
        if (descent.optimizer().needsClosure()) {
            return;
        }
        Descent without = Descent.of(spec, List.of(start.get(0), start.get(2)));
        for (int step = 0; step < STEPS; step++) {
            Tensor last = without.parameters().get(1);
            without.parameters()
                    .get(0)
                    .setGrad(Tensor.of(Descent.gradient(start.get(0).shape(), seed + step, 0)));
            last.setGrad(Tensor.of(Descent.gradient(last.shape(), seed + step, 2)));
            without.optimizer().step();
        }
        requireSame(
                "parameter 0 beside a frozen one",
                descent.parameters().get(0),
                "without it",
                without.parameters().get(0));
        frozen.unfreeze();
        Descent fresh = Descent.of(spec, start.subList(1, 2));
        for (int step = 0; step < STEPS; step++) {
            NdArray gradient = Descent.gradient(frozen.shape(), seed + step, 1);
            descent.step(seed + step);
            fresh.parameters().get(0).setGrad(Tensor.of(gradient));
            fresh.optimizer().step();
        }
        requireSame(
                "a parameter that was unfrozen after " + STEPS + " steps",
                frozen,
                "with a new optimizer",
                fresh.parameters().get(0));
    }
}
