package io.adjoint.nn.layer;

import io.adjoint.core.UnaryFunction;

/**
 * The elementwise loops of {@link GRUCell}. For the backward pass they keep the gates r, z and n, and the product of h with n's hidden
 * weights, which r multiplies. The float version is generated from this file.
 */
final class DoubleGRUGates implements GateLoops<double[]> {
    @Override
    public void forward(Frame<double[]> frame, int n) {
        double[] r = frame.kept.get(0);
        double[] z = frame.kept.get(1);
        double[] candidate = frame.kept.get(2);
        double[] product = frame.kept.get(3);
        sigmoid(frame, 0, n);
        sigmoid(frame, 1, n);
        System.arraycopy(frame.sums.get(2), 0, product, 0, n);
        double[] input = frame.inputs.get(2);
        for (int e = 0; e < n; e++) {
            input[e] += r[e] * product[e];
        }
        UnaryFunction.TANH.apply(input, 0, candidate, 0, n);
        double[] before = frame.before;
        double[] h = frame.h;
        for (int e = 0; e < n; e++) {
            h[e] = candidate[e] + z[e] * (before[e] - candidate[e]);
        }
    }

    private static void sigmoid(Frame<double[]> frame, int gate, int n) {
        double[] input = frame.inputs.get(gate);
        double[] product = frame.sums.get(gate);
        for (int e = 0; e < n; e++) {
            input[e] += product[e];
        }
        UnaryFunction.SIGMOID.apply(input, 0, frame.kept.get(gate), 0, n);
    }

    @Override
    public void backward(Frame<double[]> frame, int n) {
        double[] r = frame.kept.get(0);
        double[] z = frame.kept.get(1);
        double[] candidate = frame.kept.get(2);
        double[] product = frame.kept.get(3);
        double[] before = frame.before;
        double[] h = frame.h;
        double[] ofR = frame.sums.get(0);
        double[] ofZ = frame.sums.get(1);
        double[] ofProduct = frame.sums.get(2);
        double[] ofCandidate = frame.inputs.get(2);
        for (int e = 0; e < n; e++) {
            double g = h[e];
            double inside = g * (1 - z[e]) * (1 - candidate[e] * candidate[e]);
            ofCandidate[e] = inside;
            ofProduct[e] = inside * r[e];
            ofR[e] = inside * product[e] * (r[e] * (1 - r[e]));
            ofZ[e] = g * (before[e] - candidate[e]) * (z[e] * (1 - z[e]));
            h[e] = g * z[e];
        }
        System.arraycopy(ofR, 0, frame.inputs.get(0), 0, n);
        System.arraycopy(ofZ, 0, frame.inputs.get(1), 0, n);
    }
}
