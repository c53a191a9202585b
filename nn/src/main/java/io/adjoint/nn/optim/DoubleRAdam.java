package io.adjoint.nn.optim;

import io.adjoint.core.loops.UpdateKernel;

/**
 * The loop of {@link RAdam}, whose Javadoc has the formula; {@code rate} is the product of all factors of a step that are equal for all
 * elements.
 */
record DoubleRAdam(
        /*wide*/ double rate,
        boolean isRectified,
        /*wide*/ double beta1,
        /*wide*/ double beta2,
        /*wide*/ double epsilon,
        /*wide*/ double weightDecay,
        /*wide*/ double keep)
        implements UpdateKernel<double[]> {
    @Override
    public void apply(double[][] operands, int from, int to) {
        double[] p = operands[0];
        double[] g = operands[1];
        double[] m = operands[2];
        double[] v = operands[3];
        double step = (double) rate;
        double takeM = (double) (1 - beta1);
        double keepV = (double) beta2;
        double takeV = (double) (1 - beta2);
        double eps = (double) epsilon;
        double decay = (double) weightDecay;
        double kept = (double) keep;
        for (int i = from; i < to; i++) {
            double q = kept * p[i];
            double d = g[i] + decay * q;
            double mean = m[i] + takeM * (d - m[i]);
            double square = keepV * v[i] + takeV * (d * d);
            m[i] = mean;
            v[i] = square;
            double divisor = isRectified ? (double) Math.sqrt(square) + eps : 1;
            p[i] = q - step * (mean / divisor);
        }
    }
}
