package io.adjoint.core;

import java.util.Arrays;

/**
 * Walks over several operands of one shape in lockstep, in runs along the innermost axis, for any number of axes. Neighbouring axes that
 * are contiguous in every operand are merged first, so dense operands are walked as one axis.
 */
final class Rows {
    /** The largest number of elements of a run, and so the length of a scratch buffer for a run. */
    static final int RUN = 1024;

    @FunctionalInterface
    interface Body {
        /**
         * Handles a run of n elements. The elements of operand {@code o} begin at {@code offsets[o]} and are {@code Rows.stride(o)} apart,
         * and the elements of the result begin at {@code to}.
         */
        void run(int[] offsets, int to, int n);
    }

    private final int[] dims;
    private final int[][] strides;
    private final int[] bases;
    private final int rank;
    private final int most;

    /** Prepares walks over arrays that broadcast to the given shape. */
    Rows(Shape shape, NdArray... operands) {
        int count = operands.length;
        int fullRank = shape.rank();
        dims = new int[Math.max(fullRank, 1)];
        strides = new int[count][dims.length];
        bases = new int[count];
        for (int o = 0; o < count; o++) {
            operands[o].requireElements();
            bases[o] = operands[o].offset;
        }
        int merged = 0;
        int[] sizes = shape.dims();
        // The loop goes from the innermost axis outwards; in dims, axis 0 is the innermost axis.
        for (int axis = fullRank - 1; axis >= 0; axis--) {
            int size = sizes[axis];
            if (size == 1) {
                continue;
            }
            boolean extendsRun = merged > 0;
            for (int o = 0; o < count && extendsRun; o++) {
                extendsRun = stride(operands[o], axis, fullRank) == strides[o][merged - 1] * dims[merged - 1];
            }
            if (extendsRun) {
                dims[merged - 1] *= size;
            } else {
                dims[merged] = size;
                for (int o = 0; o < count; o++) {
                    strides[o][merged] = stride(operands[o], axis, fullRank);
                }
                merged++;
            }
        }
        if (merged == 0) {
            dims[0] = Math.min(shape.size(), 1);
            merged = 1;
        }
        rank = merged;
        most = RUN;
    }

    /** Drops the axes before an axis; if none is left, there is one axis of size 1. */
    private Rows(Rows rows, int axis, int most) {
        rank = Math.max(rows.rank - axis, 1);
        dims = axis == rows.rank ? new int[] {1} : Arrays.copyOfRange(rows.dims, axis, rows.rank);
        strides = new int[rows.strides.length][];
        Arrays.setAll(strides, o -> Arrays.copyOfRange(rows.strides[o], axis, axis + rank));
        bases = rows.bases;
        this.most = most;
    }

    /**
     * The rows of the outer axes, from an axis on: a walk over them visits the first element of each entry of the inner axes. A run has at
     * most {@code most} elements.
     */
    Rows outside(int axis, int most) {
        return axis == 0 ? this : new Rows(this, axis, most);
    }

    int rank() {
        return rank;
    }

    /** The size of an axis, of which 0 is the innermost one. */
    int dim(int axis) {
        return dims[axis];
    }

    int stride(int operand, int axis) {
        return strides[operand][axis];
    }

    private static int stride(NdArray operand, int axis, int fullRank) {
        int own = axis - (fullRank - operand.shape.rank());
        return own < 0 || operand.shape.dims()[own] == 1 ? 0 : operand.strides[own];
    }

    /** The distance between neighbouring elements of a run in one operand. */
    int stride(int operand) {
        return strides[operand][0];
    }

    /** Runs the body over the elements {@code [from, to)} of the row-major order. */
    void walk(int from, int to, Body body) {
        if (from == to) {
            return;
        }
        int[] index = new int[rank];
        int[] offsets = bases.clone();
        for (int axis = 0, rest = from; axis < rank; axis++) {
            index[axis] = rest % dims[axis];
            rest /= dims[axis];
            move(offsets, axis, index[axis]);
        }
        int at = from;
        while (at < to) {
            int n = Math.min(Math.min(dims[0] - index[0], to - at), most);
            body.run(offsets, at, n);
            at += n;
            index[0] += n;
            move(offsets, 0, n);
            for (int axis = 0; index[axis] == dims[axis] && axis < rank - 1; axis++) {
                move(offsets, axis, -dims[axis]);
                index[axis] = 0;
                index[axis + 1]++;
                move(offsets, axis + 1, 1);
            }
        }
    }

    private void move(int[] offsets, int axis, int by) {
        for (int o = 0; o < offsets.length; o++) {
            offsets[o] += by * strides[o][axis];
        }
    }
}
