package io.adjoint.io.onnx;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.MultiHeadAttention;
import io.adjoint.nn.layer.Transformer;
import io.adjoint.nn.layer.TransformerDecoder;
import io.adjoint.nn.layer.TransformerDecoderLayer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The ONNX export rules of blocks, by the block's class, and of operations, by name; a class without a rule has the rule of its
 * superclass.
 */
final class OnnxRules {
    private final Map<Class<?>, OnnxRule<?>> rules = new HashMap<>();
    private final Map<Class<?>, OnnxForward<?>> forwards = new HashMap<>();
    private final Map<String, OnnxOperations.Rule> operations = new HashMap<>();

    /** Makes the export rules of this library's own blocks. */
    static OnnxRules ofLibrary() {
        OnnxRules rules = new OnnxRules();
        OnnxWeighted.addTo(rules);
        OnnxPooling.addTo(rules);
        OnnxNormalizations.addTo(rules);
        OnnxShapes.addTo(rules);
        OnnxEmbeddings.addTo(rules);
        OnnxTables.addTo(rules);
        OnnxRecurrent.addTo(rules);
        OnnxOperations.addTo(rules);
        return rules.forward(MultiHeadAttention.class, (block, x) -> {
                    int last = x.size() - 1;
                    return List.of(block.forward(x.get(0), x.get(Math.min(1, last)), x.get(Math.min(2, last))));
                })
                .forward(TransformerDecoderLayer.class, (block, x) -> List.of(block.forward(x.get(0), x.get(1))))
                .forward(TransformerDecoder.class, (block, x) -> List.of(block.forward(x.get(0), x.get(1))))
                .forward(
                        Transformer.class,
                        (block, x) -> List.of(block.forward(x.get(0), x.get(1), new AttentionMask().causal())));
    }

    /** Adds a rule for a class of blocks, in place of an earlier one. */
    @CanIgnoreReturnValue
    <B extends Block> OnnxRules block(Class<B> type, OnnxRule<? super B> rule) {
        rules.put(type, rule);
        return this;
    }

    /** Adds a function that runs blocks of a class. */
    @CanIgnoreReturnValue
    <B extends Block> OnnxRules forward(Class<B> type, OnnxForward<? super B> forward) {
        forwards.put(type, forward);
        return this;
    }

    /** Adds a rule for a class of layers; the rule takes the layer's only input. */
    @CanIgnoreReturnValue
    <L extends Layer> OnnxRules layer(Class<L> type, OnnxLayerRule<? super L> rule) {
        return block(type, (graph, layer, inputs) -> Collections.singletonList(rule.add(graph, layer, inputs.get(0))));
    }

    /** Adds a rule for the operations of a name, in place of an earlier one. */
    @CanIgnoreReturnValue
    OnnxRules operation(String name, OnnxOperations.Rule rule) {
        operations.put(name, rule);
        return this;
    }

    @CanIgnoreReturnValue
    OnnxRules addAll(OnnxRules others) {
        rules.putAll(others.rules);
        forwards.putAll(others.forwards);
        operations.putAll(others.operations);
        return this;
    }

    boolean has(Block block) {
        return find(rules, block.getClass()) != null && !OnnxRecurrent.isProjected(block);
    }

    /** The rule for the class of a block, which has one, or for the nearest superclass that has one. */
    @SuppressWarnings("unchecked") // a rule is registered under the class of block that it takes
    OnnxRule<Block> rule(Block block) {
        return (OnnxRule<Block>) Objects.requireNonNull(find(rules, block.getClass()));
    }

    /** The function that runs a block. */
    @SuppressWarnings("unchecked") // a function is registered under the class of block that it takes
    OnnxForward<Block> forward(OnnxGraph graph, Block block, List<OnnxValue> inputs) {
        OnnxForward<?> forward = find(forwards, block.getClass());
        if (forward == null && block instanceof Layer layer) {
            if (inputs.size() != 1) {
                throw graph.refusal("has one input, got " + inputs);
            }
            return (same, x) -> List.of(layer.forward(x.get(0)));
        } else if (forward == null) {
            throw graph.refusal("is not a layer: say by OnnxOptions.block how to run it");
        }
        return (OnnxForward<Block>) forward;
    }

    OnnxOperations.@Nullable Rule operation(String name) {
        return operations.get(name);
    }

    private static <T> @Nullable T find(Map<Class<?>, T> ofClasses, @Nullable Class<?> type) {
        T found = ofClasses.get(type);
        return found != null || type == null ? found : find(ofClasses, type.getSuperclass());
    }
}
