package io.adjoint.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Proposes simpler elements for arrays with which a check fails. The caller checks whether the proposed elements are allowed and really
 * simpler.
 */
final class Simpler {
    private static final double[] UNITS = {1, 0.5, 0.1};

    private Simpler() {}

    /**
     * An array as long as {@code elements} in which all elements are the simplest number (choice 0) or the second-simplest number (choice
     * 1).
     */
    static double[] constant(Values values, double[] elements, int choice) {
        double[] simple = values.simple();
        double[] constant = new double[elements.length];
        Arrays.fill(constant, simple[Math.min(choice, simple.length - 1)]);
        return constant;
    }

    /**
     * Arrays to be tried instead of {@code elements}, the largest simplifications first. If {@code eachElement} is true, arrays in which
     * only one element is simpler are included.
     */
    static List<double[]> arrays(Values values, double[] elements, boolean eachElement) {
        List<double[]> candidates = new ArrayList<>();
        double[] simple = values.simple();
        for (double number : simple) {
            candidates.add(mapped(elements, old -> number));
        }
        candidates.add(mapped(elements, Math::rint));
        candidates.add(mapped(elements, old -> old < 0 ? Math.ceil(old) : Math.floor(old)));
        candidates.add(mapped(elements, old -> Math.rint(old * 10) / 10));
        if (eachElement) {
            for (int e = 0; e < elements.length; e++) {
                for (double number : simple) {
                    candidates.add(with(elements, e, number));
                }
                double old = elements[e];
                candidates.add(with(elements, e, Math.rint(old)));
                candidates.add(with(elements, e, Math.floor(old)));
                candidates.add(with(elements, e, Math.ceil(old)));
                candidates.add(with(elements, e, Math.rint(old / 2)));
                candidates.add(with(elements, e, old - Math.signum(old)));
                candidates.add(with(elements, e, Math.rint(old * 10) / 10));
                candidates.add(with(elements, e, Math.floor(old * 10) / 10));
                candidates.add(with(elements, e, Math.ceil(old * 10) / 10));
            }
        }
        return candidates;
    }

    private static double[] mapped(double[] elements, DoubleUnaryOperator function) {
        // The addition of 0 turns −0 into 0.
        return Arrays.stream(elements).map(function).map(value -> value + 0.0).toArray();
    }

    private static double[] with(double[] elements, int index, double value) {
        double[] copy = elements.clone();
        copy[index] = value + 0.0;
        return copy;
    }

    /**
     * Replacements for the elements of all inputs: evenly spaced simple numbers in the order of the given elements for inputs whose
     * elements must be distinct, and the given elements for other inputs.
     */
    static List<List<double[]>> ranks(CasePlan.Recipe recipe, List<double[]> elements) {
        List<Double> all = new ArrayList<>();
        for (int k = 0; k < elements.size(); k++) {
            if (recipe.values(k).isDistinct()) {
                Arrays.stream(elements.get(k)).forEach(all::add);
            }
        }
        all.sort(null);
        List<List<double[]>> candidates = new ArrayList<>();
        if (all.isEmpty()) {
            return candidates;
        }
        for (double unit : UNITS) {
            for (double first : new double[] {1, 0, -1, -2, -3}) {
                List<double[]> replaced = new ArrayList<>();
                for (int k = 0; k < elements.size(); k++) {
                    replaced.add(
                            recipe.values(k).isDistinct()
                                    ? mapped(
                                            elements.get(k),
                                            old -> Math.rint((first + unit * all.indexOf(old)) * 10) / 10)
                                    : elements.get(k));
                }
                candidates.add(replaced);
            }
        }
        return candidates;
    }
}
