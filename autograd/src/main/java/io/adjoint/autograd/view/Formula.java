package io.adjoint.autograd.view;

import static java.util.stream.Collectors.joining;

import io.adjoint.autograd.Attributes;
import io.adjoint.autograd.view.GraphModel.Contribution;
import io.adjoint.autograd.view.GraphModel.Entry;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Formulas of an operation's value and of its chain rule as one would write them by hand: its {@link Notation} with names
 * or numbers in place of letters. A negative number is put in parentheses, as in {@code x + (-2)}, unless it stands alone or is the first
 * term of a sum.
 */
final class Formula {
    private static final int MOST_INPUTS = 6;
    private static final String UNKNOWN = "{g} · {d}";
    private static final List<String> LOOSE_BEFORE = List.of("(", "|", "⌊", "⌈", ", ", "where ", "< ", "> ");
    private static final List<String> LOOSE_AFTER = List.of(")", "|", "⌋", "⌉", ",", " +", " −", " <", " >", " where");

    private Formula() {}

    /**
     * The text that replaces a letter: a name or a number. A template's product sign is written as ⊙ if two of the template's letters have
     * a size above 1, else as a dot.
     */
    private record Symbol(String text, int size) {
        String enclosed() {
            return text.startsWith("-") ? "(" + text + ")" : text;
        }
    }

    /**
     * The notation of an operation; null if there is none. An operation that was recorded before lacks its constants, so it has a notation
     * only if no constant can be missing.
     */
    private static @Nullable Notation of(Entry node) {
        int inputs = operands(node).size();
        Notation notation = Notation.ofOperation(node.op, inputs);
        boolean isWhole = node.item.hasRun()
                || (notation != null && !notation.hasConstant() && Notation.ofOperation(node.op, inputs + 1) == null);
        return isWhole ? notation : null;
    }

    /**
     * Returns whether an operation's derivatives must be computed: for an operation of one number for which there is no formula of the
     * derivatives.
     */
    static boolean needsDerivatives(Entry node) {
        return node.shape.size() == 1 && of(node) == null;
    }

    /** The formula of the operation's value, with the names of its inputs. */
    static String forward(Entry node) {
        Notation notation = of(node);
        String template = notation == null ? null : notation.template();
        String attributes = notation != null && notation.hasConstant() ? "" : Attributes.text(node.item.attributes());
        if (template != null) {
            String text = Objects.requireNonNull(render(template, letter -> name(node, letter)));
            return attributes.isEmpty() ? text : text + " with " + attributes;
        }
        String inputs =
                node.inputs.stream().limit(MOST_INPUTS).map(input -> input.name).collect(joining(", "));
        return node.op + "(" + inputs + (node.inputs.size() > MOST_INPUTS ? ", ..." : "")
                + (attributes.isEmpty() ? ")" : ", " + attributes + ")");
    }

    /** The inputs to which a notation's letters refer: those that could have a gradient, without masks and indices. */
    private static List<Entry> operands(Entry node) {
        List<Entry> floating =
                node.inputs.stream().filter(input -> input.dtype.isFloating()).toList();
        return floating.isEmpty() ? node.inputs : floating;
    }

    /**
     * The formula of the operation's value, with numbers in place of names; null if there are too many numbers, or if the notation makes
     * sense with names only.
     */
    static @Nullable String forwardNumbers(Entry node) {
        Notation notation = of(node);
        String template = notation == null || !notation.isNumeric() ? null : notation.template();
        return template == null ? null : render(template, letter -> number(node, letter));
    }

    /**
     * The formula of the chain rule from an operation to its k-th input, with the names of values, such as {@code ∂loss/∂y · ∂y/∂x} from y
     * to x.
     */
    static String backward(Entry node, int k, Contribution contribution, String root) {
        Notation notation = of(node);
        String template = notation == null ? UNKNOWN : notation.template(operand(node, k));
        return summed(contribution, Objects.requireNonNull(render(template, letter -> switch (letter) {
            case 'g' -> new Symbol(partial(root, node.name), node.shape.size());
            case 'd' -> new Symbol(partial(node.name, node.inputs.get(k).name), 1);
            default -> name(node, letter);
        })));
    }

    /**
     * The formula of the chain rule from an operation to its k-th input, with numbers; null if there are too many numbers, or if the
     * notation makes sense with names only.
     */
    static @Nullable String backwardNumbers(Entry node, int k, Contribution contribution) {
        Notation notation = of(node);
        if (notation != null && !notation.isNumeric()) {
            return null;
        }
        Numbers local = contribution.local();
        boolean single = local != null && local.isSingle() && node.shape.size() == 1;
        String text =
                render(notation == null ? UNKNOWN : notation.template(operand(node, k)), letter -> switch (letter) {
                    case 'g' -> symbol(node.gradient);
                    case 'd' -> single ? symbol(local) : null;
                    default -> number(node, letter);
                });
        return text == null ? null : summed(contribution, text);
    }

    private static int operand(Entry node, int input) {
        return (int) node.inputs.stream()
                .limit(input)
                .filter(operands(node)::contains)
                .count();
    }

    static String partial(String of, String with) {
        return "∂" + of + "/∂" + with;
    }

    private static String summed(Contribution contribution, String text) {
        return contribution.summed() ? "Σ(" + text + ")" : text;
    }

    private static @Nullable Symbol symbol(@Nullable Numbers numbers) {
        return numbers == null || !numbers.isFew()
                ? null
                : new Symbol(numbers.toString(), numbers.shape().size());
    }

    private static Symbol name(Entry node, char letter) {
        Entry named = entry(node, letter);
        return named == null ? constant(node, letter) : new Symbol(named.name, named.shape.size());
    }

    private static @Nullable Symbol number(Entry node, char letter) {
        Entry named = entry(node, letter);
        return named == null ? constant(node, letter) : symbol(named.value);
    }

    private static @Nullable Entry entry(Entry node, char letter) {
        List<Entry> operands = operands(node);
        return switch (letter) {
            case 'x', 'a' -> operands.get(0);
            case 'b', 'l', 't' -> operands.get(1);
            case 'w', 'h' -> operands.get(2);
            case 'y' -> node;
            default -> null;
        };
    }

    private static Symbol constant(Entry node, char letter) {
        if (letter == 'n') {
            int count = node.inputs.get(0).shape.size() / Math.max(1, node.shape.size());
            return new Symbol(Integer.toString(count), 1);
        }
        return new Symbol(
                node.item.attributes().values().stream()
                        .filter(Number.class::isInstance)
                        .map(number -> Numbers.number(((Number) number).doubleValue()))
                        .findFirst()
                        .orElse("c"),
                1);
    }

    /** The template of a formula with its letters replaced by symbols; null if a letter has no symbol. */
    private static @Nullable String render(String template, Function<Character, @Nullable Symbol> symbols) {
        StringBuilder text = new StringBuilder();
        Set<Character> many = new HashSet<>();
        for (int k = 0; k < template.length(); k++) {
            if (template.charAt(k) != '{') {
                text.append(template.charAt(k));
                continue;
            }
            char letter = Character.toLowerCase(template.charAt(k + 1));
            Symbol symbol = symbols.apply(letter);
            if (symbol == null) {
                return null;
            }
            if (symbol.size > 1) {
                many.add(letter);
            }
            String before = template.substring(0, k);
            String after = template.substring(k + 3);
            if (letter == 'c' && before.endsWith(" + ") && symbol.text.startsWith("-")) {
                text.setLength(text.length() - 3);
                text.append(" - ").append(symbol.text, 1, symbol.text.length());
            } else {
                text.append(isLoose(before, after) ? symbol.text : symbol.enclosed());
            }
            k += 2;
        }
        return text.toString().replace("⊙", many.size() > 1 ? "⊙" : "·").replace('−', '-');
    }

    private static boolean isLoose(String before, String after) {
        return (before.isEmpty() || LOOSE_BEFORE.stream().anyMatch(before::endsWith))
                && (after.isEmpty() || LOOSE_AFTER.stream().anyMatch(after::startsWith));
    }
}
