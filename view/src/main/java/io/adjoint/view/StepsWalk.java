package io.adjoint.view;

import static java.util.stream.Collectors.joining;

import io.adjoint.autograd.Recording.Difference;
import io.adjoint.autograd.Recording.Kind;
import io.adjoint.autograd.view.ChainRule;
import io.adjoint.autograd.view.ChainRule.Flow;
import io.adjoint.autograd.view.ChainRule.Term;
import io.adjoint.autograd.view.ChainRule.Value;
import io.adjoint.autograd.view.ChainRule.Vertex;
import io.adjoint.view.ChainStep.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The steps that explain a {@link StepsPass}, in order: the given tensors, the forward values, the gradients, and the comparison of the
 * gradients with finite differences.
 */
final class StepsWalk {
    private static final int MOST_ROWS = 200;
    private static final int MOST_TERMS = 6;

    final int index;
    /** The number of the training step, from 1. */
    final int number;

    final ChainRule rule;
    final List<ChainStep> steps = new ArrayList<>();
    /** The index of the step that shows a tensor's value, by the tensor's index. */
    final Map<Integer, Integer> told = new HashMap<>();
    /** The index of the step after which a tensor's gradient is complete, by the tensor's index. */
    final Map<Integer, Integer> completed = new HashMap<>();
    /** The names of the leaves whose gradient disagrees with the finite differences. */
    final List<String> disagreeing = new ArrayList<>();
    /** The likely causes of disagreements, as far as the numbers indicate them. */
    final Set<String> causes = new LinkedHashSet<>();

    final String remark;

    private final List<Vertex> vertices;
    private final String root;

    StepsWalk(int index, int number, ChainRule rule, StepsPass pass) {
        this.index = index;
        this.number = number;
        this.rule = rule;
        this.vertices = rule.vertices();
        this.root = vertices.get(rule.root()).name();
        this.remark = pass.remark();
        given();
        forward();
        backward();
        pass.differences().forEach(this::check);
    }

    /** The vertex of the loss, the root of the graph. */
    Vertex loss() {
        return vertices.get(rule.root());
    }

    private ChainStep add(Phase phase, String title, int vertex, int from) {
        ChainStep step = new ChainStep(phase, title, vertex, from);
        steps.add(step);
        return step;
    }

    // ---- forward ----

    private void given() {
        ChainStep step = add(Phase.GIVEN, "Parameters and constants", -1, -1);
        List<List<String>> rows = new ArrayList<>();
        for (Vertex vertex : vertices) {
            if (vertex.kind() != Kind.OPERATION) {
                told.put(vertex.index(), 0);
                if (rows.size() < MOST_ROWS) {
                    rows.add(List.of(
                            vertex.name(),
                            vertex.kind() == Kind.LEAF ? "requires grad" : "constant",
                            vertex.type(),
                            text(vertex.value())));
                }
            }
        }
        step.table = new ChainStep.Table(
                "Tensors that nothing computed", List.of("name", "kind", "shape", "value"), rows, false);
    }

    private void forward() {
        for (Vertex vertex : vertices) {
            if (vertex.kind() == Kind.OPERATION) {
                told.put(vertex.index(), steps.size());
                ChainStep step = add(Phase.FORWARD, vertex.name() + " = " + vertex.formula(), vertex.index(), -1);
                step.line("rule", before(vertex.rule()));
                step.line("in layer", vertex.layer());
                step.result("in numbers", vertex.numbers());
                step.result(vertex.name(), text(vertex.value()));
                vertex.value().ifPresent(value -> ask(step, vertex.name(), value));
            }
        }
    }

    private static String before(String rule) {
        int bar = rule.indexOf(" | ");
        return bar < 0 ? "" : "y = " + rule.substring(0, bar);
    }

    private static String after(String rule) {
        int bar = rule.indexOf(" | ");
        return bar < 0 ? "" : rule.substring(bar + 3);
    }

    private static String text(Optional<Value> value) {
        return value.map(Value::text).orElse("not known");
    }

    // ---- backward ----

    private void backward() {
        Vertex last = loss();
        completed.put(last.index(), steps.size());
        ChainStep seed = add(Phase.BACKWARD, rule.partial(last) + " = 1", last.index(), -1);
        seed.line("start", "The derivative of " + root + " by itself is 1. From here the gradients go back.");
        hooks(last);
        Map<Integer, Integer> missing = new HashMap<>();
        for (int at = vertices.size() - 1; at >= 0; at--) {
            for (Flow flow : vertices.get(at).sent()) {
                Vertex to = vertices.get(flow.to());
                int left = missing.merge(flow.to(), to.arrived().size() - 1, (have, all) -> have - 1);
                send(flow, to.arrived().size(), to.arrived().size() - left);
                if (left == 0) {
                    completed.put(flow.to(), steps.size() - 1);
                    arrive(to);
                }
            }
        }
    }

    /**
     * Adds the step that shows a gradient flowing from an operation to one of its inputs. If several operations use the input, this
     * gradient is one summand of the input's gradient.
     */
    private void send(Flow flow, int parts, int part) {
        Vertex from = vertices.get(flow.from());
        Vertex to = vertices.get(flow.to());
        String gradient = rule.partial(to);
        String whole = parts == 1 ? gradient : gradient + " via " + from.name();
        ChainStep step = add(
                Phase.BACKWARD,
                (parts == 1 ? "" : "part " + part + " of " + parts + " of ") + gradient + ", through " + from.name()
                        + " = " + from.formula(),
                to.index(),
                from.index());
        String local = "∂" + from.name() + "/∂" + to.name();
        step.line("upstream " + rule.partial(from), text(from.gradient()));
        step.line("local " + local, flow.local().map(Value::text).orElseGet(() -> local(flow, from, to)));
        step.line("chain rule", whole + " = " + flow.formula());
        step.result("in numbers", flow.numbers());
        step.result(whole, flow.gradient().text());
        if (flow.gradient().elements().size() > 1 || flow.local().isEmpty()) {
            table(step, flow, to, whole);
        }
        ask(step, whole, flow.gradient());
    }

    /** The local derivative in words, for operations that are not elementwise. */
    private static String local(Flow flow, Vertex from, Vertex to) {
        if (!flow.terms().isEmpty()) {
            return "one number for each element of " + from.name() + " and each of " + to.name()
                    + "; the table lists those that aren't 0";
        }
        String known = after(from.rule());
        return known.isEmpty()
                ? "the backward rule of '" + from.op() + "' has it"
                : "for an upstream gradient g the rule gives " + known;
    }

    private void table(ChainStep step, Flow flow, Vertex to, String gradient) {
        List<List<String>> rows = new ArrayList<>();
        for (int e = 0; e < flow.terms().size(); e++) {
            rows.add(List.of(
                    to.name() + position(e, flow.gradient()),
                    sum(flow.terms().get(e)),
                    ChainRule.number(flow.gradient().elements().get(e))));
        }
        if (!rows.isEmpty()) {
            step.table = new ChainStep.Table(
                    "Each element: the sum of upstream × local",
                    List.of("element", "upstream × local", gradient),
                    rows,
                    true);
        }
    }

    private static String sum(List<Term> terms) {
        String shown = terms.stream()
                .limit(MOST_TERMS)
                .map(term ->
                        enclosed(ChainRule.number(term.upstream())) + " × " + enclosed(ChainRule.number(term.local())))
                .collect(joining(" + "));
        return terms.isEmpty()
                ? "nothing depends on it"
                : terms.size() > MOST_TERMS ? shown + " + … " + (terms.size() - MOST_TERMS) + " more" : shown;
    }

    /** A sum of numbers, of which the first are shown. */
    private static String sum(Stream<String> numbers, int count) {
        return numbers.limit(MOST_TERMS)
                .map(StepsWalk::enclosed)
                .collect(joining(" + ", "", count > MOST_TERMS ? " + …" : ""));
    }

    private static String enclosed(String number) {
        return number.startsWith("-") ? "(" + number + ")" : number;
    }

    /**
     * Adds the steps that follow after all summands of a tensor's gradient have arrived: the sum over the uses of the tensor, and the
     * changes by hooks.
     */
    private void arrive(Vertex to) {
        int parts = to.arrived().size();
        Value total = to.beforeHooks().or(to::gradient).orElseThrow();
        String gradient = rule.partial(to);
        if (parts > 1) {
            completed.put(to.index(), steps.size());
            ChainStep step = add(
                    Phase.BACKWARD,
                    gradient + " is the sum over the " + parts + " uses of " + to.name(),
                    to.index(),
                    -1);
            step.line(
                    "sum",
                    gradient + " = "
                            + to.arrived().stream()
                                    .limit(MOST_ROWS)
                                    .map(flow ->
                                            "via " + vertices.get(flow.from()).name())
                                    .collect(joining(" + ")));
            step.result(
                    "in numbers",
                    sum(to.arrived().stream().map(flow -> flow.gradient().text()), parts));
            step.result(gradient, total.text());
            List<List<String>> rows = new ArrayList<>();
            for (int e = 0; e < total.elements().size() && total.elements().size() > 1; e++) {
                int element = e;
                Stream<String> numbers = to.arrived().stream()
                        .map(flow -> ChainRule.number(flow.gradient().elements().get(element)));
                rows.add(List.of(
                        to.name() + position(e, total),
                        sum(numbers, parts),
                        ChainRule.number(total.elements().get(e))));
            }
            if (!rows.isEmpty()) {
                step.table = new ChainStep.Table(
                        "Each element: the sum over its uses", List.of("element", "parts", gradient), rows, true);
            }
            ask(step, gradient, total);
        }
        hooks(to);
    }

    private void hooks(Vertex vertex) {
        vertex.beforeHooks().ifPresent(before -> {
            completed.put(vertex.index(), steps.size());
            ChainStep step = add(Phase.BACKWARD, "hooks replace " + rule.partial(vertex), vertex.index(), -1);
            step.line("before", before.text());
            step.result("after", text(vertex.gradient()));
        });
    }

    // ---- differences ----

    private void check(int leaf, List<Difference> differences) {
        Vertex vertex = vertices.get(leaf);
        Value gradient = vertex.gradient().orElseThrow();
        ChainStep step = add(Phase.CHECK, rule.partial(vertex) + " beside finite differences", leaf, -1);
        List<List<String>> rows = new ArrayList<>();
        boolean agrees = true;
        Set<String> ofLeaf = new LinkedHashSet<>();
        for (int e = 0; e < differences.size(); e++) {
            Difference difference = differences.get(e);
            agrees &= difference.agrees();
            if (!difference.cause().isEmpty()) {
                // The text after the semicolon is advice for tests, so the page leaves it out.
                ofLeaf.add(difference.cause().replaceFirst(";.*", ""));
            }
            rows.add(List.of(
                    vertex.name() + position(e, gradient),
                    ChainRule.number(gradient.elements().get(e)),
                    ChainRule.number(difference.derivative()),
                    difference.agrees() ? "✓ agree" : "✗ differ"));
        }
        if (!agrees) {
            disagreeing.add(vertex.name());
        }
        int all = gradient.shape().size();
        step.line(
                "compared",
                differences.size() == all ? "all elements" : differences.size() + " of " + all + " elements");
        causes.addAll(ofLeaf);
        step.line("verdict", agrees ? "✓ they agree" : "✗ they differ: " + explained(ofLeaf));
        step.table = new ChainStep.Table(
                rule.partial(vertex),
                List.of("element", "by the chain rule", "by differences", "verdict"),
                rows,
                false);
    }

    /** The text about the causes of disagreements between gradients and finite differences. */
    static String explained(Set<String> causes) {
        return causes.isEmpty()
                ? "a backward rule on the way is wrong, or a hook changes the gradient"
                : String.join("; ", causes);
    }

    // ---- elements and questions ----

    /** The position of an element, such as {@code [1, 0]}; empty for a scalar. */
    private static String position(int element, Value of) {
        int rank = of.shape().rank();
        List<Integer> indices = new ArrayList<>();
        int rest = element;
        for (int axis = rank - 1; axis >= 0; axis--) {
            indices.add(0, rest % of.shape().dim(axis));
            rest /= of.shape().dim(axis);
        }
        return rank == 0 ? "" : indices.toString();
    }

    /** Adds a question for the element with the largest absolute value. */
    private static void ask(ChainStep step, String name, Value value) {
        int best = -1;
        double size = -1;
        for (int e = 0; e < value.elements().size(); e++) {
            double candidate = Math.abs(value.elements().get(e));
            if (candidate > size && !Double.isInfinite(candidate)) {
                best = e;
                size = candidate;
            }
        }
        if (best >= 0) {
            String element = position(best, value);
            step.question = new ChainStep.Question(
                    "What is " + name + (element.isEmpty() ? "" : " at " + element) + "?",
                    value.elements().get(best));
        }
    }
}
