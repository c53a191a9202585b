package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Checks that users' functions, and the results of these functions, are not null, since not every compiler enforces annotations of
 * nullness.
 */
final class Callbacks {
    private Callbacks() {}

    /**
     * Checks that the result of a function is not null, and returns the result.
     *
     * @param op the operation that called the function, for the message
     * @param function the name of the function in messages, such as {@code the function}
     * @throws IllegalArgumentException if it is null
     */
    static <T> T result(String op, String function, @Nullable T result) {
        if (result == null) {
            throw new IllegalArgumentException(op + ": " + function + " returned null");
        }
        return result;
    }

    /**
     * Checks that an argument that a user gave, most often a function, is not null, and returns the argument.
     *
     * @param op the operation to which the argument was given, for the message
     * @param role the argument's role in the operation, for the message, such as {@code the composition}
     * @throws IllegalArgumentException if it is null
     */
    @CanIgnoreReturnValue
    static <T> T given(String op, String role, @Nullable T given) {
        if (given == null) {
            throw new IllegalArgumentException(op + ": " + role + " is null");
        }
        return given;
    }

    /** Returns whether {@code List.of} has thrown this exception because of a null element. */
    static boolean isOfList(NullPointerException failure) {
        return Arrays.stream(failure.getStackTrace())
                .dropWhile(frame -> frame.getClassName().equals("java.util.Objects"))
                .findFirst()
                .filter(frame -> frame.getClassName().startsWith("java.util.ImmutableCollections")
                        || frame.getClassName().equals("java.util.List"))
                .isPresent();
    }
}
