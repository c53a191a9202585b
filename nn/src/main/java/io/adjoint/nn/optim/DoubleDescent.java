package io.adjoint.nn.optim;

import io.adjoint.core.loops.UpdateKernel;

/** The loop of {@link SGD} without momentum: {@code p = p − η·(g + λ·p)}. */
record DoubleDescent(/*wide*/ double rate, /*wide*/ double weightDecay) implements UpdateKernel<double[]> {
    @Override
    public void apply(double[][] operands, int from, int to) {
        double[] p = operands[0];
        double[] g = operands[1];
        double eta = (double) rate;
        double decay = (double) weightDecay;
        for (int i = from; i < to; i++) {
            p[i] -= eta * (g[i] + decay * p[i]);
        }
    }
}
