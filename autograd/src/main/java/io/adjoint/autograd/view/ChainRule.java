package io.adjoint.autograd.view;

import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Recording;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.view.GraphModel.Contribution;
import io.adjoint.autograd.view.GraphModel.Entry;
import io.adjoint.core.DType;
import io.adjoint.core.Internal;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a {@link GraphView} as numbers and formulas, for pages that show a computation: the tensors in the order of computation,
 * and the gradients that flow back.
 *
 * @hidden
 */
@Internal
public final class ChainRule {
    /** The tolerance for rounding, relative to the size of a term. */
    private static final double ROUNDING = 1e-9;
    /**
     * The rounding error of a derivative that is a small difference of numbers near 1, such as 1 − y for a softmax output y of nearly 1.
     */
    private static final double CANCELLATION = 0x1p-48;

    /**
     * The numbers of a tensor.
     *
     * @param text the numbers if there are at most 8, else the shape, norm and mean
     * @param rows the same text with one line for each row of a matrix
     * @param elements all elements in row-major order; empty if there are more than 64
     * @hidden
     */
    public record Value(String text, List<String> rows, Shape shape, List<Double> elements) {}

    /**
     * A tensor of the computation, with the texts that a page shows about it.
     *
     * @param index from 0, in the order of computation
     * @param type the shape, after the dtype if that is not FLOAT64
     * @param layer the path of the layer in which it was computed; empty if not known
     * @param formula the formula of its computation with the names of its inputs; the tensor's own name if no operation computed it
     * @param numbers the formula with numbers in place of names; empty if there are too many numbers
     * @param rule the formulas of the operation's value and of its gradients, in letters, separated by a bar; empty if unknown
     * @param gradient the tensor's gradient; empty if it has no gradient, or if the view was made without gradients
     * @param beforeHooks the upstream gradient that hooks replaced
     * @param sent the gradients that went to its inputs
     * @param arrived the addends of its gradient, in the order in which they were added
     * @hidden
     */
    public record Vertex(
            int index,
            Recording.Kind kind,
            String name,
            String op,
            String type,
            String layer,
            List<Integer> inputs,
            String formula,
            String numbers,
            String rule,
            Optional<Value> value,
            Optional<Value> gradient,
            Optional<Value> beforeHooks,
            List<Flow> sent,
            List<Flow> arrived) {}

    /**
     * A gradient that flows from a tensor to one of its inputs.
     *
     * @param formula the chain rule with the names of tensors
     * @param numbers the chain rule with numbers in place of names; empty if there are too many numbers
     * @param local the diagonal of the Jacobian, if each element depends only on the input's element at the same position; else empty
     * @param terms for each element of the input the non-zero terms of its gradient; empty if there are too many terms, or if the rule is
     *     not linear in the upstream gradient
     * @hidden
     */
    public record Flow(
            int from,
            int to,
            Value gradient,
            String formula,
            String numbers,
            Optional<Value> local,
            List<List<Term>> terms) {}

    /**
     * A term of a gradient's sum: an element of the upstream gradient times the derivative, with respect to the input element, of the
     * output element at the same index.
     *
     * @param element the index of the output element in row-major order
     * @hidden
     */
    public record Term(int element, double upstream, double local) {}

    private final GraphModel model;
    private final List<Vertex> vertices;

    private ChainRule(GraphModel model) {
        this.model = model;
        this.vertices = model.entries().stream().map(this::vertex).toList();
    }

    /**
     * Records a computation as a view that keeps the Jacobians that {@link Flow#terms} and {@link Flow#local} show.
     *
     * @throws GraphException unless the function computes a scalar that requires a gradient
     */
    public static GraphView record(String asking, Supplier<Tensor> computation) {
        GraphView view = GraphView.withJacobians(asking, computation);
        view.requireChainRule(asking, asking + ".of(() -> loss(x))");
        return view;
    }

    /** The chain rule of a view, with names for its tensors. */
    public static ChainRule of(GraphView view) {
        return new ChainRule(view.named());
    }

    /** A number as text with at most 6 significant digits. */
    public static String number(double value) {
        return Numbers.number(value);
    }

    /** A number as text with at most the given count of significant digits. */
    public static String number(double value, int digits) {
        return Numbers.number(value, digits);
    }

    /** The notation of the partial derivative of the result with respect to a tensor. */
    public String partial(Vertex by) {
        return Formula.partial(model.root().name, by.name());
    }

    /** The index of the result among the {@link #vertices}. */
    public int root() {
        return model.root().index - 1;
    }

    /** The tensors in the order in which they were computed. */
    public List<Vertex> vertices() {
        return vertices;
    }

    /** Returns whether the pass gave a tensor a gradient, which means that a path leads back to it from the result. */
    public boolean reaches(Tensor tensor) {
        Entry entry = model.find(tensor);
        return entry != null && entry.gradient != null;
    }

    /** The tensor itself; null if the view has no values. */
    public @Nullable Tensor tensor(Vertex vertex) {
        return model.entries().get(vertex.index()).item.value();
    }

    private Vertex vertex(Entry entry) {
        boolean isOperation = entry.kind == Recording.Kind.OPERATION;
        String numbers = isOperation ? Formula.forwardNumbers(entry) : null;
        return new Vertex(
                entry.index - 1,
                entry.kind,
                entry.name,
                entry.op,
                GraphText.type(entry),
                entry.layer,
                entry.inputs.stream().map(input -> input.index - 1).toList(),
                isOperation ? Formula.forward(entry) : entry.name,
                numbers == null ? "" : numbers,
                isOperation ? Notation.rule(entry.op, entry.inputs.size()) : "",
                value(entry.value),
                value(entry.gradient),
                value(entry.beforeHooks),
                entry.sent.stream().flatMap(Stream::ofNullable).map(this::flow).toList(),
                entry.arrived.stream().map(this::flow).toList());
    }

    private static Optional<Value> value(@Nullable Numbers numbers) {
        return Optional.ofNullable(numbers).map(ChainRule::known);
    }

    private static Value known(Numbers numbers) {
        List<Double> elements = new ArrayList<>();
        for (double element : numbers.elements()) {
            elements.add(element);
        }
        return new Value(numbers.toString(), numbers.rows(), numbers.shape(), List.copyOf(elements));
    }

    private Flow flow(Contribution contribution) {
        Entry node = contribution.from();
        int input = node.sent.indexOf(contribution);
        String numbers = Formula.backwardNumbers(node, input, contribution);
        List<List<Term>> terms = terms(contribution);
        return new Flow(
                node.index - 1,
                contribution.to().index - 1,
                known(contribution.gradient()),
                Formula.backward(node, input, contribution, model.root().name),
                numbers == null ? "" : numbers,
                terms.isEmpty() ? Optional.empty() : local(contribution),
                terms);
    }

    /**
     * For each element of the input, the terms of its gradient; empty unless, for all elements, the terms add up to the gradient that
     * flowed to the input.
     */
    private static List<List<Term>> terms(Contribution contribution) {
        double[][] jacobian = contribution.jacobian();
        double[] upstream = Objects.requireNonNull(contribution.from().gradient).elements();
        double[] sent = contribution.gradient().elements();
        List<List<Term>> terms = new ArrayList<>();
        for (int e = 0; jacobian != null && e < sent.length; e++) {
            List<Term> sum = new ArrayList<>();
            double total = 0;
            double rounding = 0;
            for (int row = 0; row < upstream.length; row++) {
                double local = jacobian[row][e];
                rounding += Math.abs(upstream[row]) * (ROUNDING * Math.abs(local) + CANCELLATION);
                if (local != 0) {
                    sum.add(new Term(row, upstream[row], local));
                    total += upstream[row] * local;
                }
            }
            // FLOAT32 gradients are sums that are rounded to FLOAT32, so the tolerance is larger.
            double factor = contribution.to().dtype == DType.FLOAT64 ? 1 : 0x1p29;
            if (!(Math.abs(total - sent[e]) <= factor * rounding) && Double.compare(total, sent[e]) != 0) {
                return List.of();
            }
            terms.add(sum);
        }
        return terms;
    }

    /**
     * The diagonal of the Jacobian matrix; empty if the matrix is unknown, if any element off the diagonal isn't 0, or if input and output
     * differ in shape, unless both have one element.
     */
    private static Optional<Value> local(Contribution contribution) {
        double[][] jacobian = contribution.jacobian();
        Shape shape = contribution.to().shape;
        boolean isAlike = shape.size() == contribution.from().shape.size();
        if (jacobian == null || !isAlike || (!shape.equals(contribution.from().shape) && shape.size() > 1)) {
            return Optional.empty();
        }
        double[] diagonal = new double[jacobian.length];
        for (int row = 0; row < jacobian.length; row++) {
            for (int e = 0; e < jacobian.length; e++) {
                if (e != row && jacobian[row][e] != 0) {
                    return Optional.empty();
                }
            }
            diagonal[row] = jacobian[row][row];
        }
        return Optional.of(known(Numbers.of(NdArray.of(shape, diagonal))));
    }
}
