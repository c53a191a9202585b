package io.adjoint.autograd;

import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.Internal;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A computation to be shown: the tensors that took part in it, and a backward pass that reports its visits. Observing changes nothing: no
 * gradient is accumulated, and no graph is released.
 *
 * @hidden
 */
@Internal
// Long because a third of it is Javadoc: what a page shows of a computation is told at each method.
public final class Recording {
    /**
     * The role of a tensor in the computation.
     *
     * @hidden
     */
    public enum Kind {
        /** A leaf: a tensor that requires a gradient and was not computed by an operation. */
        LEAF,
        /** A tensor that no recorded operation computed and that requires no gradient. */
        CONSTANT,
        /** The result of an operation. */
        OPERATION
    }

    /**
     * A tensor that took part in the computation.
     *
     * @hidden
     */
    public static final class Item {
        private final Kind kind;
        private final String op;
        private final Map<String, Object> attributes;
        private final Shape shape;
        private final DType dtype;
        private final String layer;
        private final long time;
        private final @Nullable Node node;
        private @Nullable Tensor value;
        private boolean hasRun;
        private List<Item> inputs = List.of();

        private Item(
                Kind kind,
                String op,
                Map<String, Object> attributes,
                Shape shape,
                DType dtype,
                String layer,
                long time,
                @Nullable Node node) {
            this.kind = kind;
            this.op = op;
            this.attributes = attributes;
            this.shape = shape;
            this.dtype = dtype;
            this.layer = layer;
            this.time = time;
            this.node = node;
        }

        /** The role of this tensor. */
        public Kind kind() {
            return kind;
        }

        /** The name of the operation that computed this tensor. */
        public String op() {
            return op;
        }

        /** The operation's arguments that are not tensors, by name; empty unless the recording ran the operation. */
        public Map<String, Object> attributes() {
            return attributes;
        }

        /** The tensor's shape. */
        public Shape shape() {
            return shape;
        }

        /** The tensor's dtype. */
        public DType dtype() {
            return dtype;
        }

        /** The path of the layer in which this tensor was computed; empty if unknown. */
        public String layer() {
            return layer;
        }

        /** A number that increases in the order of computation; {@link Long#MAX_VALUE} for a constant. */
        public long time() {
            return time;
        }

        /** The tensors from which this tensor was computed, in the order of the operation's arguments. */
        public List<Item> inputs() {
            return inputs;
        }

        /**
         * The tensor itself; null if the recording did not run the computation, or if the tensor was computed before the computation ran.
         */
        public @Nullable Tensor value() {
            return value;
        }

        /** Returns whether the recording ran the operation that computed this tensor; only then do the inputs include constants. */
        public boolean hasRun() {
            return hasRun;
        }

        /** The gradient that the tensor stores at the moment, as leaves do; null if it stores none. */
        public @Nullable Tensor keptGradient() {
            GradientSlot slot = node == null ? null : node.slot();
            return slot == null ? null : slot.get();
        }
    }

    /**
     * An observer of the backward pass. Its methods must read the tensors during the call: the pass may add to them later.
     *
     * @hidden
     */
    public interface Observer {
        /**
         * Called when an item's gradient is complete. {@code upstream} is the sum of the gradients from all uses of the item; {@code
         * gradient} is this sum after the tensor's hooks.
         */
        void arrived(Item item, Tensor upstream, Tensor gradient);

        /**
         * Called after a backward rule has given a gradient to an input.
         *
         * @param input the index of the input
         * @param summed whether the gradient was summed over axes that broadcasting repeated
         */
        void passed(Item from, int input, Tensor gradient, boolean summed);
    }

    /** The name of the operation that runs the observed pass, for messages. */
    private final String asking;

    private final Tensor result;
    /** The tape that was written while the computation ran; null if this recording did not run the computation. */
    private final @Nullable Tape tape;
    /** The items, by the node of the tensor, or by the tensor itself if it has no node. */
    private final Map<Object, Item> items = new LinkedHashMap<>();

    private final Deque<Map.Entry<Object, Item>> open = new ArrayDeque<>();
    private final Item root;

    private Recording(String asking, Tensor result, @Nullable Tape tape) {
        this.asking = asking;
        this.result = result;
        this.tape = tape;
        this.root = enter(result);
        while (!open.isEmpty()) {
            Map.Entry<Object, Item> next = open.pop();
            expand(next.getKey(), next.getValue());
        }
    }

    /**
     * The recorded graph behind a tensor, which holds neither values nor constants.
     *
     * @param asking the operation that observes, for messages
     * @throws GraphException if nothing was recorded, or an earlier pass released nodes of the graph
     */
    public static Recording of(String asking, Tensor result) {
        if (result.node() == null) {
            throw new GraphException(asking + ": nothing was recorded of the tensor of shape " + result.shape()
                    + ", as it does not depend on a tensor that requires grad; " + asking
                    + ".of(() -> ...) shows constants too");
        }
        return new Recording(asking, result, null);
    }

    /**
     * Runs a computation and keeps all tensors that take part in it, including constants and values.
     *
     * @param asking the operation that observes, for messages
     * @throws GraphException if the computation releases its graph by a backward pass
     */
    public static Recording of(String asking, Supplier<Tensor> computation) {
        Tape tape = new Tape(name -> false);
        Tensor result = Callbacks.result(
                asking, "the computation", ThreadState.current().taping(tape, computation));
        return new Recording(asking, result, tape);
    }

    /** The result of the computation. */
    public Item root() {
        return root;
    }

    /** All tensors that took part, each listed once, the result first. */
    public List<Item> items() {
        return List.copyOf(items.values());
    }

    /** The item of a tensor; null if the tensor took no part in the computation. */
    public @Nullable Item find(Tensor tensor) {
        return items.get(Tape.key(tensor));
    }

    /**
     * Runs a backward pass from the result, with all hooks, and reports its visits to the observer; does nothing unless the result is a
     * scalar that requires a gradient.
     */
    public void watchBackward(Observer observer) {
        if (result.node() == null || result.shape().size() != 1) {
            return;
        }
        Passes.watch(asking, result, Passes.implicitSeed(asking, result), new PassObserver() {
            @Override
            public void arrived(Node node, Tensor upstream, Tensor gradient) {
                observer.arrived(item(node), upstream, gradient);
            }

            @Override
            public void passed(Node from, GivenGradients given) {
                Item item = item(from);
                int at = 0;
                for (int k = 0; k < given.count(); k++) {
                    Node to = given.input(k);
                    if (to != null) {
                        Tensor fitted = to.fit(asking, "the backward rule of", from, given.of(k));
                        observer.passed(item, inputWithNode(item, at++), fitted, fitted != given.of(k));
                    }
                }
            }
        });
    }

    /**
     * The gradients that the backward rules of an operation give for an upstream gradient of ones; for an operation of one element these
     * gradients are the operation's derivatives. An {@link Observer} calls this method during the pass.
     *
     * @return one gradient for each input, null for constants
     */
    public List<@Nullable Tensor> derivatives(Item operation) {
        return throughRules(operation, Tensor.ones(operation.dtype, operation.shape));
    }

    /**
     * The gradients that an operation gives to its inputs for an upstream gradient, summed over axes that broadcasting repeated. An {@link
     * Observer} calls this method during the pass.
     *
     * @return one gradient for each input, null for constants
     */
    public List<@Nullable Tensor> gradients(Item operation, Tensor upstream) {
        List<@Nullable Tensor> gradients = throughRules(operation, upstream);
        Node node = operation.node;
        for (int k = 0; k < gradients.size() && node != null; k++) {
            Node input = operation.inputs.get(k).node;
            if (input != null) {
                gradients.set(k, input.fit(asking, "the backward rule of", node, gradients.get(k)));
            }
        }
        return gradients;
    }

    private List<@Nullable Tensor> throughRules(Item operation, Tensor upstream) {
        List<@Nullable Tensor> gradients = new ArrayList<>(Collections.nCopies(operation.inputs.size(), null));
        Node node = operation.node;
        if (node != null) {
            GivenGradients given = BackwardPass.applyApart(node, upstream);
            int at = 0;
            for (int k = 0; k < given.count(); k++) {
                if (given.input(k) != null) {
                    gradients.set(inputWithNode(operation, at++), given.of(k));
                }
            }
        }
        return gradients;
    }

    /**
     * The numeric derivative of the computation with respect to one element of a leaf.
     *
     * @param derivative the derivative by five-point differences, with the widths of {@link GradCheck}
     * @param agrees whether the gradient that was compared is within GradCheck's tolerances
     * @param cause the likely cause if the gradient is not within the tolerances, such as a kink; empty if the numbers show no cause
     * @hidden
     */
    public record Difference(double derivative, boolean agrees, String cause) {}

    /**
     * Compares elements of a gradient with numeric derivatives: the computation runs again with each element of the leaf changed slightly.
     * The leaf's elements are restored when this method returns or fails.
     *
     * @param computation a computation whose result is one number
     * @param leaf a leaf of dtype FLOAT64, on which the computation depends
     * @param gradient the elements of the gradient by the backward rules, of which the first {@code count} are compared
     * @return the comparisons; none if the rounding of the values hides the derivatives
     */
    public static List<Difference> differences(
            Supplier<Tensor> computation, Tensor leaf, double[] gradient, int count) {
        NdArray before = leaf.data().copy();
        Function<Tensor[], Tensor> moved = leaves -> {
            InPlace.assign(leaf.data(), leaves[0].data());
            return Autograd.enableGrad(computation);
        };
        Tensor[] at = {Tensor.of(before)};
        Tensor result = computation.get();
        Tensor one = Tensor.ones(result.shape());
        List<Difference> differences = new ArrayList<>(count);
        try {
            for (int e = 0; e < count; e++) {
                double size = Math.abs(gradient[e]);
                Differences.requireVisible(result, one, size);
                Tensor[] direction = {Partials.unit(leaf.shape(), e)};
                Differences along = new Differences(moved, at, direction, one);
                Differences.Estimate numeric = along.compareWith(gradient[e], size, 1e-9 + 1e-7 * size);
                String cause = numeric.agrees() ? "" : along.cause(gradient[e], numeric.derivative(), gradient);
                differences.add(new Difference(numeric.derivative(), numeric.agrees(), cause));
            }
        } catch (Differences.HiddenException e) {
            return List.of();
        } finally {
            InPlace.assign(leaf.data(), before);
        }
        return differences;
    }

    private Item item(Node node) {
        return Objects.requireNonNull(items.get(node));
    }

    /** The index, among all inputs, of the {@code wanted}-th input that is not a constant. */
    private static int inputWithNode(Item item, int wanted) {
        int at = -1;
        for (int k = 0; k < item.inputs.size(); k++) {
            if (item.inputs.get(k).node != null && ++at == wanted) {
                return k;
            }
        }
        throw new IllegalStateException("'" + item.op + "' was recorded without its input " + wanted);
    }

    private Item enter(Tensor tensor) {
        Item item = enter(Tape.key(tensor), tensor.node(), tensor.shape(), tensor.dtype());
        if (tape != null && item.value == null) {
            item.value = tensor;
        }
        return item;
    }

    private Item enter(Object key, @Nullable Node node, Shape shape, DType dtype) {
        Item present = items.get(key);
        if (present != null) {
            return present;
        }
        Tape.Operation taped = tape == null ? null : tape.of(key);
        Map<String, Object> attributes = taped == null ? Map.of() : taped.attributes();
        Item item;
        if (node != null) {
            String traced = node.trace == null ? "" : node.trace.layer();
            String layer = taped == null ? traced : taped.layer();
            Kind kind = node.isLeaf() ? Kind.LEAF : Kind.OPERATION;
            item = new Item(kind, node.op, attributes, shape, dtype, layer, node.created, node);
        } else if (taped != null) {
            item = new Item(Kind.OPERATION, taped.op(), attributes, shape, dtype, taped.layer(), taped.time(), null);
        } else {
            item = new Item(Kind.CONSTANT, "constant", attributes, shape, dtype, "", Long.MAX_VALUE, null);
        }
        items.put(key, item);
        open.push(Map.entry(key, item));
        return item;
    }

    private void expand(Object key, Item item) {
        Node node = item.node;
        if (node != null && node.isReleased()) {
            throw new GraphException(asking + ": the graph behind '" + node.op + "' " + node.shape
                    + " was released by an earlier backward pass; look at it before that pass, or pass"
                    + " GraphMode.KEEP to it");
        }
        Tape.Operation taped = tape == null ? null : tape.of(key);
        if (taped != null) {
            item.inputs = taped.inputs().stream().map(this::enter).toList();
            item.hasRun = true;
        } else if (node != null && !node.isDead()) {
            List<Item> inputs = new ArrayList<>(2);
            node.forEachInput(asking, input -> inputs.add(enter(input, input, input.shape, input.dtype)));
            item.inputs = inputs;
        }
    }
}
