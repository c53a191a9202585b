package io.adjoint.benchmarks.gradbench;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code lstm}: the mean loss of a network of LSTM layers with diagonal weights, which predicts the bits of a text's next character, and
 * its gradient. A layer computes all its time steps before the next layer begins, so only the gates that depend on the layer's own last
 * output are computed step by step.
 */
final class LstmEval {
    private LstmEval() {}

    private record Input(Tensor mainParams, Tensor extraParams, Tensor state, Tensor sequence) {
        Parameters parameters() {
            return new Parameters(mainParams, extraParams);
        }
    }

    /**
     * The parameters.
     *
     * @param main [2·layers, 4·b]: weights and biases of each layer's gates: forget, in, out, change
     * @param extra [3, b]: weights of the input, weights and biases of the prediction
     */
    private record Parameters(Tensor main, Tensor extra) {}

    static Eval<Input> eval() {
        return Eval.of(Input.class)
                .function("objective", in -> loss(in, in.parameters()))
                .function("jacobian", in -> flat(Transforms.grad((Parameters at) -> loss(in, at), in.parameters())));
    }

    private static Tensor flat(Parameters gradient) {
        return Tensor.concat(0, gradient.main().flatten(), gradient.extra().flatten());
    }

    private static Tensor loss(Input in, Parameters at) {
        int steps = in.sequence().shape().dim(0) - 1;
        int size = in.sequence().shape().dim(1);
        Tensor x = in.sequence().narrow(0, 0, steps).mul(at.extra().select(0, 0));
        for (int row = 0; row < at.main().shape().dim(0); row += 2) {
            Tensor weights = at.main().select(0, row).reshape(4, size);
            Tensor biases = at.main().select(0, row + 1).reshape(4, size);
            x = layer(x, weights, biases, in.state().select(0, row), in.state().select(0, row + 1));
        }
        Tensor prediction = x.mul(at.extra().select(0, 1)).add(at.extra().select(0, 2));
        Tensor logSum = prediction.exp().sum(1).add(2).log().unsqueeze(1);
        Tensor target = in.sequence().narrow(0, 1, steps);
        return target.mul(prediction.sub(logSum)).sum().div(-1.0 * steps * size);
    }

    /** The outputs of a layer at all steps, [steps, b], from its inputs at all steps and its first output and cell, [b]. */
    private static Tensor layer(Tensor x, Tensor weights, Tensor biases, Tensor output, Tensor cell) {
        List<Tensor> w = weights.unbind(0);
        List<Tensor> b = biases.unbind(0);
        List<Tensor> forget = x.mul(w.get(0)).add(b.get(0)).sigmoid().unbind(0);
        List<Tensor> out = x.mul(w.get(2)).add(b.get(2)).sigmoid().unbind(0);
        List<Tensor> outputs = new ArrayList<>();
        Tensor h = output;
        Tensor c = cell;
        for (int t = 0; t < forget.size(); t++) {
            Tensor in = h.mul(w.get(1)).add(b.get(1)).sigmoid();
            Tensor change = h.mul(w.get(3)).add(b.get(3)).tanh();
            c = c.mul(forget.get(t)).add(in.mul(change));
            h = c.tanh().mul(out.get(t));
            outputs.add(h);
        }
        return Tensor.stack(0, outputs);
    }
}
