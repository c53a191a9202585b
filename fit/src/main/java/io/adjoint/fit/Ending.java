package io.adjoint.fit;

/** The reason for which a fit ended. */
public enum Ending {
    /** A step changed the cost by less than the tolerance, relative to the cost, as the method's model had predicted. */
    COST("the cost no longer falls"),
    /** The steps became shorter than the tolerance, relative to the parameters. */
    STEP("the parameters no longer move"),
    /** The steps became that short, but the gradient is not 0: the derivatives are wrong, or the function has a kink or noise here. */
    STUCK("no step lowers the cost, though the gradient is not 0; is a derivative wrong, or is there a kink?"),
    /** {@link Minimize} only: the value fell below −1e300, or a step became infinite, so there is no minimum. */
    UNBOUNDED("the function falls without end; is a sign wrong, or a bound missing?"),
    /** The gradient of each parameter that may move is within the tolerance of {@link LeastSquares} or {@link Minimize}. */
    GRADIENT("the gradient is 0, but for parameters at a bound"),
    /** The number of evaluations was used up. */
    EVALUATIONS("the evaluations are used up; raise maxEvaluations, or go on from these parameters"),
    /** A derivative or its square was infinite or not a number, so there is no next step. */
    NOT_FINITE("a derivative, or its square, is not finite here");

    private final String words;

    Ending(String words) {
        this.words = words;
    }

    /** Returns whether the parameters are a minimum within the tolerance. */
    public boolean converged() {
        return this == COST || this == STEP || this == GRADIENT;
    }

    /** The first line of a result's summary. */
    String after(int evaluations) {
        return (converged() ? "converged" : "not converged") + " after " + Residuals.count(evaluations, "evaluation")
                + ": " + this;
    }

    /** The reason in words. */
    @Override
    public String toString() {
        return words;
    }
}
