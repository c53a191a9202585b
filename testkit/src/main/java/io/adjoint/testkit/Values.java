package io.adjoint.testkit;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;

/**
 * The domain of a tensor's elements: an interval, without the surroundings of kinks, with or without special values.
 *
 * <pre>{@code Values.between(0, 10).openMin().awayFrom(1)}</pre>
 *
 * <p>Settings are values: each method returns a changed copy.
 *
 * @param dtype the type of the tensor
 * @param min the smallest value
 * @param max the largest value
 * @param minOpen whether {@code min} itself is excluded
 * @param maxOpen whether {@code max} itself is excluded
 * @param kinks points to keep away from, such as 0 for {@code abs}
 * @param gap how far to keep away from these, and equal elements from each other
 * @param isDistinct whether no two elements may be equal, for operations that compare or sort them
 * @param hasSpecials whether NaN, infinities, zeros of both signs and the bounds are mixed in
 */
@CheckReturnValue
public record Values(
        DType dtype,
        double min,
        double max,
        boolean minOpen,
        boolean maxOpen,
        List<Double> kinks,
        double gap,
        boolean isDistinct,
        boolean hasSpecials) {
    /**
     * The simplest numbers, the simplest first. The number 1 comes before 0, since many functions are special at 0 and a factor of 0 hides
     * faults.
     */
    private static final double[] SIMPLE = {1, 2, -1, -2, 0.5, -0.5, 3, -3, 0};

    /** Numbers at which operations branch, and which random draws would never hit. */
    private static final double[] EXACT = {0, -0.0, 1, -1, 2, -2};

    /** Checks that the domain contains a number. */
    public Values {
        kinks = List.copyOf(kinks);
        if (!(min <= max) || Double.isInfinite(max - min) || !(gap >= 0)) {
            throw new IllegalArgumentException(
                    "values: expected finite bounds min <= max and a gap, got " + min + ", " + max + " and " + gap);
        }
        if (min == max && (minOpen || maxOpen)) {
            throw new IllegalArgumentException("values: nothing lies between " + min + " and itself");
        }
    }

    /** FLOAT64 numbers from {@code min} to {@code max}, both included. */
    public static Values between(double min, double max) {
        return new Values(DType.FLOAT64, min, max, false, false, List.of(), 0.05, false, false);
    }

    /** INT32 numbers from {@code min} to {@code max}, both included: labels, indices. They have no gradient. */
    public static Values integers(int min, int max) {
        return between(min, max).dtype(DType.INT32);
    }

    /** BOOL elements: masks. They have no gradient. */
    public static Values booleans() {
        return between(0, 1).dtype(DType.BOOL);
    }

    /** The same elements in tensors of another type. */
    public Values dtype(DType type) {
        return new Values(type, min, max, minOpen, maxOpen, kinks, gap, isDistinct, hasSpecials);
    }

    /** Without {@code min} itself. */
    public Values openMin() {
        return new Values(dtype, min, max, true, maxOpen, kinks, gap, isDistinct, hasSpecials);
    }

    /** Without {@code max} itself. */
    public Values openMax() {
        return new Values(dtype, min, max, minOpen, true, kinks, gap, isDistinct, hasSpecials);
    }

    /**
     * Without the surroundings of the given points, at which the function has no derivative, or none that finite differences can
     * approximate.
     */
    public Values awayFrom(double... points) {
        List<Double> all = new ArrayList<>(kinks);
        DoubleStream.of(points).forEach(all::add);
        return new Values(dtype, min, max, minOpen, maxOpen, all, gap, isDistinct, hasSpecials);
    }

    /** The distance to keep from kinks, and of distinct elements from each other; 0.05 by default. */
    public Values gap(double distance) {
        return new Values(dtype, min, max, minOpen, maxOpen, kinks, distance, isDistinct, hasSpecials);
    }

    /** No two elements equal, not even in different inputs of which both are distinct. */
    public Values distinct() {
        return new Values(dtype, min, max, minOpen, maxOpen, kinks, gap, true, hasSpecials);
    }

    /**
     * The same elements with NaN, infinities, zeros of both signs and the bounds mixed in; finite differences cannot check gradients at
     * these.
     */
    public Values withSpecials() {
        return new Values(dtype, min, max, minOpen, maxOpen, kinks, gap, isDistinct, true);
    }

    /** The values at which difference quotients can be computed: a little inside of the bounds, without special values. */
    Values forDifferences() {
        if (!dtype.isFloating()) {
            return this;
        }
        double margin = Math.min(0.01, (max - min) / 100);
        return new Values(dtype, min + margin, max - margin, false, false, kinks, gap, isDistinct, false);
    }

    /** Returns whether the domain contains a number; it contains NaN and infinities if it has special values. */
    public boolean contains(double value) {
        if (!dtype.isFloating() && value != Math.rint(value)) {
            return false;
        }
        if (Double.isNaN(value) || Double.isInfinite(value) || (value == 0 && hasSpecials)) {
            return hasSpecials;
        }
        return value >= min
                && value <= max
                && !(minOpen && value == min)
                && !(maxOpen && value == max)
                && (!dtype.isFloating() || kinks.stream().allMatch(kink -> Math.abs(value - kink) >= gap));
    }

    // ---- drawing ----

    /** Draws one number that is not a special value. */
    double draw(Random random) {
        for (int attempt = 0; attempt < 1000; attempt++) {
            double value = candidate(random);
            double rounded = !dtype.isFloating() ? Math.rint(value) : dtype == DType.FLOAT32 ? (float) value : value;
            if (contains(rounded)) {
                return rounded;
            }
        }
        throw new IllegalArgumentException("values: found no number for " + this);
    }

    private double candidate(Random random) {
        double from = min;
        double to = max;
        int kind = random.nextInt(10);
        if (kind < 2 && min < 1 && max > -1) {
            // In a wide interval small numbers would be rare, so some draws are from small numbers only.
            from = Math.max(min, -1);
            to = Math.min(max, 1);
        } else if (kind == 2) {
            to = min + (max - min) / 50;
        } else if (kind == 3) {
            from = max - (max - min) / 50;
        }
        return dtype.isFloating()
                ? from + random.nextDouble() * (to - from)
                : Math.ceil(min) + random.nextInt((int) (Math.floor(max) - Math.ceil(min)) + 1);
    }

    /**
     * Draws the elements of a tensor.
     *
     * @param prefersExact whether to prefer the numbers at which operations branch, as far as these values include them
     */
    double[] draw(int count, boolean prefersExact, Random random) {
        double[] values = new double[count];
        if (isDistinct) {
            return spread(count, random);
        }
        boolean isRepeated = random.nextInt(20) == 0;
        double[] some = isRepeated ? new double[] {draw(random)} : prefersExact ? exact() : new double[0];
        Arrays.setAll(values, k -> some.length > 0 ? some[random.nextInt(some.length)] : draw(random));
        if (hasSpecials && random.nextBoolean()) {
            double[] specials = specials();
            for (int k = 0; k < count; k++) {
                if (random.nextInt(3) == 0) {
                    values[k] = specials[random.nextInt(specials.length)];
                }
            }
        }
        return values;
    }

    /** The numbers at which operations branch, as far as these values include them. */
    private double[] exact() {
        return DoubleStream.of(EXACT)
                .filter(value -> dtype.isFloating() && contains(value))
                .toArray();
    }

    /** Draws numbers in random order, of which any two differ by at least the gap. */
    double[] spread(int count, Random random) {
        List<Double> numbers = new ArrayList<>();
        double cell = (max - min) / Math.max(count, 1);
        boolean crowded = cell < 2 * gap;
        boolean prefersWhole = random.nextInt(10) == 0;
        for (int k = 0; k < count; k++) {
            double within = crowded ? 0.5 : (gap / 2 + random.nextDouble() * (cell - gap)) / cell;
            double value = min + (k + within) * cell;
            double whole = Math.rint(value);
            boolean isApart = Math.abs(whole - (min + (k + 0.5) * cell)) <= (cell - gap) / 2 && contains(whole);
            numbers.add(dtype.isFloating() && !(prefersWhole && isApart) ? value : whole);
        }
        java.util.Collections.shuffle(numbers, random);
        return numbers.stream().mapToDouble(number -> number).toArray();
    }

    /** The special values of the numbers' type. */
    double[] specials() {
        DoubleStream bounds = DoubleStream.concat(
                minOpen ? DoubleStream.empty() : DoubleStream.of(min),
                maxOpen ? DoubleStream.empty() : DoubleStream.of(max));
        return dtype.isFloating()
                ? DoubleStream.concat(
                                DoubleStream.of(
                                        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, -0.0),
                                bounds)
                        .toArray()
                : bounds.toArray();
    }

    // ---- simplicity ----

    /** The numbers to be tried when shrinking, the simplest first; at least one. */
    double[] simple() {
        double[] simple = DoubleStream.of(SIMPLE).filter(this::contains).toArray();
        for (double unit = 1; simple.length == 0 && unit > 1e-9; unit /= 10) {
            double first = Math.ceil(min / unit);
            for (int k = 0; k < 100 && simple.length == 0; k++) {
                double value = Math.rint((first + k) * unit * 1e9) / 1e9;
                simple = contains(value) ? new double[] {value} : simple;
            }
        }
        return simple.length == 0 ? new double[] {min + (max - min) / 2} : simple;
    }

    /** The distance of a number from the simplest number. */
    long complexity(double value) {
        double[] simple = simple();
        for (int k = 0; k < simple.length; k++) {
            if (Double.compare(value, simple[k]) == 0) {
                return k;
            }
        }
        if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
            return 50_000_000;
        }
        long size = 2 * (long) Math.min(1000, Math.abs(value)) + (value < 0 ? 1 : 0);
        long digits = value == Math.rint(value) ? 1 : value * 10 == Math.rint(value * 10) ? 10_000 : 10_000_000;
        return 10 + digits + size;
    }

    /** An array of the given numbers in the type of these values. */
    NdArray array(Shape shape, double[] values) {
        return NdArray.of(shape, values).to(dtype);
    }
}
