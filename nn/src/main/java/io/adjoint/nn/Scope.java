package io.adjoint.nn;

import io.adjoint.autograd.Debug;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Hooks;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.EndedException;
import io.adjoint.core.ShapeException;
import io.adjoint.core.parallel.PerThread;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The stack of blocks that a thread is running, the outermost first. Errors and traces take the path of the current block from the stack.
 */
final class Scope {
    private static final PerThread<Scope> CURRENT = new PerThread<>(Scope::new);

    private static final Map<Class<?>, Function<String, RuntimeException>> LIBRARY_ERRORS = Map.of(
            ShapeException.class, ShapeException::new,
            DTypeException.class, DTypeException::new,
            GraphException.class, GraphException::new,
            EndedException.class, EndedException::new,
            IllegalArgumentException.class, IllegalArgumentException::new,
            ArithmeticException.class, ArithmeticException::new);

    static {
        Internals.recomputeIn(segment -> current().bound(segment));
    }

    private record Frame(Block block, @Nullable String name) {}

    private final List<Frame> frames;
    /**
     * The number of blocks that were on the stack when this scope was made. A scope that recomputes a checkpointed segment begins with the
     * blocks that were running when the segment was called; all other scopes begin with 0 blocks.
     */
    private final int restored;
    /** The observers of the blocks that this thread runs. */
    private final Hooks<ForwardObserver> observers;
    /** The changes that take effect when the outermost block ends. */
    private final Set<Pending> pending = new LinkedHashSet<>();
    /**
     * The number of blocks that were running when the thread's stack overflowed, while the error propagates to the outermost block;
     * otherwise 0.
     */
    private int overflowed;
    /** The function that computes blocks in place of their bodies; null if they compute themselves. */
    private Calls.@Nullable Interceptor interceptor;
    /** True within {@link #predict}: blocks compute as in evaluation mode, in training mode, too. */
    private boolean isPredicting;
    /**
     * The last exception whose message got a path, so that outer blocks don't add their paths to the message; null when no block runs.
     */
    private @Nullable RuntimeException located;

    private Scope() {
        this(List.of(), new Hooks<>(), false);
    }

    private Scope(List<Frame> restored, Hooks<ForwardObserver> observers, boolean isPredicting) {
        frames = new ArrayList<>(restored);
        this.restored = restored.size();
        this.observers = observers;
        this.isPredicting = isPredicting;
    }

    static Scope current() {
        return CURRENT.get();
    }

    /**
     * Returns a function that runs the body with a stack of the blocks that are running now, regardless of when and in which thread the
     * function is called.
     */
    private Supplier<Tensor> bound(Supplier<Tensor> body) {
        List<Frame> now = List.copyOf(frames);
        return () -> within(now, body);
    }

    /** Runs a body as the innermost of some blocks does, the outermost first. */
    static <T> T runIn(List<? extends Block> blocks, Supplier<T> body) {
        return within(blocks.stream().map(block -> new Frame(block, null)).toList(), body);
    }

    private static <T> T within(List<Frame> frames, Supplier<T> body) {
        Scope before = current();
        CURRENT.set(new Scope(frames, before.observers, before.isPredicting));
        try {
            return body.get();
        } finally {
            CURRENT.set(before);
        }
    }

    /**
     * Runs the body of a block.
     *
     * @param name the name under which the enclosing block calls the block; null for the block's first name in the enclosing block
     */
    <T> T run(Block block, @Nullable String name, Supplier<T> body) {
        int depth = frames.size();
        frames.add(new Frame(block, name));
        boolean done = false;
        try {
            T output = observers.isEmpty() ? traced(body) : observed(block, body);
            if (depth == restored) {
                pending.forEach(Pending::check);
                pending.forEach(Pending::commit);
                pending.clear();
            }
            done = true;
            return output;
        } catch (RuntimeException failure) {
            throw located(failure);
        } catch (StackOverflowError failure) {
            throw overflow(block, depth, failure);
        } finally {
            // After a stack overflow inner blocks may not have removed their frames.
            while (frames.size() > depth) {
                frames.remove(frames.size() - 1);
            }
            if (depth == restored) {
                located = null;
            }
            if (!done) {
                pending.forEach(Pending::discard);
                pending.clear();
            }
        }
    }

    /** Makes the exception of a stack overflow in the outermost block, where enough stack is free again; inner blocks rethrow the error. */
    private IllegalStateException overflow(Block block, int depth, StackOverflowError failure) {
        overflowed = Math.max(overflowed, depth + 1);
        if (depth > restored) {
            throw failure;
        }
        int open = overflowed;
        overflowed = 0;
        return new IllegalStateException(
                block.title() + ": the thread's stack overflowed in " + open
                        + " blocks that were running within one another; give it more, by -Xss or new Thread(group, task, name,"
                        + " stackSize), or nest less: a Sequential takes any number of layers one after the other",
                failure);
    }

    /** Runs a body in which this thread's blocks compute as in evaluation mode, in training mode, too. */
    <T> T predict(Supplier<T> body) {
        boolean before = isPredicting;
        isPredicting = true;
        try {
            return body.get();
        } finally {
            isPredicting = before;
        }
    }

    <T> T intercepted(Calls.@Nullable Interceptor others, Supplier<T> body) {
        Calls.Interceptor before = interceptor;
        interceptor = others;
        try {
            return body.get();
        } finally {
            interceptor = before;
        }
    }

    /** Computes the output of the innermost block, which was called with some tensors. */
    <T> T computed(Block block, List<Tensor> inputs, Supplier<T> body) {
        return interceptor == null ? body.get() : interceptor.compute(block, inputs, body);
    }

    /** Computes the output of the innermost layer. */
    Tensor computed(Layer layer, Tensor x, UnaryOperator<Tensor> body) {
        return interceptor == null ? body.apply(x) : interceptor.compute(layer, List.of(x), () -> body.apply(x));
    }

    /** Returns whether this thread's blocks compute as in evaluation mode, in training mode, too. */
    boolean isPredicting() {
        return isPredicting;
    }

    /** The running blocks, the outermost first. */
    List<Block> running() {
        return frames.stream().map(Frame::block).toList();
    }

    /** Returns whether any block is running. */
    boolean isRunning() {
        return !frames.isEmpty();
    }

    /** The layer that computes when the innermost running block with a child calls that child; null if no block has it. */
    @Nullable
    Layer inPlaceOf(Layer called) {
        for (int k = frames.size() - 1; k >= 0; k--) {
            Layer found = frames.get(k).block().inPlaceOf(called);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Returns whether a block is running, possibly with other blocks inside. */
    boolean isRunning(Block block) {
        for (Frame frame : frames) {
            if (frame.block() == block) {
                return true;
            }
        }
        return false;
    }

    void await(Pending changes) {
        pending.add(changes);
    }

    Hook observe(ForwardObserver observer) {
        return observers.add(observer);
    }

    private <T> T traced(Supplier<T> body) {
        return Debug.isTracing() ? Debug.within(location(), body) : body.get();
    }

    private <T> T observed(Block block, Supplier<T> body) {
        String path = path();
        observers.forEach(observer -> observer.begins(block, path));
        T output = traced(body);
        observers.forEach(observer -> observer.ends(block, path, output));
        return output;
    }

    /** The path of the innermost block and the block itself: {@code encoder.0: Dense(784 -> 128)}. */
    private String location() {
        String path = path();
        return path
                + (path.isEmpty() ? "" : ": ")
                + frames.get(frames.size() - 1).block.title();
    }

    /** The path of the innermost block within the outermost one; empty for the outermost one itself. */
    String path() {
        StringBuilder path = new StringBuilder();
        for (int k = 1; k < frames.size(); k++) {
            Frame frame = frames.get(k);
            path.append(k == 1 ? "" : ".")
                    .append(
                            frame.name() != null
                                    ? frame.name()
                                    : frames.get(k - 1).block.nameOf(frame.block()));
        }
        return path.toString();
    }

    private RuntimeException located(RuntimeException failure) {
        RuntimeException known = located;
        if (failure == known) {
            return known;
        }
        RuntimeException found = at(location(), failure);
        located = found;
        return found;
    }

    /**
     * Returns a copy of the failure with the path before its message if the library throws exceptions of its class; otherwise the failure
     * itself.
     */
    private static RuntimeException at(String path, RuntimeException failure) {
        Function<String, RuntimeException> create = LIBRARY_ERRORS.get(failure.getClass());
        if (create == null) {
            return failure;
        }
        RuntimeException located =
                create.apply(failure.getMessage() == null ? path : path + ": " + failure.getMessage());
        located.setStackTrace(failure.getStackTrace());
        if (failure.getCause() != null) {
            located.initCause(failure.getCause());
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            located.addSuppressed(suppressed);
        }
        return located;
    }
}
