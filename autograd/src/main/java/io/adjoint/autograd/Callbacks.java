package io.adjoint.autograd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Checks on functions that a user passes and on their results, since no compiler keeps either from being null. */
final class Callbacks {
    private Callbacks() {}

    /**
     * The result of a function.
     *
     * @param op the operation that called it, for the message
     * @param function its part in the operation, such as {@code the function}
     * @throws IllegalArgumentException if it is null
     */
    static <T> T result(String op, String function, @Nullable T result) {
        if (result == null) {
            throw new IllegalArgumentException(op + ": " + function + " returned null");
        }
        return result;
    }

    /**
     * A function that a user gave.
     *
     * @param op the operation that it was given to, for the message
     * @param function its part in the operation, such as {@code the composition}
     * @throws IllegalArgumentException if it is null
     */
    static <T> T given(String op, String function, @Nullable T given) {
        if (given == null) {
            throw new IllegalArgumentException(op + ": " + function + " is null");
        }
        return given;
    }

    /** Returns whether it was {@code List.of} that refused a null. */
    static boolean isOfList(NullPointerException failure) {
        return Arrays.stream(failure.getStackTrace())
                .dropWhile(frame -> frame.getClassName().equals("java.util.Objects"))
                .findFirst()
                .filter(frame -> frame.getClassName().startsWith("java.util.ImmutableCollections")
                        || frame.getClassName().equals("java.util.List"))
                .isPresent();
    }
}
