package io.adjoint.autograd.equations;

/** Thrown if an equation could not be solved; the message has the residual or the time that the solver reached, and a remedy. */
public final class SolverException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SolverException(String message) {
        super(message);
    }
}
