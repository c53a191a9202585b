package io.adjoint.core;

/** The kind of elements that padding adds at both ends of an axis, for a tensor's {@code pad} and for {@link ConvOptions#paddingMode}. */
public enum PadMode {
    /** Zeros: {@code 0 0 | a b c | 0 0}. */
    ZEROS,
    /**
     * The elements mirrored at the outermost elements, which are not repeated: {@code c b | a b c | b a}. The padding has at most size − 1
     * elements.
     */
    REFLECT,
    /** The outermost element repeated: {@code a a | a b c | c c}. */
    REPLICATE,
    /** The elements from the other end: {@code b c | a b c | a b}. The padding has at most as many elements as the axis. */
    CIRCULAR
}
