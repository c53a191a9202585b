package io.adjoint.core;

/**
 * The only ways to change an array: for the owner of a parameter or of a running state, never for a value that somebody else may
 * hold. Each change is recorded
 * ({@link NdArray#modified}). Targets must be contiguous; sources may have any layout.
 */
public final class InPlace {
    private InPlace() {}

    /** Replaces the elements of the target by those of an array of the same shape and type. */
    public static void assign(NdArray target, NdArray source) {
        check("assign", target, source);
        NdArray dense = source.contiguous();
        target.dtype.storage().copy(dense.storage, dense.offset, 1, target.storage, target.offset, 1, target.size());
        target.markModified();
    }

    /**
     * {@code target += source}, for arrays of the same shape and type, the target being a sum in the making that nobody else has
     * seen: it is not recorded as a change.
     */
    public static void accumulate(NdArray target, NdArray source) {
        check("accumulate", target, source);
        Arithmetic<Object> loops = target.dtype.arithmetic("accumulate");
        NdArray dense = source.contiguous();
        Parallel.ranges(
                target.size(),
                (from, to) -> loops.accumulate(
                        dense.storage, dense.offset + from, target.storage, target.offset + from, to - from));
    }

    /**
     * One step of an optimiser: hands corresponding elements of the parameter, its gradient and the optimiser's own arrays to a
     * loop, block by block and on several threads where they are large; what the loop leaves in the parameter and in the states
     * is kept. The loop computes in double; FLOAT32 elements are widened before it and rounded after it.
     *
     * @param parameter the target of the step
     * @param gradient of the parameter's shape and type
     * @param states arrays of the same shape and type that the optimiser carries from step to step
     */
    public static void update(NdArray parameter, NdArray gradient, UpdateKernel kernel, NdArray... states) {
        check("update", parameter, gradient);
        NdArray[] arrays = new NdArray[states.length + 2];
        arrays[0] = parameter;
        arrays[1] = gradient.contiguous();
        for (int s = 0; s < states.length; s++) {
            check("update", states[s], gradient);
            arrays[s + 2] = states[s];
        }
        if (parameter.dtype == DType.FLOAT64) {
            Parallel.ranges(parameter.size(), (from, to) -> updateDoubles(arrays, kernel, from, to));
        } else {
            Parallel.ranges(parameter.size(), (from, to) -> updateWidened(arrays, kernel, from, to));
        }
        parameter.markModified();
        for (NdArray state : states) {
            state.markModified();
        }
    }

    private static void updateDoubles(NdArray[] arrays, UpdateKernel kernel, int from, int to) {
        double[][] operands = new double[arrays.length][];
        int[] offsets = new int[arrays.length];
        for (int a = 0; a < arrays.length; a++) {
            operands[a] = (double[]) arrays[a].storage;
            offsets[a] = arrays[a].offset + from;
        }
        kernel.apply(operands, offsets, to - from);
    }

    private static void updateWidened(NdArray[] arrays, UpdateKernel kernel, int from, int to) {
        double[][] operands = new double[arrays.length][Math.min(to - from, Rows.RUN)];
        int[] offsets = new int[arrays.length];
        Storage<Object> storage = arrays[0].dtype.storage();
        for (int at = from; at < to; at += Rows.RUN) {
            int n = Math.min(to - at, Rows.RUN);
            for (int a = 0; a < arrays.length; a++) {
                storage.read(arrays[a].storage, arrays[a].offset + at, 1, operands[a], 0, n);
            }
            kernel.apply(operands, offsets, n);
            for (int a = 0; a < arrays.length; a++) {
                if (a != 1) {
                    storage.write(operands[a], 0, arrays[a].storage, arrays[a].offset + at, n);
                }
            }
        }
    }

    private static void check(String op, NdArray target, NdArray source) {
        DTypeException.requireSame(op, target.dtype, source.dtype);
        if (!target.shape.equals(source.shape)) {
            throw new ShapeException(
                    op + ": cannot put " + source.shape + " into " + target.shape + "; the shapes must be equal");
        }
        if (!target.dense) {
            throw new ShapeException(op + ": the target of a change in place must be contiguous");
        }
    }
}
