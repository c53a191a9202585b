package io.adjoint.core;

/**
 * The computation of a recurrent cell for each of its hidden units, after the products with its weights: loops over consecutive numbers,
 * in double whatever the dtype, as all functions of a number.
 *
 * @hidden
 */
@Internal
public interface GateLoops {
    /** The number of gates, G. */
    int gates();

    /** The number of arrays that {@link #forward} leaves for {@link #backward}. */
    int kept();

    /** Returns whether the state has a part c beside h. */
    boolean hasCell();

    /** Returns whether a gate needs the products with the input and with h separately, and h itself, in place of the products' sum. */
    boolean isSeparate();

    /** A step of n units: from the products (and h, and c) to {@code kept}, the next h and the next c. */
    void forward(Frame frame, int n);

    /**
     * The backward rule of {@link #forward}: from {@code kept}, {@code before} and {@code cell}, the parts of the state before the
     * step, and from the upstream gradients in h and c to the gradients in {@code sums} and, if they are separate, {@code inputs}, and
     * in h and c. The gradient in h is the one beside that through the product.
     */
    void backward(Frame frame, int n);

    /** The arrays of a step, one index in all of them being one unit. */
    final class Frame {
        /** For each gate the product with the input, if they are separate. */
        public final double[][] inputs;
        /** For each gate the product with h, if they are separate; else the sum of both. */
        public final double[][] sums;
        /** The numbers that a step keeps for its backward rule. */
        public final double[][] kept;
        /** The h before the step, if the products are separate. */
        public final double[] before;
        /** The c before the step, in the backward rule. */
        public final double[] cell;
        /** The h after the step, or the gradient in h. */
        public final double[] h;
        /** The c before and after the step, or the gradient in c. */
        public final double[] c;

        Frame(GateLoops loops, int units) {
            inputs = new double[loops.isSeparate() ? loops.gates() : 0][units];
            sums = new double[loops.gates()][units];
            kept = new double[loops.kept()][units];
            before = new double[loops.isSeparate() ? units : 0];
            cell = new double[loops.hasCell() ? units : 0];
            h = new double[units];
            c = new double[loops.hasCell() ? units : 0];
        }
    }
}
