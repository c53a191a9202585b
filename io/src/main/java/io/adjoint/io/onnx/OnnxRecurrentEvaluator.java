package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Computes the operators {@code RNN}, {@code GRU} and {@code LSTM} step by step. */
final class OnnxRecurrentEvaluator {
    /**
     * One direction of a recurrent layer.
     *
     * @param k the index of the direction, 0 or 1
     * @param hidden the number of hidden units
     */
    private record Direction(OnnxCall call, int k, int hidden) {
        private Tensor part(int input) {
            return call.in(input).select(0, k);
        }

        /**
         * The product of an input with a gate's input weights, plus the gate's input bias. {@link #state} returns the product of a hidden
         * state with the gate's hidden weights, plus the gate's hidden bias.
         */
        Tensor input(Tensor x, int gate) {
            return product(x, 1, gate, gate);
        }

        Tensor state(Tensor h, int gate) {
            return product(h, 2, gate, part(1).shape().dim(0) / hidden + gate);
        }

        private Tensor product(Tensor x, int weight, int gate, int bias) {
            Tensor rows = part(weight).slice(0, gate * hidden, (gate + 1) * hidden);
            Tensor product = x.matmul(rows.transpose());
            return call.has(3) ? product.add(part(3).slice(0, bias * hidden, (bias + 1) * hidden)) : product;
        }

        Tensor both(Tensor x, Tensor h, int gate) {
            return input(x, gate).add(state(h, gate));
        }

        Tensor initial(int input) {
            int[] dims = {call.x().shape().dim(1), hidden};
            return call.has(input) ? part(input) : Tensor.zeros(call.dtype(), dims);
        }
    }

    /** Computes the states after a step from the step's input x and the states before; the first state returned is the step's output. */
    @FunctionalInterface
    private interface Step {
        List<Tensor> of(Direction direction, Tensor x, List<Tensor> before);
    }

    private OnnxRecurrentEvaluator() {}

    static void addTo(Map<String, OnnxEvaluator.Operator> all) {
        all.put("RNN", c -> run(c, 1, OnnxRecurrentEvaluator::rnn));
        all.put("GRU", c -> run(c, 1, OnnxRecurrentEvaluator::gru));
        all.put("LSTM", c -> run(c, 2, OnnxRecurrentEvaluator::lstm));
    }

    private static List<Tensor> rnn(Direction d, Tensor x, List<Tensor> before) {
        List<String> functions = d.call().attributes().textsOr("activations", Collections.nCopies(d.k() + 1, "Tanh"));
        Tensor sum = d.both(x, before.get(0), 0);
        return switch (functions.get(d.k())) {
            case "Tanh" -> List.of(sum.tanh());
            case "Relu" -> List.of(sum.maximum(0));
            default -> throw new IllegalArgumentException("of activations Tanh and Relu are computed here");
        };
    }

    /** A GRU step; the gates are in ONNX's order update, reset, hidden. */
    private static List<Tensor> gru(Direction d, Tensor x, List<Tensor> before) {
        Tensor h = before.get(0);
        Tensor update = d.both(x, h, 0).sigmoid();
        Tensor reset = d.both(x, h, 1).sigmoid();
        boolean isLinearFirst = d.call().attributes().integerOr("linear_before_reset", 0) == 1;
        Tensor state = isLinearFirst ? reset.mul(d.state(h, 2)) : d.state(reset.mul(h), 2);
        Tensor fresh = d.input(x, 2).add(state).tanh();
        return List.of(fresh.mul(update.rsub(1)).add(h.mul(update)));
    }

    /** An LSTM step; the gates are in ONNX's order input, output, forget, cell. */
    private static List<Tensor> lstm(Direction d, Tensor x, List<Tensor> before) {
        Tensor h = before.get(0);
        Tensor added = d.both(x, h, 0).sigmoid().mul(d.both(x, h, 3).tanh());
        Tensor cell = d.both(x, h, 2).sigmoid().mul(before.get(1)).add(added);
        return List.of(d.both(x, h, 1).sigmoid().mul(cell.tanh()), cell);
    }

    private static List<Tensor> run(OnnxCall c, int states, Step step) {
        int hidden = c.attributes().integerOr("hidden_size", c.in(2).shape().dim(2));
        String name = c.attributes().textOr("direction", "forward");
        int directions = name.equals("bidirectional") ? 2 : 1;
        if (c.has(5 + states)
                || c.in(1).shape().dim(0) != directions
                || c.in(2).shape().dim(2) != hidden) {
            throw new IllegalArgumentException("its weights are those of another number of directions or hidden units,"
                    + " or it has peepholes, which are not computed here");
        }
        List<Tensor> sequences = new ArrayList<>();
        List<List<Tensor>> last = new ArrayList<>();
        for (int k = 0; k < directions; k++) {
            Direction direction = new Direction(c, k, hidden);
            List<Tensor> state = new ArrayList<>();
            for (int s = 0; s < states; s++) {
                state.add(direction.initial(5 + s));
            }
            sequences.add(sequence(direction, k == 1 || name.equals("reverse"), state, step));
            last.add(state);
        }
        List<Tensor> outputs = new ArrayList<>(List.of(Tensor.stack(1, sequences)));
        for (int s = 0; s < states; s++) {
            int at = s;
            outputs.add(
                    Tensor.stack(0, last.stream().map(state -> state.get(at)).toList()));
        }
        return outputs;
    }

    /**
     * Runs one direction of a layer over a batch of sequences; returns the outputs {@code [T, N, H]} and replaces the initial state in
     * {@code state} by the last state. Beyond its length a sequence keeps its state, and its outputs are 0.
     */
    private static Tensor sequence(Direction direction, boolean isBackward, List<Tensor> state, Step step) {
        OnnxCall c = direction.call();
        int steps = c.x().shape().dim(0);
        Tensor[] outputs = new Tensor[steps];
        for (int k = 0; k < steps; k++) {
            int time = isBackward ? steps - 1 - k : k;
            List<Tensor> next = step.of(direction, c.x().select(0, time), state);
            Tensor isReal = c.has(4) ? c.in(4).gt(time).unsqueeze(1) : Tensor.ones(DType.BOOL, Shape.of(1, 1));
            outputs[time] = Tensor.where(isReal, next.get(0), 0);
            for (int s = 0; s < next.size(); s++) {
                state.set(s, Tensor.where(isReal, next.get(s), state.get(s)));
            }
        }
        return Tensor.stack(0, outputs);
    }
}
