package io.adjoint.testkit;

import java.util.ArrayList;
import java.util.List;

/** Runs checks one after the other, also after one that fails. */
final class Failures {
    private Failures() {}

    /** Throws what a check throws, or one error with the messages of several. */
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
