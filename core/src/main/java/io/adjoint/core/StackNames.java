package io.adjoint.core;

import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells the library's stack frames from its users' frames.
 *
 * @hidden
 */
@Internal
public final class StackNames {
    /**
     * Matches the names of classes whose methods are operations: classes of core and autograd, and the classes of functions in nn. Internal
     * classes that match don't count, see {@link #isOperation}.
     */
    private static final String OPERATIONS =
            "io\\.adjoint\\.((core|autograd)(\\.\\w+)?\\.\\w+|nn\\.(Functional|\\w+Functions))";

    /**
     * The class of the module nn that runs the code of each {@code Block}, that is, of each layer and model. Core can't refer to the class,
     * and its name in one place is less than a registration; tests of the messages in nn fail if it moves.
     */
    private static final String BLOCKS = "io.adjoint.nn.Scope";

    private StackNames() {}

    /**
     * Returns whether a class belongs to the library. Its tests and examples, which share its packages, count as users; they are told by
     * their names, since in a jar of a whole application all classes have one code source.
     */
    public static boolean isOurs(String className) {
        return className.matches("io\\.adjoint\\.(core|autograd|nn)(\\.\\w+)?\\.[A-Z]\\w*(\\$.*)?")
                && !className.matches(".*(Test|Properties|Examples)(\\$.*)?");
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

    /**
     * The name of the operation that reads an array, for a message. Within a layer, this is the operation that the layer called, or {@code
     * forward} if the layer called a kernel. Elsewhere it is the method that the user or the training loop called, after the method's class
     * if the method is not an operation: {@code CrossEntropy.forward}.
     */
    static String reader() {
        List<StackFrame> calls = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.filter(frame -> !frame.getClassName().matches("(java|jdk)\\..*"))
                        .takeWhile(frame -> isOurs(frame.getClassName())
                                && !frame.getClassName().startsWith("io.adjoint.nn.train."))
                        .toList());
        boolean isInLayer = calls.stream().anyMatch(StackNames::runsBlocks);
        List<StackFrame> named = calls.stream()
                .takeWhile(frame -> !runsBlocks(frame))
                .filter(frame -> !frame.getMethodName().matches(".*[$<].*"))
                .toList();
        List<StackFrame> operations =
                named.stream().filter(StackNames::isOperation).toList();
        if (isInLayer) {
            return last(operations).map(StackFrame::getMethodName).orElse("forward");
        }
        return last(named)
                .map(frame -> isOperation(frame) ? frame.getMethodName() : qualified(frame))
                .orElse("an operation");
    }

    private static boolean runsBlocks(StackFrame frame) {
        return frame.getClassName().equals(BLOCKS);
    }

    private static boolean isOperation(StackFrame frame) {
        Class<?> type = frame.getDeclaringClass();
        return type.getName().matches(OPERATIONS)
                && Modifier.isPublic(type.getModifiers())
                && !type.isAnnotationPresent(Internal.class);
    }

    private static String qualified(StackFrame frame) {
        return frame.getDeclaringClass().getSimpleName() + "." + frame.getMethodName();
    }

    private static Optional<StackFrame> last(List<StackFrame> frames) {
        return frames.isEmpty() ? Optional.empty() : Optional.of(frames.get(frames.size() - 1));
    }
}
