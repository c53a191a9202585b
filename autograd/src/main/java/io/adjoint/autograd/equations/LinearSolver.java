package io.adjoint.autograd.equations;

/**
 * The ways to solve the linear systems of an equation in x with n elements: one for each gradient, and one for each step of {@link
 * Implicit#root}.
 */
public enum LinearSolver {
    /** The whole Jacobian, by n backward passes, and its LU decomposition: for up to some thousand elements. */
    DENSE,
    /**
     * A Jacobian for each entry along axis 0 of x, as many passes as an entry has elements, however many entries there are. For functions
     * that treat the entries independently, such as a volatility for each of many options. In {@link Implicit#root} each entry has steps of
     * its own. In a backward pass one more product tells whether the entries are independent.
     */
    ROWS,
    /** The conjugate gradient method, by products with the Jacobian, which must be symmetric and positive definite. */
    CG,
    /** The generalized minimal residual method, GMRES, restarted after 50 steps, by products with the Jacobian only. */
    GMRES
}
