package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Debug;
import io.adjoint.autograd.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A function with parameters. A layer registers its parameters and the layers that it is made of as it creates them; both calls
 * return their argument, so that fields can be final:
 *
 * <pre>{@code
 * final class Mlp extends Layer {
 *     private final Dense hidden, output;
 *
 *     Mlp(RandomGenerator rng) {
 *         hidden = child("hidden", new Dense(2, 8, rng));
 *         output = child("output", new Dense(8, 1, rng));
 *     }
 *
 *     public Tensor forward(Tensor x) {
 *         return output.forward(hidden.forward(x).tanh());
 *     }
 * }
 * }</pre>
 *
 * <p>Names appear in messages and in {@link #namedParameters()} as paths, {@code hidden.weight}. Several threads may call
 * {@code forward} at once; registering and switching between training and evaluation is for one.
 */
public abstract class Layer {
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Layer> children = new LinkedHashMap<>();
    private boolean training = true;

    /** The layer that registered this one last, and the name it gave: for messages only, as a layer may be shared. */
    private @Nullable Layer parent;

    private String name = "";

    /** What this layer makes of its input. */
    public abstract Tensor forward(Tensor x);

    // ---- registration ----

    /**
     * Registers a parameter: an array that training changes.
     *
     * @param name neither empty nor with a dot, and not yet taken by a parameter or a child
     * @param leaf a leaf that requires a gradient, as those of {@link io.adjoint.nn.Init} are
     * @return the leaf
     * @throws IllegalArgumentException if name or leaf is not so
     */
    @CanIgnoreReturnValue
    protected final Tensor parameter(String name, Tensor leaf) {
        checkName("parameter", name);
        if (!leaf.isLeaf() || !leaf.requiresGrad()) {
            throw new IllegalArgumentException("parameter: '" + name + "' " + leaf.shape()
                    + (leaf.isLeaf() ? " does not require grad" : " was computed from other tensors")
                    + "; a parameter is a leaf that does: use t.detach().requiresGrad(true)");
        }
        parameters.put(name, leaf);
        return leaf;
    }

    /**
     * Registers a layer that this one is made of.
     *
     * @param name neither empty nor with a dot, and not yet taken by a parameter or a child
     * @return the layer
     * @throws IllegalArgumentException if the name is not so, or the layer contains this one
     */
    @CanIgnoreReturnValue
    protected final <L extends Layer> L child(String name, L layer) {
        checkName("child", name);
        if (((Layer) layer).contains(this)) {
            throw new IllegalArgumentException("child: '" + name + "' contains the layer that it is to be part of");
        }
        children.put(name, layer);
        Layer child = layer;
        child.parent = this;
        child.name = name;
        return layer;
    }

    private void checkName(String call, String name) {
        if (name.isEmpty() || name.indexOf('.') >= 0) {
            throw new IllegalArgumentException(call + ": the name '" + name + "' must not "
                    + (name.isEmpty() ? "be empty" : "contain a dot, which separates the names of a path"));
        }
        if (parameters.containsKey(name) || children.containsKey(name)) {
            throw new IllegalArgumentException(call + ": " + typeName() + " already has a "
                    + (children.containsKey(name) ? "child" : "parameter") + " named '" + name + "'");
        }
    }

    private boolean contains(Layer other) {
        return this == other || children.values().stream().anyMatch(child -> child.contains(other));
    }

    // ---- what was registered ----

    /** The parameters of this layer and of all layers in it, in the order of {@link #namedParameters()}, shared ones once. */
    public final List<Tensor> parameters() {
        // Tensors are equal only to themselves.
        return List.copyOf(new LinkedHashSet<>(namedParameters().values()));
    }

    /**
     * The parameters by path: this layer's own, then those of each child, in the order of registration. A shared parameter appears
     * under every path that leads to it.
     */
    public final Map<String, Tensor> namedParameters() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        collect("", all);
        return Collections.unmodifiableMap(all);
    }

    private void collect(String prefix, Map<String, Tensor> into) {
        parameters.forEach((name, leaf) -> into.put(prefix + name, leaf));
        children.forEach((name, child) -> child.collect(prefix + name + ".", into));
    }

    /** The layers that this one is made of, by name, in the order of registration. */
    public final Map<String, Layer> children() {
        return Collections.unmodifiableMap(children);
    }

    /** Clears the gradients of all parameters. */
    public final void zeroGrad() {
        for (Tensor parameter : namedParameters().values()) {
            parameter.zeroGrad();
        }
    }

    // ---- training and evaluation ----

    /** Puts this layer and all layers in it in training mode, the initial one. */
    public final void train() {
        training(true);
    }

    /** Puts this layer and all layers in it in evaluation mode. */
    public final void eval() {
        training(false);
    }

    private void training(boolean on) {
        training = on;
        for (Layer child : children.values()) {
            child.training(on);
        }
    }

    /** Whether this layer is in training mode. */
    public final boolean isTraining() {
        return training;
    }

    // ---- description ----

    /** What stands in this layer's parentheses in messages and in {@link #toString()}, such as {@code 784 -> 128}. */
    protected String describe() {
        return "";
    }

    /** The layer with the path at which it was registered, for messages: {@code encoder.0: Dense(784 -> 128)}. */
    protected final String located() {
        StringBuilder path = new StringBuilder();
        for (Layer layer = this; layer.parent != null; layer = layer.parent) {
            path.insert(0, layer == this ? layer.name : layer.name + ".");
        }
        return path + (path.length() == 0 ? "" : ": ") + typeName() + "(" + describe() + ")";
    }

    /** Runs part of this layer; what that records carries the layer's path while {@link Debug} traces. */
    protected final Tensor traced(Supplier<Tensor> body) {
        return Debug.isTracing() ? Debug.within(located(), body) : body.get();
    }

    private String typeName() {
        Class<?> type = getClass();
        return type.isAnonymousClass() ? type.getSuperclass().getSimpleName() : type.getSimpleName();
    }

    /** The architecture: the layer, and what it is made of in lines of its own. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(typeName()).append('(').append(describe());
        children.forEach((name, child) -> text.append("\n  (")
                .append(name)
                .append("): ")
                .append(child.toString().replace("\n", "\n  ")));
        return text.append(children.isEmpty() ? ")" : "\n)").toString();
    }
}
