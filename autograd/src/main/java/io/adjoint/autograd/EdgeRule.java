package io.adjoint.autograd;

import io.adjoint.core.NdArray;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The backward rule of an operation for one of its inputs; if the operation has only one input, also its whole backward rule. All kinds of
 * these rules share this small class: the graph has a rule object for each input of each operation, and the JIT inlines the calls of rules
 * if all rules have one class.
 */
final class EdgeRule implements Rule {
    /** The rule as a function of the upstream gradient; null if the rule also reads the output. */
    private final @Nullable UnaryOperator<Tensor> plain;
    /** The rule as a function of the upstream gradient and the operation's output; null if the rule doesn't read the output. */
    private final @Nullable BinaryOperator<Tensor> reading;

    /**
     * A second form of the rule, which adds the gradient to a sum in place, for operations that read only a small part of their input:
     * takes the upstream gradient and a row-major sum of the input's shape. Null if there is none.
     */
    private final @Nullable BiConsumer<NdArray, NdArray> adder;

    private EdgeRule(
            @Nullable UnaryOperator<Tensor> plain,
            @Nullable BinaryOperator<Tensor> reading,
            @Nullable BiConsumer<NdArray, NdArray> adder) {
        this.plain = plain;
        this.reading = reading;
        this.adder = adder;
    }

    /** A rule that takes only the upstream gradient. */
    static EdgeRule of(UnaryOperator<Tensor> rule) {
        return new EdgeRule(rule, null, null);
    }

    /** A rule that reads the operation's output, too. */
    static EdgeRule of(BinaryOperator<Tensor> rule) {
        return new EdgeRule(null, rule, null);
    }

    /** A rule that can also add its gradient to a sum. */
    static EdgeRule of(UnaryOperator<Tensor> rule, BiConsumer<NdArray, NdArray> adder) {
        return new EdgeRule(rule, null, adder);
    }

    /**
     * Joins the rules of an operation's edges to the rule of the operation; edges whose inputs can't have a gradient are left out.
     *
     * @param inputs the node of each edge's input; null for an input that can't have a gradient
     * @param count the number of edges whose inputs can have a gradient
     */
    static Rule of(Edge[] edges, @Nullable Node[] inputs, int count, Tensor output) {
        EdgeRule[] rules = count == 1 ? null : new EdgeRule[count];
        boolean reads = false;
        int next = 0;
        for (int k = 0; k < edges.length; k++) {
            if (inputs[k] != null) {
                EdgeRule rule = edges[k].rule();
                reads |= rule.reading != null;
                if (rules != null) {
                    rules[next++] = rule;
                } else if (!reads) {
                    return rule;
                } else {
                    return (g, given) -> rule.pull(g, output, 0, given);
                }
            }
        }
        return all(Objects.requireNonNull(rules), reads ? output : null);
    }

    private static Rule all(EdgeRule[] rules, @Nullable Tensor output) {
        return (g, given) -> {
            for (int k = 0; k < rules.length; k++) {
                if (given.wants(k)) {
                    rules[k].pull(g, output, k, given);
                }
            }
        };
    }

    /** Computes the gradient of the operation's only input, and gives this gradient to {@code given}. */
    @Override
    public void pull(Tensor g, GivenGradients given) {
        pull(g, null, 0, given);
    }

    private void pull(Tensor g, @Nullable Tensor output, int input, GivenGradients given) {
        if (adder == null || !given.addTo(input, adder, g)) {
            Tensor gradient = plain == null
                    ? Objects.requireNonNull(reading).apply(g, Objects.requireNonNull(output))
                    : plain.apply(g);
            given.give(input, gradient);
        }
    }
}
