package io.adjoint.io.onnx;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.AnyEmbedding;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ONNX export rules of blocks, by the block's class; a class without a rule has the rule of its superclass. */
final class OnnxRules {
    /**
     * Runs a block on the export's example inputs, so that the block's outputs can be compared with the outputs of the nodes that were
     * exported for it.
     *
     * @param <B> the type of the blocks
     */
    @FunctionalInterface
    interface Forward<B extends Block> {
        /**
         * Computes the block's outputs for one batch of the example inputs.
         *
         * @param mask the mask of the attentions in the block
         * @param batch the index of the batch among the example's batches
         */
        List<Tensor> run(B block, List<Tensor> x, OnnxMask mask, int batch);
    }

    /**
     * An export rule, and the function that runs a block, so that the outputs of the rule's nodes can be compared with the block's outputs.
     *
     * @param takesMask true if the block can be run with a mask for the attentions in it
     */
    record Entry<B extends Block>(OnnxRule<? super B> rule, Forward<? super B> forward, boolean takesMask) {}

    private final Map<Class<?>, Entry<?>> rules = new HashMap<>();

    /** Makes the export rules of this library's own blocks. */
    static OnnxRules ofLibrary() {
        OnnxRules rules = new OnnxRules();
        OnnxComposites.addTo(rules);
        OnnxActivations.addTo(rules);
        OnnxWeighted.addTo(rules);
        OnnxPooling.addTo(rules);
        OnnxNormalizations.addTo(rules);
        OnnxShapes.addTo(rules);
        OnnxEmbeddings.addTo(rules);
        OnnxTables.addTo(rules);
        OnnxRecurrent.addTo(rules);
        OnnxAttention.addTo(rules);
        return rules;
    }

    /** Adds a rule for a class of blocks and a function that runs blocks of the class; both replace an earlier rule of the class. */
    @CanIgnoreReturnValue
    <B extends Block> OnnxRules block(Class<B> type, OnnxRule<? super B> rule, OnnxForward<? super B> forward) {
        rules.put(type, new Entry<B>(rule, (block, x, mask, batch) -> forward.run(block, x), false));
        return this;
    }

    /** Adds a rule for a block with attentions, which can be run with a mask. */
    @CanIgnoreReturnValue
    <B extends Block> OnnxRules masked(Class<B> type, OnnxRule<? super B> rule, Forward<? super B> forward) {
        rules.put(type, new Entry<B>(rule, forward, true));
        return this;
    }

    /** Adds a rule for a class of layers; the rule takes the layer's only input. */
    @CanIgnoreReturnValue
    <L extends Layer> OnnxRules layer(Class<L> type, OnnxLayerRule<? super L> rule) {
        OnnxRule<L> checked = (graph, layer, inputs) -> {
            if (inputs.size() != 1) {
                throw graph.refusal("has one input, got " + inputs);
            }
            OnnxValue x = inputs.get(0);
            // The layer is run first, so that it refuses wrong shapes before the rule does. Embeddings are excluded,
            // since their rule has a better message.
            if (layer.children().isEmpty() && !(layer instanceof AnyEmbedding)) {
                int[] unused = graph.dims(layer, x);
            }
            return Collections.singletonList(rule.add(graph, layer, x));
        };
        return block(type, checked, (layer, x) -> List.of(layer.forward(x.get(0))));
    }

    /** Makes the export of a block of the class fail with a reason. */
    @CanIgnoreReturnValue
    <B extends Block> OnnxRules refused(Class<B> type, String reason) {
        return block(
                type,
                (graph, block, inputs) -> {
                    throw graph.refusal(reason);
                },
                (block, x) -> x);
    }

    @CanIgnoreReturnValue
    OnnxRules addAll(OnnxRules others) {
        rules.putAll(others.rules);
        return this;
    }

    boolean has(Class<?> type) {
        return rules.containsKey(type) || (type.getSuperclass() != null && has(type.getSuperclass()));
    }

    /** The rule for the class of a block, or for the nearest superclass that has a rule. */
    Entry<Block> of(OnnxGraph graph, Block block) {
        for (Class<?> type = block.getClass(); type != null; type = type.getSuperclass()) {
            Entry<?> entry = rules.get(type);
            if (entry != null) {
                // The cast is safe: a rule is registered under the class of block that it takes.
                @SuppressWarnings("unchecked")
                Entry<Block> found = (Entry<Block>) entry;
                return found;
            }
        }
        throw graph.refusal("is no block of this library: make it of Sequential, Residual and other layers, or say by"
                + " OnnxOptions.layer or OnnxOptions.block what it computes");
    }
}
