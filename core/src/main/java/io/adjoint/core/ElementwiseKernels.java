package io.adjoint.core;

import io.adjoint.core.loops.ArithmeticLoops;
import io.adjoint.core.loops.BinaryKernel;
import io.adjoint.core.loops.BinaryOp;
import io.adjoint.core.loops.ElementLoop;
import io.adjoint.core.loops.Kernel;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Parallel;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/**
 * Elementwise operations on one array, or on two arrays that broadcast: the loops read consecutive elements, so operands of other layouts
 * are copied to buffers.
 */
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
        boolean denseA = a.isDense() && a.shape.size() == shape.size();
        boolean denseB = b.isDense() && b.shape.size() == shape.size();
        // At most one operand of these loops may be a single number.
        if ((denseA && denseB) || (denseA && b.isNumber()) || (a.isNumber() && denseB)) {
            Object out = ArrayElements.empty(a.dtype, shape.size());
            int di = denseA ? 1 : 0;
            int dj = denseB ? 1 : 0;
            Parallel.ranges(
                    shape.size(),
                    (from, to) -> loops.apply(
                            op,
                            a.elements(),
                            a.offset + from * di,
                            di,
                            b.elements(),
                            b.offset + from * dj,
                            dj,
                            out,
                            from,
                            to - from));
            return NdArray.adopt(a.dtype, shape, out);
        }
        if ((denseA || a.isNumber()) && isRowOf(b, shape)) {
            // Adding a bias is the most frequent broadcast, so it has a loop without the bookkeeping of Rows. Its
            // gradient may be one number.
            int di = denseA ? 1 : 0;
            Object out = ArrayElements.empty(a.dtype, shape.size());
            int n = b.shape.size();
            Object matrix = a.elements();
            Object row = b.elements();
            Parallel.ranges(shape.size() / n, Parallel.blockOf(n), (from, to) -> {
                for (int k = from; k < to; k++) {
                    loops.apply(op, matrix, a.offset + k * n * di, di, row, b.offset, 1, out, k * n, n);
                }
            });
            return NdArray.adopt(a.dtype, shape, out);
        }
        return compute(
                a.dtype,
                shape,
                most -> {
                    Operand x = new Operand(a.dtype, most);
                    Operand y = new Operand(a.dtype, most);
                    return (operands, offsets, strides, out, k, n) -> {
                        x.load(operands[0], offsets[0], strides[0], true, n);
                        y.load(operands[1], offsets[1], strides[1], x.stride != 0, n);
                        loops.apply(op, x.array, x.at, x.stride, y.array, y.at, y.stride, out, k, n);
                    };
                },
                a,
                b);
    }

    /** Returns whether an array is dense, not empty, not a short row of many, and broadcast by repeating it along leading axes only. */
    private static boolean isRowOf(NdArray row, Shape shape) {
        return row.isDense()
                && shape.size() > 0
                && shape.endsWith(row.shape)
                && !Blocks.gathers(row.size(), shape.size());
    }

    /**
     * The result of a loop over operands that broadcast to the result's shape; deferred if one of the operands is deferred, and a view in
     * the scope of {@link EqualRows}.
     */
    static NdArray compute(DType dtype, Shape shape, ElementLoop.Maker maker, NdArray... operands) {
        return compute(Blocks.LONG, dtype, shape, maker, operands);
    }

    private static NdArray compute(
            int longRun, DType dtype, Shape shape, ElementLoop.Maker maker, NdArray... operands) {
        for (NdArray operand : operands) {
            if (operand.lacksElements()) {
                return Expression.of(dtype, shape, maker, operands);
            }
        }
        if (repeats(shape, operands) && EqualRows.areShared()) {
            int[] dims = shape.dims();
            Shape entry = Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
            NdArray[] first = operands.clone();
            Arrays.setAll(first, k -> operands[k].shape.rank() < dims.length ? operands[k] : operands[k].select(0, 0));
            return compute(longRun, dtype, entry, maker, first).broadcastTo(shape);
        }
        Object out = ArrayElements.empty(dtype, shape.size());
        Blocks blocks = new Blocks(longRun, shape, operands);
        blocks.walk(() -> {
            ElementLoop loop = maker.make(blocks.most());
            Blocks.Reader reader = blocks.reader();
            return (offsets, at, n) -> {
                int[] from = reader.read(offsets, n);
                loop.run(reader.arrays(), from, blocks.strides(), out, at, n);
            };
        });
        return NdArray.adopt(dtype, shape, out);
    }

    /** Returns whether each operand repeats one entry along axis 0 of the result. */
    private static boolean repeats(Shape shape, NdArray... operands) {
        if (shape.size() == 0 || shape.rank() == 0 || shape.dims()[0] == 1) {
            return false;
        }
        for (NdArray operand : operands) {
            if (operand.shape.rank() == shape.rank() && operand.shape.dims()[0] != 1 && operand.strides[0] != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * An operand in a form that the loops can read: the operand's own Java array if its neighbouring elements are 1 apart in this array, or
     * if one number is repeated and the loop accepts a single number; else a buffer with a copy.
     */
    private static final class Operand {
        private final Storage<Object> storage;
        private final int most;
        private @Nullable Object buffer;
        Object array;
        int at;
        int stride;

        Operand(DType dtype, int most) {
            this.storage = dtype.storage();
            this.most = most;
            this.array = storage.allocate(0);
        }

        void load(Object source, int offset, int sourceStride, boolean mayStand, int n) {
            array = source;
            at = offset;
            stride = sourceStride;
            if (sourceStride != 1 && !(sourceStride == 0 && mayStand)) {
                buffer = buffer == null ? storage.allocate(most) : buffer;
                storage.copy(source, offset, sourceStride, buffer, 0, 1, n);
                array = buffer;
                at = 0;
                stride = 1;
            }
        }
    }

    static NdArray map(String op, NdArray x, Kernel kernel) {
        x.dtype.requireFloating(op);
        return mapped(x, kernel);
    }

    /** Applies a kernel like {@link #map}, but also to INT32 elements. */
    static NdArray mapExact(String op, NdArray x, Kernel kernel) {
        x.dtype.requireNumbers(op);
        return mapped(x, x.dtype.isFloating() ? kernel : IntegerKernels.checked(op, kernel));
    }

    private static NdArray mapped(NdArray x, Kernel kernel) {
        if (x.isDense() && x.dtype.isFloating()) {
            int size = x.shape.size();
            Object out = ArrayElements.empty(x.dtype, size);
            Parallel.ranges(
                    size, (from, to) -> apply(kernel, x.dtype, x.elements(), x.offset + from, out, from, to - from));
            return NdArray.adopt(x.dtype, x.shape, out);
        }
        return compute(
                Blocks.LONG_FOR_FUNCTIONS,
                x.dtype,
                x.shape,
                most -> x.dtype.isFloating() ? loop(kernel, x.dtype, most) : widened(kernel, x.dtype, most),
                x);
    }

    private static ElementLoop loop(Kernel kernel, DType dtype, int most) {
        Operand x = new Operand(dtype, most);
        return (operands, offsets, strides, out, k, n) -> {
            x.load(operands[0], offsets[0], strides[0], false, n);
            apply(kernel, dtype, x.array, x.at, out, k, n);
        };
    }

    private static ElementLoop widened(Kernel kernel, DType dtype, int most) {
        double[] run = new double[most];
        return (operands, offsets, strides, out, k, n) -> {
            dtype.storage().read(operands[0], offsets[0], strides[0], run, 0, n);
            kernel.apply(run, 0, run, 0, n);
            dtype.storage().write(run, 0, out, k, n);
        };
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
        if (a.isDense() && b.isDense() && a.shape.size() == size && b.shape.size() == size) {
            Object out = ArrayElements.empty(a.dtype, size);
            Parallel.ranges(
                    size,
                    (from, to) -> apply(
                            kernel,
                            a.dtype,
                            a.elements(),
                            a.offset + from,
                            b.elements(),
                            b.offset + from,
                            out,
                            from,
                            to - from));
            return NdArray.adopt(a.dtype, shape, out);
        }
        return compute(
                Blocks.LONG_FOR_FUNCTIONS,
                a.dtype,
                shape,
                most -> {
                    Operand x = new Operand(a.dtype, most);
                    Operand y = new Operand(a.dtype, most);
                    return (operands, offsets, strides, out, k, n) -> {
                        x.load(operands[0], offsets[0], strides[0], false, n);
                        y.load(operands[1], offsets[1], strides[1], false, n);
                        apply(kernel, a.dtype, x.array, x.at, y.array, y.at, out, k, n);
                    };
                },
                a,
                b);
    }

    private static void apply(
            BinaryKernel kernel, DType dtype, Object x, int i, Object y, int j, Object z, int k, int n) {
        if (dtype == DType.FLOAT64) {
            kernel.apply((double[]) x, i, (double[]) y, j, (double[]) z, k, n);
        } else {
            kernel.apply((float[]) x, i, (float[]) y, j, (float[]) z, k, n);
        }
    }

    /** Applies a function like {@link #zip}, but also to INT32 elements. */
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

    /** The BOOL mask of the elements that satisfy a condition, for any element type. */
    static NdArray test(NdArray x, DoublePredicate condition) {
        BinaryKernel kernel = BinaryKernel.each((v, zero) -> condition.test(v) ? 1 : 0);
        return blocks("test", kernel, DType.BOOL, x, NdArray.scalar(x.dtype, 0));
    }

    static NdArray where(NdArray mask, NdArray a, NdArray b) {
        mask.dtype.requireMask("where");
        DTypeException.requireSame("where", a.dtype, b.dtype);
        Shape shape = Shape.broadcast("where", mask.shape, Shape.broadcast("where", a.shape, b.shape));
        Storage<Object> storage = a.dtype.storage();
        return compute(
                a.dtype,
                shape,
                most -> (operands, offsets, strides, out, k, n) ->
                        storage.choose((byte[]) operands[0], operands[1], operands[2], offsets, strides, out, k, n),
                mask,
                a,
                b);
    }

    /** The elements converted to another type. */
    static NdArray convert(NdArray x, DType target) {
        return compute(
                target,
                x.shape,
                most -> {
                    double[] run = new double[most];
                    return (operands, offsets, strides, out, k, n) -> {
                        x.dtype.storage().read(operands[0], offsets[0], strides[0], run, 0, n);
                        target.storage().write(run, 0, out, k, n);
                    };
                },
                x);
    }

    /** Applies a kernel of doubles, block by block, to two operands of the same type; any type is allowed. */
    private static NdArray blocks(String op, BinaryKernel kernel, DType result, NdArray a, NdArray b) {
        Shape shape = Shape.broadcast(op, a.shape, b.shape);
        Storage<Object> storage = a.dtype.storage();
        return compute(
                result,
                shape,
                most -> {
                    double[] x = new double[most];
                    double[] y = new double[most];
                    return (operands, offsets, strides, out, k, n) -> {
                        storage.read(operands[0], offsets[0], strides[0], x, 0, n);
                        storage.read(operands[1], offsets[1], strides[1], y, 0, n);
                        kernel.apply(x, 0, y, 0, x, 0, n);
                        result.storage().write(x, 0, out, k, n);
                    };
                },
                a,
                b);
    }
}
