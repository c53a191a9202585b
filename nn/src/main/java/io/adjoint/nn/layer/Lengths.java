package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Masks;
import org.jspecify.annotations.Nullable;

/** The lengths of the sequences of a batch, in steps; at least one sequence has fewer than the batch's T steps. */
final class Lengths {
    private final int steps;
    private final int[] each;

    private Lengths(int steps, int... each) {
        this.steps = steps;
        this.each = each;
    }

    /**
     * Checks lengths; returns null if all sequences have all T steps.
     *
     * @param x {@code [N, T, in]}
     */
    static @Nullable Lengths of(String op, Tensor lengths, Tensor x) {
        int samples = x.shape().dim(0);
        int steps = x.shape().dim(1);
        if (lengths.dtype() != DType.INT32) {
            throw new DTypeException(
                    op + ": the lengths are " + lengths.dtype() + ", but must be INT32; convert them with to(INT32)");
        }
        if (!lengths.shape().equals(Shape.of(samples))) {
            throw new ShapeException(op + ": expected lengths [" + samples + "], one for each sequence of the input "
                    + x.shape() + ", got " + lengths.shape());
        }
        int[] each = lengths.data().toIntArray();
        boolean areFull = true;
        for (int n = 0; n < samples; n++) {
            if (each[n] < 0 || each[n] > steps) {
                throw new IllegalArgumentException(op + ": the length of sequence " + n + " is " + each[n]
                        + ", but must be from 0 to " + steps + ", the steps of the input " + x.shape());
            }
            areFull &= each[n] == steps;
        }
        return areFull ? null : new Lengths(steps, each);
    }

    /** The number of steps of each sequence, {@code [N]}. */
    int[] toArray() {
        return each.clone();
    }

    /** A BOOL mask {@code [T, N, 1]}, true at steps within a sequence's length. */
    Tensor mask() {
        // The mask is made contiguous, since a row of it is read at each step.
        return Tensor.of(Masks.lengths(steps, each).data().transpose(0, 1).contiguous())
                .unsqueeze(2);
    }
}
