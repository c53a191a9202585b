package io.adjoint.nn.optim;

import io.adjoint.core.loops.UpdateKernel;

/**
 * The loop of {@link ASGD}, whose Javadoc has the formula: {@code rate} is ηₜ, {@code keep} is 1 − δ·ηₜ, and {@code share} is 1/max(1, t −
 * 1 − start).
 */
record DoubleASGD(
        /*wide*/ double rate, /*wide*/ double weightDecay, /*wide*/ double keep, /*wide*/ double share)
        implements UpdateKernel<double[]> {
    @Override
    public void apply(double[][] operands, int from, int to) {
        double[] p = operands[0];
        double[] g = operands[1];
        double[] a = operands[2];
        double eta = (double) rate;
        double decay = (double) weightDecay;
        double kept = (double) keep;
        double take = (double) share;
        for (int i = from; i < to; i++) {
            double d = g[i] + decay * p[i];
            double next = kept * p[i] - eta * d;
            p[i] = next;
            // With a share of 1, as before averaging begins, the average is exactly the parameter; the formula would
            // round it.
            a[i] = take == 1 ? next : a[i] + take * (next - a[i]);
        }
    }
}
