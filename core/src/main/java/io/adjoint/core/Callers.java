package io.adjoint.core;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells the library's stack frames from its users' frames, and reads the promise {@link KeepsNoGradients} of the classes of functions.
 *
 * @hidden
 */
@Internal
public final class Callers {
    /**
     * True for a class whose outermost enclosing class, its nest host, is annotated with {@link KeepsNoGradients}. The class of a lambda
     * has the nest host of the class that contains the lambda.
     */
    private static final ClassValue<Boolean> KEEPS_NO_GRADIENTS = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return type.getNestHost().isAnnotationPresent(KeepsNoGradients.class);
        }
    };

    private Callers() {}

    /** Returns whether a class belongs to the library; its tests and examples count as users. */
    public static boolean isOurs(String className) {
        return className.matches("io\\.adjoint\\.(core|autograd|nn)(\\.\\w+)?\\.[A-Z]\\w*(\\$.*)?")
                && !className.matches(".*(Test|Properties|Examples)(\\$.*)?");
    }

    /** Returns whether an object, such as a lambda, has a class that {@link KeepsNoGradients}. */
    public static boolean keepsNoGradients(Object function) {
        return KEEPS_NO_GRADIENTS.get(function.getClass());
    }

    /** The name of the library method that the user's code called. */
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
