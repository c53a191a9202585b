package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.adjoint.core.linalg.LinearSystemKernels;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that an operation refuses null in place of a constant such as {@link Order}. */
@SuppressWarnings("NullAway") // The calls pass null.
class ChoicesTest {
    private static final NdArray X = NdArray.of(Shape.of(3), 3, 1, 2);

    static Stream<Arguments> calls() {
        return Stream.of(
                call("dims", () -> X.sum((Dims) null, 0)),
                call("dims", () -> X.amax((Dims) null, 0)),
                call("order", () -> X.sort(0, null)),
                call("order", () -> X.argSort(0, null)),
                call("order", () -> X.topK(0, 1, null)),
                call("order", () -> X.argTopK(0, 1, null)),
                call("side", () -> X.searchSorted(X, null)),
                call("triangle", () -> LinearSystemKernels.solveTriangular(X, X, null)),
                call("replacement", () -> SamplingKernels.multinomial(X, 1, null, new Generator(1))));
    }

    private static Arguments call(String name, ThrowingCallable call) {
        return Arguments.of(name, call);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void nullIsNoChoice(String name, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(name);
    }
}
