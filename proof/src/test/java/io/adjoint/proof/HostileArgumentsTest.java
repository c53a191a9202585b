package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests that every method of {@link Tensor} called with invalid arguments returns a result or throws an exception of the library whose
 * message begins with the operation's name; never an index error from inside the library or an OutOfMemoryError.
 */
class HostileArgumentsTest {
    private static final int TRIES = 30;

    /** Methods whose messages may begin with another name: the name of the method that they call, or of a setting. */
    private static final Map<String, String> ALIASES = Map.of(
            "of", "fromArray",
            "padConstant", "pad",
            "plus", "add",
            "minus", "sub",
            "times", "mul",
            "unaryMinus", "neg");

    /** Methods whose result may be huge for any tensor, since an argument says its size. */
    private static final Set<String> AS_LARGE_AS_ASKED = Set.of(
            "adaptiveAvgPool1d",
            "adaptiveAvgPool2d",
            "adaptiveAvgPool3d",
            "adaptiveMaxPool1d",
            "adaptiveMaxPool2d",
            "adaptiveMaxPool3d",
            "binCount",
            "interpolate",
            "pad",
            "padConstant");

    private final HostileArguments hostile = new HostileArguments();

    @TestFactory
    Stream<DynamicTest> wrongArgumentsGetAResultOrAnExceptionOfTheLibraryThatNamesTheOperation() {
        return PublicApi.executables().stream()
                .filter(executable -> executable instanceof Method
                        && executable.getDeclaringClass().isAssignableFrom(Tensor.class)
                        && executable.getParameterCount() > 0)
                .map(executable -> DynamicTest.dynamicTest(PublicApi.signature(executable), () -> {
                    hostile.restart(PublicApi.signature(executable));
                    for (int k = 0; k < TRIES; k++) {
                        attempt((Method) executable);
                    }
                }));
    }

    private void attempt(Method method) throws IllegalAccessException {
        String name = method.getName();
        Tensor receiver = hostile.tensor();
        boolean huge = !Modifier.isStatic(method.getModifiers())
                && receiver.shape().rank() > 0
                && !AS_LARGE_AS_ASKED.contains(name);
        Object[] arguments = hostile.of(huge, method.getParameterTypes());
        String call = receiver.dtype() + " " + receiver.shape() + "." + name + Arrays.toString(arguments);
        try {
            method.setAccessible(true);
            method.invoke(receiver, arguments);
        } catch (InvocationTargetException e) {
            Throwable thrown = Objects.requireNonNull(e.getCause());
            String message = String.valueOf(thrown.getMessage());
            assertThat(thrown)
                    .as(call)
                    .isInstanceOfAny(IllegalArgumentException.class, GraphException.class, ArithmeticException.class);
            assertThat(List.of(name, ALIASES.getOrDefault(name, name)))
                    .as(call + ": " + message)
                    .anyMatch(known -> message.startsWith(known + ": "));
        }
    }
}
