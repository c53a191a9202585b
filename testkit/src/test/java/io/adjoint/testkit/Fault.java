package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * An operation with a planted fault.
 *
 * @param property the method of {@link FaultyOperations} that is to find it
 * @param function makes the operation afresh, as a fault may have a state
 * @param smallest whether a case is the smallest that fails
 */
record Fault(String name, String property, Supplier<Function<Tensor[], Tensor>> function, Predicate<Case> smallest) {
    /** Matches a case with these shapes and contiguous inputs, all of whose elements are the simplest number that shows the fault. */
    static Predicate<Case> smallest(String shapes, DoublePredicate shows) {
        double[] simple = Values.between(-2, 2).simple();
        return drawn -> {
            for (double number : simple) {
                if (shows.test(number)) {
                    return drawn.shapes().equals(shapes) && all(drawn, number);
                }
            }
            throw new IllegalStateException("the fault does not show at any simple number");
        };
    }

    static Predicate<Case> ones(String shapes) {
        return smallest(shapes, number -> true);
    }

    private static boolean all(Case drawn, double number) {
        return drawn.inputs().stream().allMatch(input -> {
            for (double element : input.data().toDoubleArray()) {
                if (element != number) {
                    return false;
                }
            }
            return !Literals.of(input).startsWith("Layout");
        });
    }
}
