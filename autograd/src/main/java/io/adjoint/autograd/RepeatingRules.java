package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Sizes;
import java.util.Arrays;
import java.util.List;

/** Operations that repeat a whole tensor (tile) or the entries of an axis, and circular shifts (roll). */
final class RepeatingRules {
    private RepeatingRules() {}

    static Tensor tiled(Tensor x, Sizes.Tiling tiling) {
        return x.reshape(tiling.once()).broadcastTo(tiling.often()).reshape(tiling.tiled());
    }

    static Tensor repeatInterleave(Tensor x, int axis, int count) {
        Shape shape = x.shape();
        int a = shape.axis("repeatInterleave", axis);
        Sizes.requireCopies("repeatInterleave", count, count);
        long[] target = Sizes.of(shape);
        target[a] *= count;
        Shape repeated = Shape.of("repeatInterleave", shape, target);
        Tensor apart = x.unsqueeze(a + 1);
        int[] often = apart.shape().toArray();
        often[a + 1] = count;
        return apart.broadcastTo(Shape.of(often)).reshape(repeated);
    }

    static Tensor repeatInterleave(Tensor x, int axis, Tensor counts) {
        if (counts.dtype() != DType.INT32) {
            throw new DTypeException(
                    "repeatInterleave: the counts are " + counts.dtype() + "; convert them with to(INT32)");
        }
        if (counts.shape().rank() != 1) {
            throw new ShapeException("repeatInterleave: the counts have shape " + counts.shape()
                    + "; expected a vector, a number for each entry of the axis");
        }
        return repeatInterleave(x, axis, counts.data().toIntArray());
    }

    static Tensor repeatInterleave(Tensor x, int axis, int[] counts) {
        Shape shape = x.shape();
        int a = shape.axis("repeatInterleave", axis);
        if (counts.length != shape.dim(a)) {
            throw new ShapeException("repeatInterleave: " + counts.length + " counts for axis " + axis + " of " + shape
                    + ", which has " + shape.dim(a) + " entries; expected a number for each");
        }
        long[] target = Sizes.of(shape);
        target[a] = 0;
        for (int count : counts) {
            target[a] += Sizes.requireCopies("repeatInterleave", count, counts);
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

    static Tensor roll(Tensor x, int[] axes, int[] shifts) {
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
        return moved
                ? op("roll", () -> with("axes", named, "shifts", shifts), value, edge(x, g -> roll(g, named, opposite)))
                : x;
    }
}
