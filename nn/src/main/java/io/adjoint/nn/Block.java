package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Lease;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

// Long because half of it is Javadoc: everything that can be done with any model is a method of this class, and most
// methods call other classes.
/**
 * A part of a model. It has parameters, which training changes; buffers, which are saved with the parameters, such as running statistics;
 * and child blocks. The constructor registers them; the calls that register return their argument, so that fields can be final. A {@link
 * Layer} is a block that maps one tensor to another, a {@link Model} has an input and an output of any type. A block with several forms of
 * {@code forward} puts their bodies into {@link #within}.
 *
 * <p><b>A block that you only keep in a field or a list is not registered</b>: its parameters are neither trained nor saved, and {@link
 * #eval} does not reach it. Register a block by {@link #child}, several blocks as a {@link BlockList} or {@link BlockMap}; a leaf by {@link
 * #parameter}, several leaves by {@link #parameters(String, List)}.
 *
 * <p>Names are unique within a block and appear as paths, {@code encoder.0.weight}, in {@link #namedParameters()}, {@link #state()} and
 * in messages. A block that is registered under several names is shared: it has every one of these paths.
 *
 * <p><b>Threads.</b> Any number of threads may call {@link Model#predict} of one model at once, or {@code forward} in evaluation mode. They
 * share one copy of the weights, and get the same bits as one thread. Only an {@code Embedding} with {@code maxNorm}, which changes its
 * table, and a {@code KeyValueCache} are for one thread at a time. Registering, {@link #train}, {@link #eval}, {@link #freeze}, {@link
 * #load} and an optimizer's step are for one thread while no other thread uses the block. To replace the weights of a model that predicts,
 * load them into another model, and let later calls use that model. In training mode several threads may call {@code forward} only of
 * blocks without random numbers and buffers: threads draw numbers and update buffers in the order in which they arrive. For the same bits
 * in every run, train a block in one thread, or give each thread its own block and its own generator.
 */
@SuppressWarnings("serial") // Serialization serves copies within memory only, so no class needs a version of its own.
public abstract class Block implements Stateful, Serializable {
    /** The depth of nesting up to which blocks are indented in a text. */
    private static final int MAX_INDENTED = 50;

    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Buffer> buffers = new LinkedHashMap<>();
    private final Map<String, Block> children = new LinkedHashMap<>();
    /** The present and former parents of this block; null before it got the first parent. */
    private transient @Nullable List<WeakReference<Block>> parents;
    /** The layers that compute in place of replaced children, which fields may still hold; null if no child was replaced. */
    private @Nullable Map<Layer, Layer> substitutes;

    private boolean training = true;
    /** True once this block has read its own mode. A block reads its mode if it computes differently in training and evaluation. */
    private boolean readsMode;

    // ---- registration ----

    /**
     * Registers a parameter.
     *
     * @param name neither empty nor with a dot, and not yet taken in this block
     * @param leaf a leaf that requires a gradient, such as a tensor of {@link Init}, or that is frozen
     * @return the leaf
     * @throws IllegalArgumentException if the name or the leaf is not as described, or null
     */
    @CanIgnoreReturnValue
    protected final Tensor parameter(String name, Tensor leaf) {
        check("parameter", name, leaf);
        if (!leaf.isLeaf() || !(leaf.requiresGrad() || Internals.isFrozen(leaf))) {
            throw new IllegalArgumentException("parameter: '" + name + "' " + leaf.shape()
                    + (leaf.isLeaf() ? " does not require grad" : " was computed from other tensors")
                    + ", but a parameter is a leaf that requires grad; use t.detach().requiresGrad(true)");
        }
        Lease.keep(leaf.data());
        parameters.put(name, leaf);
        return leaf;
    }

    /**
     * Registers parameters together, {@code 0}, {@code 1}, … under a name, so that their paths are {@code weights.0} and so on; PyTorch's
     * {@code ParameterList}.
     *
     * @param name neither empty nor with a dot, and not yet taken in this block
     * @param leaves as {@link #parameter} takes each
     * @return the leaves, as a list that can't be changed
     * @throws IllegalArgumentException if the name or a leaf is not as described, or null; then nothing is registered
     */
    @CanIgnoreReturnValue
    protected final List<Tensor> parameters(String name, List<Tensor> leaves) {
        check("parameters", name, leaves);
        Map<String, Tensor> numbered = new LinkedHashMap<>();
        leaves.forEach(leaf -> numbered.put(Integer.toString(numbered.size()), leaf));
        child(name, new ParameterMap(this, name, numbered));
        return List.copyOf(leaves);
    }

    /**
     * Registers parameters together by the keys of a map, with paths such as {@code weights.query}; PyTorch's {@code ParameterDict}. Their
     * order is the order of the keys, since a {@link Map#of map} may have another order in each run.
     *
     * @param name neither empty nor with a dot, and not yet taken in this block
     * @param leaves as {@link #parameter} takes each; their names follow the rules for names of parameters
     * @return the leaves, as a map that can't be changed, in the same order
     * @throws IllegalArgumentException if a name or a leaf is not as described, or null; then nothing is registered
     */
    @CanIgnoreReturnValue
    protected final Map<String, Tensor> parameters(String name, Map<String, Tensor> leaves) {
        check("parameters", name, leaves);
        Map<String, Tensor> sorted = new TreeMap<>(Comparator.nullsFirst(Comparator.naturalOrder()));
        sorted.putAll(leaves);
        child(name, new ParameterMap(this, name, sorted));
        return Collections.unmodifiableMap(new LinkedHashMap<>(sorted));
    }

    /**
     * Registers a buffer.
     *
     * @param name neither empty nor with a dot, and not yet taken in this block
     * @param initial the first value, which is copied
     * @throws IllegalArgumentException if the name is not as described, or an argument is null
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
     * @throws IllegalArgumentException if the name is not as described, an argument is null, or the block contains this one
     */
    @CanIgnoreReturnValue
    protected final <B extends Block> B child(String name, B block) {
        check("child", name, block);
        requireOutside(name, block);
        children.put(name, block);
        ((Block) block).isPartOf(this);
        return block;
    }

    private void isPartOf(Block owner) {
        List<WeakReference<Block>> known = parents;
        if (known == null) {
            known = new ArrayList<>(1);
            parents = known;
        }
        known.removeIf(parent -> parent.get() == null || parent.get() == owner);
        known.add(new WeakReference<>(owner));
    }

    private void requireOutside(String name, Block block) {
        if (block == this || (parents != null && block.contains(this))) {
            throw new IllegalArgumentException("child: '" + name + "' contains the block that it is to be part of");
        }
    }

    /** Replaces all children by blocks registered as {@code 0}, {@code 1}, …; if a block is refused, nothing changes. */
    final void number(List<? extends Block> blocks) {
        for (int k = 0; k < blocks.size(); k++) {
            Block block = blocks.get(k);
            if (block == null) {
                throw new IllegalArgumentException(typeName() + ": " + (this instanceof Layer ? "layer " : "block ") + k
                        + " of " + blocks.size() + " is null");
            }
            requireOutside(Integer.toString(k), block);
        }
        children.clear();
        for (int k = 0; k < blocks.size(); k++) {
            child(Integer.toString(k), blocks.get(k));
        }
        forgetRemoved();
    }

    /** Registers another block in the position of a child. */
    final void replaceChild(String name, Block block) {
        requireOutside(name, block);
        children.put(name, block);
        block.isPartOf(this);
        forgetRemoved();
    }

    /** Removes a child. */
    final void removeChild(String name) {
        children.remove(name);
        forgetRemoved();
    }

    /** Forgets substitutes that are children no more, so that the layers compute themselves again. */
    private void forgetRemoved() {
        if (substitutes != null) {
            substitutes.values().retainAll(children.values());
        }
    }

    /** Registers a layer in place of a child, under the child's names; this block's calls of the child run the layer. */
    @SuppressWarnings("ReferenceEquality") // compares layers by identity
    final void substitute(Layer child, Layer other) {
        Map<Layer, Layer> all = substitutes == null ? new IdentityHashMap<>() : substitutes;
        // Only children that are no substitutes, and substitutes that are also children of their own, are held by
        // fields.
        if (!all.containsValue(child)) {
            all.put(child, child);
        }
        if (children.containsValue(other)) {
            all.putIfAbsent(other, other);
        }
        all.replaceAll((held, now) -> now == child ? other : now);
        substitutes = all;
        child.isReplaced();
        Map.copyOf(children).forEach((name, block) -> {
            if (block == child) {
                replaceChild(name, other);
            }
        });
    }

    /** The substitutes of replaced children, by the children. */
    final Map<Layer, Layer> substitutes() {
        return substitutes == null ? Map.of() : substitutes;
    }

    /** The layer that computes when this block calls a layer; null if that isn't a child. */
    final @Nullable Layer inPlaceOf(Layer called) {
        Layer substitute = substitutes().get(called);
        return substitute != null || !children.containsValue(called) ? substitute : called;
    }

    /** A child as a block of a type; if its substitute is of another type, the child that was replaced, whose calls run the substitute. */
    @SuppressWarnings("ReferenceEquality") // compares layers by identity
    final <B extends Block> B typed(Block child, Class<B> type) {
        if (type.isInstance(child)) {
            return type.cast(child);
        }
        return substitutes().keySet().stream()
                .filter(held -> substitutes().get(held) == child && type.isInstance(held))
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    /** The present parents of this block. */
    final List<Block> parents() {
        return formerParents()
                .filter(parent -> parent.children.containsValue(this))
                .toList();
    }

    /** The present and former parents of this block. */
    final Stream<Block> formerParents() {
        return parents == null
                ? Stream.of()
                : parents.stream().map(WeakReference::get).filter(Objects::nonNull);
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

    private boolean contains(Block other) {
        return allBlocks().contains(other);
    }

    /** This block and all blocks within it, each once even if it has several paths. */
    final Set<Block> allBlocks() {
        Set<Block> all = Collections.newSetFromMap(new IdentityHashMap<>());
        apply(all::add);
        return all;
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
     * The parameters by path: this block's own, then each child's, in the order of registration. A shared parameter appears under every
     * path that leads to it.
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

    /**
     * This block, under the empty path, and all blocks in it by path, each before those it is made of. A shared block appears under every
     * path that leads to it.
     */
    public final Map<String, Block> namedBlocks() {
        Map<String, Block> all = new LinkedHashMap<>();
        for (BlockPath path : BlockPath.from(this)) {
            all.put(path.text(), path.block());
        }
        return Collections.unmodifiableMap(all);
    }

    /** This block's own parameters by name. */
    final Map<String, Tensor> ownParameters() {
        return parameters;
    }

    /** This block's own buffers by name. */
    final Map<String, Buffer> ownBuffers() {
        return buffers;
    }

    /** The blocks that this one is made of, by name, in the order of registration. */
    public final Map<String, Block> children() {
        return Collections.unmodifiableMap(children);
    }

    /** Calls a function with this block and every block in it, each once and before those it is made of. */
    public final void apply(Consumer<Block> visitor) {
        for (BlockPath path : BlockPath.firstFrom(this)) {
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

    /** Returns whether this block computes as in training: it is in training mode, and no {@link Model#predict} of this thread runs. */
    public final boolean isTraining() {
        if (!readsMode) {
            readsMode = true;
        }
        return training && !Scope.current().isPredicting();
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

    /** Declares all parameters and buffers by path. */
    @Override
    public final void declareState(StateFields fields) {
        BlockState.declareState(this, fields);
    }

    /**
     * Interpolates this block's parameters and buffers towards another block's: {@code t ← (1 − w)·t + w·s}. A target network
     * follows the trained one by {@code target.lerp(model, 0.01)}. Buffers that are not floating become the other's. Gradients are not
     * recorded.
     *
     * @param other a block with the same paths, shapes and dtypes, such as the one that this was copied from
     * @param weight w, from 0, which changes nothing, to 1, which copies
     * @throws IllegalArgumentException if the weight is not from 0 to 1; or, with a message that lists every array that is missing,
     *     unexpected, or of another dtype or shape; then nothing has changed
     */
    public final void lerp(Block other, double weight) {
        BlockState.lerp(this, other, weight);
    }

    // ---- copies ----

    /**
     * A block of the same class with copies of all parameters and buffers: training one leaves the other as it is. Blocks, parameters and
     * buffers that are shared in this block are shared in the copy. Modes are kept, and frozen parameters stay frozen; gradients and hooks
     * are not copied.
     *
     * <p>The copy has copies of all that the fields of blocks hold: other blocks, tensors, buffers, Java's arrays, collections, and objects
     * that are {@link Serializable}. All other objects, such as options, functions and {@link NdArray}s, which are immutable, and random
     * generators of any kind, are the same in both. An NdArray that is the {@code data()} of a parameter changes with that one: keep a
     * tensor, or a buffer.
     *
     * @throws IllegalArgumentException if a field holds a function or another object that is to be the same in both, but uses a block,
     *     parameter or buffer of this one, so that the copy would go on using it; or a tensor that was computed from others and requires a
     *     gradient
     * @throws IllegalStateException if this is a layer that was {@linkplain #replace replaced}, unless its substitute makes the call; copy
     *     the substitute, or a block that contains it
     */
    @CheckReturnValue
    public Block copy() {
        return BlockCopy.copy(this);
    }

    /**
     * A {@linkplain #copy() copy} whose floating parameters, buffers and constant tensors are converted to a dtype. NdArrays and random
     * generators stay as they are.
     *
     * @param dtype FLOAT64 or FLOAT32
     * @throws io.adjoint.core.DTypeException if the dtype is not floating
     * @throws IllegalArgumentException as {@link #copy()} does
     * @throws IllegalStateException as {@link #copy()} does
     */
    @CheckReturnValue
    public Block to(DType dtype) {
        return BlockCopy.to(this, dtype);
    }

    /**
     * A block of the same class that computes with other parameters, which may have been computed from tensors that require a gradient, so
     * that gradients reach those, also through a step of training ({@link io.adjoint.autograd.GraphMode#CREATE}). All else is as with
     * {@link #copy()}, except that parameters without an entry, buffers and constants are shared with this block: running statistics that
     * one of the two blocks updates change in both.
     *
     * @param parameters by path; parameters without an entry stay
     * @throws IllegalArgumentException if there is no parameter of a path, one is of another shape or dtype, or two paths of a shared
     *     parameter have different tensors; or as {@link #copy()} does
     * @throws IllegalStateException as {@link #copy()} does
     */
    @CheckReturnValue
    public Block withParameters(Map<String, Tensor> parameters) {
        return BlockCopy.withParameters(this, parameters);
    }

    private void writeObject(ObjectOutputStream stream) throws IOException {
        BlockCopy.requireCopying(this, stream);
        stream.defaultWriteObject();
    }

    private void readObject(ObjectInputStream stream) throws IOException, ClassNotFoundException {
        BlockCopy.requireCopying(stream);
        stream.defaultReadObject();
        children.values().forEach(child -> child.isPartOf(this));
        substitutes().keySet().forEach((Block child) -> child.isPartOf(this));
    }

    private void readObjectNoData() throws ObjectStreamException {
        throw BlockCopy.unreadable();
    }

    // ---- substitutes ----

    /**
     * Replaces every layer of a type within this block, library blocks included, by a layer that a function makes of it.
     *
     * <pre>{@code
     * model.replace(Dense.class, dense -> new LoRA(dense, 4, rng));
     * }</pre>
     *
     * <p>The substitute appears under the layer's name in {@link #children}, paths, parameters and states, and every call of the layer's
     * {@code forward} runs the substitute. Only a call by the substitute itself, if it has the layer as a child, runs the layer. The
     * substitute makes this call in the thread in which it runs; a {@linkplain io.adjoint.autograd.transforms.Transforms#checkpoint
     * checkpoint} may do so again in the backward pass. A layer that is shared is replaced once, wherever it is used. Layers within a
     * replaced one, and this block itself, are not replaced.
     *
     * <p>A substitute that is replaced in its turn is out of use, unless the new one has it as a child; so an adapter is taken off by
     * {@code replace(LoRA.class, lora -> lora.base)}, and exchanged by {@code replace(LoRA.class, lora -> new LoRA(lora.base, 8, rng))}, as
     * often as one likes: calls go straight to the newest.
     *
     * @param function makes the substitute; if it returns the layer itself, that stays
     * @return the number of layers that were replaced
     * @throws IllegalArgumentException if the function returns null, or a layer that contains a block which the replaced one is part of;
     *     then nothing was replaced
     */
    @CanIgnoreReturnValue
    public final <L extends Layer> int replace(Class<L> type, Function<? super L, ? extends Layer> function) {
        return Substitutes.within(this, type, function);
    }

    /**
     * Replaces layers as {@link #replace(Class, Function)} does, by a function that is also given the layer's path in this block, the first
     * of several.
     *
     * <pre>{@code
     * model.replace(Dense.class, (path, dense) -> path.endsWith("outProj") ? dense : new LoRA(dense, 4, rng));
     * }</pre>
     *
     * @param function makes the substitute of a path and the layer there; if it returns the layer itself, that stays
     * @return the number of layers that were replaced
     * @throws IllegalArgumentException as {@link #replace(Class, Function)} does
     */
    @CanIgnoreReturnValue
    public final <L extends Layer> int replace(Class<L> type, BiFunction<String, ? super L, ? extends Layer> function) {
        return replace(type, layer -> function.apply(nameOf(layer), layer));
    }

    // ---- description ----

    /** The text in this block's parentheses in messages and in {@link #toString()}, such as {@code 784 -> 128}. */
    protected String describe() {
        return "";
    }

    /**
     * Runs the body of this block's computation: errors in it, and the operations that {@link io.adjoint.autograd.Debug} traces, carry the
     * block's path from the outermost running block. {@link Layer#forward} calls it.
     */
    protected final <T> T within(Supplier<T> body) {
        requireNotReplaced();
        return Scope.current().run(this, null, body);
    }

    /**
     * Runs the body of this block's computation as {@link #within(Supplier)} does, and names the tensors that the computation depends on,
     * parameters aside: an exporter with a rule for this block adds the rule's nodes in place of the operations in the body.
     */
    protected final <T> T within(List<Tensor> inputs, Supplier<T> body) {
        return within(() -> Scope.current().computed(this, inputs, body));
    }

    /**
     * Throws if this block is a layer with a substitute: calls of {@link Layer#forward(Tensor)} are redirected to the substitute, but calls
     * of a {@code forward} with other arguments can't be.
     */
    void requireNotReplaced() {}

    /** Refuses to copy a block that has a substitute. */
    void requireNotReplaced(String call) {}

    /** The type and its description: {@code Dense(784 -> 128)}. */
    final String title() {
        return typeName() + "(" + describe() + ")";
    }

    /** The first path from this block to a block within it; the name of the inner block's type if it is not registered. */
    final String nameOf(Block inner) {
        for (BlockPath path : BlockPath.firstFrom(this)) {
            if (path.block() == inner && path.parent() != null) {
                return path.text();
            }
        }
        return inner.typeName();
    }

    /** The simple name of the class, or for an anonymous class of its superclass. */
    final String typeName() {
        Class<?> type = getClass();
        return type.isAnonymousClass() ? type.getSuperclass().getSimpleName() : type.getSimpleName();
    }

    /**
     * The architecture: the block, and those it is made of in lines of their own, each as its {@link #describe} says. Blocks that are
     * nested more than 50 deep are indented as the 50th.
     */
    @Override
    @SuppressWarnings("ReferenceEquality") // compares paths by identity
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

    /**
     * The indentation of a block in a text. The indentation is limited, since the text of n nested blocks would otherwise have about n²
     * spaces.
     */
    static String indent(int depth) {
        return "  ".repeat(Math.min(depth, MAX_INDENTED));
    }
}
