package io.adjoint.nn.optim;

import io.adjoint.core.loops.UpdateKernel;

/**
 * The loop of {@link NAdam}, whose Javadoc has the formula and the symbols: {@code p = keep·p − (ofGradient·d +
 * ofMoment·m)/(√(v·correction) + ε)}, where {@code keep} is 1 − η·λ if the weight decay is decoupled, else 1.
 */
record DoubleNAdam(
        /*wide*/ double ofGradient,
        /*wide*/ double ofMoment,
        /*wide*/ double correction,
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
        double direct = (double) ofGradient;
        double ahead = (double) ofMoment;
        double corrected = (double) correction;
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
            p[i] = q - (direct * d + ahead * mean) / ((double) Math.sqrt(square * corrected) + eps);
        }
    }
}
