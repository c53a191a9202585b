package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Checked labels of sequences, extended by blanks before, between and behind the labels of each sequence. */
final class CtcTargets {
    /** The extended labels of each sequence: 2·S + 1 for S labels. */
    final int[][] extended;
    /** The number of steps of each sequence. */
    final int[] steps;

    private final int blank;
    private final int width;

    /**
     * Checks the arguments of {@link CTC#forward}.
     *
     * @param shape the shape {@code [T, N, C]} of the log probabilities
     */
    CtcTargets(int blank, Shape shape, boolean isBatch, Tensor targets, Tensor inputLengths, Tensor targetLengths) {
        int samples = shape.dim(1);
        int classes = shape.dim(2);
        if (blank >= classes) {
            throw new IllegalArgumentException(
                    "CTC: the blank " + blank + " is out of range for " + classes + " classes");
        }
        this.blank = blank;
        steps = lengths("input lengths", inputLengths, isBatch, samples, shape.dim(0), "steps");
        requireIndices("targets", targets);
        int rank = targets.shape().rank();
        if (rank != 1 && !(isBatch && rank == 2 && targets.shape().dim(0) == samples)) {
            throw new ShapeException("CTC: targets of " + samples + " sequences are "
                    + (isBatch ? "[" + samples + ", S], or [sum of lengths]" : "[S]") + "; got " + targets.shape());
        }
        boolean isPadded = rank == 2 || !isBatch;
        int row = isPadded ? targets.shape().dim(-1) : 0;
        int[] counts = lengths(
                "target lengths",
                targetLengths,
                isBatch,
                samples,
                targets.shape().dim(-1),
                "labels");
        int total = Arrays.stream(counts).sum();
        if (!isPadded && total != targets.shape().dim(0)) {
            throw new ShapeException(
                    "CTC: the target lengths add up to " + total + ", but the targets are " + targets.shape());
        }
        int[] labels = targets.data().toIntArray();
        extended = new int[samples][];
        int at = 0;
        for (int n = 0; n < samples; n++) {
            int from = isPadded ? n * row : at;
            extended[n] = withBlanks(Arrays.copyOfRange(labels, from, from + counts[n]), n, classes);
            at += counts[n];
        }
        width = Arrays.stream(extended).mapToInt(l -> l.length).max().orElse(1);
    }

    private static void requireIndices(String what, Tensor tensor) {
        if (tensor.dtype() != DType.INT32) {
            throw new DTypeException("CTC: the " + what + " " + tensor.shape() + " must be INT32, but are "
                    + tensor.dtype() + "; convert them with to(INT32)");
        }
    }

    private static int[] lengths(String what, Tensor given, boolean isBatch, int samples, int most, String unit) {
        requireIndices(what, given);
        Shape expected = isBatch ? Shape.of(samples) : Shape.scalar();
        if (!given.shape().equals(expected)) {
            throw new ShapeException(
                    "CTC: the " + what + " of " + samples + " sequences are " + expected + ", got " + given.shape());
        }
        int[] lengths = given.data().toIntArray();
        for (int n = 0; n < lengths.length; n++) {
            if (lengths[n] < 0 || lengths[n] > most) {
                throw new IllegalArgumentException("CTC: the " + what + " must be between 0 and " + most + ", the "
                        + unit + " there are, but that of sequence " + n + " is " + lengths[n]);
            }
        }
        return lengths;
    }

    private int[] withBlanks(int[] labels, int sample, int classes) {
        int[] all = new int[2 * labels.length + 1];
        Arrays.fill(all, blank);
        for (int k = 0; k < labels.length; k++) {
            if (labels[k] < 0 || labels[k] >= classes || labels[k] == blank) {
                throw new IllegalArgumentException("CTC: label " + labels[k] + " at [" + sample + ", " + k
                        + "] of the targets must be between 0 and " + (classes - 1) + ", and not the blank " + blank);
            }
            all[2 * k + 1] = labels[k];
        }
        return all;
    }

    /** The number of labels of each sequence, at least 1, by which mean losses are divided. */
    Tensor divisors(DType dtype) {
        return Tensor.of(NdArray.generate(dtype, Shape.of(steps.length), n -> Math.max(1, extended[n].length / 2)));
    }

    // ---- masks for the step-by-step composition: [N, L], where L is the largest length of extended labels ----

    /** The class at each position of the extended labels, repeated for each step, INT32 [T, N, L]. */
    Tensor index(int time) {
        return masked(DType.INT32, (n, s) -> s < extended[n].length ? extended[n][s] : blank)
                .unsqueeze(0)
                .broadcastTo(Shape.of(time, steps.length, width));
    }

    /**
     * True at the first two positions, at which an alignment may begin. The second position is beyond the extended labels of a sequence
     * without labels, but no alignment that begins at this position reaches an end position.
     */
    Tensor first() {
        return masked(DType.BOOL, (n, s) -> s < 2 ? 1 : 0);
    }

    /** True at the positions at which an alignment may end. */
    Tensor last() {
        return masked(DType.BOOL, (n, s) -> s < extended[n].length && s >= extended[n].length - 2 ? 1 : 0);
    }

    /** True at labels that may follow the previous label without a blank in between. */
    Tensor skips() {
        return masked(DType.BOOL, (n, s) -> s < extended[n].length && CtcKernels.mayFollow(extended[n], s) ? 1 : 0);
    }

    /** True for sequences with more than t steps, BOOL [N, 1]. */
    Tensor isRunning(int t) {
        return ofSamples(n -> t < steps[n] ? 1 : 0).unsqueeze(1);
    }

    /** True for sequences with at least one step, BOOL [N]. */
    Tensor hasSteps() {
        return ofSamples(n -> steps[n] > 0 ? 1 : 0);
    }

    private Tensor ofSamples(IntToDoubleFunction mask) {
        return Tensor.of(NdArray.generate(DType.BOOL, Shape.of(steps.length), mask));
    }

    @FunctionalInterface
    private interface Mask {
        int at(int sample, int position);
    }

    private Tensor masked(DType dtype, Mask mask) {
        return Tensor.of(NdArray.generate(dtype, Shape.of(steps.length, width), k -> mask.at(k / width, k % width)));
    }
}
