package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.ArrayPool;
import io.adjoint.core.EndedException;
import io.adjoint.core.Lease;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Memory for the results of a training step, which the next step uses again: a step with the same shapes allocates almost nothing.
 *
 * <pre>{@code
 * Workspace workspace = new Workspace();
 * for (Batch batch : loader) {
 *     double loss = workspace.run(() -> {
 *         Tensor y = criterion.forward(model.forward(batch.x()), batch.y());
 *         optimizer.zeroGrad();
 *         y.backward();
 *         optimizer.step();
 *         return y.item();
 *     });
 * }
 * }</pre>
 *
 * <p>Tensors that are computed in a step end with the step: reading their elements afterwards throws an {@link IllegalStateException}.
 * Stored gradients, parameters, states of optimizers, buffers and {@linkplain #keep kept} tensors stay valid. A workspace belongs to one
 * thread at a time.
 */
public final class Workspace {
    private final @Nullable ArrayPool pool;
    /** The thread that runs a step; null if none does. */
    private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();

    private Workspace(@Nullable ArrayPool pool) {
        this.pool = pool;
    }

    /** A workspace; its first step allocates its memory. */
    public Workspace() {
        this(new ArrayPool());
    }

    /**
     * A workspace that never uses memory again: tensors that are computed in its steps stay readable, also if such a step is a part of
     * another workspace's step.
     */
    public static Workspace none() {
        return new Workspace(null);
    }

    /**
     * Runs a step, and returns its result. Tensors in the result are not readable after the step unless they are {@linkplain #keep kept}.
     *
     * @throws IllegalArgumentException if the step is null
     * @throws IllegalStateException if another thread runs a step of this workspace
     */
    @CanIgnoreReturnValue
    public <T> T run(Supplier<T> step) {
        Callbacks.given("Workspace.run", "the step", step);
        if (pool == null) {
            return Lease.outside(step);
        }
        Thread own = Thread.currentThread();
        Thread other = user.compareAndExchange(null, own);
        if (other != null && other != own) {
            throw new IllegalStateException("Workspace.run: the thread '" + other.getName()
                    + "' runs a step of this workspace; make one for each thread");
        }
        try {
            return Lease.run(pool, step);
        } finally {
            if (other == null) {
                user.set(null);
            }
        }
    }

    /**
     * Runs a step. A reference to a method with overloads is ambiguous here; use a lambda, {@code () -> optimizer.step()}.
     *
     * @throws IllegalArgumentException if the step is null
     * @throws IllegalStateException if another thread runs a step of this workspace
     */
    public void run(Runnable step) {
        Callbacks.given("Workspace.run", "the step", step);
        run(() -> {
            step.run();
            return true;
        });
    }

    /**
     * Keeps a tensor readable after the step that computed it, and returns the tensor.
     *
     * @throws IllegalArgumentException if the tensor is null
     * @throws IllegalStateException if its step has ended
     */
    @CanIgnoreReturnValue
    public static Tensor keep(Tensor tensor) {
        Callbacks.given("Workspace.keep", "the tensor", tensor);
        if (Lease.hasEnded(tensor.data())) {
            throw new EndedException("Workspace.keep: the step that computed this tensor of the shape " + tensor.shape()
                    + " has ended; keep it within the step, in a Trainer in the function of the batch or in onBatch");
        }
        Fused.requireElements(tensor);
        Lease.keep(tensor.data());
        return tensor;
    }

    /**
     * Runs a body within a step; tensors that the body computes stay readable after the step.
     *
     * @throws IllegalArgumentException if the body is null
     */
    public static <T> T outside(Supplier<T> body) {
        Callbacks.given("Workspace.outside", "the body", body);
        return Lease.outside(body);
    }
}
