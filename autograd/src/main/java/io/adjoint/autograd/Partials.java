package io.adjoint.autograd;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Searches the partial derivatives of single outputs for one to report, after an entry of a gradient has disagreed with its numeric value.
 * The entry is a sum of these derivatives, weighted by the upstream gradient. For an upstream gradient that is 1 at one output and 0
 * elsewhere, the gradient is the derivative of this output, which a user can compute by hand.
 */
final class Partials {
    /** The largest number of {@linkplain #choices choices} of outputs that are tried after the first choice. */
    private static final int MOST = 16;
    /** The largest number of upstream elements that a message lists as weights. */
    private static final int FEW = 8;
    /**
     * The distance at which {@link #factor} changes an input. Differences have already been taken at twice this distance, so the function
     * has values at this distance.
     */
    private static final double NEARBY = 5e-4;
    /** The relative tolerance within which two ratios of a gradient to its numeric value count as equal. */
    private static final double SAME_FACTOR = 1e-8;
    /** The number of significant digits, in a message, of a factor, or of its distance from 1 if that is small. */
    private static final int DIGITS = 6;

    private final GradCheck.Level level;
    private final int input;
    private final int element;
    private final DoubleUnaryOperator allowed;

    /**
     * Prepares the search for a single output whose derivative with respect to one element of one leaf disagrees with finite differences.
     *
     * @param input the index of the leaf among the leaves of the level
     * @param element the row-major index of the element in the leaf
     * @param allowed maps the absolute value of the derivative by the backward rules to the tolerance
     */
    Partials(GradCheck.Level level, int input, int element, DoubleUnaryOperator allowed) {
        this.level = level;
        this.input = input;
        this.element = element;
        this.allowed = allowed;
    }

    /**
     * Compares partial derivatives of single outputs with finite differences, and reports the first derivative that disagrees. If all
     * agree, the report is about the derivative of the sum of all outputs, weighted by the upstream gradient.
     */
    GradCheck.Report worst(Tensor upstream) {
        int count = level.leaves().length - level.inputs();
        List<Shape> shapes = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            shapes.add(level.leaves()[level.inputs() + k].shape());
        }
        shapes.add(upstream.shape());
        for (int[] choice : choices(shapes)) {
            Tensor[] leaves = level.leaves().clone();
            for (int k = 0; k < count; k++) {
                leaves[level.inputs() + k] = unit(shapes.get(k), choice[k]).requiresGrad(true);
            }
            GradCheck.Report report = report(
                    level.withLeaves(leaves),
                    unit(shapes.get(count), choice[count]),
                    upstream,
                    describe(shapes, choice));
            if (!report.ok()) {
                return report;
            }
        }
        String weights = upstream.shape().size() > FEW
                ? "random weights"
                : "weights " + Arrays.toString(upstream.detach().data().toDoubleArray());
        return report(level, upstream, upstream, " of the " + outputs() + " summed with " + weights);
    }

    private String outputs() {
        return level.order() == 1 ? "outputs" : "gradients of order " + (level.order() - 1);
    }

    private GradCheck.Report report(GradCheck.Level at, Tensor upstream, Tensor whole, String of) {
        double exact = gradient(at, upstream)[element];
        Differences.Estimate numeric =
                along(at, upstream).compareWith(exact, Math.abs(exact), allowed.applyAsDouble(Math.abs(exact)));
        return new GradCheck.Report(
                level.order(),
                numeric.agrees(),
                exact,
                numeric.derivative(),
                entry(level, input, element) + of,
                numeric.agrees() ? "" : cause(at, upstream, whole, exact, numeric.derivative()));
    }

    private String cause(GradCheck.Level at, Tensor upstream, Tensor whole, double exact, double numeric) {
        double[] gradient = gradient(level, whole);
        // An element with a gradient in another derivative is not masked; whether its gradient in this derivative is at
        // another element, only this derivative shows.
        String cause =
                along(at, upstream).cause(exact, numeric, gradient[element] == 0 ? gradient : gradient(at, upstream));
        return cause.isEmpty() && numeric != 0 ? factor(at, upstream, exact / numeric) : cause;
    }

    /** The gradient of the leaf by the backward rules. */
    private double[] gradient(GradCheck.Level at, Tensor upstream) {
        Tensor[] leaves = at.leaves();
        return GradCheck.gradients(at.rules().apply(leaves), upstream, GraphMode.FREE, leaves)[input]
                .detach()
                .data()
                .toDoubleArray();
    }

    private Differences along(GradCheck.Level at, Tensor upstream) {
        return at.along(unit(at.leaves(), input, element), upstream);
    }

    /**
     * A message if the gradient is the same multiple of the numeric derivative at the inputs and at nearby inputs with other upstream
     * gradients; else empty.
     */
    private String factor(GradCheck.Level at, Tensor upstream, double factor) {
        Tensor leaf = at.leaves()[input];
        for (int times : new int[] {1, -2}) {
            Tensor[] moved = at.leaves().clone();
            moved[input] = leaf.detach()
                    .add(unit(leaf.shape(), element).mul(times * NEARBY))
                    .requiresGrad(true);
            GradCheck.Level beside = at.withLeaves(moved);
            Tensor scaled = upstream.mul(times);
            double other =
                    gradient(beside, scaled)[element] / along(beside, scaled).plain();
            if (!(Math.abs(other - factor) <= SAME_FACTOR * Math.abs(factor))) {
                return "";
            }
        }
        // A factor near 1 gets more digits, so that it does not read 1.
        int more = (int) Math.max(0, -StrictMath.log10(Math.abs(factor - 1) + SAME_FACTOR));
        String number = new BigDecimal(factor)
                .round(new MathContext(DIGITS + more))
                .stripTrailingZeros()
                .toPlainString();
        return "factor: here and at inputs nearby the gradient is " + number + " times that of differences; "
                + (factor < 0
                        ? "a wrong sign? If it is meant, as of a gradient reversal, name the surrogate"
                        : "a missing or doubled factor?");
    }

    /**
     * The choices of one element of each upstream gradient, which is to be 1 while all other elements are 0. The first choice is the
     * element with the index of the leaf's element: if the function is elementwise, no other element of the output depends on the leaf's
     * element.
     */
    private List<int[]> choices(List<Shape> shapes) {
        List<int[]> choices = new ArrayList<>();
        choices.add(shapes.stream()
                .mapToInt(shape -> Math.min(element, shape.size() - 1))
                .toArray());
        int[] choice = new int[shapes.size()];
        for (int k = 0; k < MOST; k++) {
            choices.add(choice.clone());
            for (int at = choice.length - 1;
                    at >= 0 && ++choice[at] >= shapes.get(at).size();
                    at--) {
                choice[at] = 0;
                if (at == 0) {
                    return choices;
                }
            }
        }
        return choices;
    }

    private String describe(List<Shape> shapes, int... choice) {
        StringBuilder of = new StringBuilder();
        for (int k = choice.length - 1; k >= 0; k--) {
            if (shapes.get(k).size() > 1) {
                of.append(" of the ")
                        .append(k == 0 ? "output at " + position(shapes.get(0), choice[0]) : gradient(k, choice[k]));
            }
        }
        return of.toString();
    }

    /**
     * The name, for messages, of a gradient of some order and of its element, given the element's index in the concatenation of all
     * gradients.
     */
    private String gradient(int order, int index) {
        int leaf = 0;
        int rest = index;
        while (rest >= level.leaves()[leaf].shape().size()) {
            rest -= level.leaves()[leaf].shape().size();
            leaf++;
        }
        return "gradient of order " + order + " " + name(level, leaf) + " at "
                + position(level.leaves()[leaf].shape(), rest);
    }

    private static String position(Shape shape, int element) {
        return Arrays.toString(shape.unravelIndex(element));
    }

    private static String name(GradCheck.Level level, int leaf) {
        return leaf < level.inputs() ? "for input " + leaf : "for the upstream gradient";
    }

    /** The name of a leaf's element, with the leaf's shape. */
    static String entry(GradCheck.Level level, int leaf, int element) {
        Tensor tensor = level.leaves()[leaf];
        return name(level, leaf) + " " + tensor.shape() + " at " + position(tensor.shape(), element) + " = "
                + tensor.detach().data().toDoubleArray()[element];
    }

    /** Tangents that are 1 at one element of one leaf and 0 elsewhere. */
    static Tensor[] unit(Tensor[] leaves, int leaf, int element) {
        Tensor[] units = new Tensor[leaves.length];
        Arrays.setAll(
                units,
                k -> k == leaf
                        ? unit(leaves[k].shape(), element)
                        : Tensor.of(NdArray.zeros(leaves[k].dtype(), leaves[k].shape())));
        return units;
    }

    /** A tensor that is 1 at one element and 0 elsewhere. */
    static Tensor unit(Shape shape, int element) {
        double[] elements = new double[shape.size()];
        elements[element] = 1;
        return Tensor.of(NdArray.of(shape, elements));
    }
}
