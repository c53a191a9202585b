package io.adjoint.autograd.view;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Recording;
import io.adjoint.autograd.Recording.Kind;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.view.GraphModel.Entry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A view of the graph of a tensor, which has all tensors from which it was computed: as {@linkplain #text() text}, as a picture that
 * {@linkplain #mermaid() Mermaid} or {@linkplain #dot() Graphviz} draws, and as the {@linkplain #explain() chain rule with numbers}.
 *
 * <pre>{@code
 * GraphView view = GraphView.of(() -> w.mul(x).add(b).sigmoid().sub(t).square())
 *         .name("w", w).name("x", x).name("b", b).name("t", t);
 * System.out.println(view.explain());
 * Files.writeString(Path.of("loss.dot"), view.dot());
 * }</pre>
 *
 * <p>A view is a snapshot: later backward passes and optimizer steps do not change it, with one exception: a view without values shows the
 * gradients that leaves have accumulated at the time when it is drawn. Only one thread at a time may use a view.
 */
public final class GraphView {
    private static final int MOST_LINES = 1000;
    private static final int MOST_IN_DOT = 500;
    private static final int MOST_IN_PICTURE = 120;
    private static final int MOST_EXPLAINED = 120;
    private static final int LONGEST_NAME = 24;

    private final GraphModel model;
    private final boolean recorded;
    private final Map<Entry, String> given = new HashMap<>();
    /** Shortened names of the tensors, for lines of 100 columns. */
    private final Map<Entry, String> names = new HashMap<>();

    private @Nullable Integer most;

    private GraphView(GraphModel model, boolean recorded) {
        this.model = model;
        this.recorded = recorded;
    }

    /**
     * The recorded graph behind a tensor: operations, shapes and the accumulated gradients of leaves. The graph holds neither values
     * nor constants; {@link #of(Supplier)} has them.
     *
     * @throws GraphException if the tensor depends on no tensor that requires grad, or an earlier backward pass released the graph
     */
    public static GraphView of(Tensor root) {
        return new GraphView(new GraphModel(Recording.of("GraphView", root)), false);
    }

    /**
     * Runs a computation and views it with the values of all tensors and with the constants. If its result is a scalar, then with the
     * gradients too: from a backward pass that accumulates nothing and releases nothing, in which hooks on gradients run.
     *
     * @throws GraphException if the computation releases its graph by a backward pass
     */
    public static GraphView of(Supplier<Tensor> computation) {
        return new GraphView(new GraphModel(Recording.of("GraphView", computation)).withGradients(), true);
    }

    /** As {@link #of(Supplier)}, with the Jacobian matrices of small operations. */
    static GraphView withJacobians(String asking, Supplier<Tensor> computation) {
        return new GraphView(new GraphModel(Recording.of(asking, computation)).withJacobians(), true);
    }

    /** Gives names to all tensors. If the view has no values, the method also adds the present gradients of leaves. */
    GraphModel named() {
        prepare();
        nameAll();
        return model;
    }

    /**
     * Gives a tensor a name. If the tensor is not part of the computation, its name is not shown; this is not an error.
     *
     * @throws IllegalArgumentException if the name is empty or is the name of another tensor
     */
    @CanIgnoreReturnValue
    public GraphView name(String name, Tensor tensor) {
        String clean = name.strip().replaceAll("\\p{C}|\\s", "_");
        if (clean.isEmpty()) {
            throw new IllegalArgumentException("GraphView: a name is empty");
        }
        Entry entry = model.find(tensor);
        if (entry != null && !clean.equals(given.get(entry))) {
            if (given.containsValue(clean)) {
                throw new IllegalArgumentException("GraphView: two tensors are named '" + clean + "'");
            }
            given.put(entry, clean);
            names.remove(entry);
            names.put(entry, shorten(clean));
            if (entry.value == null) {
                entry.value = Numbers.of(tensor);
            }
        }
        return this;
    }

    /**
     * Sets the largest number of tensors shown, of which the tensors nearest to the result are chosen. Without it, a text has up to 1000,
     * Graphviz gets 500, Mermaid and an explanation have 120.
     */
    @CanIgnoreReturnValue
    public GraphView atMost(int tensors) {
        if (tensors < 1) {
            throw new IllegalArgumentException("GraphView: atMost(" + tensors + ") shows nothing");
        }
        most = tensors;
        return this;
    }

    /** The graph as text, with one line for each tensor in the order of computation, such as {@code %5 = mul [2, 3] (%3, %4)}. */
    public String text() {
        prepare();
        return GraphText.of(model, most(MOST_LINES));
    }

    /** The graph in the language of Graphviz: {@code dot -Tsvg} draws it. */
    public String dot() {
        prepare();
        return GraphDot.of(model, most(MOST_IN_DOT));
    }

    /** The graph in the language of Mermaid, which a block {@code ```mermaid} of a Markdown page draws, in GitHub and many editors. */
    public String mermaid() {
        prepare();
        return GraphMermaid.of(model, most(MOST_IN_PICTURE));
    }

    /**
     * The chain rule step by step with its numbers, as on a blackboard: the given tensors, the values forward, the gradients from the
     * result back, and the gradients of the leaves. At most 100 columns wide. Tensors without a name are p1, p2, … if they require grad by
     * themselves, c1, c2, … if they are constants, and v1, v2, … if they were computed; the result is L.
     *
     * @throws GraphException unless this was made {@linkplain #of(Supplier) from a computation} with a scalar result that requires grad
     */
    public String explain() {
        requireChainRule("explain", "GraphView.of(() -> loss(x)).explain()");
        return Explanation.of(named(), most(MOST_EXPLAINED));
    }

    /**
     * Checks that this view has the values and gradients of a chain rule.
     *
     * @param example the code that gives such a view, for the message
     * @throws GraphException unless a function computed a scalar result that requires a gradient
     */
    void requireChainRule(String asking, String example) {
        Entry root = model.root();
        if (!recorded || (root.kind == Kind.OPERATION && !root.item.hasRun())) {
            throw new GraphException(asking
                    + ": the recorded graph holds no values; compute the loss within the function, as in " + example);
        }
        if (root.gradient == null) {
            throw new GraphException(asking + ": only a scalar that requires grad has a chain rule, but the result of '"
                    + root.op + "' has shape " + root.shape
                    + (root.shape.size() == 1
                            ? " and depends on no tensor that requires grad"
                            : "; reduce it, e.g. with sum()"));
        }
    }

    /** As {@link #text()}. */
    @Override
    public String toString() {
        return text();
    }

    /** The end of a long name, with a number if another name has the same end. */
    private String shorten(String name) {
        String end = name.length() <= LONGEST_NAME ? name : "..." + name.substring(name.length() - LONGEST_NAME + 3);
        String shown = end;
        for (int k = 2; names.containsValue(shown); k++) {
            shown = end + "~" + k;
        }
        return shown;
    }

    private int most(int usual) {
        return most == null ? usual : most;
    }

    private void prepare() {
        for (Entry entry : model.entries()) {
            entry.name = given.getOrDefault(entry, "");
            if (!recorded) {
                Tensor kept = entry.item.keptGradient();
                entry.gradient = kept == null ? null : Numbers.of(kept);
            }
        }
    }

    private void nameAll() {
        names.forEach((entry, name) -> entry.name = name);
        int leaves = 0;
        int constants = 0;
        int operations = 0;
        Entry root = model.root();
        if (root.name.isEmpty()) {
            root.name = !names.containsValue("L") ? "L" : !names.containsValue("loss") ? "loss" : "";
        }
        Set<String> used = new HashSet<>(names.values());
        used.add(root.name);
        for (Entry entry : model.entries()) {
            while (entry.name.isEmpty()) {
                String next = entry.kind == Kind.LEAF
                        ? "p" + ++leaves
                        : entry.kind == Kind.CONSTANT ? "c" + ++constants : "v" + ++operations;
                if (used.add(next)) {
                    entry.name = next;
                }
            }
        }
    }
}
