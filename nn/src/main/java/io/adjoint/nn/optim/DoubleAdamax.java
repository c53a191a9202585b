package io.adjoint.nn.optim;

import io.adjoint.core.loops.UpdateKernel;

/** The loop of {@link Adamax}, whose Javadoc has the formula; {@code rate} is {@code η/(1 − β₁ᵗ)}. */
record DoubleAdamax(
        /*wide*/ double rate,
        /*wide*/ double weightDecay,
        /*wide*/ double beta1,
        /*wide*/ double beta2,
        /*wide*/ double epsilon)
        implements UpdateKernel<double[]> {
    @Override
    public void apply(double[][] operands, int from, int to) {
        double[] p = operands[0];
        double[] g = operands[1];
        double[] m = operands[2];
        double[] u = operands[3];
        double eta = (double) rate;
        double decay = (double) weightDecay;
        double takeM = (double) (1 - beta1);
        double keepU = (double) beta2;
        double eps = (double) epsilon;
        for (int i = from; i < to; i++) {
            double d = g[i] + decay * p[i];
            double mean = m[i] + takeM * (d - m[i]);
            double norm = Math.max(keepU * u[i], Math.abs(d) + eps);
            m[i] = mean;
            u[i] = norm;
            p[i] -= eta * (mean / norm);
        }
    }
}
