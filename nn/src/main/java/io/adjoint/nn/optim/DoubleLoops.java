package io.adjoint.nn.optim;

/** The formulas of the optimizers, as {@link io.adjoint.core.UpdateKernel}s. The float twin is generated from this file. */
final class DoubleLoops {
    private DoubleLoops() {}

    /** {@link SGD} without momentum: {@code p = p − η·(g + λ·p)}. */
    static void sgd(double[][] operands, int from, int to, /*wide*/ double learningRate, /*wide*/ double weightDecay) {
        double[] p = operands[0];
        double[] g = operands[1];
        double rate = (double) learningRate;
        double decay = (double) weightDecay;
        for (int i = from; i < to; i++) {
            p[i] -= rate * (g[i] + decay * p[i]);
        }
    }

    /**
     * {@link SGD} with momentum:
     *
     * <pre>{@code
     * d = g + λ·p
     * b = keep·b + take·d
     * p = p − η·(direct·d + ahead·b)
     * }</pre>
     */
    static void momentum(
            double[][] operands,
            int from,
            int to,
            /*wide*/ double learningRate,
            /*wide*/ double weightDecay,
            /*wide*/ double keep,
            /*wide*/ double take,
            /*wide*/ double direct,
            /*wide*/ double ahead) {
        double[] p = operands[0];
        double[] g = operands[1];
        double[] b = operands[2];
        double rate = (double) learningRate;
        double decay = (double) weightDecay;
        double ofBuffer = (double) keep;
        double ofGradient = (double) take;
        double ofD = (double) direct;
        double ofB = (double) ahead;
        for (int i = from; i < to; i++) {
            double d = g[i] + decay * p[i];
            double next = ofBuffer * b[i] + ofGradient * d;
            b[i] = next;
            p[i] -= rate * (ofD * d + ofB * next);
        }
    }

    /**
     * {@link Adam}:
     *
     * <pre>{@code
     * d = g + λ·p
     * m = m + (1 − β₁)·(d − m)
     * v = β₂·v + (1 − β₂)·d²
     * p = p − rate · m / (√v·correction + ε)
     * }</pre>
     *
     * @param rate {@code η/(1 − β₁ᵗ)}
     * @param correction {@code 1/√(1 − β₂ᵗ)}
     */
    static void adam(
            double[][] operands,
            int from,
            int to,
            /*wide*/ double rate,
            /*wide*/ double correction,
            /*wide*/ double beta1,
            /*wide*/ double beta2,
            /*wide*/ double epsilon,
            /*wide*/ double weightDecay) {
        double[] p = operands[0];
        double[] g = operands[1];
        double[] m = operands[2];
        double[] v = operands[3];
        double takeM = (double) (1 - beta1);
        double keepV = (double) beta2;
        double takeV = (double) (1 - beta2);
        double eps = (double) epsilon;
        double decay = (double) weightDecay;
        double step = (double) rate;
        double root = (double) correction;
        for (int i = from; i < to; i++) {
            double d = g[i] + decay * p[i];
            double mean = m[i] + takeM * (d - m[i]);
            double square = keepV * v[i] + takeV * (d * d);
            m[i] = mean;
            v[i] = square;
            p[i] -= step * (mean / ((double) Math.sqrt(square) * root + eps));
        }
    }
}
