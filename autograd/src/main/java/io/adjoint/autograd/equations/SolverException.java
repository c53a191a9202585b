package io.adjoint.autograd.equations;

/** Thrown if an equation could not be solved; the message says how far the solver came, and what may help. */
public final class SolverException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SolverException(String message) {
        super(message);
    }
}
