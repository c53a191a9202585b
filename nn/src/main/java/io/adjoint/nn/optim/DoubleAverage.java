package io.adjoint.nn.optim;

import io.adjoint.core.UpdateKernel;

/** A running mean: {@code a = a + share·(p − a)}, where the parameter p takes the gradient's position. */
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
