package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.NdArray;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Computes gradients as values, switches recording off and on, and adds operations of your own by their backward rules. */
public final class Autograd {
    private Autograd() {}

    /**
     * Records an operation: its value, and for each input that can have a gradient an edge with the backward rule. An edge to an input that
     * needs no gradient is dropped, together with the arrays that its rule captured. The arrays that the rules of all other edges captured
     * are saved for the backward pass. Backward rules compute with tensors, so that they can be differentiated again.
     *
     * @param name the operation's name in messages and pictures of the graph
     */
    public static Tensor op(String name, NdArray value, Edge... edges) {
        return Recorder.USER.op(name, Attributes.NONE, value, edges);
    }

    /**
     * As {@link #op(String, NdArray, Edge...)}, for backward rules that share their work: one function returns the gradients of all inputs,
     * in their order. A gradient that is not {@linkplain #isWanted wanted} is ignored and may be null.
     */
    public static Tensor op(
            String name,
            NdArray value,
            List<Tensor> inputs,
            Function<Tensor, ? extends List<? extends @Nullable Tensor>> rule) {
        return Recorder.USER.op(name, value, inputs, ofGradient(rule));
    }

    /** As {@link #op(String, NdArray, List, Function)}, for a backward rule that reads the operation's own output, too. */
    public static Tensor op(
            String name,
            NdArray value,
            List<Tensor> inputs,
            BiFunction<Tensor, Tensor, ? extends List<? extends @Nullable Tensor>> rule) {
        return Recorder.USER.op(name, value, inputs, rule);
    }

    /**
     * Records a fused operation, whose value was computed by kernels, and whose gradients are computed by a backward rule of kernels. The
     * caller also gives a composition of recorded operations that computes the same function: a pass with {@link GraphMode#CREATE}
     * differentiates the composition at the inputs, so derivatives of every order need no further rules. Only such a pass and {@link
     * Debug#composed} run the composition. The inputs are kept until the backward pass.
     *
     * @param value the value, as the kernels computed it
     * @param inputs all tensors that the value depends on and that may require a gradient
     * @param rule the backward rule, which may compute with arrays; it returns the gradients of all inputs, in their order, and may return
     *     null for a gradient that is not {@linkplain #isWanted wanted}
     * @param composition the same function of the inputs, which it is given in their order and must use in their place: a tensor that it
     *     captures is a constant to it
     */
    public static Tensor fusedOp(
            String name,
            NdArray value,
            List<Tensor> inputs,
            Function<Tensor, ? extends List<? extends @Nullable Tensor>> rule,
            Function<? super List<Tensor>, Tensor> composition) {
        return Recorder.USER.fusedOp(name, value, inputs, ofGradient(rule), composition);
    }

    /** As {@link #fusedOp(String, NdArray, List, Function, Function)}, for a backward rule that reads the operation's own output, too. */
    public static Tensor fusedOp(
            String name,
            NdArray value,
            List<Tensor> inputs,
            BiFunction<Tensor, Tensor, ? extends List<? extends @Nullable Tensor>> rule,
            Function<? super List<Tensor>, Tensor> composition) {
        return Recorder.USER.fusedOp(name, value, inputs, rule, composition);
    }

    /**
     * Records an operation of several differentiable outputs of one dtype. The backward rule takes a gradient for each output (zeros for an
     * unused output) and returns a gradient for each input. An output that is not differentiable needs no recording: return it as {@code
     * Tensor.of(array)} beside the recorded outputs.
     */
    public static List<Tensor> ops(
            String name,
            List<NdArray> values,
            List<Tensor> inputs,
            Function<List<Tensor>, ? extends List<? extends @Nullable Tensor>> rule) {
        return Recorder.USER.ops(name, values, inputs, ofGradient(rule));
    }

    /** As {@link #ops(String, List, List, Function)}, for a backward rule that reads the operation's own outputs, too. */
    public static List<Tensor> ops(
            String name,
            List<NdArray> values,
            List<Tensor> inputs,
            BiFunction<List<Tensor>, List<Tensor>, ? extends List<? extends @Nullable Tensor>> rule) {
        return Recorder.USER.ops(name, values, inputs, rule);
    }

    /** A backward rule that doesn't read the operation's output. */
    private static <T, R> BiFunction<T, T, R> ofGradient(Function<T, R> rule) {
        required(rule);
        return (g, y) -> rule.apply(g);
    }

    static void required(@Nullable Object rule) {
        Callbacks.given("op", "the backward rule", rule);
    }

    /**
     * Makes a backward rule that computes with arrays, so the gradients that it returns have no derivative. After a pass with {@link
     * GraphMode#CREATE}, differentiating such a gradient throws an error, instead of treating the gradient as a constant.
     *
     * @param name the operation's name, for the message
     */
    public static UnaryOperator<Tensor> firstOrder(String name, UnaryOperator<Tensor> rule) {
        return g -> {
            Tensor result = Callbacks.result(name, "the backward rule", noGrad(() -> rule.apply(g.detach())));
            return isRecording() ? new Tensor(result.data(), Node.dead(name, result.data())) : result;
        };
    }

    /**
     * Returns whether the gradient of an input is used. A backward rule of several inputs calls this method, in the thread that called the
     * rule, before computations that only this gradient needs. Gradients of constants are not used, nor are gradients of inputs from which
     * no path leads to the tensors that {@link #grad} or {@link #gradients(List, List, List, GraphMode)} was called for. The rule of an
     * {@link Edge} runs only if the gradient of its input is used.
     *
     * @param input the input as the operation was given it; outside of a backward pass this method returns {@link Tensor#requiresGrad()}
     */
    public static boolean isWanted(Tensor input) {
        BackwardPass pass = ThreadState.current().pass();
        return pass == null ? input.requiresGrad() : pass.wants(input);
    }

    /** Returns whether this thread records operations. */
    public static boolean isRecording() {
        return ThreadState.current().recording();
    }

    /**
     * Runs the body without recording: its results require no gradient. This affects the current thread only: operations that a parallel
     * stream in the body runs in other threads are recorded, so {@code noGrad} belongs in the function that the stream calls.
     */
    public static <T> T noGrad(Supplier<T> body) {
        return ThreadState.current().recording(false, body);
    }

    /**
     * Runs a body without a result without recording; see {@link #noGrad(Supplier)}. The method has a name of its own, because Kotlin and
     * Groovy would prefer an overload of {@code noGrad} without a result for every lambda, and lose the lambda's result.
     */
    public static void runWithoutGrad(Runnable body) {
        ThreadState.current().recording(false, () -> {
            body.run();
            return true;
        });
    }

    /** Runs the body with recording on, within {@link #noGrad(Supplier)}. */
    @CanIgnoreReturnValue
    public static <T> T enableGrad(Supplier<T> body) {
        return ThreadState.current().recording(true, body);
    }

    /**
     * The gradient of a scalar with respect to a tensor, a leaf or not; nothing is accumulated anywhere.
     *
     * @throws GraphException if the output is not a scalar, or does not depend on the input
     */
    public static Tensor grad(Tensor output, Tensor input) {
        return grad(output, GraphMode.FREE, input);
    }

    /** As {@link #grad(Tensor, Tensor)}; {@link GraphMode#CREATE} makes the gradient differentiable itself. */
    public static Tensor grad(Tensor output, GraphMode graph, Tensor input) {
        return grad(output, Passes.implicitSeed("grad", output), graph, input);
    }

    /** The vector-Jacobian product of an output of any shape, with the upstream gradient {@code gradient}. */
    public static Tensor grad(Tensor output, Tensor gradient, GraphMode graph, Tensor input) {
        return grad(output, gradient, graph, new Tensor[] {input}).get(0);
    }

    /** As {@link #grad(Tensor, Tensor)}, with respect to several tensors: a gradient for each, in their order. */
    public static List<Tensor> grad(Tensor output, Tensor... inputs) {
        return grad(output, GraphMode.FREE, inputs);
    }

    /** As {@link #grad(Tensor, GraphMode, Tensor)}, with respect to several tensors: a gradient for each, in their order. */
    public static List<Tensor> grad(Tensor output, GraphMode graph, Tensor... inputs) {
        return grad(output, Passes.implicitSeed("grad", output), graph, inputs);
    }

    /** As {@link #grad(Tensor, Tensor, GraphMode, Tensor)}, with respect to several tensors: a gradient for each, in their order. */
    public static List<Tensor> grad(Tensor output, Tensor gradient, GraphMode graph, Tensor... inputs) {
        Gradients gradients = new Gradients(Passes.grad(output, gradient, graph, List.of(inputs)));
        return Arrays.stream(inputs).map(gradients::of).toList();
    }

    /**
     * The gradients of a scalar with respect to all leaves that it was computed from, as a value: no leaf's {@code grad()} changes, so
     * several threads may share parameters.
     */
    public static Gradients gradients(Tensor output) {
        Tensor seed = Passes.implicitSeed("gradients", output);
        return new Gradients(Passes.gradients(List.of(output), List.of(seed), GraphMode.FREE));
    }

    /**
     * The vector-Jacobian products of several outputs, added up, with respect to the given tensors.
     *
     * @param gradients the upstream gradient of each output
     * @param inputs leaves or other tensors; an input that no output depends on has no entry in the result
     */
    public static Gradients gradients(
            List<Tensor> outputs, List<Tensor> gradients, List<Tensor> inputs, GraphMode graph) {
        if (outputs.size() != gradients.size()) {
            throw new GraphException(
                    "gradients: got " + outputs.size() + " outputs, but " + gradients.size() + " upstream gradients");
        }
        return new Gradients(Passes.gradients(outputs, gradients, graph, inputs));
    }
}
