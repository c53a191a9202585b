package io.adjoint.autograd.view;

import static java.util.stream.Collectors.joining;

import io.adjoint.autograd.view.GraphModel.Entry;
import io.adjoint.autograd.view.GraphModel.Part;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How an operation and its chain rule are written on a blackboard. In a template {@code {a}}, {@code {b}} and {@code {e}} stand for
 * the inputs, {@code {y}} for the output, {@code {g}} for the gradient that arrives at the output, {@code {c}} for a number that the
 * operation was given, {@code {m}} for that number negated, {@code {n}} for how many elements a mean has, and {@code {d}} for a
 * derivative that is not known; a capital letter where a negative number needs no parentheses. {@code *} is a product element by
 * element.
 *
 * @param numeric whether the template says something when numbers are put in
 * @param forward the template of the value
 * @param backward the template of what goes back to each input
 */
record Formula(boolean numeric, String forward, List<String> backward) {
    private static final int MOST_INPUTS = 6;
    private static final Map<String, Formula> TABLE = new HashMap<>();

    static {
        // Of two or three tensors.
        formula("add", "{A} + {b}", "{g} · 1", "{g} · 1");
        formula("sub", "{A} - {b}", "{g} · 1", "{g} · (-1)");
        formula("mul", "{a} * {b}", "{g} * {b}", "{g} * {a}");
        formula("div", "{a} / {b}", "{g} / {b}", "{g} * (-{a} / {b}²)");
        formula("pow", "{a}^{b}", "{g} * {b} * {a}^({B} - 1)", "{g} * {y} * log({A})");
        formula(
                "maximum",
                "max({A}, {B})",
                "{g} where {A} > {B}, {g}/2 where equal",
                "{g} where {B} > {A}, {g}/2 where equal");
        formula(
                "minimum",
                "min({A}, {B})",
                "{g} where {A} < {B}, {g}/2 where equal",
                "{g} where {B} < {A}, {g}/2 where equal");
        formula("matmul", "{a} · {b}", "{g} · {b}ᵀ", "{a}ᵀ · {g}");
        formula("dense", "{a} · {b}ᵀ", "{g} · {b}", "({G})ᵀ · {a}");
        formula("dense", "{a} · {b}ᵀ + {e}", "{g} · {b}", "({G})ᵀ · {a}", "{g} · 1");
        // Of a tensor and a number, of which the graph does not tell.
        formula("add", "{A} + {c}", "{g} · 1");
        formula("sub", "{A} - {c}", "{g} · 1");
        formula("mul", "{a} · {c}", "{g} · {c}");
        formula("div", "{a} / {c}", "{g} / {c}");
        formula("rsub", "{c} - {a}", "{g} · (-1)");
        formula("rdiv", "{c} / {a}", "{g} * (-{y} / {a})");
        formula("pow", "{a}^{c}", "{g} * {c}·{a}^({C} - 1)");
        formula("sumOfSquares", "sum({a}²) / {c}", "{g} · 2·{a} / {c}");
        // Of one tensor.
        formula("abs", "|{A}|", "{g} * sign({A})");
        formula("cos", "cos({A})", "{g} * (-sin({A}))");
        formula("exp", "exp({A})", "{g} * {y}");
        formula("expm1", "exp({A}) - 1", "{g} * ({Y} + 1)");
        formula("log", "log({A})", "{g} / {a}");
        formula("log1p", "log(1 + {a})", "{g} / (1 + {a})");
        formula("logSigmoid", "log(sigmoid({A}))", "{g} * sigmoid(-{a})");
        formula("logSoftmax", "logSoftmax({A})", "{g} - exp({Y}) · Σ {g}");
        formula("logSumExp", "logSumExp({A})", "{g} * exp({A} - {y})");
        formula("mean", "mean({A})", "{g} · 1/{n}, to each");
        formula("neg", "-{a}", "{g} · (-1)");
        formula("reciprocal", "1 / {a}", "{g} * (-{y}²)");
        formula("relu", "relu({A})", "{g} where {A} > 0, else 0");
        formula("rsqrt", "1 / sqrt({A})", "{g} * (-{y} / (2·{a}))");
        formula("sigmoid", "sigmoid({A})", "{g} * {y} * (1 - {y})");
        formula("sign", "sign({A})", "{g} · 0");
        formula("silu", "{a} * sigmoid({A})", "{g} * sigmoid({A}) * (1 + {a} * (1 - sigmoid({A})))");
        formula("sin", "sin({A})", "{g} * cos({A})");
        formula("softmax", "softmax({A})", "{y} * ({G} - Σ {g} * {y})");
        formula("sqrt", "sqrt({A})", "{g} / (2·{y})");
        formula("square", "{a}²", "{g} * 2·{a}");
        formula("sum", "sum({A})", "{g} · 1, to each");
        formula("tanh", "tanh({A})", "{g} * (1 - {y}²)");
        // Movements: with numbers in, they say no more than the result does.
        movement("amax", "max({A})", "{G} to the greatest");
        movement("amin", "min({A})", "{G} to the least");
        movement("broadcastTo", "repeat({A})", "Σ {G} over the repeated");
        movement("diagEmbed", "diagEmbed({A})", "diagonal of {G}");
        movement("diagonal", "diagonal({A})", "{G} on the diagonal, else 0");
        movement("cumsum", "cumsum({A})", "{G} summed from behind");
        movement("flip", "flip({A})", "flip({G})");
        movement("gather", "gather({A})", "{G} added where it was read");
        movement("pad", "pad({A})", "{G} without the border");
        movement("get", "part of {a}", "{G} in its place, else 0");
        movement("indexSelect", "entries of {a}", "{G} added where it was read");
        movement("pad", "pad({A})", "its part of {G}");
        movement("permute", "permute({A})", "{G} permuted back");
        movement("reshape", "reshape({A})", "reshape({G})");
        movement("roll", "roll({A})", "{G} rolled back");
        movement("select", "select({A})", "{G} in its place, else 0");
        movement("select", "entry of {a}", "{G} in its place, else 0");
        movement("slice", "slice({A})", "{G} in its place, else 0");
        movement("sumTo", "Σ {A}", "{G} repeated");
        movement("to", "convert({A})", "{G} converted back");
        movement("transpose", "{a}ᵀ", "({G})ᵀ");
        movement("where", "{a} or {b}", "{G} where chosen, else 0", "{G} where chosen, else 0");
        movement("tril", "tril({A})", "tril({G})");
        movement("triu", "triu({A})", "triu({G})");
    }

    private static void formula(String op, String forward, String... backward) {
        TABLE.put(op + "/" + backward.length, new Formula(true, forward, List.of(backward)));
    }

    private static void movement(String op, String forward, String... backward) {
        TABLE.put(op + "/" + backward.length, new Formula(false, forward, List.of(backward)));
    }

    /** What stands for a letter: a name or a number. */
    private record Symbol(String text, int size) {
        String enclosed() {
            return text.startsWith("-") ? "(" + text + ")" : text;
        }
    }

    private static @Nullable Formula of(Entry step) {
        return TABLE.get(step.op + "/" + step.inputs.size());
    }

    /** Whether the derivatives of a step are of use: for what it was given, or where no formula says them. */
    static boolean needsDerivatives(Entry step) {
        Formula formula = of(step);
        return formula == null ? step.shape.size() == 1 : formula.forward.contains("{c}");
    }

    /** What the step computes, in names. */
    static String forward(Entry step) {
        return Objects.requireNonNull(forward(step, letter -> name(step, letter)));
    }

    /** What the step computes, in numbers; null if there are many, or they would say nothing. */
    static @Nullable String forwardNumbers(Entry step) {
        Formula formula = of(step);
        return formula == null || !formula.numeric ? null : forward(step, letter -> number(step, letter));
    }

    private static @Nullable String forward(Entry step, Function<Character, @Nullable Symbol> symbols) {
        Formula formula = of(step);
        if (formula == null) {
            String inputs = step.inputs.stream()
                    .limit(MOST_INPUTS)
                    .map(input -> input.name)
                    .collect(joining(", "));
            return step.op + "(" + inputs + (step.inputs.size() > MOST_INPUTS ? ", ...)" : ")");
        }
        boolean subtracts = step.op.equals("add") && step.inputs.size() == 1 && constant(step) < 0;
        return render(subtracts ? "{A} - {m}" : formula.forward, symbols);
    }

    /** The chain rule from a step to its k-th input, in names. */
    static String backward(Entry step, int k, Part part, String root) {
        return summed(part, Objects.requireNonNull(render(backward(step, k), letter -> switch (letter) {
            case 'g' -> new Symbol(partial(root, step.name), step.shape.size());
            case 'd' -> new Symbol(partial(step.name, step.inputs.get(k).name), 1);
            default -> name(step, letter);
        })));
    }

    /** The chain rule from a step to its k-th input, in numbers; null if there are many, or they would say nothing. */
    static @Nullable String backwardNumbers(Entry step, int k, Part part) {
        Formula formula = of(step);
        Numbers local = part.local();
        boolean single = local != null && local.isSingle() && step.shape.size() == 1;
        String text = formula != null && !formula.numeric
                ? null
                : render(backward(step, k), letter -> switch (letter) {
                    case 'g' -> symbol(step.gradient);
                    case 'd' -> single ? symbol(local) : null;
                    default -> number(step, letter);
                });
        return text == null ? null : summed(part, text);
    }

    private static String backward(Entry step, int k) {
        Formula formula = of(step);
        return formula != null ? formula.backward.get(k) : step.op.equals("concat") ? "its part of {G}" : "{g} · {d}";
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
        return switch (letter) {
            case 'a' -> step.inputs.get(0);
            case 'b' -> step.inputs.get(1);
            case 'e' -> step.inputs.get(2);
            case 'y' -> step;
            default -> null;
        };
    }

    private static Symbol constant(Entry step, char letter) {
        if (letter == 'n') {
            int count = step.inputs.get(0).shape.size() / Math.max(1, step.shape.size());
            return new Symbol(Integer.toString(count), 1);
        }
        double constant = constant(step);
        return new Symbol(Double.isFinite(constant) ? Numbers.number(letter == 'm' ? -constant : constant) : "c", 1);
    }

    /** The number that a step with one input was given, told by what it made of that input and of a gradient of ones. */
    private static double constant(Entry step) {
        Numbers value = step.value;
        Numbers input = step.inputs.get(0).value;
        if (value == null || input == null) {
            return Double.NaN;
        }
        double x = input.first();
        double y = value.first();
        Part part = step.sent.isEmpty() ? null : step.sent.get(0);
        Numbers local = part == null ? null : part.local();
        return switch (step.op) {
            case "add" -> y - x;
            case "rsub" -> y + x;
            case "rdiv" -> y * x;
            case "sub" -> x - y;
            case "mul" -> local == null ? y / x : local.first();
            case "div" -> local == null ? x / y : 1 / local.first();
            case "sumOfSquares" -> local == null ? Double.NaN : 2 * x / local.first();
            case "pow" -> local == null ? Math.log(y) / Math.log(x) : local.first() * x / y;
            default -> Double.NaN;
        };
    }

    /** The template with symbols for its letters; null if there is none for one of them. */
    private static @Nullable String render(String template, Function<Character, @Nullable Symbol> symbols) {
        StringBuilder text = new StringBuilder();
        Set<Character> many = new HashSet<>();
        for (int k = 0; k < template.length(); k++) {
            if (template.charAt(k) != '{') {
                text.append(template.charAt(k));
                continue;
            }
            char letter = template.charAt(k + 1);
            k += 2;
            char lower = Character.toLowerCase(letter);
            Symbol symbol = symbols.apply(lower);
            if (symbol == null) {
                return null;
            }
            if (symbol.size > 1) {
                many.add(lower);
            }
            text.append(letter == lower ? symbol.enclosed() : symbol.text);
        }
        return text.toString().replace("*", many.size() > 1 ? "⊙" : "·");
    }
}
