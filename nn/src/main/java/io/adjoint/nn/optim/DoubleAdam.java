package io.adjoint.nn.optim;

import io.adjoint.core.loops.UpdateKernel;

/**
 * The loop of {@link Adam} and {@link AdamW} over a parameter p with the gradient g.
 *
 * <pre>{@code
 * p = keep·p
 * d = g + λ·p
 * m = m + (1 − β₁)·(d − m)
 * v = β₂·v + (1 − β₂)·d²
 * w = max(w, v) for AMSGrad, else v
 * p = p − rate · m / (√w·correction + ε)
 * }</pre>
 *
 * @param rate {@code η/(1 − β₁ᵗ)}
 * @param correction {@code 1/√(1 − β₂ᵗ)}
 * @param weightDecay λ in the formula of d: 0 if the weight decay is decoupled
 * @param keep 1 minus the learning rate times the weight decay if that is decoupled, else 1
 */
record DoubleAdam(
        /*wide*/ double rate,
        /*wide*/ double correction,
        /*wide*/ double beta1,
        /*wide*/ double beta2,
        /*wide*/ double epsilon,
        /*wide*/ double weightDecay,
        /*wide*/ double keep,
        boolean isAmsgrad)
        implements UpdateKernel<double[]> {
    @Override
    public void apply(double[][] operands, int from, int to) {
        double[] p = operands[0];
        double[] g = operands[1];
        double[] m = operands[2];
        double[] v = operands[3];
        // Without AMSGrad w is never accessed, so any array serves as w.
        double[] w = isAmsgrad ? operands[4] : g;
        double takeM = (double) (1 - beta1);
        double keepV = (double) beta2;
        double takeV = (double) (1 - beta2);
        double eps = (double) epsilon;
        double decay = (double) weightDecay;
        double step = (double) rate;
        double root = (double) correction;
        double kept = (double) keep;
        for (int i = from; i < to; i++) {
            double q = kept * p[i];
            double d = g[i] + decay * q;
            double mean = m[i] + takeM * (d - m[i]);
            double square = keepV * v[i] + takeV * (d * d);
            m[i] = mean;
            v[i] = square;
            if (isAmsgrad) {
                square = Math.max(w[i], square);
                w[i] = square;
            }
            p[i] = q - step * (mean / ((double) Math.sqrt(square) * root + eps));
        }
    }
}
