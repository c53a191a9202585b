package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.LibraryOps;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;
import java.util.List;

/**
 * The connectionist temporal classification loss (Graves et al., 2006): the negative logarithm of the probability that a sequence of
 * log-probabilities spells a shorter sequence of labels, summed over all alignments. An alignment gives each step a label or the
 * blank; read without repetitions, and then without blanks, it spells the labels.
 *
 * <p>The mean, the default, divides each loss by the number of labels, or by 1 if there are none, before the mean over the samples is
 * taken; the sum divides by nothing. A sample with too few steps for its labels has the loss ∞, with gradient 0; {@link #zeroInfinity}
 * makes it 0. The gradient is the derivative by the log-probabilities as they are, so they may come from {@code logSoftmax}, or from
 * anything else; it can be differentiated again.
 *
 * @param blank the class of the blank, 0 by default
 * @param isZeroInfinity true if infinite losses become 0
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record CTC(int blank, boolean isZeroInfinity, Reduction reduction) {
    /**
     * A loss.
     *
     * @throws IllegalArgumentException if the blank is negative
     */
    public CTC {
        Settings.require(blank >= 0, CTC.class, "blank", "be a class index", blank);
    }

    /** The mean, with blank 0. */
    public CTC() {
        this(0, false, Reduction.MEAN);
    }

    /** With another class of the blank. */
    public CTC blank(int blank) {
        return new CTC(blank, isZeroInfinity, reduction);
    }

    /** With 0 in place of an infinite loss. */
    public CTC zeroInfinity() {
        return new CTC(blank, true, reduction);
    }

    /** With another reduction. */
    public CTC reduction(Reduction reduction) {
        return new CTC(blank, isZeroInfinity, reduction);
    }

    /**
     * The loss of N sequences of at most T steps, of C classes; of shape {@code [N]} unless it is reduced.
     *
     * @param logProbs log-probabilities {@code [T, N, C]}, or {@code [T, C]} for one sequence
     * @param targets INT32 labels {@code [N, S]}, of which each row's first ones count, or the labels of all sequences one after the other
     *     {@code [Σ targetLengths]}; {@code [S]} for one sequence
     * @param inputLengths INT32 {@code [N]}, the number of steps of each sequence; a scalar for one sequence
     * @param targetLengths INT32 {@code [N]}, the number of labels of each sequence; a scalar for one sequence
     * @throws ShapeException if the shapes do not fit
     * @throws DTypeException if the log-probabilities are not floating, or another argument is not INT32
     * @throws IllegalArgumentException if a length or a label is out of range
     */
    public Tensor forward(Tensor logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths) {
        Shape shape = logProbs.shape();
        if (shape.rank() != 2 && shape.rank() != 3) {
            throw new ShapeException("CTC: expected log-probabilities [T, N, C] or [T, C], got " + shape);
        }
        logProbs.dtype().requireFloating("CTC");
        boolean isBatch = shape.rank() == 3;
        Tensor x = isBatch ? logProbs : logProbs.unsqueeze(1);
        CtcTargets labels = new CtcTargets(blank, x.shape(), isBatch, targets, inputLengths, targetLengths);
        Tensor losses = losses(x, labels);
        if (isZeroInfinity) {
            losses = Tensor.where(losses.eq(Double.POSITIVE_INFINITY), 0, losses);
        }
        if (reduction == Reduction.MEAN) {
            losses = losses.div(labels.divisors(x.dtype()));
        }
        return reduction.of(isBatch ? losses : losses.squeeze(0));
    }

    private static Tensor losses(Tensor x, CtcTargets labels) {
        CtcKernels alignments = new CtcKernels(x.data(), labels.extended, labels.steps);
        return LibraryOps.fusedOp(
                "ctc",
                alignments.losses(),
                List.of(x),
                (g, y) -> List.of(Tensor.of(alignments.gradient(g.data()))),
                own -> composed(own.get(0), labels));
    }

    /**
     * Computes the losses by tensor operations, step by step, for gradients of gradients. Sequences without steps get 0, since their losses
     * are constants.
     */
    private static Tensor composed(Tensor x, CtcTargets labels) {
        Shape shape = x.shape();
        Tensor emissions = x.gather(2, labels.index(shape.dim(0)));
        int width = emissions.shape().dim(2);
        Tensor alpha = Tensor.where(labels.first(), emissions.select(0, 0), Double.NEGATIVE_INFINITY);
        Tensor skips = labels.skips();
        for (int t = 1; t < shape.dim(0); t++) {
            Tensor padded = alpha.padConstant(Double.NEGATIVE_INFINITY, 2, 0);
            Tensor skipped = Tensor.where(skips, padded.slice(1, 0, width), Double.NEGATIVE_INFINITY);
            Tensor next = Tensor.stack(0, alpha, padded.slice(1, 1, width + 1), skipped)
                    .logSumExp(0)
                    .add(emissions.select(0, t));
            alpha = Tensor.where(labels.isRunning(t), next, alpha);
        }
        Tensor losses = Tensor.where(labels.last(), alpha, Double.NEGATIVE_INFINITY)
                .logSumExp(1)
                .neg();
        return Tensor.where(labels.hasSteps(), losses, 0);
    }
}
