package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.nn.layer.MultiHeadAttention;
import io.adjoint.nn.layer.RotaryPositions;
import io.adjoint.nn.layer.Transformer;
import io.adjoint.nn.layer.TransformerDecoder;
import io.adjoint.nn.layer.TransformerDecoderLayer;
import io.adjoint.nn.layer.TransformerEncoder;
import io.adjoint.nn.layer.TransformerEncoderLayer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The export rules of attention and of transformers. */
final class OnnxAttention {
    private OnnxAttention() {}

    static void addTo(OnnxRules rules) {
        rules.masked(MultiHeadAttention.class, OnnxAttention::attention, (block, x, mask, batch) -> {
                    int last = x.size() - 1;
                    return List.of(block.forward(
                            x.get(0), x.get(Math.min(1, last)), x.get(Math.min(2, last)), mask.run(batch)));
                })
                .masked(
                        TransformerEncoderLayer.class,
                        (g, block, inputs) -> List.of(encoderLayer(g, block, only(g, inputs))),
                        (block, x, mask, batch) -> List.of(block.forward(x.get(0), mask.run(batch))))
                .masked(
                        TransformerEncoder.class,
                        (g, block, inputs) -> List.of(stack(g, only(g, inputs), null)),
                        (block, x, mask, batch) -> List.of(block.forward(x.get(0), mask.run(batch))))
                .masked(
                        TransformerDecoderLayer.class,
                        (g, block, inputs) -> {
                            requireTwo(g, "a target and a memory", inputs);
                            return List.of(decoderLayer(g, block, inputs.get(0), inputs.get(1)));
                        },
                        (block, x, mask, batch) -> List.of(block.forward(
                                x.get(0),
                                x.get(1),
                                mask.run(batch),
                                mask.ofMemory().run(batch))))
                .masked(
                        TransformerDecoder.class,
                        (g, block, inputs) -> {
                            requireTwo(g, "a target and a memory", inputs);
                            return List.of(stack(g, inputs.get(0), inputs.get(1)));
                        },
                        (block, x, mask, batch) -> List.of(block.forward(
                                x.get(0),
                                x.get(1),
                                mask.run(batch),
                                mask.ofMemory().run(batch))))
                .masked(
                        Transformer.class,
                        (g, block, inputs) -> {
                            requireTwo(g, "a source and a target", inputs);
                            OnnxValue memory = g.child("encoder", inputs.get(0));
                            return List.of(g.with(g.mask().ofDecoder()).child("decoder", inputs.get(1), memory));
                        },
                        (block, x, mask, batch) -> List.of(block.forward(
                                x.get(0),
                                x.get(1),
                                mask.run(batch),
                                mask.ofDecoder().run(batch),
                                mask.ofMemory().run(batch))));
    }

    private static OnnxValue only(OnnxGraph g, List<OnnxValue> inputs) {
        if (inputs.size() != 1) {
            throw g.refusal("has one input, got " + inputs);
        }
        return inputs.get(0);
    }

    private static void requireTwo(OnnxGraph g, String which, List<OnnxValue> inputs) {
        if (inputs.size() != 2) {
            throw g.refusal("has two inputs, " + which + ", got " + inputs);
        }
    }

    // ---- transformers ----

    /** Adds the layers of an encoder or decoder one after the other, followed by the final normalization if there is one. */
    private static OnnxValue stack(OnnxGraph g, OnnxValue x, @Nullable OnnxValue memory) {
        OnnxGraph layers = g.within("layers");
        OnnxValue value = x;
        for (String name : g.child("layers").children().keySet()) {
            value = memory == null ? layers.child(name, value) : layers.child(name, value, memory);
        }
        return g.has("norm") ? g.child("norm", value) : value;
    }

    private static OnnxValue encoderLayer(OnnxGraph g, TransformerEncoderLayer layer, OnnxValue x) {
        boolean first = layer.isNormFirst();
        OnnxValue h = added(g, first, "norm1", x, part -> g.child("selfAttn", part));
        return added(g, first, "norm2", h, part -> fed(g, part));
    }

    private static OnnxValue decoderLayer(OnnxGraph g, TransformerDecoderLayer layer, OnnxValue x, OnnxValue memory) {
        boolean first = layer.isNormFirst();
        OnnxValue h = added(g, first, "norm1", x, part -> g.child("selfAttn", part));
        OnnxValue k = added(
                g, first, "norm2", h, part -> g.with(g.mask().ofMemory()).child("multiheadAttn", part, memory, memory));
        return added(g, first, "norm3", k, part -> fed(g, part));
    }

    /**
     * Adds a residual connection around a part of a layer: {@code x + part(norm(x))} if the normalization, the child {@code norm}, is
     * first, otherwise {@code norm(x + part(x))}.
     */
    private static OnnxValue added(
            OnnxGraph g, boolean first, String norm, OnnxValue x, UnaryOperator<OnnxValue> part) {
        return first
                ? g.op("Add").of(x, part.apply(g.child(norm, x)))
                : g.child(norm, g.op("Add").of(x, part.apply(x)));
    }

    private static OnnxValue fed(OnnxGraph g, OnnxValue x) {
        return g.child("linear2", g.child("activation", g.child("linear1", x)));
    }

    // ---- attention ----

    /**
     * A linear map of an input to the heads of queries, keys or values.
     *
     * @param name the prefix of the name of the map's weight: {@code q}, {@code k} or {@code v}
     * @param from the index of the map's first head in the packed weight, which holds the rows of all projections, if the block has such a
     *     weight
     * @param heads the number of the map's heads
     * @param of the input
     */
    private record Projection(String name, int from, int heads, OnnxValue of) {}

    private static List<OnnxValue> attention(OnnxGraph g, MultiHeadAttention block, List<OnnxValue> inputs) {
        if (inputs.size() != 1 && inputs.size() != 3) {
            throw g.refusal("has one input, or query, key and value, got " + inputs);
        }
        OnnxValue query = inputs.get(0);
        OnnxValue key = inputs.get(inputs.size() == 1 ? 0 : 1);
        OnnxValue value = inputs.get(inputs.size() == 1 ? 0 : 2);
        inputs.forEach(input -> g.requireRank(3, input));
        int heads = block.heads();
        int keyHeads = block.keyHeads();
        OnnxValue q = positioned(g, block, projected(g, block, new Projection("q", 0, heads, query)));
        OnnxValue k = positioned(g, block, projected(g, block, new Projection("k", heads, keyHeads, key)));
        OnnxValue v = projected(g, block, new Projection("v", heads + keyHeads, keyHeads, value));
        int width = q.dim(3);
        int targets = q.dim(2);
        int sources = k.dim(2);
        int batch = q.dim(0);
        // In grouped attention several heads of queries share one head of keys and values.
        int each = heads / keyHeads;
        OnnxValue queries = g.reshape(q, batch, keyHeads, each, targets, width);
        OnnxValue keys = g.reshape(g.transpose(k, 0, 1, 3, 2), batch, keyHeads, 1, width, sources);
        OnnxValue values = g.reshape(v, batch, keyHeads, 1, sources, width);
        OnnxValue scaled = g.op("Mul").of(queries, g.constant(1 / Math.sqrt(width)));
        OnnxValue scores = g.op("MatMul").to(new int[] {batch, keyHeads, each, targets, sources}, scaled, keys);
        OnnxValue weights = softmax(g, scores, g.mask().visible(g, targets, sources));
        OnnxValue attended = g.op("MatMul").to(queries.dims(), weights, values);
        OnnxValue joined = g.reshape(
                g.transpose(g.reshape(attended, batch, heads, targets, width), 0, 2, 1, 3),
                batch,
                targets,
                heads * width);
        return List.of(g.child("outProj", joined));
    }

    /**
     * Adds a softmax with weights 0 for masked keys. Masked scores are a finite number instead of −∞, since the softmax of a row with all
     * keys masked would be NaN. The weights of masked keys are set to 0 afterwards.
     */
    private static OnnxValue softmax(OnnxGraph g, OnnxValue scores, @Nullable OnnxValue visible) {
        if (visible == null) {
            return g.op("Softmax").integer("axis", -1).of(scores);
        }
        OnnxValue seen = g.op("Where").to(scores.dims(), visible, scores, g.constant(-Float.MAX_VALUE));
        OnnxValue weights = softmax(g, seen, null);
        // With only a causal mask each query sees at least one key. The masked scores are so far below that key's score
        // that softmax gives the masked keys the weight 0 already.
        return g.mask().keys() == null ? weights : g.op("Where").to(scores.dims(), visible, weights, g.constant(0));
    }

    private static OnnxValue positioned(OnnxGraph g, MultiHeadAttention block, OnnxValue x) {
        RotaryPositions positions = block.positions();
        return positions == null ? x : OnnxEmbeddings.rotated(g, positions, x);
    }

    /**
     * Adds the nodes of a projection; returns its heads {@code [N, heads, L, D]} for N sequences of L positions; D is the width of a head.
     */
    private static OnnxValue projected(OnnxGraph g, MultiHeadAttention block, Projection projection) {
        Map<String, Tensor> parameters = block.namedParameters();
        Tensor packed = parameters.get("inProjWeight");
        // The width of the embedding is the number of columns of the packed weight, and the number of rows of the
        // queries' own weight.
        int embedding = packed != null
                ? packed.shape().dim(1)
                : Objects.requireNonNull(parameters.get("qProjWeight")).shape().dim(0);
        int width = embedding / block.heads();
        int from = projection.from() * width;
        int to = from + projection.heads() * width;
        NdArray weight = packed == null
                ? Objects.requireNonNull(parameters.get(projection.name() + "ProjWeight"))
                        .data()
                : packed.data().slice(0, from, to);
        Tensor bias = parameters.get("inProjBias");
        OnnxValue x = projection.of();
        OnnxValue linear = OnnxWeighted.linear(
                g,
                projection.name() + "_",
                weight,
                bias == null ? null : bias.data().slice(0, from, to),
                x);
        return g.transpose(g.reshape(linear, x.dim(0), x.dim(1), projection.heads(), width), 0, 2, 1, 3);
    }
}
