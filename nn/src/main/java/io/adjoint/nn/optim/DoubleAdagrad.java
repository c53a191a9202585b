package io.adjoint.nn.optim;

import io.adjoint.core.loops.UpdateKernel;

/** The loop of {@link Adagrad}, whose Javadoc has the formula; {@code rate} is the learning rate after the decay. */
record DoubleAdagrad(
        /*wide*/ double rate, /*wide*/ double weightDecay, /*wide*/ double epsilon) implements UpdateKernel<double[]> {
    @Override
    public void apply(double[][] operands, int from, int to) {
        double[] p = operands[0];
        double[] g = operands[1];
        double[] s = operands[2];
        double eta = (double) rate;
        double decay = (double) weightDecay;
        double eps = (double) epsilon;
        for (int i = from; i < to; i++) {
            double d = g[i] + decay * p[i];
            double sum = s[i] + d * d;
            s[i] = sum;
            p[i] -= eta * (d / ((double) Math.sqrt(sum) + eps));
        }
    }
}
