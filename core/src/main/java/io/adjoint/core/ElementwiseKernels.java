package io.adjoint.core;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;

/** Pointwise computations of one and two broadcast arrays: how operands of any layout reach the consecutive loops. */
final class ElementwiseKernels {
    private ElementwiseKernels() {}

    static NdArray binary(BinaryOp op, NdArray a, NdArray b) {
        if (!a.dtype.isFloating() && !b.dtype.isFloating()) {
            if (op == BinaryOp.DIV) {
                a.dtype.requireQuotients(op.label());
            }
            return zipExact(op.label(), a, b, op.function);
        }
        DTypeException.requireSame(op.label(), a.dtype, b.dtype);
        ArithmeticLoops<Object> loops = a.dtype.loops(op.label()).arithmetic();
        Shape shape = Shape.broadcast(op.label(), a.shape, b.shape);
        Object out = a.dtype.storage().allocate(shape.size());
        boolean denseA = a.dense && a.shape.size() == shape.size();
        boolean denseB = b.dense && b.shape.size() == shape.size();
        if ((denseA || a.shape.size() == 1) && (denseB || b.shape.size() == 1)) {
            int di = denseA ? 1 : 0;
            int dj = denseB ? 1 : 0;
            Parallel.ranges(
                    shape.size(),
                    (from, to) -> loops.apply(
                            op,
                            a.storage,
                            a.offset + from * di,
                            di,
                            b.storage,
                            b.offset + from * dj,
                            dj,
                            out,
                            from,
                            to - from));
        } else if (denseA && isRowOf(b, shape)) {
            // A bias, the most frequent broadcast: worth a loop without the walk's bookkeeping.
            int n = b.shape.size();
            Parallel.ranges(shape.size() / n, Parallel.blockOf(n), (from, to) -> {
                for (int row = from; row < to; row++) {
                    loops.apply(op, a.storage, a.offset + row * n, 1, b.storage, b.offset, 1, out, row * n, n);
                }
            });
        } else {
            Rows rows = new Rows(shape, a, b);
            Parallel.ranges(shape.size(), (from, to) -> {
                Operand x = new Operand(a, rows.step(0), true);
                Operand y = new Operand(b, rows.step(1), rows.step(0) != 0);
                rows.walk(from, to, (offsets, at, n) -> {
                    int i = x.load(offsets[0], n);
                    int j = y.load(offsets[1], n);
                    loops.apply(op, x.array, i, x.step, y.array, j, y.step, out, at, n);
                });
            });
        }
        return NdArray.adopt(a.dtype, shape, out);
    }

    /** Returns whether broadcasting repeats all of a dense array along leading axes only. */
    private static boolean isRowOf(NdArray row, Shape shape) {
        int[] own = row.shape.dims();
        int lead = shape.rank() - own.length;
        boolean same = row.dense && shape.size() > 0;
        for (int axis = 0; axis < own.length && same; axis++) {
            same = own[axis] == shape.dims()[lead + axis];
        }
        return same;
    }

    /** An operand whose runs the loops can read: in place where neighbours are 1 or 0 apart, else through a buffer. */
    private static final class Operand {
        private final Storage<Object> storage;
        private final Object source;
        private final int sourceStep;
        private final boolean buffered;
        final Object array;
        final int step;

        Operand(NdArray operand, int sourceStep, boolean mayStand) {
            this.storage = operand.dtype.storage();
            this.source = operand.storage;
            this.sourceStep = sourceStep;
            this.buffered = sourceStep != 1 && !(sourceStep == 0 && mayStand);
            this.array = buffered ? storage.allocate(Rows.RUN) : source;
            this.step = buffered ? 1 : sourceStep;
        }

        int load(int offset, int n) {
            if (!buffered) {
                return offset;
            }
            storage.copy(source, offset, sourceStep, array, 0, 1, n);
            return 0;
        }
    }

    static NdArray map(String op, NdArray x, Kernel kernel) {
        x.dtype.requireFloating(op);
        return mapped(x, kernel);
    }

    /** As {@link #map}, of INT32 as well. */
    static NdArray mapExact(String op, NdArray x, Kernel kernel) {
        x.dtype.requireNumbers(op);
        return mapped(x, x.dtype.isFloating() ? kernel : IntegerKernels.checked(op, kernel));
    }

    private static NdArray mapped(NdArray x, Kernel kernel) {
        int size = x.shape.size();
        Storage<Object> storage = x.dtype.storage();
        Object out = storage.allocate(size);
        if (x.dense && x.dtype.isFloating()) {
            Parallel.ranges(
                    size, (from, to) -> apply(kernel, x.dtype, x.storage, x.offset + from, out, from, to - from));
            return NdArray.adopt(x.dtype, x.shape, out);
        }
        Rows rows = new Rows(x.shape, x);
        Parallel.ranges(size, (from, to) -> {
            double[] run = new double[x.dtype.isFloating() ? 0 : Math.min(to - from, Rows.RUN)];
            rows.walk(from, to, (offsets, at, n) -> {
                if (x.dtype.isFloating()) {
                    storage.copy(x.storage, offsets[0], rows.step(0), out, at, 1, n);
                    apply(kernel, x.dtype, out, at, out, at, n);
                } else {
                    storage.read(x.storage, offsets[0], rows.step(0), run, 0, n);
                    kernel.apply(run, 0, run, 0, n);
                    storage.write(run, 0, out, at, n);
                }
            });
        });
        return NdArray.adopt(x.dtype, x.shape, out);
    }

    private static void apply(Kernel kernel, DType dtype, Object x, int i, Object y, int j, int n) {
        if (dtype == DType.FLOAT64) {
            kernel.apply((double[]) x, i, (double[]) y, j, n);
        } else {
            kernel.apply((float[]) x, i, (float[]) y, j, n);
        }
    }

    static NdArray zip(String op, NdArray a, NdArray b, BinaryKernel kernel) {
        DTypeException.requireSameFloating(op, a.dtype, b.dtype);
        Shape shape = Shape.broadcast(op, a.shape, b.shape);
        int size = shape.size();
        Storage<Object> storage = a.dtype.storage();
        Object out = storage.allocate(size);
        if (a.dense && b.dense && a.shape.size() == size && b.shape.size() == size) {
            Parallel.ranges(
                    size,
                    (from, to) -> apply(
                            kernel,
                            a.dtype,
                            a.storage,
                            a.offset + from,
                            b.storage,
                            b.offset + from,
                            out,
                            from,
                            to - from));
            return NdArray.adopt(a.dtype, shape, out);
        }
        Rows rows = new Rows(shape, a, b);
        Parallel.ranges(size, (from, to) -> {
            Object y = storage.allocate(Math.min(to - from, Rows.RUN));
            rows.walk(from, to, (offsets, at, n) -> {
                storage.copy(a.storage, offsets[0], rows.step(0), out, at, 1, n);
                storage.copy(b.storage, offsets[1], rows.step(1), y, 0, 1, n);
                apply(kernel, a.dtype, out, at, y, 0, out, at, n);
            });
        });
        return NdArray.adopt(a.dtype, shape, out);
    }

    private static void apply(
            BinaryKernel kernel, DType dtype, Object x, int i, Object y, int j, Object z, int k, int n) {
        if (dtype == DType.FLOAT64) {
            kernel.apply((double[]) x, i, (double[]) y, j, (double[]) z, k, n);
        } else {
            kernel.apply((float[]) x, i, (float[]) y, j, (float[]) z, k, n);
        }
    }

    /** As {@link #zip}, of INT32 as well. */
    static NdArray zipExact(String op, NdArray a, NdArray b, DoubleBinaryOperator function) {
        DTypeException.requireSame(op, a.dtype, b.dtype);
        a.dtype.requireNumbers(op);
        return a.dtype.isFloating()
                ? zip(op, a, b, BinaryKernel.each(function))
                : blocks(op, IntegerKernels.checked(op, function), a.dtype, a, b);
    }

    /** The BOOL mask of a comparison. */
    static NdArray compare(Comparison comparison, NdArray a, NdArray b) {
        String op = comparison.label();
        if (comparison.isConnective()) {
            a.dtype.requireMask(op);
            b.dtype.requireMask(op);
        }
        DTypeException.requireSame(op, a.dtype, b.dtype);
        if (comparison.isOrder()) {
            a.dtype.requireNumbers(op);
        }
        return blocks(op, comparison.kernel(), DType.BOOL, a, b);
    }

    /** The BOOL mask of a condition, of any element type. */
    static NdArray test(NdArray x, DoublePredicate condition) {
        BinaryKernel kernel = BinaryKernel.each((v, zero) -> condition.test(v) ? 1 : 0);
        return blocks("test", kernel, DType.BOOL, x, NdArray.scalar(x.dtype, 0));
    }

    static NdArray where(NdArray mask, NdArray a, NdArray b) {
        mask.dtype.requireMask("where");
        DTypeException.requireSame("where", a.dtype, b.dtype);
        Shape shape = Shape.broadcast("where", mask.shape, Shape.broadcast("where", a.shape, b.shape));
        Storage<Object> storage = a.dtype.storage();
        Object out = storage.allocate(shape.size());
        byte[] chosen = (byte[]) mask.storage;
        Rows rows = new Rows(shape, mask, a, b);
        int[] steps = {rows.step(0), rows.step(1), rows.step(2)};
        Parallel.ranges(
                shape.size(),
                (from, to) -> rows.walk(
                        from,
                        to,
                        (offsets, at, n) -> storage.choose(chosen, a.storage, b.storage, offsets, steps, out, at, n)));
        return NdArray.adopt(a.dtype, shape, out);
    }

    private static NdArray blocks(String op, BinaryKernel kernel, DType result, NdArray a, NdArray b) {
        Shape shape = Shape.broadcast(op, a.shape, b.shape);
        Storage<Object> storage = a.dtype.storage();
        Object out = result.storage().allocate(shape.size());
        Rows rows = new Rows(shape, a, b);
        Parallel.ranges(shape.size(), (from, to) -> {
            double[] x = new double[Math.min(to - from, Rows.RUN)];
            double[] y = new double[x.length];
            rows.walk(from, to, (offsets, at, n) -> {
                storage.read(a.storage, offsets[0], rows.step(0), x, 0, n);
                storage.read(b.storage, offsets[1], rows.step(1), y, 0, n);
                kernel.apply(x, 0, y, 0, x, 0, n);
                result.storage().write(x, 0, out, at, n);
            });
        });
        return NdArray.adopt(result, shape, out);
    }
}
