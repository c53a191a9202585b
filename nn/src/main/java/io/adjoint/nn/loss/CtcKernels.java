package io.adjoint.nn.loss;

import io.adjoint.core.ArrayElements;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.Logarithms;
import io.adjoint.core.parallel.Parallel;
import java.util.Arrays;

/**
 * The losses of CTC and their gradient: sums over all alignments of sequences of log-probabilities with labels, computed by the
 * forward-backward algorithm in logarithms (Graves et al., 2006). Arguments are not checked; everything is computed in double.
 */
final class CtcKernels {
    private final NdArray logProbs;
    private final int[][] labels;
    private final int[] steps;
    /**
     * For each sequence, the forward variable α: for each step and label position, the logarithm of the total probability of all alignments
     * of the steps so far that end at this label position.
     */
    private final double[][] beginnings;

    private final double[] losses;

    /**
     * Runs the forward algorithm, which sums over all alignments, and keeps the forward variables for {@link #gradient}.
     *
     * @param logProbs [T, N, C]
     * @param labels the labels of each of N sequences, with blanks between and around them
     * @param steps the length of each sequence, at most T
     */
    CtcKernels(NdArray logProbs, int[][] labels, int[] steps) {
        this.logProbs = logProbs;
        this.labels = labels;
        this.steps = steps;
        beginnings = new double[labels.length][];
        losses = new double[labels.length];
        double[] x = logProbs.toDoubleArray();
        Parallel.ranges(labels.length, block(), (from, to) -> {
            for (int n = from; n < to; n++) {
                beginnings[n] = beginnings(x, n);
                losses[n] = loss(n);
            }
        });
    }

    /** Returns whether the label at a position may directly follow the label two positions before it, without the blank between them. */
    static boolean mayFollow(int[] labels, int position) {
        return position % 2 == 1 && position > 1 && labels[position] != labels[position - 2];
    }

    /** The negative logarithms of the probabilities of the sequences' labels, [N]. */
    NdArray losses() {
        return ArrayElements.ofDoubles(logProbs.dtype(), Shape.of(losses.length), losses.clone());
    }

    /**
     * The gradient of the log-probabilities: minus the probability, given the labels, that the alignment is at a class at a step, times the
     * upstream gradient [N]. It is 0 for a sequence that has no alignment.
     */
    NdArray gradient(NdArray upstream) {
        double[] x = logProbs.toDoubleArray();
        double[] g = upstream.toDoubleArray();
        double[] gradient = new double[x.length];
        Parallel.ranges(labels.length, block(), (from, to) -> {
            for (int n = from; n < to; n++) {
                if (losses[n] != Double.POSITIVE_INFINITY) {
                    addGradient(x, n, g[n], gradient);
                }
            }
        });
        return ArrayElements.ofDoubles(logProbs.dtype(), logProbs.shape(), gradient);
    }

    private int block() {
        int longest = Arrays.stream(labels).mapToInt(l -> l.length).max().orElse(1);
        // Parallel.blockOf counts additions, but an exponential or logarithm takes as long as eight additions.
        return Math.max(1, Parallel.blockOf(longest * logProbs.shape().dim(0)) / 8);
    }

    private int row(int step, int sample) {
        return (step * labels.length + sample) * logProbs.shape().dim(2);
    }

    private double[] beginnings(double[] x, int n) {
        int[] l = labels[n];
        double[] all = new double[steps[n] * l.length];
        Arrays.fill(all, 0, Math.min(l.length, all.length), Double.NEGATIVE_INFINITY);
        for (int s = 0; s < 2 && s < l.length && steps[n] > 0; s++) {
            all[s] = x[row(0, n) + l[s]];
        }
        for (int t = 1; t < steps[n]; t++) {
            int before = (t - 1) * l.length;
            int row = row(t, n);
            for (int s = 0; s < l.length; s++) {
                double same = all[before + s];
                double previous = s > 0 ? all[before + s - 1] : Double.NEGATIVE_INFINITY;
                double skipped = mayFollow(l, s) ? all[before + s - 2] : Double.NEGATIVE_INFINITY;
                all[before + l.length + s] = logSumExp(same, previous, skipped) + x[row + l[s]];
            }
        }
        return all;
    }

    private double loss(int n) {
        int size = labels[n].length;
        if (steps[n] == 0) {
            return size == 1 ? 0 : Double.POSITIVE_INFINITY;
        }
        int end = beginnings[n].length;
        double shorter = size > 1 ? beginnings[n][end - 2] : Double.NEGATIVE_INFINITY;
        return -logSumExp(beginnings[n][end - 1], shorter, Double.NEGATIVE_INFINITY);
    }

    private void addGradient(double[] x, int n, double g, double[] gradient) {
        int[] l = labels[n];
        // The array endings is the backward variable β: for each label position at step t, the logarithm of the total
        // probability of all alignments of the steps after t. The array next also includes the probability of step t.
        double[] endings = new double[l.length];
        double[] next = new double[l.length];
        Arrays.fill(endings, Double.NEGATIVE_INFINITY);
        for (int s = Math.max(0, l.length - 2); s < l.length; s++) {
            endings[s] = 0;
        }
        for (int t = steps[n] - 1; t >= 0; t--) {
            int row = row(t, n);
            for (int s = 0; s < l.length; s++) {
                gradient[row + l[s]] -=
                        g * ElementaryFunctions.exp(beginnings[n][t * l.length + s] + endings[s] + losses[n]);
                next[s] = endings[s] + x[row + l[s]];
            }
            for (int s = 0; s < l.length; s++) {
                double following = s + 1 < l.length ? next[s + 1] : Double.NEGATIVE_INFINITY;
                double skipped = s + 2 < l.length && mayFollow(l, s + 2) ? next[s + 2] : Double.NEGATIVE_INFINITY;
                endings[s] = logSumExp(next[s], following, skipped);
            }
        }
    }

    private static double logSumExp(double a, double b, double c) {
        double largest = Math.max(a, Math.max(b, c));
        return Double.isInfinite(largest)
                ? largest
                : largest
                        + Logarithms.log(ElementaryFunctions.exp(a - largest)
                                + ElementaryFunctions.exp(b - largest)
                                + ElementaryFunctions.exp(c - largest));
    }
}
