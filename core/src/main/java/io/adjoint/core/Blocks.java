package io.adjoint.core;

import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Parallel;
import io.adjoint.core.parallel.ScratchPool;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks over several operands of one shape in lockstep, in blocks of at most {@link Rows#RUN} consecutive elements of the row-major order.
 *
 * <p>If the innermost axis is long, a block is a run along it, and each operand is read where it lies. Otherwise a block has some inner
 * axes as a whole and some entries of the next axis, and a {@link Reader} gathers each operand whose elements are neither consecutive in
 * the block nor one number: it copies them into a buffer, from distances that all blocks share. It copies a small operand that repeats
 * once for each thread, since all blocks begin at the same of its elements.
 */
final class Blocks {
    /** The number of elements from which on a run along the innermost axis is long: a call of a loop takes as long as some 30 elements. */
    static final int LONG = 32;

    /**
     * As {@link #LONG}, for a function's loop, a call of which takes as long as some hundred elements, and for several loops one after the
     * other.
     */
    static final int LONG_FOR_FUNCTIONS = Rows.RUN;

    /** The number of runs below which the distances would take longer than they save. */
    private static final int FEW = 16;

    private final Rows rows;
    private final NdArray[] operands;
    /** The number of elements of a run along the innermost axis. */
    private final int run;
    /** The number of elements of the axes that each block has as a whole; blocks are made of such units. */
    private final int unit;

    private final int most;

    /** For each operand that is gathered, the distances of a block's elements from its first one. */
    private final int[] @Nullable [] distances;

    private final int[] strides;
    /** The number of units in the result. */
    private final int units;

    Blocks(Shape shape, NdArray... operands) {
        this(LONG, shape, operands);
    }

    /** Prepares a walk in which runs along the innermost axis are long from a number of elements on. */
    Blocks(int longRun, Shape shape, NdArray... operands) {
        Rows all = new Rows(shape, operands);
        this.operands = operands;
        this.run = all.dim(0);
        int whole = 0;
        int size = 1;
        if (gathers(run, longRun, shape.size())) {
            while (whole < all.rank() && size * all.dim(whole) <= Rows.RUN) {
                size *= all.dim(whole);
                whole++;
            }
        }
        this.unit = size;
        this.units = shape.size() / size;
        int unitsOfBlock = Rows.RUN / size;
        this.rows = all.outside(whole, unitsOfBlock);
        this.most = Math.min(size * Math.min(unitsOfBlock, rows.dim(0)), shape.size());
        this.distances = new int[operands.length][];
        this.strides = new int[operands.length];
        for (int o = 0; o < operands.length; o++) {
            if (whole == 0) {
                strides[o] = rows.stride(o);
            } else {
                plan(o, all, whole);
            }
        }
    }

    /** Returns whether operands are gathered if a run along the innermost axis has {@code run} of all {@code size} elements. */
    static boolean gathers(int run, int size) {
        return gathers(run, LONG, size);
    }

    private static boolean gathers(int run, int longRun, int size) {
        return run < longRun && size > run * FEW;
    }

    /** Sets the distances of an operand in a block that has the innermost axes, {@code whole} of them, as a whole. */
    private void plan(int o, Rows all, int whole) {
        int[] at = new int[most];
        int size = 1;
        for (int axis = 0; axis <= whole && size < most; axis++) {
            int count = Math.min(axis < whole ? all.dim(axis) : most, most / size);
            int stride = axis < all.rank() ? all.stride(o, axis) : 0;
            for (int k = 1; k < count; k++) {
                for (int e = 0; e < size; e++) {
                    at[k * size + e] = at[e] + k * stride;
                }
            }
            size *= count;
        }
        boolean isOne = true;
        boolean isDense = true;
        for (int e = 0; e < most; e++) {
            isOne &= at[e] == 0;
            isDense &= at[e] == e;
        }
        strides[o] = isOne ? 0 : 1;
        distances[o] = isOne || isDense ? null : at;
    }

    /** The distances between neighbouring elements of an operand, as a {@link Reader} gives them. */
    int[] strides() {
        return strides;
    }

    /** The distances of a block's elements of an operand from its first one; null if {@link #strides} tells them. */
    int @Nullable [] distances(int operand) {
        return distances[operand];
    }

    /** The largest number of elements of a block. */
    int most() {
        return most;
    }

    /** Walks over all elements, on several threads if there are many; no two threads use one body at the same time. */
    void walk(Supplier<Rows.Body> maker) {
        int block = Parallel.blockOf(unit);
        if (units <= block) {
            walk(0, units, maker.get());
            return;
        }
        ScratchPool<Rows.Body> bodies = new ScratchPool<>(maker);
        Parallel.ranges(units, block, (from, to) -> {
            Rows.Body body = bodies.take();
            walk(from, to, body);
            bodies.giveBack(body);
        });
    }

    private void walk(int from, int to, Rows.Body body) {
        rows.walk(from, to, (offsets, at, n) -> body.run(offsets, at * unit, n * unit));
    }

    /** A reader of operands for one thread. */
    Reader reader() {
        return new Reader();
    }

    /** Gives the elements of the operands in a block: where they lie, or in buffers. */
    final class Reader {
        private final Object[] arrays = new Object[operands.length];
        private final int[] offsets = new int[operands.length];
        /** For each buffer, the offset and the number of the elements in it. */
        private final int[] origins = offsets.clone();

        private final int[] counts = offsets.clone();

        private Reader() {
            Arrays.setAll(arrays, o -> operands[o].elements());
        }

        /** The Java arrays in which the operands' elements are after {@link #read}. */
        Object[] arrays() {
            return arrays;
        }

        /** Makes n elements of each operand, from the given offsets on, readable; returns the indices of the first ones. */
        int[] read(int[] from, int n) {
            for (int o = 0; o < arrays.length; o++) {
                offsets[o] = read(o, from[o], n);
            }
            return offsets;
        }

        /** Makes n elements of an operand, from an offset on, readable; returns the index of the first one. */
        int read(int o, int from, int n) {
            int[] at = distances[o];
            if (at == null) {
                return from;
            }
            if (counts[o] < n || origins[o] != from) {
                Storage<Object> storage = operands[o].dtype.storage();
                if (counts[o] == 0) {
                    arrays[o] = storage.allocate(most);
                }
                if (run < LONG) {
                    storage.pick(operands[o].elements(), from, 0, 1, at, 0, 1, arrays[o], 0, n);
                } else {
                    for (int e = 0; e < n; e += run) {
                        storage.copy(operands[o].elements(), from + at[e], at[1], arrays[o], e, 1, run);
                    }
                }
                origins[o] = from;
                counts[o] = n;
            }
            return 0;
        }
    }
}
