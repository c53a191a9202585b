package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Model} that maps one tensor to another. Your own layer <b>registers its layers by {@link #child}</b>, and implements {@link
 * #compute}; you call {@link #forward}:
 *
 * <pre>{@code
 * final class Mlp extends Layer {
 *     private final Dense hidden, output;
 *
 *     Mlp(Init init) {
 *         hidden = child("hidden", new Dense(2, 8, init));
 *         output = child("output", new Dense(8, 1, init));
 *     }
 *
 *     protected Tensor compute(Tensor x) {
 *         return output.forward(hidden.forward(x).tanh());
 *     }
 * }
 * }</pre>
 */
public abstract class Layer extends Model<Tensor, Tensor> {
    /**
     * The largest number of {@link #OUTSIDE_CALLS}. More calls are taken for an endless recursion from thread to thread, since usual
     * programs have fewer threads.
     */
    private static final int MOST_OUTSIDE_CALLS = 1000;
    /** The number of running calls of replaced layers that were not made by a block in the same thread. */
    private static final AtomicInteger OUTSIDE_CALLS = new AtomicInteger();

    private transient @Nullable LayerHooks hooks;
    /** True once a block has replaced this layer, as a child, by another. */
    private boolean isReplaced;

    /**
     * The output for an input.
     *
     * @throws RuntimeException as {@link #compute} does; the message of a library's error begins with this layer's path in the block
     *     that runs, {@code encoder.0: Dense(784 -> 128): …}
     */
    @Override
    public final Tensor forward(Tensor x) {
        return forward(null, x);
    }

    /** Runs {@link #forward(Tensor)} under a given name, for a layer that has several names in the enclosing block. */
    final Tensor forward(@Nullable String name, Tensor x) {
        Scope scope = Scope.current();
        Layer substitute = substitute(scope);
        if (substitute == null) {
            return run(scope, name, x);
        }
        return scope.isRunning() ? substitute.run(scope, name, x) : runOutside(substitute, scope, x);
    }

    private Tensor run(Scope scope, @Nullable String name, Tensor x) {
        return scope.run(this, name, () -> {
            LayerHooks around = hooks;
            return around == null
                    ? requireOutput(scope.computed(this, x, this::compute))
                    : around.around(x, input -> scope.computed(this, input, this::compute));
        });
    }

    /** Computes the output; called by {@link #forward}, which adds hooks and checks that all layers have in common. */
    @Override
    protected abstract Tensor compute(Tensor x);

    /**
     * Runs the body of a {@code forward} with further arguments, such as a mask, as {@link #forward(Tensor)} runs {@link #compute}: with
     * this layer's path in errors, and with its hooks.
     *
     * @param body computes the output for an input, which a hook may have replaced
     */
    protected final Tensor within(Tensor x, UnaryOperator<Tensor> body) {
        LayerHooks around = hooks;
        UnaryOperator<Tensor> computed = input -> Scope.current().computed(this, input, body);
        return within(() -> around == null ? requireOutput(computed.apply(x)) : around.around(x, computed));
    }

    @Override
    @CheckReturnValue
    public Layer copy() {
        return (Layer) super.copy();
    }

    @Override
    @CheckReturnValue
    public Layer to(DType dtype) {
        return (Layer) super.to(dtype);
    }

    @Override
    @CheckReturnValue
    public Layer withParameters(Map<String, Tensor> parameters) {
        return (Layer) super.withParameters(parameters);
    }

    /** A table of this layer and those in it, with the shapes that they make of an input: {@link Summary#of(Layer, Tensor)}. */
    public final Summary summary(Tensor input) {
        return Summary.of(this, input);
    }

    // ---- substitutes ----

    /** Notes that a block has another layer in place of this one. */
    final void isReplaced() {
        isReplaced = true;
    }

    /** The substitute's output for a call of this layer that isn't made by a block in this thread. */
    private Tensor runOutside(Layer substitute, Scope scope, Tensor x) {
        try {
            if (OUTSIDE_CALLS.incrementAndGet() > MOST_OUTSIDE_CALLS) {
                throw new IllegalStateException(title() + ": was replaced by " + substitute.title()
                        + ", and is called in more than " + MOST_OUTSIDE_CALLS
                        + " threads at once; a substitute that calls the layer"
                        + " which it replaces in another thread gets that call itself, again and again: call it in the"
                        + " thread that runs the substitute");
            }
            return substitute.run(scope, null, x);
        } finally {
            OUTSIDE_CALLS.decrementAndGet();
        }
    }

    /** The layer that computes when the innermost running block calls this one. */
    final Layer inForce() {
        Layer other = substitute(Scope.current());
        return other == null ? this : other;
    }

    /**
     * The substitute that computes in place of this layer; null if this layer computes itself. That depends on the caller, the innermost
     * running block of which this layer is or was a child; or, if a block calls that doesn't run by a {@code forward}, on any such block.
     */
    @SuppressWarnings("ReferenceEquality") // compares layers by identity
    private @Nullable Layer substitute(Scope scope) {
        if (!isReplaced) {
            return null;
        }
        Layer other = scope.inPlaceOf(this);
        if (other == null) {
            other = formerParents()
                    .map(parent -> parent.substitutes().get(this))
                    .filter(found -> found != null && found != this)
                    .findFirst()
                    .orElse(null);
        }
        return other == this || (other != null && scope.isRunning(other)) ? null : other;
    }

    @Override
    final void requireNotReplaced() {
        Layer other = substitute(Scope.current());
        if (other != null) {
            throw new IllegalStateException(getClass().getSimpleName() + ": was replaced by " + other.title()
                    + ", but called with more arguments than one tensor, which a substitute does not take; call forward(x),"
                    + " or replace the layers within this one");
        }
    }

    @Override
    final void requireNotReplaced(String call) {
        Layer other = substitute(Scope.current());
        if (other != null) {
            throw new IllegalStateException(call + ": " + title() + " was replaced by " + other.title()
                    + ", which computes in its place, with parameters that are none of this layer; call " + call
                    + " of that one, or of a block that contains it");
        }
    }

    /**
     * Refuses access to a part of this layer, such as its weight, while a substitute computes in place of this layer. Call it in accessors
     * of parts that other blocks may compute with.
     *
     * @param part the part, for the message
     * @throws IllegalStateException within a forward pass if this layer was {@linkplain Block#replace replaced}, unless its substitute is
     *     running
     */
    protected final void requireInForce(String part) {
        if (isReplaced && Scope.current().isRunning()) {
            Layer other = substitute(Scope.current());
            if (other != null) {
                throw new IllegalStateException(
                        getClass().getSimpleName() + ": was replaced by " + other.title() + ", so its " + part
                                + " is not what is computed with; call forward, or do not replace this layer");
            }
        }
    }

    // ---- hooks ----

    private LayerHooks hooks() {
        LayerHooks own = hooks;
        if (own == null) {
            own = new LayerHooks();
            hooks = own;
        }
        return own;
    }

    /** Registers a function that is called with the input and the output of each {@link #forward}. */
    @CanIgnoreReturnValue
    public final Hook onForward(BiConsumer<Tensor, Tensor> observer) {
        return hooks().after.add((x, y) -> {
            observer.accept(x, y);
            return y;
        });
    }

    /**
     * Registers a function of the input of each {@link #forward}; its result is the input that the layer computes with. Hooks run in the
     * order of their registration. Hooks are no part of a state, and a copy of this layer has none.
     */
    @CanIgnoreReturnValue
    public final Hook beforeForward(UnaryOperator<Tensor> hook) {
        return hooks().before.add(hook);
    }

    /** Registers a function of the input and the output of each {@link #forward}; its result replaces the output. */
    @CanIgnoreReturnValue
    public final Hook afterForward(BinaryOperator<Tensor> hook) {
        return hooks().after.add(hook);
    }

    /**
     * Registers a function of the gradient of each output that this layer computes from now on and that requires one; its result replaces
     * the gradient before it is passed on into the layer. It runs as {@link Tensor#onGradient} says.
     */
    @CanIgnoreReturnValue
    public final Hook onOutputGradient(UnaryOperator<Tensor> hook) {
        return hooks().onGradient.add(hook);
    }
}
