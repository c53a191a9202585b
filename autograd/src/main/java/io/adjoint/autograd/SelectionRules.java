package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Operations that return one of their operands for each element: maximum and minimum of two, clamping, and selection by a mask. */
final class SelectionRules {
    private SelectionRules() {}

    // ---- maximum, minimum, clamping ----

    static Tensor maximum(Tensor a, Tensor b) {
        return op(
                "maximum",
                a.data().maximum(b.data()),
                edge(a, g -> weighted(g, a, b, SelectionRules::greater)),
                edge(b, g -> weighted(g, b, a, SelectionRules::greater)));
    }

    static Tensor minimum(Tensor a, Tensor b) {
        return op(
                "minimum",
                a.data().minimum(b.data()),
                edge(a, g -> weighted(g, a, b, (x, y) -> greater(y, x))),
                edge(b, g -> weighted(g, b, a, (x, y) -> greater(y, x))));
    }

    /**
     * The derivative of {@code max(x, y)} with respect to x: 1 if x is larger, ½ in a tie (the subgradient of minimum norm), 0 if x is
     * smaller, NaN if x or y is NaN.
     */
    private static double greater(double x, double y) {
        return x > y ? 1 : x == y ? 0.5 : x < y ? 0 : Double.NaN;
    }

    static Tensor fmax(Tensor a, Tensor b) {
        return number("fmax", a, b, a.data().fmax(b.data()), (x, y) -> ofFirst(x, y, x >= y));
    }

    static Tensor fmin(Tensor a, Tensor b) {
        return number("fmin", a, b, a.data().fmin(b.data()), (x, y) -> ofFirst(x, y, x <= y));
    }

    /** Records fmax or fmin, which choose the larger or smaller element of each pair; of a number and NaN, they choose the number. */
    private static Tensor number(String name, Tensor a, Tensor b, NdArray chosen, DoubleBinaryOperator ofFirst) {
        return op(
                name,
                chosen,
                edge(a, g -> weighted(g, a, b, ofFirst)),
                edge(b, g -> weighted(g, a, b, (x, y) -> 1 - ofFirst.applyAsDouble(x, y))));
    }

    /**
     * The derivative of fmax or fmin with respect to the first operand: 1 if the first operand was chosen, also in ties such as 0 and −0.
     */
    private static double ofFirst(double x, double y, boolean wins) {
        return Double.isNaN(x) && Double.isNaN(y) ? x : wins || Double.isNaN(y) ? 1 : 0;
    }

    /** Records clamped values with their backward rule, for every operation that clamps. */
    static Tensor clamp(String name, Tensor x, NdArray value, double min, double max) {
        Attributes attributes = () -> min == Double.NEGATIVE_INFINITY
                ? with("max", max)
                : max == Double.POSITIVE_INFINITY ? with("min", min) : with("min", min, "max", max);
        return op(name, attributes, value, edge(x, g -> weighted(g, inside(x.data(), min, max))));
    }

    /** The derivative of clamping: 1 strictly between the bounds, 0 elsewhere, NaN for NaN; an infinite bound has no effect. */
    private static NdArray inside(NdArray x, double min, double max) {
        // A loop of its own, since Kernel.each calls a function for each element, which costs more than this one.
        return x.map("clamp", (v, i, y, j, n) -> {
            for (int e = 0; e < n; e++) {
                boolean above = v[i + e] > min || min == Double.NEGATIVE_INFINITY;
                boolean below = v[i + e] < max || max == Double.POSITIVE_INFINITY;
                y[j + e] = Double.isNaN(v[i + e]) ? v[i + e] : above && below ? 1 : 0;
            }
        });
    }

    static Tensor clamp(Tensor x, Tensor min, Tensor max) {
        ArithmeticRules.requireFitting("clamp", x, min, max);
        return x.maximum(min).minimum(max);
    }

    /**
     * The gradient times a weight that is computed from the operands' values and is a constant for derivatives of the product. Where the
     * weight is 0 the product is 0 even if the gradient is infinite, since the result doesn't depend on the operand.
     */
    static Tensor weighted(Tensor g, Tensor a, Tensor b, DoubleBinaryOperator weight) {
        return weighted(g, a.data().zip(b.data(), weight));
    }

    private static Tensor weighted(Tensor g, NdArray weight) {
        NdArray value = g.data().zip(weight, (v, i, w, j, y, k, n) -> {
            for (int e = 0; e < n; e++) {
                y[k + e] = w[j + e] == 0 ? 0 : v[i + e] * w[j + e];
            }
        });
        return op("weighted", value, edge(g, h -> weighted(h, weight)));
    }

    // ---- NaN, infinities and masks ----

    static Tensor nanToNum(Tensor x, Attributes attributes, NdArray value) {
        return op("nanToNum", attributes, value, edge(x, g -> where(x.isFinite(), g, 0)));
    }

    static Tensor where(Tensor mask, Tensor a, Tensor b) {
        Tensor zero = ArithmeticRules.element("where", a, 0);
        return op(
                "where",
                NdArray.where(mask.data(), a.data(), b.data()),
                Edge.read(mask),
                edge(a, g -> where(mask, g, zero)),
                edge(b, g -> where(mask, zero, g)));
    }

    static Tensor where(Tensor mask, double a, Tensor b) {
        return where("where", mask, a, b);
    }

    private static Tensor where(String name, Tensor mask, double a, Tensor b) {
        mask.dtype().requireMask(name);
        return where(mask, ArithmeticRules.element(name, b, a), b);
    }

    static Tensor where(Tensor mask, Tensor a, double b) {
        mask.dtype().requireMask("where");
        return where(mask, a, ArithmeticRules.element("where", a, b));
    }

    static Tensor maskedFill(Tensor x, Tensor mask, double value) {
        mask.dtype().requireMask("maskedFill");
        if (!mask.shape().broadcastsTo(x.shape())) {
            throw new ShapeException("maskedFill: the mask " + mask.shape() + " does not broadcast to the tensor "
                    + x.shape() + "; axes are aligned at the last one, see unsqueeze;"
                    + " where(mask, value, tensor) also broadcasts the tensor");
        }
        return where("maskedFill", mask, value, x);
    }

    static Tensor where(Tensor mask, Tensor x, UnaryOperator<Tensor> a, UnaryOperator<Tensor> b) {
        mask.dtype().requireMask("where");
        Shape shape = Shape.broadcast("where", mask.shape(), x.shape());
        boolean[] chosen = mask.data().broadcastTo(shape).toBooleanArray();
        int[] first = IntStream.range(0, chosen.length).filter(k -> chosen[k]).toArray();
        int[] second = IntStream.range(0, chosen.length).filter(k -> !chosen[k]).toArray();
        Tensor flat = x.broadcastTo(shape).reshape(shape.size());
        List<Tensor> picked = new ArrayList<>();
        if (first.length > 0) {
            picked.add(of("first", a, flat.gather(0, Tensor.of(first))));
        }
        if (second.length > 0) {
            picked.add(of("second", b, flat.gather(0, Tensor.of(second))));
        }
        Tensor joined = picked.isEmpty() ? flat : Tensor.concat(0, picked.toArray(new Tensor[0]));
        return joined.gather(0, Tensor.of(positions(first, second))).reshape(shape);
    }

    /** Applies a function to the elements that were selected for it; the function may return a single number for all elements. */
    private static Tensor of(String which, UnaryOperator<Tensor> function, Tensor elements) {
        Tensor result = Callbacks.result("where", "the " + which + " function", function.apply(elements));
        if (result.dtype() != elements.dtype() || !result.shape().broadcastsTo(elements.shape())) {
            throw new ShapeException("where: the " + which + " function made " + result.dtype() + " " + result.shape()
                    + " of the selected elements, " + elements.dtype() + " " + elements.shape()
                    + "; it must return their dtype, and a number for each or one for all");
        }
        return result.broadcastTo(elements.shape());
    }

    /**
     * For each element of the result, its position in an array that has first all elements selected by the mask, then all other elements.
     */
    private static int[] positions(int[] first, int[] second) {
        int[] positions = new int[first.length + second.length];
        for (int k = 0; k < positions.length; k++) {
            positions[k < first.length ? first[k] : second[k - first.length]] = k;
        }
        return positions;
    }
}
