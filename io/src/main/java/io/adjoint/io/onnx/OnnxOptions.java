package io.adjoint.io.onnx;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Options;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options of {@link Onnx#export(java.nio.file.Path, Block, OnnxOptions)}; immutable.
 *
 * <pre>{@code
 * Onnx.export(path, model, new OnnxOptions().input("tokens", DType.INT32, Shape.of(1, 16)).output("logits"));
 * }</pre>
 */
@CheckReturnValue
public final class OnnxOptions extends Options<OnnxOptions> {
    /**
     * An input of the model.
     *
     * @param example the shape of an example, whose first axis is the batch axis
     * @param values the values of the example; null for random values
     */
    record Input(
            String name,
            DType dtype,
            Shape example,
            @Nullable NdArray values) {}

    List<Input> inputs = List.of();
    List<String> outputs = List.of();
    Map<String, String> metadata = Map.of();
    private OnnxRules rules = new OnnxRules();

    /** Without inputs, which are to be added; outputs are named {@code output}, {@code output_1}, ... */
    public OnnxOptions() {}

    private static <T> List<T> appended(List<T> list, T element) {
        List<T> longer = new ArrayList<>(list);
        longer.add(element);
        return Collections.unmodifiableList(longer);
    }

    /**
     * With a further input of the model. The export is checked on values that are drawn: of FLOAT32 from −2 to 2; of INT32 {@code [N]}
     * lengths from 1 to the smallest second size of an input, of other INT32 indices of which each table of an embedding has a row.
     *
     * @param dtype INT32 of indices and lengths, FLOAT32 of all else
     * @param example the shape of an example, whose first axis is the batch axis, of any size
     * @throws IllegalArgumentException if dtype is neither, the example has no axis, or an input has that name
     */
    public OnnxOptions input(String name, DType dtype, Shape example) {
        return added(new Input(name, dtype, example, null));
    }

    /**
     * With a further input of the model, and an example of it on which the export is checked, for a model that drawn numbers don't suit.
     *
     * @param example INT32 or FLOAT32, whose first axis is the batch axis, of at least one sample
     * @throws IllegalArgumentException if it is not so, or an input has that name
     */
    public OnnxOptions input(String name, Tensor example) {
        return added(new Input(name, example.dtype(), example.shape(), example.data()));
    }

    private OnnxOptions added(Input input) {
        if ((input.dtype() != DType.INT32 && input.dtype() != DType.FLOAT32)
                || input.example().rank() == 0
                || (input.values() != null && input.example().dim(0) == 0)
                || inputs.stream().anyMatch(other -> other.name().equals(input.name()))) {
            throw new IllegalArgumentException("OnnxOptions: expected another input, FLOAT32 or INT32, with an axis for"
                    + " the batch, got '" + input.name() + "' " + input.dtype() + " " + input.example());
        }
        return with(copy -> copy.inputs = appended(inputs, input));
    }

    /** With the name of the next output of the model, which is not the name of an input. */
    public OnnxOptions output(String name) {
        return with(copy -> copy.outputs = appended(outputs, name));
    }

    /** With a text beside the model. */
    public OnnxOptions metadata(String key, String text) {
        Map<String, String> more = new LinkedHashMap<>(metadata);
        more.put(key, text);
        return with(copy -> copy.metadata = Collections.unmodifiableMap(more));
    }

    /** With the rule for a class of layers, in place of the library's rule, if it has one; it is compared with {@code forward}. */
    public <L extends Layer> OnnxOptions layer(Class<L> type, OnnxLayerRule<? super L> rule) {
        return with(copy -> copy.rules = new OnnxRules().addAll(rules).layer(type, rule));
    }

    /**
     * With the function that runs a class of blocks, for a block that isn't a layer and has its own signature; the block is exported as it
     * computes.
     */
    public <B extends Block> OnnxOptions block(Class<B> type, OnnxForward<? super B> forward) {
        return with(copy -> copy.rules = new OnnxRules().addAll(rules).forward(type, forward));
    }

    /**
     * With the rule for an operation, in place of the library's rule, if it has one; it is compared with the operation's value.
     *
     * @param name the name under which the operation is recorded, as in {@link io.adjoint.autograd.Autograd#op}
     */
    public OnnxOptions operation(String name, OnnxOperation rule) {
        return with(copy -> copy.rules =
                new OnnxRules().addAll(rules).operation(name, call -> rule.add(call.graph(), call.inputs())));
    }

    /** The library's export rules, extended by the rules of these options. */
    OnnxRules rules() {
        return OnnxRules.ofLibrary().addAll(rules);
    }
}
