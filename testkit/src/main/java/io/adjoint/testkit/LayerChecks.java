package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Layer;
import java.util.List;
import java.util.Map;

/** What {@link LayerProperties} checks that operations do not have. */
final class LayerChecks {
    private LayerChecks() {}

    @SuppressWarnings("CheckReturnValue") // Only what it leaves behind counts.
    static void stateRoundTrip(Layer layer, Case drawn) {
        List<Tensor> parameters = layer.parameters();
        for (int k = 0; k < parameters.size(); k++) {
            parameters.get(k).assign(drawn.inputs().get(k + 1).data());
        }
        Tensor input = drawn.inputs().get(0);
        NdArray before = layer.forward(input).data().copy();
        List<NdArray> state =
                parameters.stream().map(parameter -> parameter.data().copy()).toList();
        for (Tensor parameter : parameters) {
            parameter.assign(NdArray.full(parameter.dtype(), parameter.shape(), 0.25));
        }
        layer.forward(input);
        for (int k = 0; k < parameters.size(); k++) {
            parameters.get(k).assign(state.get(k));
        }
        NdArray after = layer.forward(input).data();
        if (!after.equals(before)) {
            throw new AssertionError("the output was " + before + ", but is " + after
                    + " after other parameters were assigned, and then these again");
        }
        for (int k = 0; k < parameters.size(); k++) {
            if (!parameters.get(k).data().equals(state.get(k))) {
                throw new AssertionError("forward changed parameter " + k + " from " + state.get(k) + " to "
                        + parameters.get(k).data());
            }
        }
    }

    static void sameSeedSameLayer(LayerSpec spec) {
        Map<String, Tensor> first = spec.create(true).namedParameters();
        Map<String, Tensor> second = spec.create(true).namedParameters();
        if (!List.copyOf(first.keySet()).equals(List.copyOf(second.keySet()))) {
            throw new AssertionError(
                    spec.name() + ": the parameters are " + first.keySet() + " first, then " + second.keySet());
        }
        first.forEach((name, parameter) -> {
            NdArray other = java.util.Objects.requireNonNull(second.get(name)).data();
            if (!parameter.data().equals(other)) {
                throw new AssertionError(spec.name() + ": from equal generators, parameter " + name + " differs: "
                        + parameter + " and " + other);
            }
        });
    }
}
