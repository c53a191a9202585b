package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.BlockList;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The encoder of a transformer: several {@link TransformerEncoderLayer}s one after the other and, with
 * {@link TransformerOptions#finalNorm}, a normalization behind them. With a causal mask it is the decoder of a language model, which
 * has no memory to look at.
 *
 * <p>Shapes: input and output {@code [N, L, E]}. Parts: {@code layers.0}, {@code layers.1}, … and {@code norm}. Each layer is drawn anew;
 * PyTorch begins with copies of one.
 */
public final class TransformerEncoder extends Layer {
    private final BlockList<TransformerEncoderLayer> layers;
    private final @Nullable LayerNorm norm;

    /**
     * An encoder of layers with the given settings.
     *
     * @param layers their number
     * @param embedding E, the width of the sequence
     * @param heads the heads of each attention, which divide E
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if a number is less than 1, or the heads do not divide the embedding
     */
    public TransformerEncoder(int layers, int embedding, int heads, TransformerOptions options, RandomGenerator init) {
        Settings.requireCount("TransformerEncoder", "number of layers", layers);
        this.layers = child("layers", new BlockList<>());
        for (int k = 0; k < layers; k++) {
            this.layers.append(new TransformerEncoderLayer(embedding, heads, options, init));
        }
        norm = options.hasFinalNorm ? child("norm", options.norm(embedding, init)) : null;
    }

    /** The output of a sequence that may see all of itself. */
    @Override
    protected Tensor compute(Tensor x) {
        return run(x, Layer::forward);
    }

    /**
     * The output {@code [N, L, E]} of sequences {@code [N, L, E]}.
     *
     * @param mask the positions that each position may see, in every layer: true for a visible position, the opposite of PyTorch's masks
     * @throws io.adjoint.core.ShapeException if the shapes do not fit
     * @throws io.adjoint.core.DTypeException if the input is not of this layer's dtype
     */
    public Tensor forward(Tensor x, AttentionMask mask) {
        return within(x, input -> run(input, (layer, h) -> layer.forward(h, mask)));
    }

    /**
     * The output of the next positions {@code [N, L, E]} of a sequence that must not see its future, as of a language model that writes.
     *
     * @param cache the keys and values of the positions before, to which theirs are added
     * @throws io.adjoint.core.ShapeException if the shapes do not fit, or the cache is of another number of sequences; then nothing was
     *     added
     * @throws IllegalArgumentException if the cache is of another model; then nothing was added
     * @throws io.adjoint.core.DTypeException if the input is not of this layer's dtype
     */
    public Tensor forward(Tensor x, KeyValueCache cache) {
        return within(x, input -> run(input, (layer, h) -> layer.forward(h, cache)));
    }

    private Tensor run(Tensor x, BiFunction<TransformerEncoderLayer, Tensor, Tensor> call) {
        Tensor h = x;
        for (TransformerEncoderLayer layer : layers) {
            h = call.apply(layer, h);
        }
        return norm == null ? h : norm.forward(h);
    }
}
