package io.adjoint.nn.layer;

import io.adjoint.core.BinaryFunction;
import io.adjoint.core.UnaryFunction;
import java.util.Arrays;

/**
 * The elementwise loops of {@link RNNCell}. For the backward pass they keep the new hidden state h. The float version is generated from
 * this file.
 */
enum DoubleRNNGates implements GateLoops<double[]> {
    TANH,
    RELU;

    @Override
    public void forward(Frame<double[]> frame, int n) {
        double[] h = frame.kept.get(0);
        if (this == TANH) {
            UnaryFunction.TANH.apply(frame.sums.get(0), 0, h, 0, n);
        } else {
            UnaryFunction.RELU.apply(frame.sums.get(0), 0, h, 0, n);
        }
        System.arraycopy(h, 0, frame.h, 0, n);
    }

    @Override
    public void backward(Frame<double[]> frame, int n) {
        if (this == TANH) {
            BinaryFunction.TANH_GRADIENT.apply(frame.h, 0, frame.kept.get(0), 0, frame.sums.get(0), 0, n);
        } else {
            BinaryFunction.RELU_GRADIENT.apply(frame.h, 0, frame.kept.get(0), 0, frame.sums.get(0), 0, n);
        }
        Arrays.fill(frame.h, 0, n, 0);
    }
}
