package io.adjoint.autograd.view;

import static java.util.stream.Collectors.joining;

import io.adjoint.autograd.Recording.Kind;
import io.adjoint.autograd.view.GraphModel.Contribution;
import io.adjoint.autograd.view.GraphModel.Entry;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The text of {@link GraphView#explain}: a computation and its chain rule with numbers, from the given tensors to the gradients. */
final class Explanation {
    private static final int MOST_TERMS = 6;

    private final GraphModel model;
    private final String root;
    private final List<Entry> shown;
    /**
     * The leaves. An explanation is about leaves, so it lists leaves up to the limit, even if it doesn't show the operations that use them.
     */
    private final List<Entry> leaves;

    private final StringBuilder out = new StringBuilder();

    private Explanation(GraphModel model, int limit) {
        this.model = model;
        this.root = model.root().name;
        this.shown = model.youngest(limit);
        this.leaves = model.entries().stream()
                .filter(entry -> entry.kind == Kind.LEAF)
                .limit(limit)
                .toList();
    }

    /** The explanation of a model that has values, with at most the given number of tensors. */
    static String of(GraphModel model, int limit) {
        Explanation explanation = new Explanation(model, limit);
        explanation.given();
        explanation.forward();
        explanation.backward();
        explanation.gradients();
        return explanation.out.toString();
    }

    private void given() {
        AlignedText columns = new AlignedText();
        columns.heading("Given");
        Stream<Entry> constants = shown.stream().filter(entry -> entry.kind == Kind.CONSTANT);
        Stream.concat(leaves.stream(), constants)
                .sorted(Comparator.comparingInt(entry -> entry.index))
                .forEach(entry -> columns.row(
                        "  " + entry.name,
                        value(entry) + (entry.kind == Kind.CONSTANT ? "  (constant)" : ""),
                        null,
                        null));
        columns.appendTo(out);
    }

    private void forward() {
        AlignedText columns = new AlignedText();
        columns.heading("");
        columns.heading("Forward");
        int hidden = model.entries().size() - shown.size();
        if (hidden > 0) {
            columns.heading("  " + GraphText.hidden(hidden));
        }
        for (Entry node : shown) {
            if (node.kind == Kind.OPERATION) {
                columns.row("  " + node.name, Formula.forward(node), Formula.forwardNumbers(node), value(node));
            }
        }
        columns.appendTo(out);
    }

    private static String value(Entry entry) {
        return entry.value == null ? "not known, " + entry.shape + " computed before" : entry.value.toString();
    }

    private void backward() {
        AlignedText columns = new AlignedText();
        columns.heading("");
        columns.heading("Backward, from " + root);
        columns.row("     " + partial(model.root()), "1", null, null);
        Map<Entry, Integer> missing = new HashMap<>();
        int number = 0;
        for (int at = shown.size() - 1; at >= 0; at--) {
            Entry node = shown.get(at);
            if (node.sent.stream().allMatch(Objects::isNull)) {
                continue;
            }
            number++;
            columns.heading((number < 10 ? "  " : " ") + number + ". " + node.name + " = " + Formula.forward(node));
            for (int k = 0; k < node.sent.size(); k++) {
                Contribution contribution = node.sent.get(k);
                if (contribution != null) {
                    send(columns, node, k, contribution);
                    int left = missing.merge(
                            contribution.to(), contribution.to().arrived.size() - 1, (have, all) -> have - 1);
                    if (left == 0) {
                        arrive(columns, contribution.to());
                    }
                }
            }
        }
        if (shown.size() < model.entries().size()) {
            columns.heading("     ... and so on");
        }
        columns.appendTo(out);
    }

    private String partial(Entry with) {
        return Formula.partial(root, with.name);
    }

    private void send(AlignedText columns, Entry node, int k, Contribution contribution) {
        boolean alone = contribution.to().arrived.size() == 1;
        String left = "     " + partial(contribution.to()) + (alone ? "" : " via " + node.name);
        columns.row(
                left,
                Formula.backward(node, k, contribution, root),
                Formula.backwardNumbers(node, k, contribution),
                contribution.gradient().toString());
    }

    /** Writes the lines for a tensor's complete gradient. */
    private void arrive(AlignedText columns, Entry entry) {
        int uses = entry.arrived.size();
        String left = "     " + partial(entry);
        Numbers sum = entry.beforeHooks == null ? entry.gradient : entry.beforeHooks;
        if (uses > 1) {
            columns.row(left, "sum of its " + uses + " uses", addition(entry.arrived), String.valueOf(sum));
        }
        if (entry.beforeHooks != null) {
            columns.row(left, "what its hooks made of that", null, String.valueOf(entry.gradient));
        }
    }

    private static @Nullable String addition(List<Contribution> contributions) {
        if (contributions.size() > MOST_TERMS
                || !contributions.get(0).gradient().isFew()) {
            return null;
        }
        String sum = contributions.stream()
                .map(contribution -> contribution.gradient().toString())
                .collect(joining(" + "));
        return sum.replace("+ -", "- ");
    }

    private void gradients() {
        AlignedText columns = new AlignedText();
        columns.heading("");
        columns.heading("Gradients");
        for (Entry entry : leaves) {
            if (entry.gradient != null) {
                columns.row("  " + partial(entry), entry.gradient.toString(), null, null);
            }
        }
        columns.appendTo(out);
    }
}
