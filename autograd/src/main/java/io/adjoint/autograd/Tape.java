package io.adjoint.autograd;

import io.adjoint.core.Internal;
import io.adjoint.core.parallel.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a computation, with all values, constants included. A tape is separate from the graph, and only a {@link Recording} or
 * an exporter keeps a tape, so the graph's nodes need not hold values.
 *
 * @hidden
 */
@Internal
public final class Tape {
    /**
     * One operation.
     *
     * @param attributes the arguments that are not tensors
     * @param inputs the tensors that the operation read, in the order of its arguments
     * @param layer the path of the layer that called the operation; empty if unknown
     * @hidden
     */
    public record Operation(
            String op, Map<String, Object> attributes, List<Tensor> inputs, Tensor output, String layer, long time) {
        /** The operation with its attributes, as {@code slice(axis=1, from=0, to=3)}. */
        @Override
        public String toString() {
            return Attributes.text(op, attributes);
        }
    }

    private final Map<Object, Operation> operations = new LinkedHashMap<>();
    private final Predicate<String> composes;
    private final Consumer<Tensor> reader;

    /** An empty tape, which nobody asks for the numbers that are read. */
    public Tape(Predicate<String> composes) {
        this(composes, tensor -> {});
    }

    /**
     * An empty tape.
     *
     * @param composes true for the name of a {@linkplain Autograd#fusedOp fused operation} whose composition is written in its place
     * @param reader gets each tensor whose {@link Tensor#item} is read
     */
    public Tape(Predicate<String> composes, Consumer<Tensor> reader) {
        this.composes = composes;
        this.reader = reader;
    }

    /** Runs a computation, whose operations in this thread are written to this tape. */
    public <T> T write(Supplier<T> computation) {
        return ThreadState.current().taping(this, computation);
    }

    /** Runs a computation whose operations are written to no tape. */
    public static <T> T unwritten(Supplier<T> computation) {
        return ThreadState.current().taping(null, computation);
    }

    /** Adds an operation. */
    public void add(String op, Map<String, Object> attributes, List<Tensor> inputs, Tensor output, String layer) {
        operations.put(key(output), new Operation(op, attributes, List.copyOf(inputs), output, layer, Clock.tick()));
    }

    void read(Tensor tensor) {
        reader.accept(tensor);
    }

    boolean composes(String op) {
        return composes.test(op);
    }

    /** All operations, in the order of computation. */
    public List<Operation> operations() {
        return new ArrayList<>(operations.values());
    }

    /**
     * The operation that computed the tensor with the given {@link #key}; null if none did while this tape was written.
     */
    public @Nullable Operation of(Object key) {
        return operations.get(key);
    }

    /** The key by which a tape finds the operation that computed a tensor: the tensor's node, or the tensor itself if it has no node. */
    public static Object key(Tensor tensor) {
        Node node = tensor.node();
        return node == null ? tensor : node;
    }
}
