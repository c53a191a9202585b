package io.adjoint.nn.layer;

import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Layer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The dense layers of all models as one batched product: {@code weight [n, out, in]}, {@code bias [n, out]}. */
final class StackedDense extends MemberLayer {
    private final Tensor weight;
    private final @Nullable Tensor bias;

    StackedDense(List<Dense> layers) {
        weight = parameter("weight", stacked(layers.stream().map(Dense::weight).toList()));
        bias = layers.get(0).bias() == null
                ? null
                : parameter(
                        "bias",
                        stacked(layers.stream()
                                .map(layer -> Objects.requireNonNull(layer.bias()))
                                .toList()));
    }

    private static Tensor stacked(List<Tensor> leaves) {
        Tensor all = Tensor.stack(0, leaves).detach().requiresGrad(true);
        if (Internals.isFrozen(leaves.get(0))) {
            all.freeze();
        }
        return all;
    }

    @Override
    protected Tensor compute(Tensor x) {
        int models = weight.shape().dim(0);
        int in = weight.shape().dim(2);
        if (x.shape().rank() < 2 || x.shape().dim(-1) != in) {
            throw new ShapeException("linear: expected rows [..., " + in + "] of all models, got " + x.shape()
                    + "; the stacked weight [n, out, in] is " + weight.shape());
        }
        int[] dims = x.shape().toArray();
        dims[dims.length - 1] = weight.shape().dim(1);
        int rows = x.shape().size() / in / models;
        Tensor y = x.reshape(models, rows, in).matmul(weight.transpose(1, 2));
        return (bias == null ? y : y.add(bias.unsqueeze(1))).reshape(Shape.of(dims));
    }

    @Override
    void writeTo(int k, Layer layer) {
        Dense dense = (Dense) layer;
        dense.weight().assign(weight.data().select(0, k));
        Tensor own = dense.bias();
        if (own != null && bias != null) {
            own.assign(bias.data().select(0, k));
        }
    }

    @Override
    protected String describe() {
        return weight.shape().dim(0) + " × " + weight.shape().dim(2) + " -> "
                + weight.shape().dim(1) + (bias == null ? ", no bias" : "") + Descriptions.of(weight.dtype());
    }
}
