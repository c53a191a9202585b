package io.adjoint.nn.layer;

import io.adjoint.core.UnaryFunction;
import java.util.Arrays;

/**
 * The elementwise loops of {@link LSTMCell}. For the backward pass they keep the gates i, f, g and o, and tanh(c). The float version is
 * generated from this file.
 */
final class DoubleLSTMGates implements GateLoops<double[]> {
    @Override
    public void forward(Frame<double[]> frame, int n) {
        double[] i = frame.kept.get(0);
        double[] f = frame.kept.get(1);
        double[] g = frame.kept.get(2);
        double[] o = frame.kept.get(3);
        double[] bounded = frame.kept.get(4);
        UnaryFunction.SIGMOID.apply(frame.sums.get(0), 0, i, 0, n);
        UnaryFunction.SIGMOID.apply(frame.sums.get(1), 0, f, 0, n);
        UnaryFunction.TANH.apply(frame.sums.get(2), 0, g, 0, n);
        UnaryFunction.SIGMOID.apply(frame.sums.get(3), 0, o, 0, n);
        double[] c = frame.c;
        double[] h = frame.h;
        for (int e = 0; e < n; e++) {
            c[e] = f[e] * c[e] + i[e] * g[e];
        }
        UnaryFunction.TANH.apply(c, 0, bounded, 0, n);
        for (int e = 0; e < n; e++) {
            h[e] = o[e] * bounded[e];
        }
    }

    @Override
    public void backward(Frame<double[]> frame, int n) {
        double[] i = frame.kept.get(0);
        double[] f = frame.kept.get(1);
        double[] g = frame.kept.get(2);
        double[] o = frame.kept.get(3);
        double[] bounded = frame.kept.get(4);
        double[] cell = frame.cell;
        double[] h = frame.h;
        double[] c = frame.c;
        double[] ofI = frame.sums.get(0);
        double[] ofF = frame.sums.get(1);
        double[] ofG = frame.sums.get(2);
        double[] ofO = frame.sums.get(3);
        for (int e = 0; e < n; e++) {
            ofO[e] = h[e] * bounded[e] * (o[e] * (1 - o[e]));
            double inside = c[e] + h[e] * o[e] * (1 - bounded[e] * bounded[e]);
            ofI[e] = inside * g[e] * (i[e] * (1 - i[e]));
            ofF[e] = inside * cell[e] * (f[e] * (1 - f[e]));
            ofG[e] = inside * i[e] * (1 - g[e] * g[e]);
            c[e] = inside * f[e];
        }
        Arrays.fill(h, 0, n, 0);
    }
}
