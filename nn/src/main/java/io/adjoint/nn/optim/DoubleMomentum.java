package io.adjoint.nn.optim;

import io.adjoint.core.loops.UpdateKernel;

/**
 * The loop of {@link SGD} with momentum, where p is the parameter, g its gradient, b the momentum buffer, η the rate, and λ the weight
 * decay. In the first step keep is 0 and take is 1; later keep is the momentum μ, and take is 1 minus the dampening. With Nesterov's
 * momentum direct is 1 and ahead is μ; otherwise direct is 0 and ahead is 1.
 *
 * <pre>{@code
 * d = g + λ·p
 * b = keep·b + take·d
 * p = p − η·(direct·d + ahead·b)
 * }</pre>
 */
record DoubleMomentum(
        /*wide*/ double rate,
        /*wide*/ double weightDecay,
        /*wide*/ double keep,
        /*wide*/ double take,
        /*wide*/ double direct,
        /*wide*/ double ahead)
        implements UpdateKernel<double[]> {
    @Override
    public void apply(double[][] operands, int from, int to) {
        double[] p = operands[0];
        double[] g = operands[1];
        double[] b = operands[2];
        double eta = (double) rate;
        double decay = (double) weightDecay;
        double ofBuffer = (double) keep;
        double ofGradient = (double) take;
        double ofD = (double) direct;
        double ofB = (double) ahead;
        for (int i = from; i < to; i++) {
            double d = g[i] + decay * p[i];
            double next = ofBuffer * b[i] + ofGradient * d;
            b[i] = next;
            p[i] -= eta * (ofD * d + ofB * next);
        }
    }
}
