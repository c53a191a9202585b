package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Requires that FLOAT32 results agree with FLOAT64 results within the operation's tolerance plus the change that rounding of the inputs
 * causes: sin(100x), for example, magnifies a rounding error of x a hundredfold in every implementation.
 *
 * <p>Rounding within the operation is allowed as well. If a result is off by more than the tolerance and this change, both types compute
 * again at nearby inputs: the error of a fault is nearly the same at nearby inputs, while a rounding error changes with the inputs. So the
 * spread of the errors is allowed in addition, up to half of FLOAT32's digits, following the idea of stochastic arithmetic (Vignes, "A
 * stochastic arithmetic for reliable scientific computation", 1993), which perturbs roundings at random to estimate the number of correct
 * digits. A result that leaves the range of FLOAT32 is not compared.
 */
final class FloatCheck {
    /** Twice the largest relative error of rounding to FLOAT32. */
    private static final double ROUNDING = 0x1p-23;
    /**
     * The relative distances between the inputs of the case and the nearby inputs. The larger distances are needed because the rounding of
     * a large intermediate result changes only if the inputs change by many roundings.
     */
    private static final double[] NEARBY = {ROUNDING, 0x1p-17, 0x1p-10, 0x1p-7};

    private static final int RUNS = 4;
    /** The factor by which the observed change of a result at nearby inputs is multiplied, since a few runs may miss the largest change. */
    private static final double CAUTION = 4;
    /**
     * The largest spread of errors that is allowed, as a fraction of the largest magnitude in the FLOAT64 result, or of 1 if that magnitude
     * is less: half of FLOAT32's digits. A limit is needed since the errors of a result computed with too few digits spread as well. The
     * errors of correct operations spread less; a layer norm of equal elements reaches 0.6 of this limit.
     */
    private static final double LARGEST_SPREAD = 0x1p-12;
    /** Messages name the change at nearby inputs as the cause of an error if the change explains at least this fraction of the error. */
    private static final double NOTABLE = 0.25;

    /** A number of at most this many bits may come from a rounding to few digits, such as to an integer. */
    private static final int FEW_BITS = 18;

    private static final double TINY = 1e-3;

    /** The number of bits in a double's fraction, and the bit in front of them. */
    private static final int DOUBLE_BITS = 53;

    private static final String FLOAT64_ONLY =
            "; an operation for FLOAT64 alone is excepted from OperationCheck.FLOATS";

    private final Operation operation;
    private final Case drawn;
    private final SplittableRandom random = new SplittableRandom(1);

    private FloatCheck(Operation operation, Case drawn) {
        this.operation = operation;
        this.drawn = drawn;
    }

    static void check(Operation operation, Case drawn) {
        if (drawn.inputs().stream().anyMatch(input -> input.dtype().isFloating())) {
            new FloatCheck(operation, drawn).check();
        }
    }

    /** The value and the gradients, computed in both types from the same inputs. */
    private record Both(List<Tensor> floats, List<Tensor> doubles) {
        private static boolean isFinite(Tensor result) {
            return elements(result).allMatch(Double::isFinite);
        }

        /** Returns whether a result is infinite or NaN in FLOAT32, but finite in FLOAT64. */
        boolean overflows(int result) {
            return !isFinite(floats.get(result)) && isFinite(doubles.get(result));
        }

        /** Returns whether the value or a gradient in FLOAT64 has an element that is too large or too small for FLOAT32. */
        boolean leavesRange() {
            return doubles.stream()
                    .anyMatch(result -> elements(result)
                            .map(Math::abs)
                            .anyMatch(v -> v > Float.MAX_VALUE || (v > 0 && v < Float.MIN_NORMAL)));
        }

        private static DoubleStream elements(Tensor result) {
            return Arrays.stream(result.data().toDoubleArray());
        }

        double[] error(int result) {
            double[] narrow = floats.get(result).data().toDoubleArray();
            double[] wide = doubles.get(result).data().toDoubleArray();
            Arrays.setAll(narrow, e -> Double.compare(narrow[e], wide[e]) == 0 ? 0 : narrow[e] - wide[e]);
            return narrow;
        }
    }

    /**
     * Requires that a FLOAT64 result has digits beyond the digits of FLOAT32. Differences can't see their loss, which is as small as the
     * error of differences. A result of few digits, such as a rounded one, is left alone, and a case whose inputs are FLOAT32 numbers
     * already.
     */
    private void requireDoubles() {
        if (!drawn.inputs().stream()
                .filter(input -> input.dtype() == DType.FLOAT64)
                .allMatch(FloatCheck::hasMoreDigits)) {
            return;
        }
        List<Tensor> results = results(GradientRun.of(operation, drawn));
        for (int k = 0; k < results.size(); k++) {
            Tensor result = results.get(k);
            if (result.dtype() == DType.FLOAT64 && !hasMoreDigits(result) && hasMany(result)) {
                throw new AssertionError(
                        name(k) + " of FLOAT64 inputs has the digits of FLOAT32 alone: "
                                + result.data().toDoubleArray()[0]
                                + "; is it computed by float? If that is meant, leave it out by except = OperationCheck.FLOATS");
            }
        }
    }

    /** Returns whether some element isn't a FLOAT32 number. */
    private static boolean hasMoreDigits(Tensor tensor) {
        return Both.elements(tensor).anyMatch(v -> Double.compare((float) v, v) != 0);
    }

    /**
     * Returns whether some element needs more than {@value #FEW_BITS} bits. Elements below {@value #TINY} don't count: a difference of
     * nearly equal numbers has few digits.
     */
    private static boolean hasMany(Tensor tensor) {
        return Both.elements(tensor)
                .filter(v -> Double.isFinite(v) && Math.abs(v) >= TINY)
                .anyMatch(v -> Long.numberOfTrailingZeros(Double.doubleToLongBits(v)) < DOUBLE_BITS - FEW_BITS);
    }

    private void check() {
        requireDoubles();
        Both here = both(0);
        List<List<Tensor>> changed = List.of(doubles(rounded(ROUNDING), 0, 0), doubles(rounded(ROUNDING), 0, 0));
        List<Both> nearby = new ArrayList<>();
        for (int k = 0; k < here.floats().size(); k++) {
            int result = k;
            requireType(result, here);
            double change = largestChange(here, result, changed.stream().map(other -> other.get(result)));
            if (largest(here.error(result)) <= allowed(here, result, change)) {
                continue;
            }
            if (nearby.isEmpty()) {
                for (double distance : NEARBY) {
                    for (int run = 0; run < RUNS; run++) {
                        nearby.add(both(distance));
                    }
                }
            }
            boolean leavesRange = here.leavesRange() || nearby.stream().anyMatch(Both::leavesRange);
            if (here.overflows(result) && leavesRange) {
                continue;
            }
            double spread = nearby.stream()
                    .mapToDouble(other -> largest(difference(other.error(result), here.error(result))))
                    .filter(Double::isFinite)
                    .max()
                    .orElse(0);
            double rounding = change + Math.min(spread, LARGEST_SPREAD * scale(here, result));
            try {
                Agreement.requireClose(
                        name(result) + " of FLOAT32 inputs",
                        here.floats().get(result),
                        here.doubles().get(result),
                        operation.floatRtol(),
                        1 + CAUTION * rounding / operation.floatRtol(),
                        "in FLOAT64");
            } catch (AssertionError off) {
                throw new AssertionError(off.getMessage() + cause(here, result, change + spread, nearby), off);
            }
        }
    }

    private double allowed(Both here, int result, double change) {
        return operation.floatRtol() * scale(here, result) + CAUTION * change;
    }

    /** The largest absolute value of the FLOAT64 result, but at least 1. */
    private static double scale(Both here, int result) {
        return Math.max(Agreement.largest(here.doubles().get(result)), 1);
    }

    private String cause(Both here, int result, double rounding, List<Both> nearby) {
        String way = "; narrow the domain, give a floatRtol, or leave it out by except = OperationCheck.FLOATS";
        if (here.overflows(result)) {
            return "; range: something exceeds FLOAT32's 3.4e38, or divides by what is 0 in it" + way;
        }
        double error = largest(here.error(result));
        boolean isStuck = nearby.stream()
                .allMatch(other -> Arrays.equals(
                        other.floats().get(result).data().toDoubleArray(),
                        here.floats().get(result).data().toDoubleArray()));
        boolean moves = nearby.stream()
                .anyMatch(other -> !Arrays.equals(
                        other.doubles().get(result).data().toDoubleArray(),
                        here.doubles().get(result).data().toDoubleArray()));
        if (isStuck && moves) {
            return "; constant in FLOAT32, but not in FLOAT64: either rounding leaves nothing of the inputs beside something larger, or"
                    + " this is a fault" + way;
        }
        if (CAUTION * rounding <= NOTABLE * error) {
            return "";
        }
        String changes = "at inputs nearby the error changes by " + rounding;
        return rounding > LARGEST_SPREAD * scale(here, result)
                ? "; digits: " + changes
                        + ", more than half of FLOAT32's digits: either the operation computes with fewer,"
                        + " or it magnifies their rounding" + way
                : "; rounding: " + changes + way;
    }

    // ---- runs ----

    /**
     * Runs the operation in both types, with inputs and upstream gradient moved by a random relative change of at most {@code distance}.
     */
    private Both both(double distance) {
        Case rounded = rounded(distance);
        long seed = random.nextLong();
        try {
            Case narrow = typed(rounded, DType.FLOAT32);
            return new Both(
                    results(GradientRun.of(operation, narrow, value -> upstream(value, distance, seed))),
                    doubles(rounded, distance, seed));
        } catch (DTypeException mixed) {
            throw new AssertionError("FLOAT32 inputs: " + mixed.getMessage() + FLOAT64_ONLY, mixed);
        }
    }

    private List<Tensor> doubles(Case rounded, double distance, long seed) {
        return results(GradientRun.of(operation, rounded, value -> upstream(value, distance, seed)));
    }

    /**
     * An upstream gradient whose elements, moved by a random relative change of at most {@code distance}, are rounded to numbers that
     * FLOAT32 represents exactly, so that both types have the same upstream gradient.
     */
    private static Tensor upstream(Tensor value, double distance, long seed) {
        SplittableRandom changes = new SplittableRandom(seed);
        Tensor distinct = GradientRun.distinct(value);
        return Tensor.of(each(distinct.data(), v ->
                        (float) ((float) v * (1 + distance * (2 * changes.nextDouble() - 1))))
                .to(distinct.dtype()));
    }

    private static List<Tensor> results(GradientRun run) {
        return Stream.concat(Stream.of(run.value().detach()), run.gradients().stream())
                .toList();
    }

    private static Case typed(Case drawn, DType dtype) {
        return drawn.with(drawn.inputs().stream()
                .map(input -> input.dtype().isFloating() ? input.to(dtype) : input)
                .toList());
    }

    /**
     * The case in FLOAT64 with elements that FLOAT32 represents exactly, each moved by a random relative change of at most {@code
     * distance}, unless the moved element leaves the domain of the input's {@link Values}.
     */
    private Case rounded(double distance) {
        List<Tensor> inputs = new ArrayList<>();
        for (int k = 0; k < drawn.inputs().size(); k++) {
            NdArray array = drawn.inputs().get(k).data();
            Values values = operation.values(k);
            inputs.add(Tensor.of(
                    array.dtype().isFloating() ? each(array, v -> moved(v, distance, values)) : array.copy()));
        }
        return drawn.with(inputs);
    }

    /**
     * Applies a function that draws random numbers to the elements in row-major order, so that a repeated check draws the same number for
     * each element.
     */
    private static NdArray each(NdArray array, DoubleUnaryOperator function) {
        return NdArray.of(
                array.shape(),
                Arrays.stream(array.toDoubleArray()).map(function).toArray());
    }

    private double moved(double value, double distance, Values values) {
        double change = distance * (2 * random.nextDouble() - 1);
        double moved = (float) (value == 0 ? change : value * (1 + change));
        return distance > 0 && values.contains(moved) ? moved : (float) value;
    }

    // ---- comparison ----

    private static String name(int result) {
        return result == 0 ? "the value" : "the gradient of input " + (result - 1);
    }

    private static void requireType(int result, Both here) {
        Tensor narrow = here.floats().get(result);
        Tensor wide = here.doubles().get(result);
        if (wide.dtype() == DType.FLOAT64 && narrow.dtype() != DType.FLOAT32) {
            throw new AssertionError(name(result) + " of FLOAT32 inputs is " + narrow.dtype() + FLOAT64_ONLY);
        }
        Agreement.requireShape(name(result) + " of FLOAT32 inputs", narrow.shape(), wide.shape());
    }

    private static double largestChange(Both here, int result, Stream<Tensor> changed) {
        Tensor wide = here.doubles().get(result);
        return !wide.dtype().isFloating()
                ? 0
                : changed.mapToDouble(other -> Agreement.largest(other.sub(wide)))
                        .max()
                        .orElse(0);
    }

    private static double[] difference(double[] a, double... b) {
        double[] difference = new double[a.length];
        Arrays.setAll(difference, e -> a[e] - b[e]);
        return difference;
    }

    /** The largest absolute value of the elements; NaN counts as infinite. */
    private static double largest(double... elements) {
        return Arrays.stream(elements)
                .map(v -> Double.isNaN(v) ? Double.POSITIVE_INFINITY : Math.abs(v))
                .max()
                .orElse(0);
    }
}
