package io.adjoint.nn;

import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Lease;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.core.Threads;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Copies blocks with all objects in their fields. The fields of blocks may be final and private, so a copy needs objects whose fields are
 * set without a constructor; only Java's serialization can make such objects for classes of any module. The serialized bytes stay in
 * memory: each tensor, buffer or object that isn't serializable is written as a number; reading the number gives a copy of the tensor or
 * buffer, or the object itself.
 */
final class BlockCopy {
    /** Nested blocks up to this depth are copied on the stack of the calling thread, deeper ones on the larger stack of a new thread. */
    private static final int USUAL_DEPTH = 50;
    /** An upper bound of the stack that one level of nesting takes, in bytes. */
    private static final long STACK_OF_BLOCK = 16 << 10;

    /** A number that is written in place of an object. */
    private record Token(int number) implements Serializable {}

    private final String call;
    private final Block root;
    private final Function<Tensor, Tensor> ofTensors;
    private final Function<Buffer, Buffer> ofBuffers;
    private final IdentityHashMap<Object, Token> tokens = new IdentityHashMap<>();
    private final List<Object> targets = new ArrayList<>();
    private final List<Class<?>> classes = new ArrayList<>();
    private final Set<Block> blocks = Collections.newSetFromMap(new IdentityHashMap<>());
    /** The objects that the original and the copy share. */
    private final List<Object> shared = new ArrayList<>();

    private BlockCopy(String call, Block root, Function<Tensor, Tensor> ofTensors, Function<Buffer, Buffer> ofBuffers) {
        this.call = call;
        this.root = root;
        this.ofTensors = ofTensors;
        this.ofBuffers = ofBuffers;
    }

    static Block copy(Block root) {
        return new BlockCopy(
                        "copy",
                        root,
                        tensor -> like(tensor, tensor.data().copy()),
                        buffer -> new Buffer(buffer.value()))
                .run();
    }

    static Block to(Block root, DType dtype) {
        dtype.requireFloating("to");
        return new BlockCopy(
                        "to",
                        root,
                        tensor -> like(tensor, converted(tensor.data(), dtype)),
                        buffer -> new Buffer(converted(buffer.value(), dtype)))
                .run();
    }

    /** A copy of an array, converted to the dtype if the array is floating. */
    private static NdArray converted(NdArray array, DType dtype) {
        return array.dtype().isFloating() && array.dtype() != dtype ? array.to(dtype) : array.copy();
    }

    /** A tensor with the given elements that requires a gradient, or is frozen, like the leaf. */
    private static Tensor like(Tensor leaf, NdArray data) {
        boolean frozen = Internals.isFrozen(leaf);
        if (!leaf.requiresGrad() && !frozen) {
            return Tensor.of(data);
        }
        Tensor copy = Tensor.of(data).requiresGrad(true);
        if (frozen) {
            copy.freeze();
        }
        return copy;
    }

    static Block withParameters(Block root, Map<String, Tensor> parameters) {
        Map<String, Tensor> own = root.namedParameters();
        IdentityHashMap<Tensor, String> paths = new IdentityHashMap<>();
        IdentityHashMap<Tensor, Tensor> given = new IdentityHashMap<>();
        parameters.forEach((path, tensor) -> {
            Tensor leaf = own.get(path);
            if (leaf == null || tensor == null) {
                throw new IllegalArgumentException("withParameters: "
                        + (leaf == null
                                ? "there is no parameter '" + path + "' in " + root.title() + ", but " + own.keySet()
                                : "the parameter '" + path + "' is null"));
            }
            StateFields.Slot expected = StateFields.Slot.of(leaf.data());
            StateFields.Slot found = StateFields.Slot.of(tensor.data());
            if (!found.equals(expected)) {
                throw new IllegalArgumentException(
                        "withParameters: '" + path + "' is " + found + " instead of " + expected);
            }
            Tensor other = given.put(leaf, tensor);
            String otherPath = paths.put(leaf, path);
            if (other != null && other != tensor) {
                throw new IllegalArgumentException("withParameters: '" + otherPath + "' and '" + path
                        + "' are one shared parameter, but got two tensors");
            }
        });
        return new BlockCopy("withParameters", root, tensor -> given.getOrDefault(tensor, tensor), buffer -> buffer)
                .run();
    }

    // ---- the copy ----

    private Block run() {
        root.requireNotReplaced(call);
        return Lease.outside(this::copiedWithStack);
    }

    private Block copiedWithStack() {
        int depth = depth();
        if (depth <= USUAL_DEPTH) {
            return copied();
        }
        // Serialization recurses into each nested block, and a stack of usual size overflows at some hundred levels.
        AtomicReference<@Nullable Block> copy = new AtomicReference<>();
        Threads.runOnNewStack("copy of " + root.title(), depth * STACK_OF_BLOCK, () -> copy.set(copied()));
        return Objects.requireNonNull(copy.get());
    }

    /** The largest depth of nesting, 1 for a block without children. */
    private int depth() {
        int depth = 0;
        Set<Block> level = Set.of(root);
        while (!level.isEmpty()) {
            Set<Block> next = Collections.newSetFromMap(new IdentityHashMap<>());
            level.forEach(block -> next.addAll(block.children().values()));
            level = next;
            depth++;
        }
        return depth;
    }

    private Block copied() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            try (Output out = new Output(bytes)) {
                out.writeObject(root);
            }
            new SharedObjects(call, root, blocks).require(shared);
            try (Input in = new Input(new ByteArrayInputStream(bytes.toByteArray()))) {
                return (Block) in.readObject();
            }
        } catch (IOException | ClassNotFoundException failure) {
            boolean isFiltered = failure instanceof InvalidClassException
                    && String.valueOf(failure.getMessage()).contains("filter status");
            throw new IllegalArgumentException(
                    call + ": " + root.title()
                            + (isFiltered
                                    ? " is copied by Java's serialization, in memory alone, which the filter factory of this JVM"
                                            + " (jdk.serialFilterFactory) refuses: " + failure.getMessage()
                                            + "; let it return the filter that a stream sets, its second argument"
                                    : " holds an object that Java's serialization cannot copy: " + failure.getMessage()
                                            + "; make its field transient, or its class not Serializable, so that the"
                                            + " copy has the same object"),
                    failure);
        } catch (StackOverflowError failure) {
            throw new IllegalStateException(
                    call + ": the objects in the fields of " + root.title() + " are nested too deeply for the thread's"
                            + " stack; give it more, by -Xss or new Thread(group, task, name, stackSize)",
                    failure);
        }
    }

    private Object copyOf(Tensor tensor) {
        if (!tensor.isLeaf() && !call.equals("withParameters")) {
            throw new IllegalArgumentException(call + ": " + root.title() + " holds a tensor " + tensor.shape()
                    + " that was computed from others and requires a gradient; keep tensor.detach() instead");
        }
        // The elements of a tensor whose step of a Workspace has ended can't be copied, so the block's copy gets the
        // tensor itself.
        return Lease.hasEnded(tensor.data()) ? tensor : ofTensors.apply(tensor);
    }

    /** Writes objects; tensors, buffers and shared objects are replaced by numbers. */
    private final class Output extends ObjectOutputStream {
        Output(OutputStream bytes) throws IOException {
            super(bytes);
            enableReplaceObject(true);
        }

        @Override
        protected @Nullable Object replaceObject(@Nullable Object object) {
            if (object instanceof Block block) {
                blocks.add(block);
                return block;
            }
            if (object == null || object instanceof Token) {
                return object;
            }
            boolean isOwn = object instanceof Tensor || object instanceof Buffer;
            if (!isOwn && object instanceof Serializable && !(object instanceof RandomGenerator)) {
                return object;
            }
            return tokens.computeIfAbsent(object, target -> {
                targets.add(
                        target instanceof Tensor tensor
                                ? copyOf(tensor)
                                : target instanceof Buffer buffer ? ofBuffers.apply(buffer) : target);
                if (!isOwn) {
                    shared.add(target);
                }
                return new Token(targets.size() - 1);
            });
        }

        @Override
        protected void writeClassDescriptor(ObjectStreamClass type) throws IOException {
            writeInt(classes.size());
            classes.add(type.forClass());
        }

        private boolean isOf(Block block) {
            return blocks.contains(block);
        }
    }

    private final class Input extends ObjectInputStream {
        Input(InputStream bytes) throws IOException {
            super(bytes);
            enableResolveObject(true);
            // The JVM's filter protects against foreign bytes. These bytes were written by this class, so they need no
            // filter.
            setObjectInputFilter(info -> ObjectInputFilter.Status.ALLOWED);
        }

        @Override
        protected Object resolveObject(Object object) {
            return object instanceof Token token ? targets.get(token.number()) : object;
        }

        @Override
        protected ObjectStreamClass readClassDescriptor() throws IOException {
            return ObjectStreamClass.lookupAny(classes.get(readInt()));
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass type) {
            return type.forClass();
        }
    }

    // ---- serialization by other code ----

    /** Refuses to write a block to a stream other than an {@link Output} for a copy of that block. */
    static void requireCopying(Block block, ObjectOutputStream stream) throws NotSerializableException {
        if (!(stream instanceof Output output) || !output.isOf(block)) {
            throw new NotSerializableException(block.getClass().getName()
                    + ": a block is not written by Java's serialization; save its state, by adjoint-io's StateDict and"
                    + " Safetensors or its Checkpoints, and load it into a new block");
        }
    }

    /** Refuses to read a block from a stream other than an {@link Input}. */
    static void requireCopying(ObjectInputStream stream) throws InvalidObjectException {
        if (!(stream instanceof Input)) {
            throw unreadable();
        }
    }

    static InvalidObjectException unreadable() {
        return new InvalidObjectException(
                "a block is not read by Java's serialization; load its state into a new block");
    }
}
