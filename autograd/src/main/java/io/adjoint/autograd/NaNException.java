package io.adjoint.autograd;

/**
 * An exception for the first value or gradient with a NaN or an infinity under {@link Debug#detectNaN}; the message names the operation and
 * the line that called it.
 */
public final class NaNException extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    NaNException(String message) {
        super(message);
    }
}
