package io.adjoint.nn.optim;

import io.adjoint.core.loops.UpdateKernel;

/** The loop of {@link RMSprop}, whose Javadoc has the formula. */
record DoubleRMSprop(
        /*wide*/ double rate,
        /*wide*/ double weightDecay,
        /*wide*/ double alpha,
        /*wide*/ double epsilon,
        /*wide*/ double momentum,
        boolean isCentered)
        implements UpdateKernel<double[]> {
    @Override
    public void apply(double[][] operands, int from, int to) {
        double[] p = operands[0];
        double[] g = operands[1];
        double[] v = operands[2];
        // The loop never accesses arrays that the settings don't need, so any array serves in their place.
        double[] a = isCentered ? operands[3] : g;
        double[] b = momentum > 0 ? operands[operands.length - 1] : g;
        boolean hasMomentum = momentum > 0;
        double eta = (double) rate;
        double decay = (double) weightDecay;
        double keep = (double) alpha;
        double take = (double) (1 - alpha);
        double eps = (double) epsilon;
        double mu = (double) momentum;
        for (int i = from; i < to; i++) {
            double d = g[i] + decay * p[i];
            double square = keep * v[i] + take * (d * d);
            v[i] = square;
            if (isCentered) {
                double mean = a[i] + take * (d - a[i]);
                a[i] = mean;
                // For a constant gradient the variance is 0, and rounding could make the computed difference negative;
                // NaN stays NaN.
                square = Math.max(square - mean * mean, 0);
            }
            double step = d / ((double) Math.sqrt(square) + eps);
            if (hasMomentum) {
                step += mu * b[i];
                b[i] = step;
            }
            p[i] -= eta * step;
        }
    }
}
