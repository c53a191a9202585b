package io.adjoint.autograd.transforms;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Derivatives of functions, as functions: nothing is marked with {@code requiresGrad}, nothing is accumulated anywhere, and the function
 * that a transform returns can be transformed again, to any order.
 *
 * <p>An argument P, and the value Q of {@link #vjp} and {@link #jvp}, is a tensor or a structure of tensors: see {@link Trees}. The
 * derivative has the argument's structure, with a tensor for each floating tensor; everything else in the structure, such as INT32 tensors,
 * is returned unchanged. With respect to a tensor that the value does not depend on, derivatives are zeros.
 *
 * <p>A result is differentiable itself if the argument, or a tensor that the function captured, requires a gradient or is being
 * differentiated by an enclosing transform. Otherwise, and under {@link Autograd#noGrad}, the result is a constant, and the recorded graph
 * is released.
 *
 * <pre>{@code
 * Tensor slope = Transforms.grad(x -> x.square().sum(), Tensor.of(1, 2));                 // 2, 4
 * Tensor third = Transforms.grad(Transforms.grad(Transforms.grad(f))).apply(Tensor.scalar(0.5));
 * }</pre>
 */
public final class Transforms {
    private Transforms() {}

    /**
     * A scalar function's value and its gradient at a point.
     *
     * @param value the scalar that the function returned
     * @param gradient its derivatives, in the structure and the shapes of the argument
     */
    public record ValueAndGrad<P>(Tensor value, P gradient) {}

    /**
     * A function's value and its derivative J at a point, as a linear map in both directions.
     *
     * @param value the function's value
     * @param pushforward the map {@code u ↦ J·u}; see {@link #push}
     * @param pullback the map {@code v ↦ Jᵀ·v}; see {@link #pull}
     */
    public record Linear<P, Q>(Q value, Function<P, Q> pushforward, Function<Q, P> pullback) {
        /**
         * The directional derivative {@code J·u}; it can be computed for several u.
         *
         * @param tangent u, in the structure, the shapes and the dtypes of the argument
         * @throws IllegalArgumentException if its structure, a shape or a dtype differs
         */
        public Q push(P tangent) {
            return pushforward.apply(tangent);
        }

        /**
         * The vector-Jacobian product {@code Jᵀ·v}; it can be computed for several v.
         *
         * @param cotangent v, in the structure, the shapes and the dtypes of the value
         * @throws IllegalArgumentException if its structure, a shape or a dtype differs
         */
        public P pull(Q cotangent) {
            return pullback.apply(cotangent);
        }
    }

    /**
     * A value and its directional derivative.
     *
     * @param value the function's value
     * @param tangent {@code J·u}, in the structure and the shapes of the value
     */
    public record Jvp<Q>(Q value, Q tangent) {}

    /**
     * The gradient {@code ∇f} of a scalar function at a point.
     *
     * @throws IllegalArgumentException if the argument contains no floating tensor
     * @throws ShapeException if the function returns anything but a scalar
     */
    public static <P> P grad(Function<? super P, Tensor> f, P at) {
        return valueAndGrad("grad", f, at).gradient();
    }

    /** The gradient of a scalar function, as a function; see {@link #grad(Function, Object)}. */
    public static <P> UnaryOperator<P> grad(Function<? super P, Tensor> f) {
        return at -> grad(f, at);
    }

    /** {@code f(x)} and {@code ∇f(x)} from one run of a scalar function; see {@link #grad(Function, Object)}. */
    public static <P> ValueAndGrad<P> valueAndGrad(Function<? super P, Tensor> f, P at) {
        return valueAndGrad("valueAndGrad", f, at);
    }

    private static <P> ValueAndGrad<P> valueAndGrad(String op, Function<? super P, Tensor> f, P at) {
        Callbacks.given(op, "the function", f);
        Linearization<P, Tensor> linear = new Linearization<>(
                op, x -> Callbacks.scalar(op, f.apply(x), Callbacks.REDUCE + ", or take vjp or jacobian"), at);
        Tensor seed = Internals.implicitSeed(op, linear.outputs().get(0));
        return new ValueAndGrad<>(linear.value(), linear.likeArgument(linear.pull(List.of(seed), GraphMode.FREE)));
    }

    /**
     * {@code f(x)} and the map {@code v ↦ Jᵀ·v}, J being the Jacobian of f at x. The recorded graph is kept as long as the result.
     *
     * @throws IllegalArgumentException if the argument contains no floating tensor
     */
    public static <P, Q> Linear<P, Q> vjp(Function<? super P, ? extends Q> f, P at) {
        return linearize("vjp", f, at);
    }

    /**
     * {@code f(x)} and the maps {@code u ↦ J·u} and {@code v ↦ Jᵀ·v}, J being the Jacobian of f at x, from one run of f. The first product
     * {@code J·u} takes two backward passes, each other product one. The recorded graph is kept as long as the result.
     *
     * @throws IllegalArgumentException if the argument contains no floating tensor
     */
    public static <P, Q> Linear<P, Q> linearize(Function<? super P, ? extends Q> f, P at) {
        return linearize("linearize", f, at);
    }

    private static <P, Q> Linear<P, Q> linearize(String op, Function<? super P, ? extends Q> f, P at) {
        Linearization<P, Q> linear = new Linearization<>(op, f, at);
        return new Linear<>(
                linear.value(),
                u -> linear.likeValue(
                        linear.push(vectors(op, "the argument", linear.argument(), "the tangent", u), GraphMode.KEEP)),
                v -> linear.likeArgument(
                        linear.pull(vectors(op, "the value", linear.form(), "the cotangent", v), GraphMode.KEEP)));
    }

    /**
     * {@code f(x)} and {@code J·u}, J being the Jacobian of f at x, by two backward passes: {@code Jᵀ·v} is linear in v, and its
     * derivative in the direction u is {@code J·u}. All operations of f must be differentiable twice.
     *
     * @param tangent u, in the structure, the shapes and the dtypes of the argument
     * @throws IllegalArgumentException if the argument contains no floating tensor, or the tangent's structure, a shape or a dtype
     *     differs
     */
    public static <P, Q> Jvp<Q> jvp(Function<? super P, ? extends Q> f, P at, P tangent) {
        List<Tensor> tangents = vectors("jvp", "the argument", at, "the tangent", tangent);
        Linearization<P, Q> linear = new Linearization<>("jvp", f, at);
        return new Jvp<>(linear.value(), linear.likeValue(linear.push(tangents, GraphMode.FREE)));
    }

    /** The Jacobian, in as few passes as there are output or input elements; see {@link #jacobian(Function, Object, JacobianMode)}. */
    public static <P> P jacobian(Function<? super P, Tensor> f, P at) {
        return jacobian(f, at, JacobianMode.AUTO);
    }

    /**
     * The Jacobian {@code ∂yᵢ/∂xⱼ} of a function that returns a tensor of shape {@code [out…]}: for each tensor of the argument, of
     * shape {@code [in…]}, one of shape {@code [out…, in…]}.
     *
     * @throws IllegalArgumentException if the argument contains no floating tensor, or the function does not return a floating tensor
     * @throws ShapeException if the function cannot be applied to many points at once although {@link JacobianMode#BATCH} asks for it
     */
    public static <P> P jacobian(Function<? super P, Tensor> f, P at, JacobianMode mode) {
        return Jacobians.jacobian("jacobian", f, at, mode);
    }

    /**
     * The Jacobian of each row of a function that treats rows independently: for a function from {@code [B, in…]} to {@code [B, out…]} it
     * has the shape {@code [B, out…, in…]} and takes as many passes as a row has output elements, or input elements if they are fewer,
     * however many rows there are. If rows do depend on each other, the result is summed over the rows of the value.
     *
     * @throws ShapeException if the function does not return as many rows as it is given
     */
    public static Tensor batchJacobian(Function<Tensor, Tensor> f, Tensor rows) {
        return Jacobians.ofRows("batchJacobian", f, rows);
    }

    /**
     * The Hessian {@code ∂²f/∂xᵢ∂xⱼ} of a scalar function of a tensor of shape {@code [in…]}, of shape {@code [in…, in…]}: one
     * pass for each element.
     *
     * @throws ShapeException if the function returns anything but a scalar
     */
    public static Tensor hessian(Function<Tensor, Tensor> f, Tensor at) {
        return Jacobians.jacobian("hessian", x -> gradient("hessian", f, x), at, JacobianMode.ROWS);
    }

    /**
     * {@code H·v}, H being the Hessian of a scalar function, without computing H: forward mode over the gradient, in three passes. Where
     * second derivatives are continuous, H is symmetric, and {@link #vhp} computes the same product in two passes.
     *
     * @param v in the structure, the shapes and the dtypes of the argument
     * @throws IllegalArgumentException as {@link #jvp} and {@link #grad(Function, Object)} do
     */
    public static <P> P hvp(Function<? super P, Tensor> f, P at, P v) {
        List<Tensor> tangents = vectors("hvp", "the argument", at, "the vector", v);
        Linearization<P, P> linear = new Linearization<>("hvp", x -> gradient("hvp", f, x), at);
        return linear.likeArgument(linear.push(tangents, GraphMode.FREE));
    }

    /**
     * {@code Hᵀ·v}, H being the Hessian of a scalar function, without computing H: backward mode over the gradient, in two passes.
     *
     * @param v in the structure, the shapes and the dtypes of the argument
     * @throws IllegalArgumentException as {@link #grad(Function, Object)} does, or if the vector's structure, a shape or a dtype
     *     differs
     */
    public static <P> P vhp(Function<? super P, Tensor> f, P at, P v) {
        List<Tensor> cotangents = vectors("vhp", "the argument", at, "the vector", v);
        Linearization<P, P> linear = new Linearization<>("vhp", x -> gradient("vhp", f, x), at);
        return linear.likeArgument(linear.pull(cotangents, GraphMode.FREE));
    }

    private static <P> P gradient(String op, Function<? super P, Tensor> f, P at) {
        return valueAndGrad(op, f, at).gradient();
    }

    /**
     * A function of each entry along axis 0, with the results stacked: {@code f(x₀), f(x₁), …} as one tensor, or structure of tensors,
     * {@code [B, …]}. The function is called B times, in order, with the entries without this axis, and sees nothing of the other entries;
     * so it may be anything, a transform as well, and draws random numbers as in a loop. A tensor that all calls share is captured.
     *
     * <pre>{@code
     * Tensor inverse = Transforms.map(m -> m.inv(), matrices);                                     // [B, n, n]
     * Map<String, Tensor> each = Transforms.map(s -> Transforms.grad(p -> loss(p, s), parameters), samples);    // a gradient for each
     * }</pre>
     *
     * <p>The price is that of a loop: operations that take a batch at once are faster. {@link #batchJacobian} has the Jacobian of each row
     * in fewer passes.
     *
     * @param f from one entry to a tensor or structure; results have the same structure, shapes and dtypes; their parts that are not
     *     tensors are taken from the first result
     * @param batch a tensor or structure, whose tensors, INT32 and BOOL too, have the same size B along axis 0
     * @throws IllegalArgumentException if the batch or a result contains no tensor, B is 0, or the structures of two results differ
     * @throws ShapeException if a tensor of the batch is a scalar, sizes along axis 0 differ, or shapes of two results differ
     * @throws DTypeException if the dtypes of two results differ
     */
    public static <P, Q> Q map(Function<? super P, ? extends Q> f, P batch) {
        return LeadingAxis.map("map", f, batch);
    }

    /**
     * {@code f(input)}, keeping for the backward pass the input alone: when its gradient is needed, f runs again and is differentiated
     * then. Tensors that f captured, such as parameters, get their gradients as well. Gradients have the same bits as without a checkpoint;
     * gradients of gradients may differ in the order of their sums. Under {@link GraphMode#CREATE} the recomputed values are kept.
     *
     * <p>The function must compute the same value in both runs: it may draw random numbers only by {@link #checkpoint(BiFunction, Object,
     * RandomGenerator)}. Its side effects, such as updates of running statistics, happen in both runs.
     *
     * @param input anything: a tensor, or several in an array, a list, a record
     * @throws GraphException in the backward pass, if f returns another value or records other operations than before, or if a value that
     *     it reads was changed in place
     */
    public static <P> Tensor checkpoint(Function<? super P, Tensor> f, P input) {
        return Internals.checkpoint("checkpoint", () -> f.apply(input));
    }

    /**
     * As {@link #checkpoint(Function, Object)}, for a function that draws random numbers: each run gets a new generator with the same seed,
     * which is drawn from the given generator.
     */
    public static <P> Tensor checkpoint(
            BiFunction<RandomGenerator, ? super P, Tensor> f, P input, RandomGenerator random) {
        return Internals.checkpoint(random, r -> f.apply(r, input));
    }

    /**
     * {@code f(input)} of an elementwise function, as one operation: block by block, so that intermediate results stay in the cache, and
     * only the input is kept for the backward pass. Value and gradient have the bits that {@code f(input)} has; gradients of gradients, of
     * any order, agree up to the order of sums.
     *
     * @param f made of elementwise operations on the input: arithmetic, comparisons, {@code where}, functions of each element. They
     *     broadcast, and may read any other tensor, such as a parameter, whose gradient they pass on, too.
     * @param input anything: a tensor, or several in an array, a list, a record
     * @return the result, with the shape and dtype of {@code f(input)}
     * @throws UnsupportedOperationException if f applies any other than elementwise operations to tensors computed from the input; the
     *     message names the operation
     * @throws GraphException in the backward pass, if a tensor that f reads was changed in place
     */
    public static <P> Tensor fused(Function<? super P, Tensor> f, P input) {
        return Internals.fused(defer -> f.apply(Trees.map(input, defer)));
    }

    /** An elementwise function as one operation; see {@link #fused(Function, Object)}. */
    public static <P> Function<P, Tensor> fused(Function<? super P, Tensor> f) {
        return input -> fused(f, input);
    }

    /** The leaves of a tangent or cotangent vector of a point, in the order of the point's leaves. */
    private static List<Tensor> vectors(String op, String name, Object point, String vectorName, Object vector) {
        return Trees.alike(op, name, Trees.leaves(point), vectorName, Trees.leaves(vector));
    }
}
