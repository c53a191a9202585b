package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.EndedException;
import io.adjoint.core.NdArray;
import io.adjoint.core.PerThread;
import io.adjoint.core.Reuse;
import io.adjoint.core.Threads;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread's state of recording: whether operations are recorded, whether operations are traced, and the node whose backward rule is
 * running.
 */
final class Recorder {
    private static final PerThread<Recorder> CURRENT = new PerThread<>(Recorder::new);
    private static final long NO_RULE = Long.MAX_VALUE;
    /**
     * The largest number of nested passes that run on one thread's stack. A pass takes about 1.5 kB of the stack, so this many passes fit
     * even in the smallest stacks that people configure.
     */
    private static final int LEVELS_PER_STACK = 50;

    private boolean recording = true;
    /** The scopes opened by {@link NoGrad}, the innermost last, each with the setting that was in force before the scope. */
    private final ArrayDeque<Suspension> suspensions = new ArrayDeque<>(0);

    private boolean tracing;
    private boolean detectingNaN;
    private boolean composing;
    private String layer = "";
    /** A tape to which operations and their values are written, besides the graph; null unless a {@link Recording} asks for a tape. */
    private @Nullable Tape tape;
    /** Watchers that are notified of each backward pass of this thread. */
    private final Hooks<Consumer<Tensor>> watchers = new Hooks<>();
    /**
     * The number ({@link Node#created}) of the node whose backward rule runs. A value that was changed in place after the node got this
     * number is no longer the value from which the node was computed.
     */
    private long ruleOf = NO_RULE;

    private String ruleName = "";
    /** The inputs of the node whose backward rule runs; null if no rule runs. */
    private @Nullable Node @Nullable [] ruleInputs;

    /** The operation that started the backward pass under way, for messages. */
    private String passName = "";
    /** The number of nested backward passes of this thread. */
    private int depth;
    /** The nodes that the current backward pass visits; null if there is no pass, or if the pass visits all nodes. */
    private @Nullable Set<Node> needed;

    private boolean onFreshStack;

    /** The number of {@link #suspensions} that began before the body that runs now; this body cannot end these suspensions. */
    private int begunBefore;

    private record Suspension(NoGrad part, boolean before) {}

    static Recorder current() {
        return CURRENT.get();
    }

    boolean recording() {
        return recording;
    }

    /** Returns whether operations are traced or written to a tape; layers must then announce their paths. */
    boolean tracing() {
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
        int open = suspensions.size();
        int outer = begunBefore;
        begunBefore = open;
        recording = on;
        try {
            // The graph keeps arrays that are computed while recording. So these arrays must not belong to an enclosing
            // pass, which would overwrite them.
            return on ? Reuse.suspended(body) : body.get();
        } finally {
            while (suspensions.size() > open) {
                suspensions.removeLast();
            }
            begunBefore = outer;
            recording = before;
        }
    }

    NoGrad suspend() {
        NoGrad part = new NoGrad(this);
        suspensions.addLast(new Suspension(part, recording));
        recording = false;
        return part;
    }

    /** Ends a {@link NoGrad} scope, which the recorder {@code suspended} began; an error if this is the recorder of another thread. */
    void end(NoGrad part, Recorder suspended) {
        if (suspended != this) {
            throw new IllegalStateException("noGrad: another thread turned recording off; close it there");
        }
        Suspension innermost = suspensions.peekLast();
        if (innermost == null || innermost.part() != part || suspensions.size() <= begunBefore) {
            throw new IllegalStateException(
                    "noGrad: closed before a noGrad() that was called within it, within the body of one, or after the body of a"
                            + " noGrad or backward that it was called in; use try (NoGrad off = Autograd.noGrad()) { … }");
        }
        suspensions.removeLast();
        recording = innermost.before();
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

    <T> T within(String name, Supplier<T> body) {
        String before = layer;
        layer = name;
        try {
            return body.get();
        } finally {
            layer = before;
        }
    }

    /** Writes an operation to the tape, if this recorder has a tape. */
    Tensor taped(String op, Attributes attributes, Supplier<List<Tensor>> inputs, Tensor output) {
        if (tape != null) {
            tape.add(op, attributes.get(), inputs.get(), output, layer);
        }
        return output;
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

    /** The operation that started the backward pass under way, for messages. */
    String passName() {
        return passName;
    }

    /** The name of the operation whose backward rule runs, for messages. */
    String ruleName() {
        return ruleName;
    }

    /** The names of the current pass and backward rule, for the beginning of a message. */
    String ruleInPass() {
        return passName + ": the backward rule of '" + ruleName + "'";
    }

    /** Returns whether the backward pass under way visits a node. */
    boolean visits(Node node) {
        return needed == null || needed.contains(node);
    }

    Hook beforeBackward(Consumer<Tensor> watcher) {
        return watchers.add(watcher);
    }

    void announceBackward(Tensor root) {
        watchers.forEach(watcher -> watcher.accept(root));
    }

    /** Runs a backward pass. While the pass runs, the backward rule or hook that started the pass does not count as running. */
    void pass(String op, boolean record, @Nullable Set<Node> visited, Runnable walk) {
        if (depth > 0 && depth % LEVELS_PER_STACK == 0 && !onFreshStack) {
            runOnFreshStack(op, record, visited, walk);
            return;
        }
        long ruleBefore = ruleOf;
        String nameBefore = ruleName;
        @Nullable Node[] inputsBefore = ruleInputs;
        String passBefore = passName;
        Set<Node> neededBefore = needed;
        boolean freshBefore = onFreshStack;
        ruleOf = NO_RULE;
        ruleInputs = null;
        passName = op;
        needed = visited;
        onFreshStack = false;
        depth++;
        try {
            recording(record, () -> {
                walk.run();
                return true;
            });
        } finally {
            depth--;
            onFreshStack = freshBefore;
            needed = neededBefore;
            passName = passBefore;
            ruleName = nameBefore;
            ruleInputs = inputsBefore;
            ruleOf = ruleBefore;
        }
    }

    /**
     * Runs the pass in a new thread, and waits for the thread. Nested passes (a pass in a backward rule of a pass …) use up the stack, so
     * after {@link #LEVELS_PER_STACK} nested passes the next pass gets a new stack.
     */
    private void runOnFreshStack(String op, boolean record, @Nullable Set<Node> visited, Runnable walk) {
        Recorder heir = new Recorder();
        heir.recording = recording;
        heir.tracing = tracing;
        heir.detectingNaN = detectingNaN;
        heir.composing = composing;
        heir.layer = layer;
        heir.tape = tape;
        heir.depth = depth;
        heir.onFreshStack = true;
        Threads.runOnNewStack("adjoint-backward-" + depth, 0, () -> {
            CURRENT.set(heir);
            heir.pass(op, record, visited, walk);
        });
    }

    /**
     * Returns whether the running backward rule must return a gradient for an input. The rule must return it if the pass visits the input
     * and if the rule's node was linked to the input when the node was recorded, even if the input has been frozen since.
     */
    boolean wants(Tensor input) {
        Node node = ruleInputs == null ? input.node() : input.node;
        return node != null && (ruleInputs == null || Arrays.asList(ruleInputs).contains(node)) && visits(node);
    }

    /** Runs a node's backward rule. During the run, {@link #wants} returns whether the rule must compute the gradient of an input. */
    void applying(Node node, @Nullable Node[] inputs, Rule rule, Tensor gradient, Parts parts) {
        long before = ruleOf;
        String nameBefore = ruleName;
        @Nullable Node[] inputsBefore = ruleInputs;
        ruleOf = node.created;
        ruleName = node.op;
        ruleInputs = inputs;
        try {
            rule.pull(gradient, parts);
        } catch (RuntimeException e) {
            RuntimeException failure =
                    e instanceof EndedException ended ? ended.at("the backward rule of '" + node.op + "'") : e;
            if (node.trace != null) {
                failure.addSuppressed(new ForwardTrace(node.op, node.shape, node.trace));
            }
            throw failure;
        } finally {
            ruleOf = before;
            ruleName = nameBefore;
            ruleInputs = inputsBefore;
        }
    }

    /** Throws if a backward rule's result is not finite although the upstream gradient is finite. */
    void checkFinite(Node node, Tensor gradient, Tensor result) {
        if (detectingNaN && Debug.isBad(result.data()) && !Debug.isBad(gradient.data())) {
            throw new NaNException("the backward rule of '" + node.op + "' of shape " + node.shape
                    + " returned a gradient that is not finite" + Debug.where(node.trace));
        }
    }

    /** Throws if a value was changed in place after the node of the running rule was recorded. */
    void checkUnchanged(Tensor tensor, long modified) {
        if (modified > ruleOf) {
            throw new GraphException(passName + ": a value of shape " + tensor.shape() + " that '" + ruleName
                    + "' saved was changed in place after it (by assign or an optimizer's step);"
                    + " call backward before changing parameters, or compute the forward pass again");
        }
    }
}
