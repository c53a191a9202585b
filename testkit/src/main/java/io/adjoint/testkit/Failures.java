package io.adjoint.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs several checks, also after one has failed. */
final class Failures {
    /** The number of characters of the line about a further failure. */
    private static final int LONGEST = 160;

    private Failures() {}

    /**
     * Runs all checks. If a single check fails, throws its error; if several fail, throws an error with the message of the first failure
     * and the first line of each other one. Failures with equal causes are told once, with their number.
     */
    static void throwAll(String name, List<Runnable> checks) {
        List<AssertionError> failures = new ArrayList<>();
        for (Runnable check : checks) {
            try {
                check.run();
            } catch (AssertionError failure) {
                failures.add(failure);
            }
        }
        if (failures.size() == 1) {
            throw failures.get(0);
        }
        if (!failures.isEmpty()) {
            List<List<AssertionError>> alike = List.copyOf(failures.stream()
                    .collect(Collectors.groupingBy(Failures::rootCause, LinkedHashMap::new, Collectors.toList()))
                    .values());
            AssertionError first = failures.get(0);
            String others = alike.stream()
                    .skip(1)
                    .map(group -> "\n  " + firstLine(group.get(0)) + more(" ", group))
                    .collect(Collectors.joining());
            throw new AssertionError(
                    name + " fails " + failures.size() + " checks. The first:\n"
                            + first.getMessage()
                            + more("\n", alike.get(0))
                            + (others.isEmpty() ? "" : "\nThe others, in short:" + others),
                    first);
        }
    }

    /** The message of a failed check, or the name and the message of an exception. */
    static String message(Throwable failure) {
        return failure instanceof AssertionError && failure.getMessage() != null
                ? failure.getMessage()
                : failure.toString();
    }

    /** Runs a part of a check; the message of its failure begins with {@code when}. */
    static void during(String when, Runnable part) {
        try {
            part.run();
        } catch (AssertionError failure) {
            throw new AssertionError(when + failure.getMessage(), failure);
        }
    }

    /** Throws the cause of a wrapped exception if it is unchecked, otherwise returns an exception with the cause. */
    static IllegalStateException unwrapped(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(cause);
    }

    private static String rootCause(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
            root = cause;
        }
        return root.toString();
    }

    private static String more(String separator, List<AssertionError> alike) {
        return alike.size() == 1 ? "" : separator + "(and " + (alike.size() - 1) + " more with the same cause)";
    }

    private static String firstLine(AssertionError failure) {
        String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + " …";
    }
}
