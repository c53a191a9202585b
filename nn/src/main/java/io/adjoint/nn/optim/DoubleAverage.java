package io.adjoint.nn.optim;

import io.adjoint.core.loops.UpdateKernel;

/**
 * The loop of a running mean: {@code a = a + share·(p − a)}, where operand 0 is the mean a and operand 1 is the parameter p, not a gradient
 * as in other kernels.
 */
record DoubleAverage(/*wide*/ double share) implements UpdateKernel<double[]> {
    @Override
    public void apply(double[][] operands, int from, int to) {
        double[] a = operands[0];
        double[] p = operands[1];
        double take = (double) share;
        for (int i = from; i < to; i++) {
            a[i] += take * (p[i] - a[i]);
        }
    }
}
