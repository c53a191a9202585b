package io.adjoint.autograd.equations;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.Internal;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Newton's method for a minimum within a trust region. Conjugate gradients find the steps, by products with the Hessian alone. The caller
 * decides when the search ends.
 *
 * @see <a href="https://doi.org/10.1137/0720042">Steihaug, The conjugate gradient method and trust regions in large scale optimization</a>
 * @hidden
 */
@Internal
public final class TrustRegion {
    /**
     * A set of points in which a search stays; all points, unless a method says otherwise.
     *
     * @hidden
     */
    public interface Domain {
        /** The value of the k-th element within the set that is nearest to a value. */
        default double project(int k, double value) {
            return value;
        }

        /** The elements that stay: a step downhill would lead them out of the set, or the set has one value for them. */
        default boolean[] held(double[] x, double[] gradient) {
            return new boolean[x.length];
        }
    }

    /** All points. */
    static final Domain EVERYWHERE = new Domain() {};

    /**
     * An attempted step.
     *
     * @param length its norm; infinite or NaN if the function falls without end
     * @param predicted the decrease of the value in the quadratic model
     * @param actual the decrease; −∞ if the new value isn't finite
     * @param isWhole true if the step is Newton's, not cut short by the trust region
     * @param isShort true if the caller says that it may be the last one
     * @param isHidden true if the step is nearly short, or value or gradient are as small as their rounding errors; the step is taken if
     *     the gradient falls
     * @param isTaken true if the search is now at the end of the step
     * @hidden
     */
    public record Step(
            double length,
            double predicted,
            double actual,
            boolean isWhole,
            boolean isShort,
            boolean isHidden,
            boolean isTaken) {}

    /** A point with the function's derivatives there. */
    private final class Point {
        final double[] x;
        final double value;
        final double[] gradient;
        final boolean[] held;
        private final Transforms.Linear<Tensor, Tensor> hessian;
        /** The largest norm so far of the Hessian's product with a unit vector. */
        private double largestProduct;

        Point(double[] x, double value) {
            this.x = x;
            this.value = value;
            hessian = Autograd.noGrad(() -> Transforms.vjp(Transforms.grad(function), DenseVectors.tensor(x, like)));
            gradient = DenseVectors.of(hessian.value());
            held = domain.held(x, gradient);
        }

        /** The Hessian's product with a vector, among the elements that aren't held. */
        double[] times(double[] v) {
            double size = DenseVectors.norm(v);
            if (size == 0) {
                return v;
            }
            products++;
            // Products with unit vectors don't underflow, in FLOAT32 least of all.
            double[] unit = DenseVectors.times(1 / size, v);
            double[] image = free(DenseVectors.of(hessian.pull(DenseVectors.tensor(unit, like))));
            largestProduct = Math.max(largestProduct, DenseVectors.norm(image));
            return DenseVectors.times(size, image);
        }

        double[] downhill() {
            return free(DenseVectors.times(-1, gradient));
        }

        private double[] free(double[] v) {
            for (int k = 0; k < v.length; k++) {
                v[k] = held[k] ? 0 : v[k];
            }
            return v;
        }
    }

    private static final double LEAST_RATIO = 1e-4;
    /** Below this value a function falls without end; products of its derivatives may overflow. */
    private static final double FALLEN = -1e300;
    /** The border of a search for negative curvature, beyond all solutions. */
    private static final double FAR = 1e100;
    /** The number of products in a search for negative curvature: a direction of it is found early or hardly at all. */
    private static final int CURVATURE_PRODUCTS = 100;
    /** The golden section, whose multiples fill an interval evenly. */
    private static final double GOLDEN = 0.6180339887498949;

    private final Function<Tensor, Tensor> function;
    private final Tensor like;
    private final Domain domain;
    private final double eps;
    private final double first;
    private Point at;
    private double radius;
    private int evaluations;
    private int products;

    /**
     * Begins a search.
     *
     * @param function returns a scalar, and is differentiable twice; its value may be NaN or infinite, except at the start
     */
    public TrustRegion(Function<Tensor, Tensor> function, Tensor start, Domain domain) {
        this.function = function;
        this.like = start;
        this.domain = domain;
        eps = start.dtype().eps();
        double[] x = DenseVectors.of(start);
        at = new Point(x, value(x));
        first = DenseVectors.norm(at.downhill());
        radius = Math.max(DenseVectors.norm(x), 1);
    }

    /** The point, not a copy. */
    public double[] x() {
        return at.x;
    }

    /** The function's value. */
    public double value() {
        return at.value;
    }

    /** The function's gradient, not a copy. */
    public double[] gradient() {
        return at.gradient;
    }

    /** The elements that a step downhill would lead out of the domain. */
    public boolean[] held() {
        return at.held;
    }

    /** The number of evaluations of the function, its derivatives apart. */
    public int evaluations() {
        return evaluations;
    }

    /** The number of products with the Hessian. */
    public int products() {
        return products;
    }

    /** Returns whether the radius is at most the tolerance times (|x| + the tolerance). */
    public boolean isStuck(double tolerance) {
        return radius <= tolerance * (DenseVectors.norm(at.x) + tolerance);
    }

    /**
     * Tries a step, and takes it if the function falls.
     *
     * @param isLast whether a step may be the caller's last one; such steps are computed as exactly as possible
     */
    public Step attempt(Predicate<double[]> isLast) {
        double norm = DenseVectors.norm(at.downhill());
        // As exact as the step is worth: quadratic convergence at the end, no wasted products before.
        double exact = LinearSystems.tolerance(like);
        double rough = Math.max(exact, Math.min(0.1, norm / first));
        LinearSystems.Iteration model = LinearSystems.conjugateGradient(
                at::times, at.downhill(), radius, change -> isLast.test(change) ? exact : rough);
        double[] there = moved(1, model.x());
        double[] step = DenseVectors.plus(there, -1, at.x);
        double length = DenseVectors.norm(step);
        double predicted = -(DenseVectors.dot(at.gradient, step) + DenseVectors.dot(step, at.times(step)) / 2);
        double value = length < Double.POSITIVE_INFINITY ? value(there) : Double.NaN;
        double actual = Math.abs(value) < Double.POSITIVE_INFINITY ? at.value - value : Double.NEGATIVE_INFINITY;
        double ratio = predicted > 0 && actual > Double.NEGATIVE_INFINITY ? actual / predicted : -1;
        Point end = null;
        boolean isHidden = (model.isWithin() && isLast.test(DenseVectors.times(0.25, step)))
                || Math.abs(predicted) <= 10 * eps * Math.abs(at.value)
                || norm <= 4 * eps * at.largestProduct * DenseVectors.norm(at.x);
        if (isHidden && actual > Double.NEGATIVE_INFINITY) {
            // Rounding errors may be larger than the decrease of the value, but not than the decrease of the gradient.
            end = new Point(there, value);
            ratio = DenseVectors.norm(end.downhill()) < norm ? 1 : -1;
        }
        if (ratio < 0.25) {
            radius = 0.25 * Math.min(radius, length);
        } else if (ratio > 0.75 && length > 0.8 * radius) {
            radius = 2 * radius;
        }
        boolean isTaken = ratio > LEAST_RATIO;
        if (isTaken) {
            at = end == null ? new Point(there, value) : end;
        }
        if (at.value < FALLEN) {
            length = Double.POSITIVE_INFINITY;
        }
        return new Step(length, predicted, actual, model.isWithin(), isLast.test(step), isHidden, isTaken);
    }

    /**
     * Leaves a point where the gradient is 0 if it is a saddle or a maximum, in a direction along which the Hessian is negative and the
     * function falls. Returns the length of the step, 0 if {@link #CURVATURE_PRODUCTS} conjugate gradients find no such direction.
     *
     * @param most the number of {@link #evaluations} after which it gives up
     */
    public double escape(int most) {
        double[] seed = new double[at.x.length];
        // Irregular numbers, of which no symmetry of the function has a zero part.
        Arrays.setAll(seed, k -> at.held[k] ? 0 : k * GOLDEN % 1 - 0.4);
        int end = products + CURVATURE_PRODUCTS;
        LinearSystems.Iteration model = LinearSystems.conjugateGradient(
                at::times, seed, FAR, change -> products < end ? 1e-3 : Double.POSITIVE_INFINITY);
        if (model.isWithin()) {
            return 0;
        }
        double[] way = DenseVectors.times(1 / DenseVectors.norm(model.x()), model.x());
        boolean isNegative = DenseVectors.dot(way, at.times(way)) < -Math.sqrt(eps) * at.largestProduct;
        double size = Math.max(DenseVectors.norm(at.x), 1);
        for (int k = 0; k < 40 && isNegative && evaluations < most; k++) {
            double[] there = moved(k % 2 == 0 ? size : -size, way);
            double value = value(there);
            if (Double.isFinite(value) && value < at.value - 10 * eps * Math.abs(at.value)) {
                radius = DenseVectors.norm(DenseVectors.plus(there, -1, at.x));
                at = new Point(there, value);
                return radius;
            }
            size /= 1 + k % 2;
        }
        return 0;
    }

    /** The point at the end of a step, within the domain and rounded to the dtype. */
    private double[] moved(double size, double[] way) {
        double[] next = DenseVectors.plus(at.x, size, way);
        Arrays.setAll(next, k -> domain.project(k, next[k]));
        return DenseVectors.of(DenseVectors.tensor(next, like));
    }

    private double value(double[] x) {
        evaluations++;
        // A copy, which a function that assigns its argument may change.
        return Autograd.noGrad(() -> function.apply(DenseVectors.tensor(x.clone(), like)))
                .item();
    }
}
