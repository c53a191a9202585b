package io.adjoint.io.onnx;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.AnyEmbedding;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rules by class; a class without one has that of the class that it extends. */
final class OnnxRules {
    private final Map<Class<?>, OnnxRule<?>> rules = new HashMap<>();

    /** Those of this library's blocks. */
    static OnnxRules ofLibrary() {
        OnnxRules rules = new OnnxRules();
        OnnxComposites.addTo(rules);
        OnnxActivations.addTo(rules);
        OnnxWeighted.addTo(rules);
        OnnxPooling.addTo(rules);
        OnnxNormalizations.addTo(rules);
        OnnxShapes.addTo(rules);
        OnnxEmbeddings.addTo(rules);
        OnnxRecurrent.addTo(rules);
        OnnxAttention.addTo(rules);
        return rules;
    }

    /** Adds a rule, in place of another one for the class. */
    @CanIgnoreReturnValue
    <B extends Block> OnnxRules block(Class<B> type, OnnxRule<? super B> rule) {
        rules.put(type, rule);
        return this;
    }

    /** Adds a rule for a layer, which has one input. */
    @CanIgnoreReturnValue
    <L extends Layer> OnnxRules layer(Class<L> type, OnnxLayerRule<? super L> rule) {
        return block(type, (graph, layer, inputs) -> {
            if (inputs.size() != 1) {
                throw graph.refusal("has one input, got " + inputs);
            }
            OnnxValue x = inputs.get(0);
            // A lookup can change the table, if its rows have a largest norm.
            boolean runs = layer.children().isEmpty() && !(layer instanceof AnyEmbedding);
            int[] dims = runs ? graph.dims(layer, x) : new int[0];
            OnnxValue y = rule.add(graph, layer, x);
            if (runs && !Arrays.equals(y.dims(), dims)) {
                throw graph.refusal("has a rule that makes " + y + " of " + x + " instead of " + Arrays.toString(dims));
            }
            return List.of(y);
        });
    }

    /** Adds a reason not to export a class. */
    @CanIgnoreReturnValue
    <B extends Block> OnnxRules refused(Class<B> type, String reason) {
        return block(type, (graph, block, inputs) -> {
            throw graph.refusal(reason);
        });
    }

    @CanIgnoreReturnValue
    OnnxRules addAll(OnnxRules others) {
        rules.putAll(others.rules);
        return this;
    }

    boolean has(Class<?> type) {
        return rules.containsKey(type) || (type.getSuperclass() != null && has(type.getSuperclass()));
    }

    /** The rule for a block. */
    OnnxRule<Block> of(OnnxGraph graph, Block block) {
        for (Class<?> type = block.getClass(); type != null; type = type.getSuperclass()) {
            OnnxRule<?> rule = rules.get(type);
            if (rule != null) {
                // A rule is kept under the class that it takes.
                @SuppressWarnings("unchecked")
                OnnxRule<Block> found = (OnnxRule<Block>) rule;
                return found;
            }
        }
        throw graph.refusal("is no block of this library: make it of Sequential, Residual and other layers, or say by"
                + " OnnxOptions.layer or OnnxOptions.block what it computes");
    }
}
