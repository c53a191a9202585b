package io.adjoint.io;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Stateful;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Numbers that a program keeps. */
final class KeptNumbers implements Stateful {
    NdArray values;

    KeptNumbers(double... values) {
        this.values = NdArray.of(Shape.of(values.length), values);
    }

    @Override
    public Map<String, NdArray> state() {
        return Map.of("values", values);
    }

    @Override
    public void load(Map<String, NdArray> state) {
        NdArray loaded = Objects.requireNonNull(state.get("values"));
        if (!loaded.shape().equals(values.shape())) {
            throw new IllegalArgumentException("there are " + values.size() + " numbers");
        }
        values = loaded;
    }

    /** The checkpoints of a training that keeps these numbers. */
    Checkpoints in(Path folder) {
        return new Checkpoints(folder).part("numbers", this);
    }

    /** Saves one number, that of the step, after each step from 1 on. */
    static void save(Path folder, int steps) {
        KeptNumbers numbers = new KeptNumbers(0);
        Checkpoints checkpoints = numbers.in(folder).keepLast(10);
        for (int step = 1; step <= steps; step++) {
            numbers.values = NdArray.of(Shape.of(1), step);
            checkpoints.save(step);
        }
    }
}
