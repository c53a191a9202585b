package io.adjoint.autograd;

import io.adjoint.core.NdArray;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Searches for the entry of a gradient that is furthest from its numeric value, which finite differences give. */
final class WorstEntry {
    /** The largest number of entries that are compared one by one; a range of more entries is halved first. */
    private static final int MOST_ENTRIES = 256;

    private final GradCheck.Level level;
    private final Tensor[] exact;
    private final Tensor upstream;
    private final DoubleUnaryOperator allowed;

    /**
     * A search among the gradients of all leaves.
     *
     * @param exact the gradients by the backward rules
     * @param allowed maps the absolute value of a derivative to the tolerance
     */
    WorstEntry(GradCheck.Level level, Tensor[] exact, Tensor upstream, DoubleUnaryOperator allowed) {
        this.level = level;
        this.exact = exact;
        this.upstream = upstream;
        this.allowed = allowed;
    }

    /** The entry of all gradients that is furthest from its numeric value. */
    GradCheck.Report ofAll() {
        return worst(new Range(0, Integer.MAX_VALUE));
    }

    /**
     * The entry that is furthest from its numeric value, after the derivative along the given direction has disagreed with its numeric
     * value. Of more than {@link #MOST_ENTRIES} entries, only the range that {@link #half} finds is searched.
     */
    GradCheck.Report along(Tensor... direction) {
        return worst(half(direction));
    }

    /** A range of entries of the leaves' gradients; entries are numbered from 0 through all gradients, one gradient after the other. */
    private record Range(int from, int to) {
        boolean contains(int entry) {
            return entry >= from && entry < to;
        }
    }

    /**
     * Halves the range of all entries again and again, keeping a half along which the derivative disagrees with its numeric value, and
     * returns at most {@link #MOST_ENTRIES} entries of the last range.
     */
    private Range half(Tensor... direction) {
        int from = 0;
        int to = Arrays.stream(direction)
                .mapToInt(tensor -> tensor.shape().size())
                .sum();
        while (to - from > MOST_ENTRIES) {
            int middle = (from + to) / 2;
            boolean isInFirst = !agreesAlong(within(direction, new Range(from, middle)));
            if (!isInFirst && agreesAlong(within(direction, new Range(middle, to)))) {
                break;
            }
            from = isInFirst ? from : middle;
            to = isInFirst ? middle : to;
        }
        return new Range(from, Math.min(to, from + MOST_ENTRIES));
    }

    private boolean agreesAlong(Tensor... direction) {
        double derivative = 0;
        double scale = 0;
        for (int k = 0; k < exact.length; k++) {
            Tensor terms = exact[k].detach().mul(direction[k]);
            derivative += terms.sum().item();
            scale += terms.abs().sum().item();
        }
        return level.along(direction, upstream)
                .compareWith(derivative, scale, allowed.applyAsDouble(scale))
                .agrees();
    }

    private static Tensor[] within(Tensor[] direction, Range range) {
        Tensor[] within = new Tensor[direction.length];
        int at = 0;
        for (int k = 0; k < within.length; k++) {
            double[] elements = direction[k].data().toDoubleArray();
            for (int e = 0; e < elements.length; e++, at++) {
                elements[e] = range.contains(at) ? elements[e] : 0;
            }
            within[k] = Tensor.of(NdArray.of(direction[k].shape(), elements));
        }
        return within;
    }

    /** The entry within a range that is furthest from its numeric value. */
    private GradCheck.Report worst(Range among) {
        int input = -1;
        int element = 0;
        double worstError = 0;
        int at = 0;
        for (int k = 0; k < exact.length; k++) {
            double[] gradient = exact[k].detach().data().toDoubleArray();
            for (int e = 0; e < gradient.length; e++, at++) {
                if (!among.contains(at)) {
                    continue;
                }
                Differences.Estimate numeric = level.along(Partials.unit(level.leaves(), k, e), upstream)
                        .compareWith(gradient[e], Math.abs(gradient[e]), allowed.applyAsDouble(Math.abs(gradient[e])));
                double error = Math.abs(gradient[e] - numeric.derivative());
                if (!numeric.agrees() && !(error <= worstError)) {
                    worstError = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
                    input = k;
                    element = e;
                }
            }
        }
        return input < 0
                ? new GradCheck.Report(level.order(), true, 0, 0, "at every entry", "")
                : new Partials(level, input, element, allowed).worst(upstream);
    }
}
