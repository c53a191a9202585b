package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.Internal;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Checks that users' functions, and the results of these functions, are not null, since not every compiler enforces annotations of
 * nullness.
 *
 * @hidden
 */
@Internal
public final class Callbacks {
    private Callbacks() {}

    /**
     * Checks that the result of a function is not null, and returns the result.
     *
     * @param op the operation that called the function, for the message
     * @param function the name of the function in messages, such as {@code the function}
     * @throws IllegalArgumentException if it is null
     */
    public static <T> T result(String op, String function, @Nullable T result) {
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
    public static <T> T given(String op, String role, @Nullable T given) {
        if (given == null) {
            throw new IllegalArgumentException(op + ": " + role + " is null");
        }
        return given;
    }

    /** The advice for a function whose result is to be minimised or differentiated. */
    public static final String REDUCE = "reduce it, e.g. with sum() or mean()";

    /**
     * Checks that a user's function returned one floating number, and returns it.
     *
     * @param op the operation that called the function, for the message
     * @param advice ends the message
     * @throws IllegalArgumentException if it is null
     * @throws ShapeException if it has not exactly one element, or is INT32 or BOOL
     */
    public static Tensor scalar(String op, @Nullable Tensor result, String advice) {
        Tensor value = result(op, "the function", result);
        if (value.shape().size() != 1 || !value.dtype().isFloating()) {
            throw new ShapeException(op + ": the function must return a floating scalar, but it returned "
                    + value.dtype() + " " + value.shape() + "; " + advice);
        }
        return value;
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
