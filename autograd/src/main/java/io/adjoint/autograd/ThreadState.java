package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.GradientPool;
import io.adjoint.core.NdArray;
import io.adjoint.core.parallel.PerThread;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A thread's state: whether operations are recorded, traced or written to a tape, and the backward pass under way. */
final class ThreadState {
    private static final PerThread<ThreadState> CURRENT = new PerThread<>(ThreadState::new);

    private boolean recording = true;
    private boolean tracing;
    private boolean detectingNaN;
    private boolean composing;
    private String layer = "";
    /** A tape to which operations and their values are written, besides the graph; null unless a {@link Recording} asks for a tape. */
    private @Nullable Tape tape;
    /** Watchers that are notified of each backward pass of this thread. */
    private final Hooks<Consumer<Tensor>> watchers = new Hooks<>();

    private @Nullable BackwardPass pass;

    static ThreadState current() {
        return CURRENT.get();
    }

    boolean recording() {
        return recording;
    }

    /** Returns whether operations are traced or written to a tape; layers must then announce their paths. */
    boolean watched() {
        return tracing || tape != null;
    }

    boolean detectingNaN() {
        return detectingNaN;
    }

    /** Returns whether a fused operation is to run as its composition. */
    boolean composing(String op) {
        return composing || (tape != null && tape.composes(op));
    }

    <T> T composing(Supplier<T> body) {
        boolean before = composing;
        composing = true;
        try {
            return body.get();
        } finally {
            composing = before;
        }
    }

    @CanIgnoreReturnValue
    <T> T recording(boolean on, Supplier<T> body) {
        boolean before = recording;
        recording = on;
        try {
            // The graph keeps arrays that are computed while recording. So these arrays must not belong to an enclosing
            // pass, which would overwrite them.
            return on ? GradientPool.suspended(body) : body.get();
        } finally {
            recording = before;
        }
    }

    <T> T debugging(boolean trace, boolean detectNaN, Supplier<T> body) {
        boolean tracedBefore = tracing;
        boolean detectedBefore = detectingNaN;
        tracing = trace;
        detectingNaN = detectNaN;
        try {
            return body.get();
        } finally {
            tracing = tracedBefore;
            detectingNaN = detectedBefore;
        }
    }

    /** Runs a body in which {@code NaN} and infinities are no error. */
    <T> T toleratingNaN(Supplier<T> body) {
        return debugging(tracing, false, body);
    }

    <T> T within(String name, Supplier<T> body) {
        String before = layer;
        layer = name;
        try {
            return body.get();
        } finally {
            layer = before;
        }
    }

    /** Writes an operation to the tape, if this thread has a tape. */
    Tensor taped(String op, Attributes attributes, List<Tensor> inputs, Tensor output) {
        if (tape != null) {
            tape.add(op, attributes.get(), inputs, output, layer);
        }
        return output;
    }

    /** As {@link #taped(String, Attributes, List, Tensor)}; without a tape no list of the inputs is made. */
    Tensor taped(String op, Attributes attributes, Tensor output, Edge... edges) {
        return tape == null
                ? output
                : taped(op, attributes, Arrays.stream(edges).map(Edge::input).toList(), output);
    }

    /** Tells the tape, if this thread has one, that the number in a tensor is read. */
    void read(Tensor tensor) {
        if (tape != null) {
            tape.read(tensor);
        }
    }

    <T> T taping(@Nullable Tape onto, Supplier<T> body) {
        Tape before = tape;
        tape = onto;
        try {
            return body.get();
        } finally {
            tape = before;
        }
    }

    /**
     * The position in the user's code and the layer of an operation that is being recorded; null unless tracing is on. Throws if {@link
     * Debug#detectNaN} is on and the value is not finite.
     */
    Debug.@Nullable Trace traceOf(String op, NdArray value) {
        if (!tracing) {
            return null;
        }
        Debug.Trace trace = Debug.here(layer);
        if (detectingNaN && Debug.isBad(value)) {
            throw new NaNException(
                    "'" + op + "' of shape " + value.shape() + " has a value that is not finite" + Debug.where(trace));
        }
        return trace;
    }

    Hook beforeBackward(Consumer<Tensor> watcher) {
        return watchers.add(watcher);
    }

    void announceBackward(Tensor root) {
        watchers.forEach(watcher -> watcher.accept(root));
    }

    /** The backward pass under way, the innermost of nested ones; null if there is none. */
    @Nullable
    BackwardPass pass() {
        return pass;
    }

    /** Runs the walk of a backward pass, which records its operations or not. */
    void run(BackwardPass inner, boolean records, Runnable walk) {
        BackwardPass outer = pass;
        boolean recordedBefore = recording;
        pass = inner;
        recording = records;
        try {
            walk.run();
        } finally {
            recording = recordedBefore;
            pass = outer;
        }
    }

    /** Makes this the state of the current thread, a new one that runs a pass while the thread of this state waits. */
    void takeOver() {
        CURRENT.set(this);
    }
}
