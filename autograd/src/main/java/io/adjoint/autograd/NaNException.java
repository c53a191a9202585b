package io.adjoint.autograd;

/** The first value or gradient that went bad under {@link Debug#detectNaN}; the message names the operation and the line. */
public final class NaNException extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    NaNException(String message) {
        super(message);
    }
}
