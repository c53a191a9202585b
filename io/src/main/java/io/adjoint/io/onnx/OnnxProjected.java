package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.layer.RecurrentCell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Exports an LSTM with a projected hidden state, which ONNX's LSTM doesn't have: the LSTM is unrolled, so the file has the nodes of a step
 * once for each step of the sequence.
 */
final class OnnxProjected {
    private final OnnxGraph g;
    private final String prefix;
    private final Map<String, Tensor> parameters;

    OnnxProjected(OnnxGraph g, String prefix, RecurrentCell<?> cell) {
        this.g = g;
        this.prefix = prefix;
        this.parameters = cell.namedParameters();
    }

    static boolean isProjected(RecurrentCell<?> cell) {
        return cell.namedParameters().containsKey("projectionWeight");
    }

    /**
     * Adds the nodes for N sequences of T steps, {@code [T, N, in]}; returns the output {@code [T, 1, N, P]} and the states after the last
     * step: the projected hidden state of size P, {@code [1, N, P]}, and the cell state of size H, {@code [1, N, H]}.
     */
    OnnxRecurrent.Run run(OnnxValue x, boolean backward, List<OnnxValue> initial) {
        int steps = x.dim(0);
        List<OnnxValue> state = initial.stream().map(this::squeezed).toList();
        OnnxValue[] outputs = new OnnxValue[steps];
        for (int k = 0; k < steps; k++) {
            int step = backward ? steps - 1 - k : k;
            state = step(squeezed(OnnxShapes.slice(g, x, 0, step, step + 1)), state);
            OnnxValue h = state.get(0);
            outputs[step] = g.op("Unsqueeze").to(new int[] {1, 1, h.dim(0), h.dim(1)}, h, g.integers(0, 1));
        }
        OnnxValue sequence = g.op("Concat").integer("axis", 0).to(outputs[0].with(0, steps), outputs);
        List<OnnxValue> last = new ArrayList<>();
        for (OnnxValue part : state) {
            last.add(g.op("Unsqueeze").to(new int[] {1, part.dim(0), part.dim(1)}, part, g.integers(0)));
        }
        return new OnnxRecurrent.Run(sequence, last);
    }

    private OnnxValue squeezed(OnnxValue x) {
        return g.op("Squeeze").to(new int[] {x.dim(1), x.dim(2)}, x, g.integers(0));
    }

    /**
     * Returns the hidden and the cell state after a step. The list {@code before} has the two states before the step; if it is empty, these
     * states are 0.
     */
    private List<OnnxValue> step(OnnxValue x, List<OnnxValue> before) {
        OnnxValue sum = linear(x, "inputWeight", "inputBias");
        if (!before.isEmpty()) {
            sum = g.op("Add").of(sum, linear(before.get(0), "hiddenWeight", "hiddenBias"));
        } else if (parameters.containsKey("hiddenBias")) {
            sum = g.op("Add").of(sum, Objects.requireNonNull(parameter("hiddenBias")));
        }
        int[] gate = sum.with(1, sum.dim(1) / 4);
        List<OnnxValue> gates = g.op("Split").integer("axis", 1).outputs(List.of(gate, gate, gate, gate), sum);
        OnnxValue added = g.op("Mul")
                .of(OnnxActivations.sigmoid(g, gates.get(0)), g.op("Tanh").of(gates.get(2)));
        OnnxValue c = before.isEmpty()
                ? added
                : g.op("Add").of(g.op("Mul").of(OnnxActivations.sigmoid(g, gates.get(1)), before.get(1)), added);
        OnnxValue h = g.op("Mul")
                .of(OnnxActivations.sigmoid(g, gates.get(3)), g.op("Tanh").of(c));
        return List.of(linear(h, "projectionWeight", ""), c);
    }

    private OnnxValue linear(OnnxValue x, String weight, String bias) {
        OnnxValue matrix = Objects.requireNonNull(parameter(weight));
        return g.op("Gemm").integer("transB", 1).to(x.with(1, matrix.dim(0)), x, matrix, parameter(bias));
    }

    private @Nullable OnnxValue parameter(String name) {
        Tensor tensor = parameters.get(name);
        return tensor == null ? null : g.parameter(prefix + "." + name, tensor);
    }
}
