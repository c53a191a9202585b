package io.adjoint.fit;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.DenseVectors;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The weighted residuals {@code √w·r} of a fit with their loss, as a function of a vector of parameters. */
final class Residuals<P> {
    static final String RETURN_RESIDUALS = "return the residuals, not the sum of their squares";

    /** The largest number of which sums of squares don't overflow. */
    private static final double LARGEST = 1e150;
    /** A smaller cost may have lost digits in squares that underflow. */
    private static final double LEAST_COST = 1e-280;

    /**
     * The linear least-squares problem that has the gradient of the cost at a point; without a loss these are the residuals and their
     * Jacobian.
     *
     * @param residuals m numbers
     * @param jacobian m rows of n numbers
     */
    @SuppressWarnings("ArrayRecordComponent") // nothing compares them
    record Linear(double[] residuals, double[] jacobian) {}

    private static final double EPS = Math.ulp(1.0);

    private final String op;
    private final LeastSquares<P> settings;
    private final ParameterVector<P> parameters;
    /** The function's values at the start. */
    final Tensor start;

    private final Shape shape;
    private final double @Nullable [] roots;
    /** The number of residuals whose weight is not 0. */
    private final int counted;

    /** Takes the number of parameters that their bounds fix. */
    Residuals(String op, LeastSquares<P> settings, ParameterVector<P> parameters, int fixed) {
        this.op = op;
        this.settings = settings;
        this.parameters = parameters;
        start = compute(parameters.values());
        shape = start.shape();
        Tensor weights = settings.weights;
        roots = weights == null ? null : roots(op, weights, shape);
        counted = roots == null
                ? shape.size()
                : (int) Arrays.stream(roots).filter(root -> root > 0).count();
        check(parameters.size() - fixed);
    }

    private void check(int n) {
        double[] residuals = weighted(start);
        if (counted < n) {
            throw new IllegalArgumentException(op + ": " + count(counted, "residual")
                    + (counted < residuals.length ? " of positive weight for " : " for ") + count(n, "parameter")
                    + " (" + parameters.describe(parameters.values())
                    + "); there must be at least as many residuals as parameters: "
                    + (residuals.length == 1 ? RETURN_RESIDUALS : "fix some, or add data"));
        }
        for (int k = 0; k < residuals.length; k++) {
            if (!isUsable(residuals[k])) {
                throw new IllegalArgumentException(op + ": " + name(k) + " is " + residuals[k] + " at the start, "
                        + parameters.describe(parameters.values())
                        + (Double.isFinite(residuals[k])
                                ? "; its square overflows: start elsewhere, or scale the residuals"
                                : "; start where the function is finite"
                                        + (Double.isNaN(residuals[k]) ? "; give NaN in the data the weight 0" : "")));
            }
        }
        double cost = cost(residuals);
        double largest = DenseVectors.largest(residuals);
        if (!(cost < Double.POSITIVE_INFINITY) || (cost < LEAST_COST && largest > 0)) {
            throw new IllegalArgumentException(
                    op + ": the cost is " + cost + " at the start, where the largest residual is "
                            + largest
                            + (settings.loss == RobustLoss.LINEAR ? "" : " and the scale of the loss " + settings.scale)
                            + ": squares " + (cost < LEAST_COST ? "underflow" : "overflow") + "; scale the residuals");
        }
    }

    /** Returns whether sums of squares and products of such numbers are finite. */
    static boolean isUsable(double number) {
        return Math.abs(number) <= LARGEST;
    }

    /** The name of a residual in messages about its weighted value. */
    String name(int residual) {
        boolean isWeighted = roots != null || settings.loss != RobustLoss.LINEAR;
        return (isWeighted ? "weighted residual " : "residual ") + Arrays.toString(shape.unravelIndex(residual));
    }

    /** The number of residuals whose weight is not 0. */
    int counted() {
        return counted;
    }

    /** The function's values at a point; they may be NaN. */
    Tensor at(double[] x) {
        Tensor values = parameters.trial(() -> compute(x), x, shape);
        if (!values.shape().equals(shape)) {
            throw new ShapeException(op + ": the residuals had the shape " + shape + " at the start, but have "
                    + values.shape() + " at " + parameters.describe(x));
        }
        return values;
    }

    /** {@code ½·Σ s²·ρ((r/s)²)}; NaN or infinite if a residual is. */
    double cost(double[] residuals) {
        double sum = 0;
        RobustLoss loss = settings.loss;
        double scale = settings.scale;
        for (double r : residuals) {
            sum += loss == RobustLoss.LINEAR ? r * r : scale * scale * loss.value.applyAsDouble(square(r / scale));
        }
        return sum / 2;
    }

    /**
     * The Jacobian for standard errors, scaled as in B. Triggs and others, Bundle adjustment: a modern synthesis, 2000, and in SciPy.
     *
     * @param values the function's values at the point of the linearization
     */
    double[] jacobianOfErrors(Tensor values, Linear linear) {
        RobustLoss loss = settings.loss;
        if (loss == RobustLoss.LINEAR) {
            return linear.jacobian();
        }
        double[] residuals = weighted(values);
        double[] rows = linear.jacobian().clone();
        int n = parameters.size();
        for (int i = 0; i < residuals.length; i++) {
            double z = square(residuals[i] / settings.scale);
            double first = loss.first.applyAsDouble(z);
            double ratio =
                    Math.sqrt(Math.max(first + 2 * loss.second.applyAsDouble(z) * z, EPS) / Math.max(first, EPS));
            for (int j = 0; j < n; j++) {
                rows[i * n + j] *= ratio;
            }
        }
        return rows;
    }

    /** Linearizes at a point for a step: residuals and rows have the weights ρ′, with which no residual's curvature is negative. */
    Linear linearize(double[] x, double[] residuals) {
        int m = residuals.length;
        int n = parameters.size();
        P jacobian = Autograd.noGrad(() -> Transforms.jacobian(settings.residuals, parameters.tree(x), settings.mode));
        double[] rows = parameters.matrix(jacobian, m);
        double[] scaled = residuals.clone();
        RobustLoss loss = settings.loss;
        if (roots != null || loss != RobustLoss.LINEAR) {
            for (int i = 0; i < m; i++) {
                double z = square(residuals[i] / settings.scale);
                double first = loss.first.applyAsDouble(z);
                double factor = Math.sqrt(Math.max(first, EPS));
                scaled[i] *= first / factor;
                double ofRow = roots == null ? factor : factor * roots[i];
                for (int j = 0; j < n; j++) {
                    rows[i * n + j] = ofRow == 0 ? 0 : rows[i * n + j] * ofRow;
                }
            }
        }
        return new Linear(scaled, rows);
    }

    private Tensor compute(double[] x) {
        Tensor values = Callbacks.result(
                op, "the function", Autograd.noGrad(() -> settings.residuals.apply(parameters.tree(x))));
        if (values.dtype() != DType.FLOAT64) {
            throw new IllegalArgumentException(
                    op + ": the residuals are " + values.dtype() + "; a fit needs FLOAT64: convert with to(FLOAT64)");
        }
        // A copy, since the function may return one tensor each time and overwrite it.
        return Tensor.of(values.data().copy());
    }

    /** The weighted residuals from the function's values. */
    double[] weighted(Tensor values) {
        double[] residuals = values.data().toDoubleArray();
        if (roots != null) {
            for (int k = 0; k < residuals.length; k++) {
                // A residual of weight 0 may be NaN, as in data with gaps.
                residuals[k] = roots[k] == 0 ? 0 : residuals[k] * roots[k];
            }
        }
        return residuals;
    }

    private static double[] roots(String op, Tensor weights, Shape shape) {
        if (!weights.shape().broadcastsTo(shape)) {
            throw new ShapeException(op + ": the weights have the shape " + weights.shape()
                    + ", which does not broadcast to that of the residuals, " + shape);
        }
        double[] roots = weights.broadcastTo(shape).data().toDoubleArray();
        for (int k = 0; k < roots.length; k++) {
            if (!(roots[k] >= 0 && roots[k] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(op + ": the weight of residual "
                        + Arrays.toString(shape.unravelIndex(k)) + " is " + roots[k]
                        + "; a weight is 1/σ², or 0 to leave a residual out");
            }
            roots[k] = Math.sqrt(roots[k]);
        }
        return roots;
    }

    static String count(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    private static double square(double x) {
        return x * x;
    }
}
