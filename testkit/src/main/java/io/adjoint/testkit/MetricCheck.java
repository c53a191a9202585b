package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.nn.metric.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The checks of a metric; each by itself, so that a report names the property that is broken. */
public enum MetricCheck {
    /** The metric's figure equals the figure of the reference. */
    REFERENCE((metric, drawn) -> {
        MetricReference reference = metric.reference().orElseThrow();
        requireNear(
                "the figure of " + drawn.inputs().get(0).shape().dim(0) + " samples",
                figure(metric, drawn),
                "by the reference",
                reference.of(drawn.inputs().get(0).data(), drawn.inputs().get(1).data()),
                metric.rtol());
    }),
    /** The figure of all samples does not depend on the division of the samples into batches, and an empty batch does not change it. */
    BATCHES((metric, drawn) -> {
        int samples = drawn.inputs().get(0).shape().dim(0);
        double atOnce = figure(metric, drawn);
        for (int size : List.of(1, (samples + 1) / 2)) {
            Metric tested = metric.factory().get();
            for (int from = 0; from < samples; from += size) {
                update(tested, part(drawn, from, Math.min(samples, from + size)));
                updateWithNone(tested, drawn);
            }
            requireNear(
                    "the figure of " + samples + " samples in batches of " + size + ", each before an empty one,",
                    tested.value(),
                    "in one batch",
                    atOnce,
                    metric.rtol());
        }
    }),
    /** Asking for the figure changes nothing: it is the same asked again, and after further samples the same as if it hadn't been asked. */
    VALUE((metric, drawn) -> {
        Metric asked = metric.factory().get();
        Metric unasked = metric.factory().get();
        int samples = drawn.inputs().get(0).shape().dim(0);
        update(asked, part(drawn, 0, (samples + 1) / 2));
        update(unasked, part(drawn, 0, (samples + 1) / 2));
        requireNear("the figure, asked for again,", asked.value(), "at first", asked.value(), 0);
        update(asked, drawn);
        update(unasked, drawn);
        requireNear(
                "the figure of a metric that was asked for it before the last samples",
                asked.value(),
                "of one that wasn't",
                unasked.value(),
                0);
    }),
    /** After a reset the metric is as new. */
    RESET((metric, drawn) -> {
        Metric tested = metric.factory().get();
        int samples = drawn.inputs().get(0).shape().dim(0);
        update(tested, part(drawn, 0, (samples + 1) / 2));
        tested.reset();
        update(tested, drawn);
        requireNear("the figure after a reset", tested.value(), "of a new metric", figure(metric, drawn), 0);
    }),
    /**
     * An update with shapes that do not fit is refused, and changes nothing; an update with shapes that fit does not change its arguments.
     */
    UPDATE((metric, drawn) -> {
        Metric tested = metric.factory().get();
        Case given = drawn.copy();
        update(tested, given);
        for (int k = 0; k < 2; k++) {
            Agreement.requireSame(
                    k == 0 ? "the prediction after the update" : "the target after the update",
                    given.inputs().get(k),
                    "before",
                    drawn.inputs().get(k));
        }
        double before = tested.value();
        Tensor target = drawn.inputs().get(1);
        if (target.shape().size() == 0) {
            return; // an empty target, concatenated with itself, still fits
        }
        Tensor longer = Tensor.concat(0, target, target);
        try {
            tested.update(drawn.inputs().get(0), longer);
        } catch (RuntimeException refused) {
            requireNear("the figure after an update that was refused", tested.value(), "before", before, 0);
            return;
        }
        throw new AssertionError("a prediction " + drawn.inputs().get(0).shape() + " and a target " + longer.shape()
                + " were taken without an error");
    }),
    /** The figure of FLOAT32 predictions is close to the figure of the same predictions in FLOAT64. */
    FLOATS((metric, drawn) -> {
        List<Tensor> narrow = drawn.inputs().stream().map(MetricCheck::narrow).toList();
        List<Tensor> wide = narrow.stream()
                .map(tensor -> tensor.dtype().isFloating() ? tensor.to(DType.FLOAT64) : tensor)
                .toList();
        requireNear(
                "the figure of FLOAT32 predictions",
                figure(metric, Case.of(narrow.toArray(new Tensor[0]))),
                "in FLOAT64",
                figure(metric, Case.of(wide.toArray(new Tensor[0]))),
                metric.floatRtol());
    }),
    /**
     * Updates in two steps of a {@link io.adjoint.autograd.Workspace}, one after the other, give the same figure as without one: the metric
     * keeps no tensor that ends with its step.
     */
    WORKSPACE((metric, drawn) -> {
        Metric plain = metric.factory().get();
        Metric tested = metric.factory().get();
        StateChecks.inSteps("", step -> {
            update(plain, drawn);
            return () ->
                    update(tested, Case.of(StateChecks.ofStep(drawn.inputs()).toArray(new Tensor[0])));
        });
        requireNear("the figure after two steps of a Workspace", tested.value(), "without one", plain.value(), 0);
    }),
    /**
     * A metric that loads a state continues as the saved metric would, and forgets its earlier batches; a state that lacks an array is
     * refused, and changes nothing.
     */
    STATE((metric, drawn) -> {
        Metric one = metric.factory().get();
        Metric other = metric.factory().get();
        int samples = drawn.inputs().get(0).shape().dim(0);
        update(one, part(drawn, 0, (samples + 1) / 2));
        update(other, drawn);
        Map<String, NdArray> state = one.state();
        other.load(state);
        requireRefused(other, state);
        for (Metric metricOfBoth : List.of(one, other)) {
            update(metricOfBoth, drawn);
        }
        requireNear("the figure of a metric that loaded the state", other.value(), "of the saved one", one.value(), 0);
    });

    private final BiConsumer<MetricSpec, Case> check;

    MetricCheck(BiConsumer<MetricSpec, Case> check) {
        this.check = check;
    }

    private static void requireRefused(Metric metric, Map<String, NdArray> state) {
        for (String name : state.keySet()) {
            Map<String, NdArray> less = new LinkedHashMap<>(state);
            less.remove(name);
            try {
                metric.load(less);
            } catch (IllegalArgumentException refused) {
                if (metric.state().equals(state)) {
                    continue;
                }
            }
            throw new AssertionError("a state without '" + name + "' was taken, or changed the metric");
        }
    }

    private static Tensor narrow(Tensor tensor) {
        return tensor.dtype().isFloating() ? tensor.to(DType.FLOAT32) : tensor;
    }

    private static void update(Metric metric, Case drawn) {
        metric.update(drawn.inputs().get(0), drawn.inputs().get(1));
    }

    /** Updates with an empty batch, which a metric may refuse. */
    private static void updateWithNone(Metric metric, Case drawn) {
        try {
            update(metric, part(drawn, 0, 0));
        } catch (IllegalArgumentException refused) {
            // nothing to do: the figure must be the same
        }
    }

    private static double figure(MetricSpec spec, Case drawn) {
        Metric metric = spec.factory().get();
        update(metric, drawn);
        return metric.value();
    }

    private static Case part(Case drawn, int from, int to) {
        return Case.of(
                drawn.inputs().stream().map(tensor -> tensor.slice(0, from, to)).toArray(Tensor[]::new));
    }

    private static void requireNear(String what, double actual, String other, double expected, double relative) {
        boolean same = Double.compare(actual, expected) == 0;
        if (!same && !(Math.abs(actual - expected) <= relative * Math.max(1, Math.abs(expected)))) {
            throw new AssertionError(what + " is " + actual + ", but " + other + " " + expected + " (off by "
                    + (actual - expected) + ")");
        }
    }

    /** Checks one case, a prediction and a target; {@link MetricSpec#check()} draws and shrinks cases. */
    public void check(MetricSpec metric, Case drawn) {
        check.accept(metric, drawn);
    }

    /** Returns whether the check applies to the metric. */
    boolean appliesTo(MetricSpec metric) {
        return !metric.except().contains(this)
                && (this != REFERENCE || metric.reference().isPresent());
    }

    /** The name in messages, such as {@code batches}. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
