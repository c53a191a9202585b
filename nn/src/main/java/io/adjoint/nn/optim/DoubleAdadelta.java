package io.adjoint.nn.optim;

import io.adjoint.core.loops.UpdateKernel;

/** The loop of {@link Adadelta}, whose Javadoc has the formula. */
record DoubleAdadelta(
        /*wide*/ double rate, /*wide*/ double weightDecay, /*wide*/ double rho, /*wide*/ double epsilon)
        implements UpdateKernel<double[]> {
    @Override
    public void apply(double[][] operands, int from, int to) {
        double[] p = operands[0];
        double[] g = operands[1];
        double[] v = operands[2];
        double[] a = operands[3];
        double eta = (double) rate;
        double decay = (double) weightDecay;
        double keep = (double) rho;
        double take = (double) (1 - rho);
        double eps = (double) epsilon;
        for (int i = from; i < to; i++) {
            double d = g[i] + decay * p[i];
            double square = keep * v[i] + take * (d * d);
            double step = (double) Math.sqrt(a[i] + eps) / (double) Math.sqrt(square + eps) * d;
            v[i] = square;
            a[i] = keep * a[i] + take * (step * step);
            p[i] -= eta * step;
        }
    }
}
