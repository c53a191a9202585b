package io.adjoint.fit;

import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.TrustRegion;
import io.adjoint.autograd.transforms.Trees;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Lower and upper bounds of a vector of parameters; infinite where there are none. */
final class Box implements TrustRegion.Domain {
    /** Bounds as a user gives them: trees, whose tensors broadcast to the parameters. */
    record Bounds<P>(P lower, P upper) {
        Bounds {
            // Copies, since the caller may change the trees.
            lower = copy("the lower bound", lower);
            upper = copy("the upper bound", upper);
        }
    }

    private static <P> P copy(String name, P tree) {
        return Trees.map(Callbacks.given("bounds", name, tree), x -> Tensor.of(x.data()));
    }

    private final double[] lower;
    private final double[] upper;

    private Box(double[] lower, double[] upper) {
        this.lower = lower;
        this.upper = upper;
    }

    /** Checks the bounds, and that the start is within them. */
    static <P> Box of(String op, ParameterVector<P> parameters, @Nullable Bounds<P> bounds) {
        double[] values = parameters.values();
        double[] lower = new double[values.length];
        double[] upper = new double[values.length];
        Arrays.fill(lower, Double.NEGATIVE_INFINITY);
        Arrays.fill(upper, Double.POSITIVE_INFINITY);
        if (bounds != null) {
            lower = parameters.like("the lower bound", bounds.lower());
            upper = parameters.like("the upper bound", bounds.upper());
        }
        for (int k = 0; k < values.length; k++) {
            if (!(lower[k] <= upper[k])) {
                throw new IllegalArgumentException(op + ": " + parameters.name(k) + " has the bounds " + lower[k]
                        + " and " + upper[k] + "; the lower one must not be above the upper one");
            } else if (!(lower[k] <= values[k] && values[k] <= upper[k])) {
                throw new IllegalArgumentException(op + ": the start has " + parameters.name(k) + " = " + values[k]
                        + ", outside its bounds " + lower[k] + " and " + upper[k]);
            }
        }
        return new Box(lower, upper);
    }

    @Override
    public double project(int k, double value) {
        return Math.min(Math.max(value, lower[k]), upper[k]);
    }

    /** The number of parameters with equal bounds. */
    int fixed() {
        return (int) IntStream.range(0, lower.length)
                .filter(k -> lower[k] == upper[k])
                .count();
    }

    /** The parameters that stand at a bound beyond which the cost falls, or have equal bounds. */
    @Override
    public boolean[] held(double[] x, double[] gradient) {
        boolean[] held = new boolean[x.length];
        for (int k = 0; k < x.length; k++) {
            held[k] = lower[k] == upper[k]
                    || (x[k] <= lower[k] && gradient[k] > 0)
                    || (x[k] >= upper[k] && gradient[k] < 0);
        }
        return held;
    }

    /** A sentence for each held parameter, and one about a refused trial. */
    List<String> notes(ParameterVector<?> parameters, double[] x, boolean[] held) {
        List<String> notes = new ArrayList<>();
        for (int k = 0; k < x.length; k++) {
            if (held[k] && lower[k] == upper[k]) {
                notes.add(parameters.name(k) + " is fixed by its equal bounds");
            } else if (held[k]) {
                boolean low = x[k] <= lower[k];
                notes.add(parameters.name(k) + " is at its " + (low ? "lower" : "upper") + " bound "
                        + (low ? lower[k] : upper[k]) + ", beyond which the cost would fall");
            }
        }
        if (parameters.refusal != null) {
            notes.add(parameters.refusal);
        }
        return notes;
    }
}
