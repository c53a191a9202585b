package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One input of an operation together with its backward rule, the vector-Jacobian product. The rule takes the upstream gradient g, which has
 * the shape and dtype of the operation's value, and returns the gradient of the input. Where the operation broadcast the input, the rule
 * may return the broadcast shape: the engine sums over the repeated axes.
 */
public final class Edge {
    private static final EdgeRule NONE = EdgeRule.of((Tensor g) -> g);

    private final Tensor input;
    private final EdgeRule rule;

    private Edge(Tensor input, EdgeRule rule) {
        this.input = input;
        this.rule = rule;
    }

    /**
     * The edge of an input with its backward rule.
     *
     * @throws IllegalArgumentException if one of them is null
     */
    public static Edge edge(Tensor input, UnaryOperator<Tensor> rule) {
        required("edge", "input", input);
        required("edge", "backward rule", rule);
        return input.node == null ? constant(input) : new Edge(input, EdgeRule.of(rule));
    }

    /**
     * The edge of an input with a backward rule that reads the operation's own output y, too: {@code (g, y) -> g.mul(y)} is the rule of an
     * exponential. Inexact method references, such as {@code Tensor::mul}, need to be written as lambdas.
     *
     * @throws IllegalArgumentException if an argument is null
     */
    public static Edge edge(Tensor input, BinaryOperator<Tensor> rule) {
        required("edge", "input", input);
        required("edge", "backward rule", rule);
        return input.node == null ? constant(input) : new Edge(input, EdgeRule.of(rule));
    }

    /**
     * The edge of an input of which the operation's value is a part. The gradient of the input is the upstream gradient at the elements of
     * the part, and 0 elsewhere. The gradients of many parts of one tensor together take one array of the tensor's size, instead of one
     * array for each part.
     *
     * @param view the view that the operation made of the input's array, e.g. {@code x -> x.select(0, row)}: a view of distinct elements
     * @throws IllegalArgumentException if an argument is null
     */
    public static Edge view(Tensor input, UnaryOperator<NdArray> view) {
        Shape shape = required("view", "input", input).shape();
        required("view", "view", view);
        UnaryOperator<Tensor> whole = x -> viewed(x, view);
        return new Edge(
                input,
                EdgeRule.of(
                        g -> Autograd.op("unview", g.data().unview(shape, view), edge(g, whole)),
                        (g, sum) -> InPlace.accumulate(sum, view, g)));
    }

    private static Tensor viewed(Tensor whole, UnaryOperator<NdArray> view) {
        return Autograd.op("view", view.apply(whole.data()), view(whole, view));
    }

    /**
     * The edge of an input of which the operation reads a small part, as {@code indexSelect} does. Where the gradients of several
     * operations meet at the input, each is added to their sum by the adder instead of costing an array of the input's size.
     *
     * @param rule the backward rule, for the first of these operations and for passes that are recorded
     * @param adder takes the upstream gradient g, which it must not change, and a sum of the input's shape and dtype, in row-major order,
     *     and adds to the sum, in place, the gradient that the rule would return for g: by {@link InPlace#accumulate(NdArray, NdArray)},
     *     {@link InPlace#indexAdd} or {@link InPlace#scatterAdd}
     * @throws IllegalArgumentException if an argument is null
     */
    public static Edge adding(Tensor input, UnaryOperator<Tensor> rule, BiConsumer<NdArray, NdArray> adder) {
        required("adding", "input", input);
        required("adding", "backward rule", rule);
        required("adding", "adder", adder);
        return new Edge(input, EdgeRule.of(rule, adder));
    }

    /**
     * An input that never has a gradient, such as a mask or indices. An operation may read such an input without an edge; with the edge,
     * pictures and ONNX show that the result depends on it.
     */
    public static Edge read(Tensor input) {
        required("read", "input", input);
        return constant(input);
    }

    /** An edge whose rule never runs: a tensor without a node never gets one. */
    private static Edge constant(Tensor input) {
        return new Edge(input, NONE);
    }

    /** The tensor that the operation read. */
    public Tensor input() {
        return input;
    }

    EdgeRule rule() {
        return rule;
    }

    /** Throws for a null argument: the compiler doesn't check users' code, and in the backward pass the error would come too late. */
    @CanIgnoreReturnValue
    private static <T> T required(String call, String what, @Nullable T argument) {
        if (argument == null) {
            throw new IllegalArgumentException("Edge." + call + ": the " + what + " is null");
        }
        return argument;
    }
}
