package io.adjoint.fit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The result of a fit: m residuals, n parameter elements in the order of the tree's tensors. {@link #toString} is a table of the parameters
 * with their standard errors.
 *
 * <p>Statistics hold, as usual, for a model that is right and almost linear within the errors. A parameter that ends at a bound counts as
 * known: it has no standard error, and the others have those that they would have if it had been given.
 */
public final class Fit<P> {
    private final ParameterVector<P> names;
    private final double[] values;
    private final P parameters;
    private final double cost;
    private final Tensor residuals;
    private final int counted;
    private final Ending ending;
    private final int evaluations;
    private final List<Iterate<P>> history;
    private final Covariance covariance;
    private final List<String> notes;

    Fit(
            ParameterVector<P> names,
            LevenbergMarquardt<P> method,
            Ending ending,
            int counted,
            Covariance covariance,
            List<String> notes) {
        this.names = names;
        this.values = method.x;
        this.parameters = names.tree(values);
        this.cost = method.cost;
        this.residuals = method.values;
        this.counted = counted;
        this.ending = ending;
        this.evaluations = method.evaluations;
        this.history = List.copyOf(method.history);
        this.covariance = covariance;
        this.notes = notes;
    }

    /**
     * The parameters of the smallest cost found: numbers without derivatives. {@code Implicit.argmin} of the cost, from these parameters,
     * has their derivatives with respect to the data.
     */
    public P parameters() {
        return parameters;
    }

    /** {@code ½·Σ w·r²}, or the robust loss; see {@link LeastSquares}. */
    public double cost() {
        return cost;
    }

    /** The function's residuals at the parameters, without weights and loss, in the function's shape. */
    public Tensor residuals() {
        return residuals;
    }

    /** The reason for which the fit ended; {@link #notes} has the rest. */
    public Ending ending() {
        return ending;
    }

    /** The number of evaluations of the residuals at the start and at trials; those within Jacobians don't count. */
    public int evaluations() {
        return evaluations;
    }

    /** The start and each iteration. */
    public List<Iterate<P>> history() {
        return history;
    }

    /**
     * Sentences about parameters at bounds or not determined by the residuals, missing standard errors, derivatives that are not finite,
     * and a refused trial.
     */
    public List<String> notes() {
        List<String> all = new ArrayList<>(notes);
        covariance.inverse().undetermined().forEach(group -> all.add(undetermined(group)));
        if (degreesOfFreedom() == 0) {
            all.add("no standard errors: there are as many residuals as parameters; if the weights are 1/σ², take"
                    + " covarianceOfKnownWeights()");
        }
        return all;
    }

    /** The names of the parameter elements, such as {@code .rate} or {@code .weight[1, 0]}: the rows of {@link #covariance}. */
    public List<String> names() {
        List<String> all = new ArrayList<>();
        for (int k = 0; k < values.length; k++) {
            all.add(names.name(k));
        }
        return all;
    }

    /**
     * The degrees of freedom: the number of residuals with a positive weight less that of the parameter elements that no bound holds.
     */
    public int degreesOfFreedom() {
        return counted - covariance.free();
    }

    /** The variance of the residuals, {@code s² = 2·cost/degreesOfFreedom}; NaN without degrees of freedom. */
    public double variance() {
        return degreesOfFreedom() == 0 ? Double.NaN : 2 * cost / degreesOfFreedom();
    }

    /**
     * The covariance of the parameters {@code s²·(JᵀJ)⁻¹}, of shape [n, n], s² being {@link #variance}: weights say how residuals compare,
     * as in SciPy's {@code curve_fit} with {@code absolute_sigma=False}. J has the weights and the loss in it. NaN for a parameter at a
     * bound, and for all parameters without degrees of freedom; one that the residuals do not determine has an infinite variance.
     */
    public Tensor covariance() {
        return matrix(variance());
    }

    /** The covariance {@code (JᵀJ)⁻¹} if the weights are known to be 1/σ² of each residual, as with {@code absolute_sigma=True}. */
    public Tensor covarianceOfKnownWeights() {
        return matrix(1);
    }

    /** The standard errors of the parameters, the square roots of the diagonal of {@link #covariance}, in the parameters' structure. */
    public P standardErrors() {
        return names.tree(errors());
    }

    private double[] errors() {
        int n = values.length;
        double[] scaled = scaled(variance());
        double[] errors = new double[n];
        for (int k = 0; k < n; k++) {
            errors[k] = Math.sqrt(scaled[k * n + k]);
        }
        return errors;
    }

    private Tensor matrix(double factor) {
        return Tensor.of(NdArray.wrap(Shape.of(values.length, values.length), scaled(factor)));
    }

    private double[] scaled(double factor) {
        double[] matrix = covariance.inverse().matrix().clone();
        for (int k = 0; k < matrix.length; k++) {
            // An infinite variance stays infinite where the residuals are 0.
            matrix[k] = Double.isInfinite(matrix[k]) && factor == 0 ? matrix[k] : matrix[k] * factor;
        }
        return matrix;
    }

    private String undetermined(Set<Integer> group) {
        List<String> all = group.stream().map(names::name).toList();
        return all.size() == 1
                ? "the residuals do not depend on " + all.get(0)
                        + " here; leave it out, start elsewhere, or compute without item() or detach(), which make constants"
                : "the residuals do not determine " + String.join(", ", all)
                        + ", only a combination of them: fix some, or write the model with fewer parameters";
    }

    /** A table: reason, cost, each parameter with its standard error, notes. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add(ending.after(evaluations));
        Shape shape = residuals.shape();
        lines.add(String.format(Locale.ROOT, "cost %.6g, ", cost)
                + Residuals.count(counted, "residual")
                + (shape.rank() == 1 ? "" : " of shape " + shape));
        double[] errors = errors();
        int width = names().stream().mapToInt(String::length).max().orElse(0);
        for (int k = 0; k < values.length; k++) {
            String error = Double.isNaN(errors[k]) ? "" : String.format(Locale.ROOT, " ± %.2g", errors[k]);
            lines.add(String.format(Locale.ROOT, "%-" + width + "s %13.6g%s", names.name(k), values[k], error));
        }
        lines.addAll(notes());
        return String.join("\n", lines);
    }
}
