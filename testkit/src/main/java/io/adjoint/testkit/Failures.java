package io.adjoint.testkit;

import java.util.ArrayList;
import java.util.List;

/** Runs several checks, also after one has failed. */
final class Failures {
    private Failures() {}

    /** Runs all checks. If a single check fails, throws its error; if several fail, throws an error with the messages of all failures. */
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
            AssertionError all = new AssertionError(name + " fails " + failures.size() + " checks:\n"
                    + String.join(
                            "\n", failures.stream().map(Throwable::getMessage).toList()));
            failures.forEach(all::addSuppressed);
            throw all;
        }
    }
}
