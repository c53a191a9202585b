package io.adjoint.core;

import io.adjoint.core.loops.ArithmeticLoops;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.loops.UpdateKernel;
import io.adjoint.core.parallel.Parallel;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The only ways to change an array: for the owner of a parameter or of a running state, never for a value to which other code may have a
 * reference. Each change is recorded ({@link NdArray#modified}). Targets must be contiguous, but for {@link #accumulate}; sources may have
 * any layout.
 */
public final class InPlace {
    private InPlace() {}

    /** Replaces the elements of the target by the elements of the source, an array of the same shape and type. */
    public static void assign(NdArray target, NdArray source) {
        check("assign", target, source);
        if (source.isDense() || source.elements() == target.elements()) {
            NdArray dense = source.contiguous();
            target.dtype
                    .storage()
                    .copy(dense.elements(), dense.offset, 1, target.elements(), target.offset, 1, target.size());
        } else {
            CopyKernels.write(source, target);
        }
        target.markModified();
    }

    /**
     * {@code target += source}, for arrays of the same shape and type, where the target is an unfinished sum to which no other code has a
     * reference; so this is not recorded as a change. The target may be a view that shows no element twice.
     */
    public static void accumulate(NdArray target, NdArray source) {
        checkAlike("accumulate", target, source);
        ArithmeticLoops<Object> loops = target.dtype.loops("accumulate").arithmetic();
        // If source and target overlap, elements could be written before they are read, so the source is copied.
        NdArray apart = source.elements() == target.elements() ? source.copy() : source;
        if (!target.isDense()) {
            accumulateRuns(target, apart, loops);
            return;
        }
        NdArray dense = apart.contiguous();
        Parallel.ranges(
                target.size(),
                (from, to) -> loops.accumulate(
                        dense.elements(), dense.offset + from, target.elements(), target.offset + from, to - from));
    }

    /**
     * Does {@link #accumulate} for a target that is a view of a part of an array: run by run, if the elements of each run are consecutive
     * in source and target.
     */
    private static void accumulateRuns(NdArray target, NdArray source, ArithmeticLoops<Object> loops) {
        Rows rows = new Rows(target.shape, source, target);
        if (rows.stride(0) != 1 || rows.stride(1) != 1) {
            CopyKernels.write(target.add(source), target);
            return;
        }
        Parallel.ranges(
                target.size(),
                (from, to) -> rows.walk(
                        from,
                        to,
                        (offsets, at, n) ->
                                loops.accumulate(source.elements(), offsets[0], target.elements(), offsets[1], n)));
    }

    /**
     * Adds a row, such as a bias, to each row of a matrix: {@code target[r, c] += row[c]}. The matrix is an unfinished sum, as in {@link
     * #accumulate(NdArray, NdArray)}.
     *
     * @param target {@code [rows, columns]}, contiguous
     * @param row {@code [columns]}
     */
    public static void accumulateRow(NdArray target, NdArray row) {
        DTypeException.requireSame("accumulateRow", target.dtype, row.dtype);
        int columns = row.size();
        if (!target.isDense() || target.shape.rank() != 2 || target.shape.dim(1) != columns) {
            throw new ShapeException(
                    "accumulateRow: expected a contiguous matrix with rows of " + columns + ", got " + target.shape);
        }
        ArithmeticLoops<Object> loops = target.dtype.loops("accumulateRow").arithmetic();
        NdArray dense = row.contiguous();
        Parallel.ranges(target.shape.dim(0), Parallel.blockOf(columns), (from, to) -> {
            for (int r = from; r < to; r++) {
                loops.accumulate(
                        dense.elements(), dense.offset, target.elements(), target.offset + r * columns, columns);
            }
        });
    }

    /** {@code view(target) += source}, as {@link #accumulate(NdArray, NdArray)}; the view may not copy or repeat elements. */
    public static void accumulate(NdArray target, UnaryOperator<NdArray> view, NdArray source) {
        accumulate(CopyKernels.hole(target, view), source);
    }

    /**
     * Adds the source's entries to the target's entries whose numbers the index holds. The result is the target plus {@link
     * NdArray#indexAdd(Shape, int, NdArray)}. If the source is much smaller than the target, only these entries are read and written. All
     * other entries are then unchanged, so a −0.0 among them remains, which adding 0 would turn into 0.0; all other bits are the same. The
     * target is an unfinished sum, as in {@link #accumulate(NdArray, NdArray)}.
     */
    public static void indexAdd(NdArray target, int axis, NdArray index, NdArray source) {
        IndexingKernels.indexAddInPlace(target, axis, index, source);
    }

    /** As {@link #indexAdd}, for an index as in {@link NdArray#scatterAdd(Shape, int, NdArray)}. */
    public static void scatterAdd(NdArray target, int axis, NdArray index, NdArray source) {
        IndexingKernels.scatterAddInPlace(target, axis, index, source);
    }

    /**
     * One step of an optimiser whose arithmetic is written for double alone: FLOAT32 elements are widened before the step and rounded after
     * it. Otherwise like {@link #update(NdArray, NdArray, UpdateKernel, UpdateKernel, NdArray...)}.
     */
    public static void update(NdArray parameter, NdArray gradient, UpdateKernel<double[]> doubles, NdArray... states) {
        step(doubles, null, parameter, gradient, states);
    }

    /**
     * One step of an optimiser: runs the loop of the arrays' type on the parameter, its gradient and the optimiser's states, block by
     * block, on several threads if the arrays are large. The loop changes the parameter and the states in place. If one of these arrays
     * does not begin at the start of its Java array, the elements of all of them are copied to doubles, run by run, and the loop of FLOAT64
     * computes the step.
     *
     * @param parameter the target of the step
     * @param gradient the gradient, of the parameter's shape and type
     * @param doubles the loop of FLOAT64
     * @param floats the same loop for FLOAT32
     * @param states arrays of the same shape and type that the optimiser carries from step to step
     */
    public static void update(
            NdArray parameter,
            NdArray gradient,
            UpdateKernel<double[]> doubles,
            UpdateKernel<float[]> floats,
            NdArray... states) {
        step(doubles, floats, parameter, gradient, states);
    }

    private static void step(
            UpdateKernel<double[]> doubles,
            @Nullable UpdateKernel<float[]> floats,
            NdArray parameter,
            NdArray gradient,
            NdArray[] states) {
        parameter.dtype.requireFloating("update");
        check("update", parameter, gradient);
        NdArray[] arrays = new NdArray[states.length + 2];
        arrays[0] = parameter;
        arrays[1] = gradient.contiguous();
        boolean aligned = parameter.offset == 0 && arrays[1].offset == 0;
        for (int s = 0; s < states.length; s++) {
            check("update", states[s], gradient);
            arrays[s + 2] = states[s];
            aligned &= states[s].offset == 0;
        }
        if (aligned && parameter.dtype == DType.FLOAT64) {
            updateDirectly(arrays, doubles, new double[arrays.length][]);
        } else if (aligned && parameter.dtype == DType.FLOAT32 && floats != null) {
            updateDirectly(arrays, floats, new float[arrays.length][]);
        } else {
            Parallel.ranges(parameter.size(), (from, to) -> updateWidened(arrays, doubles, from, to));
        }
        parameter.markModified();
        for (NdArray state : states) {
            state.markModified();
        }
    }

    private static <A> void updateDirectly(NdArray[] arrays, UpdateKernel<A> kernel, A[] operands) {
        Object[] storages = operands;
        for (int a = 0; a < arrays.length; a++) {
            storages[a] = arrays[a].elements();
        }
        Parallel.ranges(arrays[0].size(), (from, to) -> kernel.apply(operands, from, to));
    }

    /** Updates one run at a time, by applying the kernel to copies of the elements as doubles. */
    private static void updateWidened(NdArray[] arrays, UpdateKernel<double[]> kernel, int from, int to) {
        double[][] operands = new double[arrays.length][Math.min(to - from, Rows.RUN)];
        Storage<Object> storage = arrays[0].dtype.storage();
        for (int at = from; at < to; at += Rows.RUN) {
            int n = Math.min(to - at, Rows.RUN);
            for (int a = 0; a < arrays.length; a++) {
                storage.read(arrays[a].elements(), arrays[a].offset + at, 1, operands[a], 0, n);
            }
            kernel.apply(operands, 0, n);
            for (int a = 0; a < arrays.length; a++) {
                if (a != 1) {
                    storage.write(operands[a], 0, arrays[a].elements(), arrays[a].offset + at, n);
                }
            }
        }
    }

    private static void check(String op, NdArray target, NdArray source) {
        checkAlike(op, target, source);
        if (!target.isDense()) {
            throw new ShapeException(op + ": the target of a change in place must be contiguous");
        }
    }

    private static void checkAlike(String op, NdArray target, NdArray source) {
        target.requireElements();
        source.requireElements();
        DTypeException.requireSame(op, target.dtype, source.dtype);
        if (!target.shape.equals(source.shape)) {
            throw new ShapeException(
                    op + ": cannot put " + source.shape + " into " + target.shape + "; the shapes must be equal");
        }
    }
}
