package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.State;
import io.adjoint.core.Stateful;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A part of a model: its parameters, which training changes, its buffers, which belong to its state beside them, and the blocks it is
 * made of. A block registers them as it creates them; the calls return their argument, so that fields can be final. A {@link Layer} is
 * the block that maps one tensor to another; a block with other inputs or outputs has a {@code forward} of its own, with its body in
 * {@link #within}.
 *
 * <p>Names are unique within a block and appear as paths, {@code encoder.0.weight}, in {@link #namedParameters()}, {@link #state()} and
 * in messages. A block that is registered under several names is shared: it has every one of these paths.
 *
 * <p><b>Threads.</b> Registering, {@link #train}, {@link #eval}, {@link #freeze}, {@link #load} and an optimizer's step are for one
 * thread while no other uses the block. Several threads may run {@code forward} at once, in evaluation mode with the same bits as one
 * after the other. In training mode that holds for blocks without random numbers and buffers only: a generator gives its numbers, and a
 * buffer is updated, in the order in which threads come. For the same bits in every run, train one block by one thread, or give each
 * thread a block of its own with a generator of its own.
 */
public abstract class Block implements Stateful {
    /** The depth from which on blocks in a text are indented no further. */
    private static final int MAX_INDENTED = 50;

    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Buffer> buffers = new LinkedHashMap<>();
    private final Map<String, Block> children = new LinkedHashMap<>();
    /** True if this block is a child of another. */
    private boolean isChild;

    private boolean training = true;
    /** True if this block ever asked for its mode, as blocks do that compute something else in training than in evaluation. */
    private boolean readsMode;

    // ---- registration ----

    /**
     * Registers a parameter.
     *
     * @param name neither empty nor with a dot, and not yet taken in this block
     * @param leaf a leaf that requires a gradient, as those of {@link Init} are
     * @return the leaf
     * @throws IllegalArgumentException if name or leaf is not so, or null
     */
    @CanIgnoreReturnValue
    protected final Tensor parameter(String name, Tensor leaf) {
        check("parameter", name, leaf);
        if (!leaf.isLeaf() || !leaf.requiresGrad()) {
            throw new IllegalArgumentException("parameter: '" + name + "' " + leaf.shape()
                    + (leaf.isLeaf() ? " does not require grad" : " was computed from other tensors")
                    + "; a parameter is a leaf that does: use t.detach().requiresGrad(true)");
        }
        parameters.put(name, leaf);
        return leaf;
    }

    /**
     * Registers a buffer.
     *
     * @param name neither empty nor with a dot, and not yet taken in this block
     * @param initial the first value, which is copied
     * @throws IllegalArgumentException if the name is not so, or an argument is null
     */
    @CanIgnoreReturnValue
    protected final Buffer buffer(String name, NdArray initial) {
        check("buffer", name, initial);
        Buffer buffer = new Buffer(initial);
        buffers.put(name, buffer);
        return buffer;
    }

    /**
     * Registers a block that this one is made of.
     *
     * @param name neither empty nor with a dot, and not yet taken in this block
     * @return the block
     * @throws IllegalArgumentException if the name is not so, an argument is null, or the block contains this one
     */
    @CanIgnoreReturnValue
    protected final <B extends Block> B child(String name, B block) {
        check("child", name, block);
        if (block == this || (isChild && ((Block) block).contains(this))) {
            throw new IllegalArgumentException("child: '" + name + "' contains the block that it is to be part of");
        }
        children.put(name, block);
        ((Block) block).isChild = true;
        return block;
    }

    private void check(String call, @Nullable String name, @Nullable Object part) {
        if (name == null || part == null) {
            throw new IllegalArgumentException(
                    call + ": " + (name == null ? "the name" : "'" + name + "'") + " of " + typeName() + " is null");
        }
        if (name.isEmpty() || name.indexOf('.') >= 0) {
            throw new IllegalArgumentException(call + ": the name '" + name + "' must not "
                    + (name.isEmpty() ? "be empty" : "contain a dot, which separates the names of a path"));
        }
        String taken = parameters.containsKey(name)
                ? "parameter"
                : buffers.containsKey(name) ? "buffer" : children.containsKey(name) ? "child" : "";
        if (!taken.isEmpty()) {
            throw new IllegalArgumentException(
                    call + ": " + typeName() + " already has a " + taken + " named '" + name + "'");
        }
    }

    /** Looks at each block once, however many paths lead to it. */
    private boolean contains(Block other) {
        Set<Block> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Block> open = new ArrayDeque<>(List.of(this));
        while (!open.isEmpty()) {
            Block next = open.pop();
            if (next == other) {
                return true;
            }
            if (seen.add(next)) {
                open.addAll(next.children.values());
            }
        }
        return false;
    }

    // ---- parts ----

    /** The parameters of this block and of all blocks in it, in the order of {@link #namedParameters()}, shared ones once. */
    public final List<Tensor> parameters() {
        // Tensors are equal only to themselves.
        Set<Tensor> all = new LinkedHashSet<>();
        apply(block -> all.addAll(block.parameters.values()));
        return List.copyOf(all);
    }

    /**
     * The parameters by path: this block's own, then those of each child, in the order of registration. A shared parameter appears
     * under every path that leads to it.
     */
    public final Map<String, Tensor> namedParameters() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (BlockPath path : BlockPath.from(this)) {
            path.block().parameters.forEach((name, leaf) -> all.put(path.prefix() + name, leaf));
        }
        return Collections.unmodifiableMap(all);
    }

    /** The buffers by path, in the same order. */
    public final Map<String, Buffer> namedBuffers() {
        Map<String, Buffer> all = new LinkedHashMap<>();
        for (BlockPath path : BlockPath.from(this)) {
            path.block().buffers.forEach((name, buffer) -> all.put(path.prefix() + name, buffer));
        }
        return Collections.unmodifiableMap(all);
    }

    /** The blocks that this one is made of, by name, in the order of registration. */
    public final Map<String, Block> children() {
        return Collections.unmodifiableMap(children);
    }

    /** Calls a function with this block and every block in it, each before those it is made of, a shared one once for each path. */
    public final void apply(Consumer<Block> visitor) {
        for (BlockPath path : BlockPath.from(this)) {
            visitor.accept(path.block());
        }
    }

    // ---- training and evaluation ----

    /** Puts this block and all blocks in it in training mode, the initial one. */
    public final void train() {
        apply(block -> block.training = true);
    }

    /** Puts this block and all blocks in it in evaluation mode. */
    public final void eval() {
        apply(block -> block.training = false);
    }

    /** Returns whether this block is in training mode. */
    public final boolean isTraining() {
        if (!readsMode) {
            readsMode = true;
        }
        return training;
    }

    final boolean mode() {
        return training;
    }

    final boolean readsMode() {
        return readsMode;
    }

    /** The mode of this block and of every block in it: true for training. */
    final Map<Block, Boolean> modes() {
        Map<Block, Boolean> modes = new LinkedHashMap<>();
        apply(block -> modes.put(block, block.training));
        return modes;
    }

    final void setTraining(boolean on) {
        training = on;
    }

    /** Clears the gradients of all parameters. */
    public final void zeroGrad() {
        parameters().forEach(Tensor::zeroGrad);
    }

    /**
     * Freezes all parameters of this block and of the blocks in it: from now on nothing that is computed from them requires a gradient
     * because of them, and their gradients are cleared, so no optimizer changes them.
     */
    public final void freeze() {
        parameters().forEach(Tensor::freeze);
    }

    /** Undoes {@link #freeze}. */
    public final void unfreeze() {
        parameters().forEach(Tensor::unfreeze);
    }

    // ---- state ----

    /** A copy of all parameters and buffers by path. */
    @Override
    public final Map<String, NdArray> state() {
        Map<String, NdArray> all = new LinkedHashMap<>();
        for (BlockPath path : BlockPath.from(this)) {
            path.block()
                    .parameters
                    .forEach((name, leaf) ->
                            all.put(path.prefix() + name, leaf.data().copy()));
            path.block()
                    .buffers
                    .forEach((name, buffer) ->
                            all.put(path.prefix() + name, buffer.value().copy()));
        }
        return all;
    }

    /**
     * Replaces all parameters and buffers by copies of the arrays of a state, as {@link #state()} gives one.
     *
     * @throws IllegalArgumentException that lists every array that is missing, unexpected, of another dtype or shape, or differs
     *     between two paths of one shared parameter; then nothing has changed
     */
    @Override
    public final void load(Map<String, NdArray> state) {
        Map<String, Tensor> leaves = namedParameters();
        Map<String, Buffer> kept = namedBuffers();
        Map<String, State.Slot> expected = new LinkedHashMap<>();
        leaves.forEach((path, leaf) -> expected.put(path, State.Slot.of(leaf.data())));
        kept.forEach((path, buffer) -> expected.put(path, State.Slot.of(buffer.value())));
        State.requireMatch(
                "load",
                expected,
                state,
                "; if the names are PyTorch's, load the state by new StateDict(model), of adjoint-io, which translates them");
        requireEqualWhereShared(leaves, state);
        leaves.forEach((path, leaf) -> leaf.assign(entry(state, path)));
        kept.forEach((path, buffer) -> buffer.assign(entry(state, path)));
    }

    private static void requireEqualWhereShared(Map<String, Tensor> leaves, Map<String, NdArray> state) {
        Map<Tensor, String> first = new LinkedHashMap<>();
        leaves.forEach((path, leaf) -> {
            String other = first.putIfAbsent(leaf, path);
            if (other != null && !entry(state, path).equals(entry(state, other))) {
                throw new IllegalArgumentException("load: '" + other + "' and '" + path
                        + "' are one shared parameter, but differ in the state; nothing was loaded");
            }
        });
    }

    private static NdArray entry(Map<String, NdArray> state, String path) {
        return java.util.Objects.requireNonNull(state.get(path));
    }

    // ---- description ----

    /** The text in this block's parentheses in messages and in {@link #toString()}, such as {@code 784 -> 128}. */
    protected String describe() {
        return "";
    }

    /**
     * Runs the body of this block's computation: errors in it, and what it records while {@link io.adjoint.autograd.Debug} traces, carry
     * the block's path in the block that runs. {@link Layer#forward} calls it.
     */
    protected final <T> T within(Supplier<T> body) {
        return Scope.current().run(this, null, body);
    }

    /** The type and its description: {@code Dense(784 -> 128)}. */
    final String title() {
        return typeName() + "(" + describe() + ")";
    }

    /** The path from this block to one in it, the first of several; the type's name of one that is not registered. */
    final String nameOf(Block inner) {
        for (BlockPath path : BlockPath.from(this)) {
            if (path.block() == inner && path.parent() != null) {
                return path.text();
            }
        }
        return inner.typeName();
    }

    private String typeName() {
        Class<?> type = getClass();
        return type.isAnonymousClass() ? type.getSuperclass().getSimpleName() : type.getSimpleName();
    }

    /**
     * The architecture: the block, and those it is made of in lines of their own, each as its {@link #describe} says. Blocks that are
     * nested more than 50 deep are indented as the 50th.
     */
    @Override
    @SuppressWarnings("ReferenceEquality") // A path is equal to another only if it is that.
    public String toString() {
        StringBuilder text = new StringBuilder();
        Deque<BlockPath> open = new ArrayDeque<>();
        for (BlockPath path : BlockPath.from(this)) {
            while (open.peek() != path.parent()) {
                close(open, text);
            }
            if (path.parent() != null) {
                newLine(open.size(), text).append('(').append(path.name()).append("): ");
            }
            Block block = path.block();
            String indented = newLine(open.size(), new StringBuilder()).toString();
            text.append(block.typeName()).append('(').append(block.describe().replace("\n", indented));
            open.push(path);
        }
        while (!open.isEmpty()) {
            close(open, text);
        }
        return text.toString();
    }

    private static void close(Deque<BlockPath> open, StringBuilder text) {
        if (!open.pop().block().children.isEmpty()) {
            newLine(open.size(), text);
        }
        text.append(')');
    }

    @CanIgnoreReturnValue
    private static StringBuilder newLine(int depth, StringBuilder text) {
        return text.append('\n').append(indent(depth));
    }

    /** The spaces before a block in a text: they end somewhere, or the text of n nested blocks would have n² of them. */
    static String indent(int depth) {
        return "  ".repeat(Math.min(depth, MAX_INDENTED));
    }
}
