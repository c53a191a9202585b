package io.adjoint.autograd.transforms;

import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Lease;
import io.adjoint.core.NdArray;
import io.adjoint.core.parallel.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function's value at a point, together with its derivative J at this point, a linear map that can be applied in both directions.
 *
 * <p>The function runs on views of its argument. A view is a leaf of this run alone, or, if an outer derivative needs the tensor, the
 * result of an identity operation, which passes gradients on. The views keep inner and outer derivatives apart, and the inner derivative
 * stays differentiable for the outer derivative.
 */
final class Linearization<P, Q> {
    /** A copy of the argument, which the function cannot change. */
    private final P argument;

    private final List<Tensor> inputs = new ArrayList<>();
    private final Q output;
    /** A copy of the output, which its receivers cannot change. */
    private final Q form;

    private final List<Tensor> outputs;
    /** True if an outer derivative, with respect to the argument or to tensors that the function captured, may need the output. */
    private final boolean open;

    /** Null until {@link #push} needs it. */
    private volatile @Nullable Transposed transposed;

    /** The gradients of the inputs, recorded as functions of the upstream gradients, one for each output. */
    private record Transposed(List<Tensor> upstream, List<@Nullable Tensor> gradients) {}

    /** Runs the function at a point. */
    Linearization(String op, Function<? super P, ? extends Q> function, P at) {
        boolean recording = Autograd.isRecording();
        long since = Clock.tick();
        Callbacks.given(op, "the function", function);
        P given = Trees.map(Callbacks.given(op, "the argument", at), x -> {
            Tensor view = recording && x.requiresGrad()
                    ? Autograd.op("argument", x.data(), edge(x, g -> g))
                    : x.detach().requiresGrad(true);
            inputs.add(view);
            return view;
        });
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException(op + ": the argument, a "
                    + at.getClass().getSimpleName() + ", contains no floating tensor to differentiate with respect to");
        }
        argument = Trees.copy(given);
        output = Callbacks.result(op, "the function", Autograd.enableGrad(() -> function.apply(given)));
        form = Trees.copy(output);
        outputs = List.copyOf(Trees.leaves(output).values());
        open = recording && Internals.dependOnOlder(op, outputs, since);
    }

    /** The function's value, recorded only if an outer derivative may need it. */
    Q value() {
        return open ? output : Trees.map(output, Tensor::detach);
    }

    /** The argument's structure, shapes and dtypes. */
    P argument() {
        return argument;
    }

    /** The value's structure, shapes and dtypes. */
    Q form() {
        return form;
    }

    /** The floating tensors of the argument that the function received. */
    List<Tensor> inputs() {
        return inputs;
    }

    /** The floating tensors that the function returned. */
    List<Tensor> outputs() {
        return outputs;
    }

    /** An object of the argument's structure with the given floating tensors. */
    P likeArgument(List<Tensor> leaves) {
        return Trees.with(argument, leaves);
    }

    /** An object of the value's structure with the given floating tensors. */
    Q likeValue(List<Tensor> leaves) {
        return Trees.with(form, leaves);
    }

    /** {@code Jᵀ·v}: the gradient of each input from the cotangent of each output; a null cotangent counts as 0. */
    List<Tensor> pull(List<? extends @Nullable Tensor> cotangents, GraphMode atLeast) {
        return products(outputs, cotangents, inputs, atLeast);
    }

    /**
     * {@code J·u}: the tangent of each output from the tangent of each input; a null tangent counts as 0. Since {@code Jᵀ·v} is linear in
     * v, a backward pass through the computation of {@code Jᵀ·v}, with u as the upstream gradient, gives {@code J·u} as the gradient of v.
     */
    List<Tensor> push(List<? extends @Nullable Tensor> tangents, GraphMode atLeast) {
        Transposed product = transposed();
        return products(product.gradients, tangents, product.upstream, atLeast);
    }

    private Transposed transposed() {
        Transposed present = transposed;
        if (present == null) {
            List<Tensor> upstream = new ArrayList<>();
            List<Tensor> tracked = new ArrayList<>();
            List<Tensor> seeds = new ArrayList<>();
            for (Tensor y : outputs) {
                // Only the rule of this product is used, so the seed may be one number, repeated.
                Tensor seed = Tensor.of(NdArray.scalar(y.dtype(), 0).broadcastTo(y.shape()))
                        .requiresGrad(true);
                upstream.add(seed);
                if (y.requiresGrad()) {
                    tracked.add(y);
                    seeds.add(seed);
                }
            }
            // The product outlives the step of a workspace in which it is computed.
            Gradients gradients = Lease.outside(() -> Autograd.gradients(tracked, seeds, inputs, GraphMode.CREATE));
            List<@Nullable Tensor> ofInputs = new ArrayList<>();
            for (Tensor x : inputs) {
                ofInputs.add(gradients.find(x).orElse(null));
            }
            present = new Transposed(upstream, ofInputs);
            transposed = present;
        }
        return present;
    }

    /** The vector-Jacobian products of the results with respect to the sources; zeros for a source on which no result depends. */
    private List<Tensor> products(
            List<? extends @Nullable Tensor> results,
            List<? extends @Nullable Tensor> vectors,
            List<Tensor> sources,
            GraphMode atLeast) {
        boolean create = open;
        List<Tensor> tracked = new ArrayList<>();
        List<Tensor> seeds = new ArrayList<>();
        for (int k = 0; k < results.size(); k++) {
            Tensor result = results.get(k);
            Tensor vector = vectors.get(k);
            if (result != null && result.requiresGrad() && vector != null) {
                tracked.add(result);
                seeds.add(vector);
                create |= vector.requiresGrad();
            }
        }
        Gradients gradients = Autograd.gradients(
                tracked, seeds, sources, create && Autograd.isRecording() ? GraphMode.CREATE : atLeast);
        return sources.stream()
                .map(x -> gradients.find(x).orElseGet(() -> Tensor.zerosLike(x)))
                .toList();
    }
}
