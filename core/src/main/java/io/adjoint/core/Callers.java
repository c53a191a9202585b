package io.adjoint.core;

import java.util.ArrayList;
import java.util.List;

/**
 * The line between the library and its users in a thread's stack, and the promises of functions that users or rules hand over.
 *
 * @hidden
 */
@Internal
public final class Callers {
    /** A lambda's class belongs to the nest of the class that it is written in. */
    private static final ClassValue<Boolean> KEEPS_NO_GRADIENTS = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return type.getNestHost().isAnnotationPresent(KeepsNoGradients.class);
        }
    };

    private Callers() {}

    /** Returns whether a class is the library's. Its tests and examples are users of it. */
    public static boolean isOurs(String className) {
        return className.matches("io\\.adjoint\\.(core|autograd|nn)(\\.\\w+)?\\.[A-Z]\\w*(\\$.*)?")
                && !className.matches(".*(Test|Properties|Examples)(\\$.*)?");
    }

    /** Returns whether an object, such as a lambda, is of a class that {@link KeepsNoGradients}. */
    public static boolean keepsNoGradients(Object function) {
        return KEEPS_NO_GRADIENTS.get(function.getClass());
    }

    /** The name of the method by which a user's code entered the library. */
    static String operation() {
        List<String> ours = new ArrayList<>();
        for (StackTraceElement frame : Thread.currentThread().getStackTrace()) {
            if (isOurs(frame.getClassName())) {
                if (!frame.getMethodName().matches(".*[$<].*")) {
                    ours.add(frame.getMethodName());
                }
            } else if (!frame.getClassName().matches("(java|jdk)\\..*")) {
                break;
            }
        }
        return ours.get(ours.size() - 1);
    }
}
