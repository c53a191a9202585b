package io.adjoint.io.onnx;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Options of {@link Onnx#export(java.nio.file.Path, Block, OnnxOptions)}; immutable.
 *
 * <pre>{@code
 * Onnx.export(path, model, new OnnxOptions().input("tokens", DType.INT32, Shape.of(1, 16)).output("logits"));
 * }</pre>
 */
@CheckReturnValue
public final class OnnxOptions {
    final List<OnnxValue> inputs;
    final List<String> outputs;
    final Map<String, String> metadata;
    private final OnnxRules rules;

    /** Without inputs, which are to be added; outputs are named {@code output}, {@code output_1}, ... */
    public OnnxOptions() {
        this(List.of(), List.of(), Map.of(), new OnnxRules());
    }

    private OnnxOptions(List<OnnxValue> inputs, List<String> outputs, Map<String, String> metadata, OnnxRules rules) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.metadata = metadata;
        this.rules = rules;
    }

    private static <T> List<T> with(List<T> list, T element) {
        List<T> longer = new ArrayList<>(list);
        longer.add(element);
        return Collections.unmodifiableList(longer);
    }

    /**
     * With a further input of the model.
     *
     * @param dtype INT32 of indices and lengths, FLOAT32 of all else
     * @param example the shape of an example, whose first axis is that of the batch, of any size
     * @throws IllegalArgumentException if dtype is neither, the example has no axis, or an input has that name
     */
    public OnnxOptions input(String name, DType dtype, Shape example) {
        if ((dtype != DType.INT32 && dtype != DType.FLOAT32)
                || example.rank() == 0
                || inputs.stream().anyMatch(input -> input.name().equals(name))) {
            throw new IllegalArgumentException("OnnxOptions: expected another input, FLOAT32 or INT32, with an axis for"
                    + " the batch, got '" + name + "' " + dtype + " " + example);
        }
        int[] dims = example.toArray();
        dims[0] = OnnxValue.BATCH;
        return new OnnxOptions(with(inputs, new OnnxValue(name, dtype, dims)), outputs, metadata, rules);
    }

    /** With the name of the next output of the model, which is not that of an input. */
    public OnnxOptions output(String name) {
        return new OnnxOptions(inputs, with(outputs, name), metadata, rules);
    }

    /** With a text beside the model. */
    public OnnxOptions metadata(String key, String text) {
        Map<String, String> more = new LinkedHashMap<>(metadata);
        more.put(key, text);
        return new OnnxOptions(inputs, outputs, Collections.unmodifiableMap(more), rules);
    }

    /** With the rule for a class of layers, instead of that of the library, if there is one. */
    public <L extends Layer> OnnxOptions layer(Class<L> type, OnnxLayerRule<? super L> rule) {
        return new OnnxOptions(
                inputs, outputs, metadata, new OnnxRules().addAll(rules).layer(type, rule));
    }

    /** With the rule for a class of blocks, instead of that of the library, if there is one. */
    public <B extends Block> OnnxOptions block(Class<B> type, OnnxRule<? super B> rule) {
        return new OnnxOptions(
                inputs, outputs, metadata, new OnnxRules().addAll(rules).block(type, rule));
    }

    /** Those of the library, and these. */
    OnnxRules rules() {
        return OnnxRules.ofLibrary().addAll(rules);
    }
}
