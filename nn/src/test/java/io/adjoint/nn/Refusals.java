package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;

/** Asserts that calls fail, and begins assertions about their exceptions. */
public final class Refusals {
    private Refusals() {}

    /** Asserts that the call refuses an argument. */
    @CanIgnoreReturnValue
    public static ThrowableAssertAlternative<IllegalArgumentException> refused(ThrowingCallable call) {
        return assertThatIllegalArgumentException().isThrownBy(call);
    }

    /** Asserts that the call throws an exception of the type. */
    @CanIgnoreReturnValue
    public static <T extends Throwable> ThrowableAssertAlternative<T> thrown(Class<T> type, ThrowingCallable call) {
        return assertThatExceptionOfType(type).isThrownBy(call);
    }
}
