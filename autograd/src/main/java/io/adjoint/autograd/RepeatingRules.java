package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.KeepsNoGradients;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.List;

/** Copies of a tensor beside itself, of its entries beside themselves, and entries moved around in a circle. */
@KeepsNoGradients
final class RepeatingRules {
    private RepeatingRules() {}

    static Tensor tile(Tensor x, int... repeats) {
        return tile("tile", x, repeats);
    }

    static Tensor repeat(Tensor x, int... repeats) {
        if (repeats.length < x.shape().rank()) {
            throw new ShapeException("repeat: " + Arrays.toString(repeats) + " has fewer numbers than " + x.shape()
                    + " has axes; name each axis, or use tile, which repeats the last ones");
        }
        return tile("repeat", x, repeats);
    }

    private static Tensor tile(String name, Tensor x, int... repeats) {
        Shape shape = x.shape();
        int rank = Math.max(shape.rank(), repeats.length);
        // Each axis becomes two, copies and entries, of which the first is broadcast.
        int[] once = new int[2 * rank];
        int[] often = new int[2 * rank];
        long[] target = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            int own = axis - (rank - shape.rank());
            int named = axis - (rank - repeats.length);
            int count = named < 0 ? 1 : requireNotNegative(name, repeats[named], repeats);
            once[2 * axis] = 1;
            often[2 * axis] = count;
            once[2 * axis + 1] = own < 0 ? 1 : shape.dim(own);
            often[2 * axis + 1] = once[2 * axis + 1];
            target[axis] = (long) count * once[2 * axis + 1];
        }
        Shape tiled = Shape.of(name, shape, target);
        return x.reshape(Shape.of(once)).broadcastTo(Shape.of(often)).reshape(tiled);
    }

    @CanIgnoreReturnValue
    private static int requireNotNegative(String name, int count, int... all) {
        if (count < 0) {
            throw new IllegalArgumentException(
                    name + ": " + count + " in " + Arrays.toString(all) + " is negative; expected 0 or more copies");
        }
        return count;
    }

    static Tensor repeatInterleave(Tensor x, int count, int axis) {
        Shape shape = x.shape();
        int a = shape.axis("repeatInterleave", axis);
        requireNotNegative("repeatInterleave", count, count);
        long[] target = ShapingRules.dims(shape);
        target[a] *= count;
        Shape repeated = Shape.of("repeatInterleave", shape, target);
        Tensor apart = x.unsqueeze(a + 1);
        int[] often = apart.shape().toArray();
        often[a + 1] = count;
        return apart.broadcastTo(Shape.of(often)).reshape(repeated);
    }

    static Tensor repeatInterleave(Tensor x, Tensor counts, int axis) {
        if (counts.dtype() != DType.INT32) {
            throw new DTypeException(
                    "repeatInterleave: the counts are " + counts.dtype() + "; convert them with to(INT32)");
        }
        if (counts.shape().rank() != 1) {
            throw new ShapeException("repeatInterleave: the counts have shape " + counts.shape()
                    + "; expected a vector, a number for each entry of the axis");
        }
        return repeatInterleave(x, counts.data().toIntArray(), axis);
    }

    static Tensor repeatInterleave(Tensor x, int[] counts, int axis) {
        Shape shape = x.shape();
        int a = shape.axis("repeatInterleave", axis);
        if (counts.length != shape.dim(a)) {
            throw new ShapeException("repeatInterleave: " + counts.length + " counts for axis " + axis + " of " + shape
                    + ", which has " + shape.dim(a) + " entries; expected a number for each");
        }
        long[] target = ShapingRules.dims(shape);
        target[a] = 0;
        for (int count : counts) {
            target[a] += requireNotNegative("repeatInterleave", count, counts);
        }
        Shape repeated = Shape.of("repeatInterleave", shape, target);
        int[] index = new int[repeated.dim(a)];
        int at = 0;
        for (int entry = 0; entry < counts.length; entry++) {
            Arrays.fill(index, at, at + counts[entry], entry);
            at += counts[entry];
        }
        return x.indexSelect(a, index);
    }

    static Tensor roll(Tensor x, int[] shifts, int[] axes) {
        if (shifts.length != axes.length) {
            throw new ShapeException("roll: the shifts " + Arrays.toString(shifts) + " and the axes "
                    + Arrays.toString(axes) + " of " + x.shape() + " must be equally many");
        }
        int[] named = axes.clone();
        int[] opposite = new int[shifts.length];
        NdArray value = x.data();
        boolean moved = false;
        for (int k = 0; k < shifts.length; k++) {
            int a = x.shape().axis("roll", axes[k]);
            int size = x.shape().dim(a);
            int shift = size == 0 ? 0 : Math.floorMod(shifts[k], size);
            opposite[k] = size - shift;
            if (shift > 0) {
                moved = true;
                value = NdArray.concat(a, List.of(value.slice(a, size - shift, size), value.slice(a, 0, size - shift)));
            }
        }
        return moved ? op("roll", value, edge(x, g -> roll(g, opposite, named))) : x;
    }
}
