package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Embedding;
import io.adjoint.nn.layer.EmbeddingOptions;
import io.adjoint.nn.layer.HeadOptions;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.MultiHeadAttention;
import java.util.List;

/** Right layers that a careless check would call wrong. */
final class RightLayers {
    private RightLayers() {}

    /** An embedding whose table also multiplies the vectors, and is registered under two paths. */
    private static final class Tied extends Block {
        private final Embedding words;
        private final Embedding again;

        Tied(Init init) {
            words = child("words", new Embedding(4, 2, init));
            again = child("again", words);
        }

        Tensor forward(Tensor x) {
            return within(() -> words.forward(x).matmul(again.weight().transpose()));
        }
    }

    /** A layer that counts its steps, and scales by the largest element of earlier steps. */
    private static final class Watching extends Layer {
        private final Buffer steps = buffer("steps", NdArray.scalar(DType.INT32, 0));
        private final Buffer largest;

        Watching(Init init) {
            largest = buffer("largest", NdArray.zeros(init.dtype(), Shape.scalar()));
        }

        @Override
        protected Tensor compute(Tensor x) {
            NdArray before = largest.value();
            if (isTraining()) {
                steps.assign(steps.value().add(NdArray.scalar(DType.INT32, 1)));
                double seen =
                        x.shape().size() == 0 ? 0 : x.detach().abs().amax().item();
                largest.assign(NdArray.scalar(before.dtype(), Math.max(seen, before.item())));
            }
            return x.mul(Tensor.of(before).add(1));
        }
    }

    /** A layer that leaves out a part of a sum at random in training, for the whole batch at once. */
    private static final class StochasticDepth extends Layer {
        private final java.util.random.RandomGenerator random;
        private final Dense part;

        StochasticDepth(Init init) {
            random = init.generator();
            part = child("part", new Dense(2, 2, init));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return isTraining() && random.nextBoolean()
                    ? x
                    : x.add(part.forward(x).tanh());
        }
    }

    private static LayerSpec pairs(LayerSpec spec) {
        return spec.shapes("(n,2)->(n,2)").order(2);
    }

    static List<LayerSpec> all() {
        Values any = Values.between(-2, 2);
        return List.of(
                pairs(LayerSpec.of("own mean", init -> new PlantedLayers.Custom(init, PlantedLayers::centred)))
                        .reference(PlantedLayers::expectedOutput)
                        .buffers(PlantedLayers::expectedMean),
                pairs(LayerSpec.of("stochastic depth", StochasticDepth::new)),
                pairs(LayerSpec.of("watching", Watching::new)),
                pairs(LayerSpec.of(
                        "noise",
                        init -> new PlantedLayers.Custom(
                                init,
                                (layer, x) -> layer.isTraining()
                                        ? x.add(Tensor.randn(
                                                layer.weight.dtype(),
                                                layer.random,
                                                x.shape().toArray()))
                                        : x))),
                pairs(LayerSpec.of(
                        "dropout in a sequence",
                        init -> new Sequential(
                                new Dense(2, 3, init), new Dropout(0.5, init.generator()), new Dense(3, 2, init)))),
                pairs(LayerSpec.of("frozen from the beginning", init -> {
                    Dense dense = new Dense(2, 2, init);
                    dense.freeze();
                    return dense;
                })),
                pairs(LayerSpec.of(
                        "recomputed in the backward pass",
                        init -> new PlantedLayers.Custom(
                                init,
                                (layer, x) -> Transforms.checkpoint(
                                        t -> t.mul(layer.weight).tanh(), x)))),
                pairs(LayerSpec.of("the input itself", init -> new PlantedLayers.Custom(init, (layer, x) -> x))),
                pairs(LayerSpec.of(
                        "a constant",
                        init -> new PlantedLayers.Custom(
                                init,
                                (layer, x) -> Tensor.zeros(
                                        layer.weight.dtype(), x.shape().toArray())))),
                pairs(LayerSpec.of(
                        "normalized",
                        init -> new PlantedLayers.Custom(
                                init, (layer, x) -> Functional.layerNorm(x, Shape.of(2), layer.weight, null, 0.1)))),
                LayerSpec.of("tied", Tied::new, (tied, x) -> tied.forward(x[0]))
                        .shapes("(n)->(n,4)")
                        .within(Values.integers(0, 3))
                        .order(2),
                LayerSpec.of(
                                "padded words",
                                init -> new Embedding(3, 2, new EmbeddingOptions().paddingIndex(0), init),
                                (words, x) -> words.forward(x[0]))
                        .shapes("(n,m?)")
                        .within(Values.integers(1, 2)),
                LayerSpec.of(
                                "attention that may see nothing",
                                init -> new MultiHeadAttention(2, 1, new HeadOptions(), init),
                                (attention, x) -> attention.forward(x[0], x[0], x[0], new AttentionMask().keys(x[1])))
                        .shapes("(n,l,2),(n,l)->(n,l,2)")
                        .within(any, Values.booleans()),
                LayerSpec.of("states as a record", init -> new LSTM(2, 2, init), (lstm, x) -> lstm.forward(x[0]))
                        .shapes("(n,t,2)"));
    }
}
