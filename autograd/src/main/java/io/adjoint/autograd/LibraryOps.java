package io.adjoint.autograd;

import io.adjoint.core.Internal;
import io.adjoint.core.NdArray;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records the library's operations as {@link Autograd} records yours, and promises for their backward rules what the engine cannot know of
 * other rules: a rule keeps neither its upstream gradient nor an array that it computes, except its result, and calls no function of a user
 * that could keep one. So a pass may write later gradients to these arrays ({@link io.adjoint.core.GradientPool}).
 *
 * @hidden
 */
@Internal
public final class LibraryOps {
    private LibraryOps() {}

    /** As {@link Autograd#op(String, NdArray, Edge...)}. */
    public static Tensor op(String name, NdArray value, Edge... edges) {
        return op(name, Attributes.NONE, value, edges);
    }

    /** As {@link #op(String, NdArray, Edge...)}, of an operation with arguments that are not tensors. */
    public static Tensor op(String name, Attributes attributes, NdArray value, Edge... edges) {
        return Recorder.LIBRARY.op(name, attributes, value, edges);
    }

    /** An operation whose value has no gradient, such as a comparison; only a tape sees it. */
    public static Tensor plain(String name, Attributes attributes, NdArray value, Tensor... inputs) {
        return ThreadState.current().taped(name, attributes, List.of(inputs), Tensor.of(value));
    }

    /** As {@link Autograd#op(String, NdArray, List, BiFunction)}. */
    public static Tensor op(
            String name,
            NdArray value,
            List<Tensor> inputs,
            BiFunction<Tensor, Tensor, ? extends List<? extends @Nullable Tensor>> rule) {
        return Recorder.LIBRARY.op(name, value, inputs, rule);
    }

    /** As {@link Autograd#fusedOp(String, NdArray, List, BiFunction, Function)}. */
    public static Tensor fusedOp(
            String name,
            NdArray value,
            List<Tensor> inputs,
            BiFunction<Tensor, Tensor, ? extends List<? extends @Nullable Tensor>> rule,
            Function<? super List<Tensor>, Tensor> composition) {
        return Recorder.LIBRARY.fusedOp(name, value, inputs, rule, composition);
    }

    /** As {@link Autograd#ops(String, List, List, BiFunction)}. */
    public static List<Tensor> ops(
            String name,
            List<NdArray> values,
            List<Tensor> inputs,
            BiFunction<List<Tensor>, List<Tensor>, ? extends List<? extends @Nullable Tensor>> rule) {
        return Recorder.LIBRARY.ops(name, values, inputs, rule);
    }
}
