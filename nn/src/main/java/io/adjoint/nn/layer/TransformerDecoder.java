package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import io.adjoint.nn.BlockList;
import io.adjoint.nn.Settings;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The decoder of a transformer: several {@link TransformerDecoderLayer}s one after the other and, with
 * {@link TransformerOptions#finalNorm}, a normalization behind them.
 *
 * <p>Shapes: input and output {@code [N, L, E]}, memory {@code [N, S, E]}. Parts: {@code layers.0}, {@code layers.1}, … and {@code norm}.
 * Each layer is drawn anew; PyTorch begins with copies of one.
 */
public final class TransformerDecoder extends Block {
    private final BlockList<TransformerDecoderLayer> layers;
    private final @Nullable LayerNorm norm;

    /**
     * A decoder of layers with the given settings.
     *
     * @param layers their number
     * @param embedding E, the width of sequence and memory
     * @param heads the heads of each attention, which divide E
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if a number is less than 1, or the heads do not divide the embedding
     */
    public TransformerDecoder(int layers, int embedding, int heads, TransformerOptions options, RandomGenerator init) {
        Settings.requireCount("TransformerDecoder", "number of layers", layers);
        this.layers = child("layers", new BlockList<>());
        for (int k = 0; k < layers; k++) {
            this.layers.append(new TransformerDecoderLayer(embedding, heads, options, init));
        }
        norm = options.hasFinalNorm ? child("norm", options.norm(embedding, init)) : null;
    }

    /** The output of sequences that may see all of themselves and of the memory. */
    public Tensor forward(Tensor x, Tensor memory) {
        return forward(x, memory, new AttentionMask(), new AttentionMask());
    }

    /**
     * The output {@code [N, L, E]} of sequences {@code [N, L, E]} and a memory {@code [N, S, E]}; the masks are the masks of {@link
     * TransformerDecoderLayer#forward(Tensor, Tensor, AttentionMask, AttentionMask)}, the same for each layer.
     *
     * @throws io.adjoint.core.ShapeException if the shapes do not fit
     * @throws io.adjoint.core.DTypeException if an input is not of this block's dtype
     */
    public Tensor forward(Tensor x, Tensor memory, AttentionMask mask, AttentionMask memoryMask) {
        return within(() -> {
            Tensor h = x;
            for (TransformerDecoderLayer layer : layers) {
                h = layer.forward(h, memory, mask, memoryMask);
            }
            return norm == null ? h : norm.forward(h);
        });
    }
}
