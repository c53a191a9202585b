package io.adjoint.autograd.view;

import static java.util.stream.Collectors.joining;

import io.adjoint.autograd.Attributes;
import io.adjoint.autograd.view.GraphModel.Entry;
import io.adjoint.autograd.view.GraphModel.Part;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Formulas of a step's value and of its chain rule as one would write them by hand: the {@link Notation} of the step's operation with names
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
     * The notation of a step; null if there is none. A step that was recorded before lacks its constants, so it has a notation only if no
     * constant can be missing.
     */
    private static @Nullable Notation of(Entry step) {
        int inputs = operands(step).size();
        Notation notation = Notation.ofStep(step.op, inputs);
        boolean isWhole = step.item.hasRun()
                || (notation != null && !notation.hasConstant() && Notation.ofStep(step.op, inputs + 1) == null);
        return isWhole ? notation : null;
    }

    /** Returns whether a step's derivatives must be computed: for a step of one number for which there is no formula of the derivatives. */
    static boolean needsDerivatives(Entry step) {
        return step.shape.size() == 1 && of(step) == null;
    }

    /** The formula of the step's value, with the names of its inputs. */
    static String forward(Entry step) {
        Notation notation = of(step);
        String template = notation == null ? null : notation.template();
        String attributes = notation != null && notation.hasConstant() ? "" : Attributes.text(step.item.attributes());
        if (template != null) {
            String text = Objects.requireNonNull(render(template, letter -> name(step, letter)));
            return attributes.isEmpty() ? text : text + " with " + attributes;
        }
        String inputs =
                step.inputs.stream().limit(MOST_INPUTS).map(input -> input.name).collect(joining(", "));
        return step.op + "(" + inputs + (step.inputs.size() > MOST_INPUTS ? ", ..." : "")
                + (attributes.isEmpty() ? ")" : ", " + attributes + ")");
    }

    /** The inputs to which a notation's letters refer: those that could have a gradient, without masks and indices. */
    private static List<Entry> operands(Entry step) {
        List<Entry> floating =
                step.inputs.stream().filter(input -> input.dtype.isFloating()).toList();
        return floating.isEmpty() ? step.inputs : floating;
    }

    /**
     * The formula of the step's value, with numbers in place of names; null if there are too many numbers, or if the notation makes sense
     * with names only.
     */
    static @Nullable String forwardNumbers(Entry step) {
        Notation notation = of(step);
        String template = notation == null || !notation.isNumeric() ? null : notation.template();
        return template == null ? null : render(template, letter -> number(step, letter));
    }

    /**
     * The formula of the chain rule from a step to its k-th input, with the names of values, such as {@code ∂loss/∂y · ∂y/∂x} from y to x.
     */
    static String backward(Entry step, int k, Part part, String root) {
        Notation notation = of(step);
        String template = notation == null ? UNKNOWN : notation.template(operand(step, k));
        return summed(part, Objects.requireNonNull(render(template, letter -> switch (letter) {
            case 'g' -> new Symbol(partial(root, step.name), step.shape.size());
            case 'd' -> new Symbol(partial(step.name, step.inputs.get(k).name), 1);
            default -> name(step, letter);
        })));
    }

    /**
     * The formula of the chain rule from a step to its k-th input, with numbers; null if there are too many numbers, or if the notation
     * makes sense with names only.
     */
    static @Nullable String backwardNumbers(Entry step, int k, Part part) {
        Notation notation = of(step);
        if (notation != null && !notation.isNumeric()) {
            return null;
        }
        Numbers local = part.local();
        boolean single = local != null && local.isSingle() && step.shape.size() == 1;
        String text =
                render(notation == null ? UNKNOWN : notation.template(operand(step, k)), letter -> switch (letter) {
                    case 'g' -> symbol(step.gradient);
                    case 'd' -> single ? symbol(local) : null;
                    default -> number(step, letter);
                });
        return text == null ? null : summed(part, text);
    }

    private static int operand(Entry step, int input) {
        return (int) step.inputs.stream()
                .limit(input)
                .filter(operands(step)::contains)
                .count();
    }

    static String partial(String of, String with) {
        return "∂" + of + "/∂" + with;
    }

    private static String summed(Part part, String text) {
        return part.summed() ? "Σ(" + text + ")" : text;
    }

    private static @Nullable Symbol symbol(@Nullable Numbers numbers) {
        return numbers == null || !numbers.isFew()
                ? null
                : new Symbol(numbers.toString(), numbers.shape().size());
    }

    private static Symbol name(Entry step, char letter) {
        Entry named = entry(step, letter);
        return named == null ? constant(step, letter) : new Symbol(named.name, named.shape.size());
    }

    private static @Nullable Symbol number(Entry step, char letter) {
        Entry named = entry(step, letter);
        return named == null ? constant(step, letter) : symbol(named.value);
    }

    private static @Nullable Entry entry(Entry step, char letter) {
        List<Entry> operands = operands(step);
        return switch (letter) {
            case 'x', 'a' -> operands.get(0);
            case 'b', 'l', 't' -> operands.get(1);
            case 'w', 'h' -> operands.get(2);
            case 'y' -> step;
            default -> null;
        };
    }

    private static Symbol constant(Entry step, char letter) {
        if (letter == 'n') {
            int count = step.inputs.get(0).shape.size() / Math.max(1, step.shape.size());
            return new Symbol(Integer.toString(count), 1);
        }
        return new Symbol(
                step.item.attributes().values().stream()
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
