package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * Checks that two results agree: in their shapes, in all bits, or within a tolerance. The errors name both results and the worst element.
 */
final class Agreement {
    private Agreement() {}

    static void requireShape(String what, Shape actual, Shape expected) {
        if (!actual.equals(expected)) {
            throw new AssertionError(what + " has shape " + actual + ", expected " + expected);
        }
    }

    static void requireSame(String ofActual, GradientRun actual, String ofExpected, GradientRun expected) {
        requireSame("the value " + ofActual, actual.value(), ofExpected, expected.value());
        for (int k = 0; k < expected.gradients().size(); k++) {
            requireSame(
                    "the gradient of input " + k + " " + ofActual,
                    actual.gradients().get(k),
                    ofExpected,
                    expected.gradients().get(k));
        }
    }

    static void requireSame(String what, Tensor actual, String other, Tensor expected) {
        requireSame(what, actual.data(), other, expected.data());
    }

    /** Requires that two arrays have the same shape and the same bits, except that zeros may have either sign. */
    static void requireSame(String what, NdArray actual, String other, NdArray expected) {
        requireShape(what, actual.shape(), expected.shape());
        double[] a = actual.toDoubleArray();
        double[] b = expected.toDoubleArray();
        for (int e = 0; e < a.length; e++) {
            if (Double.compare(a[e] + 0.0, b[e] + 0.0) != 0) {
                throw new AssertionError(
                        what + position(actual.shape(), e) + " is " + a[e] + ", but " + other + " " + b[e]);
            }
        }
    }

    /**
     * Requires that two states have the same names, and for each name the same shape and bits, except that zeros may have either sign;
     * dtypes are not compared.
     */
    static void requireSameState(
            String what, Map<String, NdArray> actual, String other, Map<String, NdArray> expected) {
        if (!actual.keySet().equals(expected.keySet())) {
            throw new AssertionError(
                    what + " a state of " + actual.keySet() + ", but " + other + " " + expected.keySet());
        }
        expected.forEach((name, array) ->
                requireSame(what + " " + name + ", which", Objects.requireNonNull(actual.get(name)), other, array));
    }

    static void requireClose(String what, NdArray actual, NdArray expected, double relative, double floor, String by) {
        double[] a = actual.toDoubleArray();
        double[] b = expected.toDoubleArray();
        double scale = largest(b);
        double allowed = relative * Math.max(scale, floor);
        int worst = -1;
        double error = 0;
        for (int e = 0; e < a.length; e++) {
            boolean same = Double.compare(a[e], b[e]) == 0;
            double difference = same ? 0 : Math.abs(a[e] - b[e]);
            if (!(difference <= allowed) && !(difference <= error)) {
                worst = e;
                error = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
            }
        }
        if (worst >= 0) {
            throw new AssertionError(what + position(actual.shape(), worst) + " is " + a[worst] + ", but " + by + " "
                    + b[worst] + " (off by " + (a[worst] - b[worst]) + ")");
        }
    }

    static void requireClose(String what, Tensor actual, Tensor expected, double relative, double floor, String by) {
        requireClose(what, actual.data(), expected.data(), relative, floor, by);
    }

    private static String position(Shape shape, int element) {
        return " at " + Arrays.toString(shape.unravelIndex(element));
    }

    /** The largest absolute value of the finite elements; 0 if no element is finite. */
    static double largest(Tensor tensor) {
        return largest(tensor.data().toDoubleArray());
    }

    private static double largest(double... elements) {
        return Arrays.stream(elements)
                .filter(Double::isFinite)
                .map(Math::abs)
                .max()
                .orElse(0);
    }
}
