package io.adjoint.autograd;

import io.adjoint.core.NdArray;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The backward rule of one input. */
interface EdgeRule {
    /**
     * Gives the input its gradient.
     *
     * @param g the gradient of the operation's output
     * @param y the output; null unless a rule of the operation reads it
     */
    void pull(Tensor g, @Nullable Tensor y, int input, Parts parts);

    default boolean readsOutput() {
        return false;
    }

    /** Returns whether the library wrote the rule: then nobody keeps the gradients that it sees. */
    boolean isOurs();

    /** The rule of an operation that has one for each of its inputs. */
    static Rule all(EdgeRule[] rules, Tensor output) {
        boolean reads = false;
        for (EdgeRule rule : rules) {
            reads |= rule.readsOutput();
        }
        Tensor read = reads ? output : null;
        return (g, parts) -> {
            for (int k = 0; k < rules.length; k++) {
                if (parts.wants(k)) {
                    rules[k].pull(g, read, k, parts);
                }
            }
        };
    }

    /** A rule that returns the gradient. */
    record Returning(UnaryOperator<Tensor> rule) implements EdgeRule {
        @Override
        public void pull(Tensor g, @Nullable Tensor y, int input, Parts parts) {
            parts.give(input, rule.apply(g));
        }

        @Override
        public boolean isOurs() {
            return WrittenRule.isOurs(rule);
        }
    }

    /** A rule that reads the operation's output, too. */
    record Reading(BinaryOperator<Tensor> rule) implements EdgeRule {
        @Override
        public void pull(Tensor g, @Nullable Tensor y, int input, Parts parts) {
            parts.give(input, rule.apply(g, Objects.requireNonNull(y, "the output")));
        }

        @Override
        public boolean readsOutput() {
            return true;
        }

        @Override
        public boolean isOurs() {
            return WrittenRule.isOurs(rule);
        }
    }

    /**
     * A rule that can also add its gradient to a sum, in place: for an input of which the operation reads a small part.
     *
     * @param adder takes the upstream gradient and the sum, of the input's shape and row-major
     * @param isFresh whether nobody else has the array that the rule returns
     * @param isOurs whether the library wrote all that sees a gradient
     */
    record Adding(UnaryOperator<Tensor> rule, BiConsumer<NdArray, NdArray> adder, boolean isFresh, boolean isOurs)
            implements EdgeRule {
        @Override
        public void pull(Tensor g, @Nullable Tensor y, int input, Parts parts) {
            if (!parts.addTo(input, adder, g)) {
                parts.give(input, rule.apply(g));
                if (isFresh) {
                    parts.own(input);
                }
            }
        }
    }
}
