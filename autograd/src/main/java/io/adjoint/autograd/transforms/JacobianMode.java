package io.adjoint.autograd.transforms;

/** The passes by which a Jacobian of m output and n input elements is computed. */
public enum JacobianMode {
    /** {@link #ROWS} or {@link #COLUMNS}, whichever takes fewer passes. */
    AUTO,
    /** A backward pass for each of the m output elements: each gives a row. */
    ROWS,
    /**
     * A forward-mode pass for each of the n input elements: each gives a column. All operations of the function must be
     * differentiable twice.
     */
    COLUMNS,
    /**
     * One pass that computes all rows, or all columns if there are fewer columns, instead of a pass for each. For functions that can be
     * applied to many points at once: where f takes {@code [in…]} to {@code [out…]} it must take {@code [k, in…]} to {@code [k, out…]} and
     * treat the k entries independently, as products with fixed matrices, functions of single elements and operations along the last axes
     * do. It takes the memory of the function at min(m, n) points.
     */
    BATCH
}
