package io.adjoint.core;

import java.util.ArrayList;
import java.util.List;

/**
 * The line between the library and its users in a thread's stack.
 *
 * @hidden
 */
@Internal
public final class Callers {
    private static final ClassValue<Boolean> IS_OURS = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return type.getName()
                            .matches("io\\.adjoint\\.(autograd|nn|nn\\.layer|nn\\.loss|nn\\.optim)\\.[A-Z]\\w*(\\$.*)?")
                    && isOurs(type.getName());
        }
    };

    private Callers() {}

    /** Returns whether a class is the library's. Its tests and examples are users of it. */
    public static boolean isOurs(String className) {
        return className.matches("io\\.adjoint\\.(core|autograd|nn)(\\.\\w+)?\\.[A-Z]\\w*(\\$.*)?")
                && !className.matches(".*(Test|Properties|Examples)(\\$.*)?");
    }

    /**
     * Returns whether an object, such as a lambda, is of a class of the library that calls no function of a user's: transforms return
     * functions that do.
     */
    public static boolean wrote(Object function) {
        return IS_OURS.get(function.getClass());
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
