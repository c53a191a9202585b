package io.adjoint.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Runs several checks, also after one has failed. */
final class Failures {
    /** The number of characters of the line about a further failure. */
    private static final int LONGEST = 160;

    private Failures() {}

    /**
     * Runs all checks. If a single check fails, throws its error; if several fail, throws an error with the message of the first failure
     * and the first line of each other one, since they often have one cause.
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
            AssertionError first = failures.get(0);
            String others = failures.stream()
                    .skip(1)
                    .map(failure -> "\n  " + firstLine(failure))
                    .collect(Collectors.joining());
            throw new AssertionError(
                    name + " fails " + failures.size() + " checks. The first:\n" + first.getMessage()
                            + "\nThe others, in short:" + others,
                    first);
        }
    }

    private static String firstLine(AssertionError failure) {
        String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + " …";
    }
}
