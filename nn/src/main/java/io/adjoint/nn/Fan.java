package io.adjoint.nn;

/** The number of connections of a weight {@code [out, in, k…]} by which He's (Kaiming's) initialization divides. */
public enum Fan {
    /** {@code in·∏k}, which preserves the variance of the forward signal. */
    IN,
    /** {@code out·∏k}, which preserves the variance of the gradients. */
    OUT
}
