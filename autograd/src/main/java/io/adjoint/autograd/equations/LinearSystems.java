package io.adjoint.autograd.equations;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.Dims;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * Linear systems with the Jacobian of an equation: by its matrix, or by products with it. Iterative methods compute in double, and in the
 * order of the elements.
 *
 * @see <a href="https://www-users.cse.umn.edu/~saad/IterMethBook_2ndEd.pdf">Saad, Iterative Methods for Sparse Linear Systems, algorithms
 *     6.9 and 6.18</a>
 */
final class LinearSystems {
    /** The number of steps after which GMRES restarts. */
    private static final int RESTART = 50;

    private LinearSystems() {}

    /** The number of systems that the elements of x make: 1, or the size of axis 0. */
    static int count(Equation equation, Shape shape) {
        return equation.solver() == LinearSolver.ROWS ? shape.dim(0) : 1;
    }

    /**
     * The solution w of {@code J·w = right} or {@code Jᵀ·w = right}, in the shape of the right-hand side; recording is off.
     *
     * @param accuracy the residual of an iterative solver that is small enough, as a part of the right-hand side; 0 for ε to the power of ¾
     * @param where the point, for messages
     */
    static Tensor solve(
            Equation equation,
            Transforms.Linear<Tensor, Tensor> at,
            boolean transposed,
            Tensor right,
            double accuracy,
            String where) {
        return switch (equation.solver()) {
            case DENSE, ROWS -> {
                Tensor matrices = matrices(equation, at, right);
                requireRegular(equation, matrices, where);
                Tensor each = transposed ? matrices.transpose() : matrices;
                Tensor w = each.solve(right.reshape(matrices.shape().dim(0), -1, 1))
                        .reshape(right.shape());
                if (equation.solver() == LinearSolver.ROWS && accuracy == 0) {
                    requireSeparate(
                            equation, each, w, equation.times(at, transposed, w).sub(right));
                }
                yield w;
            }
            case CG -> {
                Iteration end = conjugateGradient(
                        product(equation, at, transposed, right),
                        DenseVectors.of(right),
                        Double.POSITIVE_INFINITY,
                        x -> tolerance(right));
                if (!end.isWithin) {
                    throw new SolverException(equation.op() + ": the " + equation.matrix() + " " + where
                            + " is not positive definite: the conjugate gradient method met vᵀ·J·v = " + end.curvature
                            + "; use LinearSolver.GMRES or DENSE");
                }
                yield converged(equation, end, accuracy, where, right);
            }
            case GMRES ->
                converged(
                        equation,
                        gmres(product(equation, at, transposed, right), DenseVectors.of(right), tolerance(right)),
                        accuracy,
                        where,
                        right);
        };
    }

    static double tolerance(Tensor right) {
        double sqrt = Math.sqrt(right.dtype().eps());
        return sqrt * Math.sqrt(sqrt);
    }

    private static Tensor converged(Equation equation, Iteration end, double accuracy, String where, Tensor like) {
        double most = Math.max(accuracy, tolerance(like));
        if (!(end.residual <= most)) {
            throw new SolverException(equation.op() + ": " + equation.solver() + " did not solve the linear system of "
                    + like.shape().size() + " unknowns " + where + ": after " + end.products
                    + " products with the " + equation.matrix() + " the residual is " + end.residual
                    + " of the right-hand side, expected " + most
                    + "; it may be singular or badly conditioned, LinearSolver.DENSE tells");
        }
        return DenseVectors.tensor(end.x, like);
    }

    /** The Jacobians of all systems, [systems, n, n], row by row. */
    static Tensor matrices(Equation equation, Transforms.Linear<Tensor, Tensor> at, Tensor like) {
        int count = count(equation, like.shape());
        int n = like.shape().size() / count;
        List<Tensor> rows = new ArrayList<>();
        for (int k = 0; k < n; k++) {
            double[] units = new double[count * n];
            for (int system = 0; system < count; system++) {
                units[system * n + k] = 1;
            }
            rows.add(at.pull(DenseVectors.tensor(units, like)).reshape(count, n));
        }
        return Tensor.stack(1, rows);
    }

    /** Refuses matrices whose solutions have no right digit: singular ones, up to rounding. */
    private static void requireRegular(Equation equation, Tensor matrices, String where) {
        double[] sizes = norms(matrices);
        for (int k = 0; k < sizes.length; k++) {
            if (!(sizes[k] < Double.POSITIVE_INFINITY)) {
                throw new SolverException(equation.op() + ": the " + equation.matrix() + system(equation, k) + " "
                        + where + " is not finite: its largest row sum is " + sizes[k]);
            }
        }
        double[] conditions = conditions(matrices);
        double most = 1 / matrices.dtype().eps();
        if (!(DenseVectors.largest(conditions) < most)) {
            // Units in which the elements of a row, or of a column, differ from the others cost no digits.
            conditions = conditions(balanced(matrices));
        }
        for (int k = 0; k < sizes.length; k++) {
            if (!(conditions[k] < most)) {
                throw new SolverException(
                        equation.op() + ": the " + equation.matrix() + system(equation, k) + " " + where
                                + " is singular: its condition number is " + conditions[k]
                                + "; Newton's method cannot go on from there: start elsewhere, if there is a solution. A"
                                + " solution there has no derivative: it is a multiple one, or not isolated"
                                + advice(sizes.length));
            }
        }
    }

    /** The advice that ends a message about one system of several; empty for a single system. */
    static String advice(int systems) {
        return systems > 1 ? "; or rows depend on each other: LinearSolver.DENSE solves them together" : "";
    }

    /** Refuses rows that depend on each other: the solutions of the single rows' systems don't solve the whole one. */
    private static void requireSeparate(Equation equation, Tensor matrices, Tensor w, Tensor error) {
        double[] sizes = norms(matrices);
        double[] solutions = DenseVectors.of(w);
        double[] errors = DenseVectors.of(error);
        int n = solutions.length / sizes.length;
        double least = Math.sqrt(w.dtype().eps());
        for (int k = 0; k < sizes.length; k++) {
            int from = k * n;
            double size = sizes[k] * DenseVectors.largest(solutions, from, from + n);
            if (DenseVectors.largest(errors, from, from + n) > least * size) {
                throw new SolverException(equation.op() + ": the equation of row " + k
                        + " depends on other rows, so LinearSolver.ROWS would give a wrong derivative; use DENSE or"
                        + " GMRES");
            }
        }
    }

    private static double[] conditions(Tensor matrices) {
        double[] sizes = norms(matrices);
        double[] inverses = inverseNorms(matrices);
        double[] conditions = new double[sizes.length];
        Arrays.setAll(conditions, k -> sizes[k] == 0 ? Double.POSITIVE_INFINITY : sizes[k] * inverses[k]);
        return conditions;
    }

    /** The matrices with rows, then columns, divided by their largest elements. */
    private static Tensor balanced(Tensor matrices) {
        Tensor balanced = matrices;
        for (int axis : new int[] {2, 1}) {
            Tensor largest = balanced.abs().amax(Dims.KEEP, axis);
            balanced = balanced.div(Tensor.where(largest.eq(0), Tensor.onesLike(largest), largest));
        }
        return balanced;
    }

    /** The norms of the inverses; infinity for a matrix that has none. */
    private static double[] inverseNorms(Tensor matrices) {
        try {
            return norms(matrices.inv());
        } catch (IllegalArgumentException singular) {
            int count = matrices.shape().dim(0);
            if (count == 1) {
                return new double[] {Double.POSITIVE_INFINITY};
            }
            double[] each = new double[count];
            for (int k = 0; k < count; k++) {
                each[k] = inverseNorms(matrices.slice(0, k, k + 1))[0];
            }
            return each;
        }
    }

    /** The largest row sum of absolute values of each matrix; NaN if one is. */
    private static double[] norms(Tensor matrices) {
        double[] norms = new double[matrices.shape().dim(0)];
        int n = matrices.shape().dim(1);
        double[] elements = DenseVectors.of(matrices);
        for (int k = 0; k < norms.length; k++) {
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    sum += Math.abs(elements[(k * n + i) * n + j]);
                }
                norms[k] = Math.max(norms[k], sum);
            }
        }
        return norms;
    }

    /** The name of a system, for messages; empty if it is the only one. */
    static String system(Equation equation, int index) {
        return equation.solver() == LinearSolver.ROWS ? " of row " + index : "";
    }

    private static UnaryOperator<double[]> product(
            Equation equation, Transforms.Linear<Tensor, Tensor> at, boolean transposed, Tensor like) {
        return v -> DenseVectors.of(equation.times(at, transposed, DenseVectors.tensor(v, like)));
    }

    /**
     * The end of an iterative method.
     *
     * @param residual the norm of the residual over the norm of the right-hand side
     * @param curvature the last {@code pᵀ·A·p} of the conjugate gradient method if it stopped at the border; else 1
     * @param isWithin false if it stopped at the border
     */
    @SuppressWarnings("ArrayRecordComponent") // ends are not compared
    record Iteration(double[] x, double residual, int products, double curvature, boolean isWithin) {}

    private static int maxProducts(int n) {
        return 10 * n + 100;
    }

    /**
     * The conjugate gradient method, from 0, up to the border of a ball: there it stops, as the minimum of {@code ½·xᵀ·A·x − rightᵀ·x} is
     * beyond, or A isn't positive definite.
     *
     * @param tolerance takes x, returns the residual that is small enough, as a part of the right-hand side
     */
    static Iteration conjugateGradient(
            UnaryOperator<double[]> product, double[] right, double radius, ToDoubleFunction<double[]> tolerance) {
        double unit = powerOf2(DenseVectors.norm(right));
        double border = radius / unit;
        double[] x = new double[right.length];
        double[] r = DenseVectors.times(1 / unit, right);
        double[] p = r.clone();
        double norm = DenseVectors.norm(r);
        double rr = norm * norm;
        int products = 0;
        while (Math.sqrt(rr) > tolerance.applyAsDouble(DenseVectors.times(unit, x)) * norm
                && products < maxProducts(x.length)) {
            double[] ap = product.apply(p);
            products++;
            double curvature = DenseVectors.dot(p, ap);
            double alpha = rr / curvature;
            double[] end = DenseVectors.plus(x, alpha, p);
            if (!(curvature > 0 && DenseVectors.norm(end) < border)) {
                DenseVectors.add(x, toBorder(x, p, border), p);
                return new Iteration(DenseVectors.times(unit, x), Math.sqrt(rr) / norm, products, curvature, false);
            }
            x = end;
            DenseVectors.add(r, -alpha, ap);
            double next = DenseVectors.dot(r, r);
            p = DenseVectors.plus(r, next / rr, p);
            rr = next;
        }
        return new Iteration(DenseVectors.times(unit, x), norm == 0 ? 0 : Math.sqrt(rr) / norm, products, 1, true);
    }

    /** The positive t with {@code |x + t·p| = radius}. */
    private static double toBorder(double[] x, double[] p, double radius) {
        double length = powerOf2(radius);
        double size = powerOf2(DenseVectors.norm(p));
        double[] from = DenseVectors.times(1 / length, x);
        double[] way = DenseVectors.times(1 / size, p);
        double a = DenseVectors.dot(way, way);
        double b = DenseVectors.dot(from, way);
        double c = square(radius / length) - DenseVectors.dot(from, from);
        double root = Math.sqrt(b * b + a * c);
        return (b > 0 ? c / (b + root) : (root - b) / a) * length / size;
    }

    /** A unit in which squares of numbers like this one neither overflow nor underflow; it changes no digit. */
    private static double powerOf2(double number) {
        return Math.scalb(1.0, Math.getExponent(number));
    }

    private static double square(double x) {
        return x * x;
    }

    /** GMRES with restarts, from 0; the residual is computed anew at each restart, and at the end. */
    private static Iteration gmres(UnaryOperator<double[]> product, double[] right, double tolerance) {
        double[] x = new double[right.length];
        double[] r = right.clone();
        double norm = DenseVectors.norm(right);
        double residual = norm;
        int products = 0;
        while (residual > tolerance * norm && products < maxProducts(x.length)) {
            products += cycle(product, x, r, residual, tolerance * norm);
            double[] ax = product.apply(x);
            products++;
            Arrays.setAll(r, k -> right[k] - ax[k]);
            double next = DenseVectors.norm(r);
            if (!(next < 0.9999 * residual)) {
                residual = next;
                break;
            }
            residual = next;
        }
        return new Iteration(x, norm == 0 ? 0 : residual / norm, products, 1, true);
    }

    /** Adds to x the correction from one Krylov space, and returns its number of products. */
    private static int cycle(UnaryOperator<double[]> product, double[] x, double[] r, double residual, double target) {
        int n = x.length;
        int most = Math.min(RESTART, n);
        double[][] basis = new double[most + 1][];
        double[][] h = new double[most + 1][most];
        double[] cos = new double[most];
        double[] sin = new double[most];
        double[] g = new double[most + 1];
        g[0] = residual;
        basis[0] = DenseVectors.times(1 / residual, r);
        int size = 0;
        while (size < most && Math.abs(g[size]) > target / 2) {
            int j = size;
            double[] w = product.apply(basis[j]);
            double whole = DenseVectors.norm(w);
            for (int i = 0; i <= j; i++) {
                h[i][j] = DenseVectors.dot(w, basis[i]);
                DenseVectors.add(w, -h[i][j], basis[i]);
            }
            double length = DenseVectors.norm(w);
            for (int i = 0; i < j; i++) {
                double above = cos[i] * h[i][j] + sin[i] * h[i + 1][j];
                h[i + 1][j] = cos[i] * h[i + 1][j] - sin[i] * h[i][j];
                h[i][j] = above;
            }
            double radius = DenseVectors.norm(new double[] {h[j][j], length});
            // Of a singular matrix only rounding errors may be left, by which x would grow without bound.
            if (!(radius > 4 * Math.ulp(1.0) * whole)) {
                break;
            }
            cos[j] = h[j][j] / radius;
            sin[j] = length / radius;
            h[j][j] = radius;
            g[j + 1] = -sin[j] * g[j];
            g[j] *= cos[j];
            size++;
            if (length == 0) {
                break;
            }
            basis[size] = DenseVectors.times(1 / length, w);
        }
        double[] y = new double[size];
        for (int i = size - 1; i >= 0; i--) {
            double sum = g[i];
            for (int j = i + 1; j < size; j++) {
                sum -= h[i][j] * y[j];
            }
            y[i] = sum / h[i][i];
            DenseVectors.add(x, y[i], basis[i]);
        }
        return size;
    }
}
