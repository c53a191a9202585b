package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import io.adjoint.nn.Gain;
import io.adjoint.nn.Init;
import java.util.random.RandomGenerator;

/**
 * A transformer (Vaswani et al., 2017): an encoder of a source sequence, and a decoder of a target sequence that looks at the encoder's
 * output; both with a final normalization. Embeddings, positions and the layer behind the decoder are not part of it.
 *
 * <p>Shapes: source {@code [N, S, E]}, target and output {@code [N, T, E]}. Parts: {@code encoder}, a {@link TransformerEncoder}, and
 * {@code decoder}, a {@link TransformerDecoder}. All matrices among the parameters are drawn by {@link Init#xavierUniform}.
 */
public final class Transformer extends Block {
    private final TransformerEncoder encoder;
    private final TransformerDecoder decoder;

    /**
     * A transformer of layers with the given settings; PyTorch's has by default the width 512, 8 heads, and 6 layers of each kind.
     *
     * @param embedding E, the width of both sequences
     * @param heads the heads of each attention, which divide E
     * @param encoderLayers the number of the encoder's layers
     * @param decoderLayers the number of the decoder's layers
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if a number is less than 1, or the heads do not divide the embedding
     */
    public Transformer(
            int embedding,
            int heads,
            int encoderLayers,
            int decoderLayers,
            TransformerOptions options,
            RandomGenerator init) {
        TransformerOptions both = options.finalNorm(true);
        encoder = child("encoder", new TransformerEncoder(encoderLayers, embedding, heads, both, init));
        decoder = child("decoder", new TransformerDecoder(decoderLayers, embedding, heads, both, init));
        parameters().stream()
                .filter(parameter -> parameter.shape().rank() > 1)
                .forEach(matrix -> matrix.assign(
                        Init.of(init).xavierUniform(matrix.shape(), Gain.LINEAR).data()));
    }

    /** The encoder, for a memory that several targets look at. */
    public TransformerEncoder encoder() {
        return encoder;
    }

    /** The decoder. */
    public TransformerDecoder decoder() {
        return decoder;
    }

    /**
     * The output {@code [N, T, E]} of sources {@code [N, S, E]} and targets {@code [N, T, E]}, where every position may see the whole
     * source. There is no form without the mask: PyTorch's lets the target see its future, which a training must not.
     *
     * @param targetMask the positions of the target that each of its positions may see: {@code new AttentionMask().causal()} for itself and
     *     those before it, which training needs; {@code new AttentionMask()} for all, PyTorch's default
     * @throws io.adjoint.core.ShapeException if the shapes do not fit
     * @throws io.adjoint.core.DTypeException if an input is not of this block's dtype
     */
    public Tensor forward(Tensor source, Tensor target, AttentionMask targetMask) {
        AttentionMask all = new AttentionMask();
        return forward(source, target, all, targetMask, all);
    }

    /**
     * The output {@code [N, T, E]} of sources {@code [N, S, E]} and targets {@code [N, T, E]}. In all masks true marks the positions that
     * may be seen, the opposite of PyTorch's.
     *
     * @param sourceMask the positions of the source that each of its positions may see
     * @param targetMask the positions of the target that each of its positions may see, usually {@code new AttentionMask().causal()}
     * @param memoryMask the positions of the source that each position of the target may see
     * @throws io.adjoint.core.ShapeException if the shapes do not fit
     * @throws io.adjoint.core.DTypeException if an input is not of this block's dtype
     */
    public Tensor forward(
            Tensor source,
            Tensor target,
            AttentionMask sourceMask,
            AttentionMask targetMask,
            AttentionMask memoryMask) {
        return within(() -> decoder.forward(target, encoder.forward(source, sourceMask), targetMask, memoryMask));
    }
}
