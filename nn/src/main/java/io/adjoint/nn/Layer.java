package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Tensor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A block that maps one tensor to another. A layer of one's own implements {@link #compute}; whoever uses it calls {@link #forward}:
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
public abstract class Layer extends Block {
    private final List<BiConsumer<Tensor, Tensor>> observers = new CopyOnWriteArrayList<>();

    /**
     * The output for an input.
     *
     * @throws RuntimeException as {@link #compute} does; the message of a library's error begins with this layer's path in the block
     *     that runs, {@code encoder.0: Dense(784 -> 128): …}
     */
    public final Tensor forward(Tensor x) {
        return forward(null, x);
    }

    /** As {@link #forward(Tensor)}, called by the enclosing block under one of several names. */
    final Tensor forward(@Nullable String name, Tensor x) {
        return Scope.current().run(this, name, () -> {
            Tensor y = compute(x);
            if (y == null) {
                throw new IllegalArgumentException("the layer computed null");
            }
            for (BiConsumer<Tensor, Tensor> observer : observers) {
                observer.accept(x, y);
            }
            return y;
        });
    }

    /** Computes the output; called by {@link #forward}, which adds to it what all layers have in common. */
    protected abstract Tensor compute(Tensor x);

    /** A table of this layer and those in it, with the shapes that they make of an input: {@link Summary#of(Layer, Tensor)}. */
    public final Summary summary(Tensor input) {
        return Summary.of(this, input);
    }

    /** Registers a function that is called with the input and the output of each {@link #forward}. */
    @CanIgnoreReturnValue
    public final Hook onForward(BiConsumer<Tensor, Tensor> observer) {
        observers.add(observer);
        return () -> observers.remove(observer);
    }
}
