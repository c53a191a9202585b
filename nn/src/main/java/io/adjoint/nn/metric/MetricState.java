package io.adjoint.nn.metric;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.State;
import io.adjoint.core.State.Slot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private final String owner;
    private final List<Field> fields = new ArrayList<>();
    private BooleanSupplier fits = () -> true;

    private record Field(
            String name, boolean isScalar, boolean counts, Supplier<double[]> getter, Consumer<double[]> setter) {
        void requirePossible(String owner, double... values) {
            for (double value : values) {
                if (counts && !(value >= 0 && value <= MOST && value == Math.rint(value))) {
                    throw new IllegalArgumentException(owner + ": the state does not fit, and nothing was loaded: '"
                            + name + "' is no count: " + value);
                }
            }
        }
    }

    MetricState(Class<?> owner) {
        this.owner = owner.getSimpleName();
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
        fields.add(field);
        return this;
    }

    Map<String, NdArray> state() {
        Map<String, NdArray> state = new LinkedHashMap<>();
        for (Field field : fields) {
            double[] values = field.getter().get();
            state.put(field.name(), NdArray.of(field.isScalar() ? Shape.scalar() : Shape.of(values.length), values));
        }
        return state;
    }

    void load(Map<String, NdArray> state) {
        Map<String, Slot> expected = new LinkedHashMap<>();
        for (Field field : fields) {
            NdArray given = state.get(field.name());
            int length =
                    given != null && given.shape().rank() == 1 ? given.shape().dim(0) : 0;
            expected.put(field.name(), new Slot(DType.FLOAT64, field.isScalar() ? Shape.scalar() : Shape.of(length)));
        }
        State.requireMatch(owner, expected, state);
        for (Field field : fields) {
            field.requirePossible(owner, values(state, field));
        }
        Map<String, NdArray> before = state();
        set(state);
        if (!fits.getAsBoolean()) {
            set(before);
            throw new IllegalArgumentException(
                    owner + ": the state does not fit, and nothing was loaded: its arrays contradict each other");
        }
    }

    private void set(Map<String, NdArray> state) {
        fields.forEach(field -> field.setter().accept(values(state, field)));
    }

    private static double[] values(Map<String, NdArray> state, Field field) {
        return Objects.requireNonNull(state.get(field.name())).toDoubleArray();
    }

    private static double[] doubles(long... values) {
        double[] all = new double[values.length];
        for (int k = 0; k < all.length; k++) {
            all[k] = values[k];
        }
        return all;
    }

    private static long[] longs(double... values) {
        long[] all = new long[values.length];
        for (int k = 0; k < all.length; k++) {
            all[k] = (long) values[k];
        }
        return all;
    }
}
