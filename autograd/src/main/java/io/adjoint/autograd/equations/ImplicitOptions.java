package io.adjoint.autograd.equations;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Callbacks;
import io.adjoint.core.DType;
import io.adjoint.core.Options;

/**
 * The settings of {@link Implicit}: by default the whole Jacobian, and tolerances of the dtype's accuracy. Options are values: each method
 * returns a changed copy.
 */
@CheckReturnValue
public final class ImplicitOptions extends Options<ImplicitOptions> {
    LinearSolver linearSolver = LinearSolver.DENSE;
    /** 0 for the default of the function. */
    private int maxIterations;
    /** −1 for the default of the dtype and the function. */
    private double rtol = -1;

    private double atol = -1;

    /** The whole Jacobian, the default tolerances and numbers of iterations. */
    public ImplicitOptions() {}

    /** Sets the way to solve linear systems; {@link LinearSolver#DENSE} is the default. */
    public ImplicitOptions linearSolver(LinearSolver solver) {
        Callbacks.given("ImplicitOptions.linearSolver", "the solver", solver);
        return with(copy -> copy.linearSolver = solver);
    }

    /**
     * Sets the largest number of iterations; the default is 200 for {@code root}, 1000 for {@code fixedPoint} and {@code argmin}.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ImplicitOptions maxIterations(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("ImplicitOptions.maxIterations: must be at least 1, got " + number);
        }
        return with(copy -> copy.maxIterations = number);
    }

    /**
     * Sets the tolerances: an iteration is the last one if no element xₖ changes by more than {@code atol + rtol · |xₖ|}, or than rounding
     * errors of the largest element, {@code 16·ε · max |x|}; in {@code fixedPoint} these count once the changes no longer fall. Newton's
     * iterations roughly double the number of right digits, so their default rtol is √ε of the dtype, after which x is about as accurate
     * as the dtype; the default of {@code fixedPoint} is ε to the power of ¾. The default atol is ε² times the largest element of the
     * start.
     *
     * @throws IllegalArgumentException if one of them is negative or not finite
     */
    public ImplicitOptions tolerances(double rtol, double atol) {
        requireTolerance("rtol", rtol);
        requireTolerance("atol", atol);
        return with(copy -> {
            copy.rtol = rtol;
            copy.atol = atol;
        });
    }

    private static void requireTolerance(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "ImplicitOptions.tolerances: " + name + " must be a finite number of at least 0, got " + value);
        }
    }

    int iterations(int standard) {
        return maxIterations > 0 ? maxIterations : standard;
    }

    /** The accuracy at which an iteration from a start ends, with the rtol to take if none was set. */
    Accuracy accuracy(DType dtype, double[] start, double rtol) {
        double eps = dtype.eps();
        return new Accuracy(
                this.rtol >= 0 ? this.rtol : rtol,
                atol >= 0 ? atol : eps * eps * DenseVectors.largest(start),
                16 * eps);
    }

    /** The largest changes of the last iteration of a solver; {@code rounding} is relative to the largest element. */
    record Accuracy(double rtol, double atol, double rounding) {
        /** Returns whether an iteration that changed x is the last one. */
        boolean isReached(double[] change, double[] x) {
            double least = rounding * DenseVectors.largest(x);
            for (int k = 0; k < x.length; k++) {
                if (!(Math.abs(change[k]) <= Math.max(atol + rtol * Math.abs(x[k]), least))) {
                    return false;
                }
            }
            return true;
        }

        /** The same without the allowance for rounding errors of the largest element. */
        Accuracy exact() {
            return new Accuracy(rtol, atol, 0);
        }
    }
}
