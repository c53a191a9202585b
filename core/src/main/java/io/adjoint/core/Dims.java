package io.adjoint.core;

/** Says if a reduction keeps the axes that it reduces. */
public enum Dims {
    /** The reduced axes stay, with size 1, so that the result broadcasts with the array: {@code x.sub(x.mean(Dims.KEEP, 1))}. */
    KEEP,
    /** The reduced axes are removed, as by a reduction that is called without {@link Dims}. */
    DROP
}
