package io.adjoint.io;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import java.nio.file.Path;

/** A state of a few numbers, as a program keeps it. */
final class KeptNumbers implements Stateful {
    NdArray values;

    KeptNumbers(double... values) {
        this.values = NdArray.of(Shape.of(values.length), values);
    }

    @Override
    public void declareState(StateFields fields) {
        fields.array("values", values, loaded -> values = loaded);
    }

    /** The checkpoints of a training whose only part are these numbers. */
    Checkpoints in(Path folder) {
        return new Checkpoints(folder).part("numbers", this);
    }

    /** Saves a checkpoint after each step from 1 on; its only number is that of the step. */
    static void save(Path folder, int steps) {
        KeptNumbers numbers = new KeptNumbers(0);
        Checkpoints checkpoints = numbers.in(folder).keepLast(10);
        for (int step = 1; step <= steps; step++) {
            numbers.values = NdArray.of(Shape.of(1), step);
            checkpoints.save(step);
        }
    }
}
