package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Layer;
import java.util.ArrayList;
import java.util.List;

/** The layers of all models, each of which computes its model's rows. */
final class MemberLayers extends MemberLayer {
    private final List<Layer> layers = new ArrayList<>();

    MemberLayers(List<Layer> all) {
        for (Layer layer : all) {
            layers.add(child(Integer.toString(layers.size()), layer));
        }
    }

    @Override
    protected Tensor compute(Tensor x) {
        int rows = x.shape().dim(0) / layers.size();
        List<Tensor> outputs = new ArrayList<>();
        for (Layer layer : layers) {
            outputs.add(layer.forward(x.narrow(0, outputs.size() * rows, rows)));
        }
        return Tensor.concat(0, outputs);
    }

    @Override
    void writeTo(int k, Layer layer) {
        layer.lerp(layers.get(k), 1);
    }
}
