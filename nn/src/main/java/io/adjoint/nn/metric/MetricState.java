package io.adjoint.nn.metric;

import io.adjoint.core.StateFields;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The numbers that a metric carries from update to update, each declared by its name: FLOAT64 scalars and arrays {@code [n]}. */
final class MetricState {
    /** Up to 2⁵³ a double counts exactly. */
    private static final double MOST = 0x1p53;

    private final List<Field> all = new ArrayList<>();
    private BooleanSupplier fits = () -> true;

    private record Field(
            String name, boolean isScalar, boolean counts, Supplier<double[]> getter, Consumer<double[]> setter) {
        double[] declare(StateFields fields, double[] now) {
            return isScalar ? new double[] {fields.number(name, now[0])} : fields.numbers(name, now);
        }

        void requirePossible(StateFields fields, double... values) {
            for (double value : values) {
                fields.require(
                        !counts || value >= 0 && value <= MOST && value == Math.rint(value),
                        "'" + name + "' is no count: " + value);
            }
        }
    }

    MetricState number(String name, DoubleSupplier getter, DoubleConsumer setter) {
        return add(new Field(
                name, true, false, () -> new double[] {getter.getAsDouble()}, value -> setter.accept(value[0])));
    }

    MetricState count(String name, LongSupplier getter, LongConsumer setter) {
        return add(new Field(
                name, true, true, () -> new double[] {getter.getAsLong()}, value -> setter.accept((long) value[0])));
    }

    /** Adds an array of any length; the supplier gives one of its own. */
    MetricState numbers(String name, Supplier<double[]> getter, Consumer<double[]> setter) {
        return add(new Field(name, false, false, getter, setter));
    }

    MetricState counts(String name, Supplier<long[]> getter, Consumer<long[]> setter) {
        return add(new Field(name, false, true, () -> doubles(getter.get()), value -> setter.accept(longs(value))));
    }

    /** Adds a condition on all numbers together, such as that arrays are of one length. */
    MetricState fits(BooleanSupplier condition) {
        BooleanSupplier others = fits;
        fits = () -> others.getAsBoolean() && condition.getAsBoolean();
        return this;
    }

    private MetricState add(Field field) {
        all.add(field);
        return this;
    }

    void declareState(StateFields fields) {
        List<double[]> now = all.stream().map(field -> field.getter().get()).toList();
        List<double[]> loaded = new ArrayList<>();
        for (int k = 0; k < all.size(); k++) {
            loaded.add(all.get(k).declare(fields, now.get(k)));
        }
        for (int k = 0; k < all.size(); k++) {
            all.get(k).requirePossible(fields, loaded.get(k));
        }
        if (fields.isLoading()) {
            // A condition looks at the metric itself.
            set(loaded);
            boolean isPossible = fits.getAsBoolean();
            set(now);
            fields.require(isPossible, "its arrays contradict each other");
        }
        fields.onLoad(() -> set(loaded));
    }

    private void set(List<double[]> values) {
        for (int k = 0; k < all.size(); k++) {
            all.get(k).setter().accept(values.get(k));
        }
    }

    private static double[] doubles(long... values) {
        double[] doubles = new double[values.length];
        for (int k = 0; k < doubles.length; k++) {
            doubles[k] = values[k];
        }
        return doubles;
    }

    private static long[] longs(double... values) {
        long[] longs = new long[values.length];
        for (int k = 0; k < longs.length; k++) {
            longs[k] = (long) values[k];
        }
        return longs;
    }
}
