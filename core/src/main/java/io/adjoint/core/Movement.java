package io.adjoint.core;

import java.util.List;

/** Copies: to dense order, to another element type, and side by side. */
final class Movement {
    private Movement() {}

    static NdArray copy(NdArray x) {
        Object out = x.dtype.storage().allocate(x.size());
        write(x, out, x.shape, 0, x.shape.strides());
        return NdArray.adopt(x.dtype, x.shape, out);
    }

    static NdArray convert(NdArray x, DType target) {
        Object out = target.storage().allocate(x.size());
        Rows rows = new Rows(x.shape, x);
        Parallel.ranges(x.size(), (from, to) -> {
            double[] run = new double[Math.min(to - from, Rows.RUN)];
            rows.walk(from, to, (offsets, at, n) -> {
                x.dtype.storage().read(x.storage, offsets[0], rows.step(0), run, 0, n);
                target.storage().write(run, 0, out, at, n);
            });
        });
        return NdArray.adopt(target, x.shape, out);
    }

    static NdArray concat(int axis, List<NdArray> parts) {
        if (parts.isEmpty()) {
            throw new ShapeException("concat: expected at least one array, got none");
        }
        NdArray first = parts.get(0);
        int a = first.shape.axis("concat", axis);
        long total = 0;
        for (int k = 0; k < parts.size(); k++) {
            NdArray part = parts.get(k);
            DTypeException.requireSame("concat", first.dtype, part.dtype);
            for (int other = 0; other < Math.max(first.shape.rank(), part.shape.rank()); other++) {
                if (part.shape.rank() != first.shape.rank()
                        || (other != a
                                && part.shape.dims()[other] != first.shape.dims()[other])) {
                    throw new ShapeException("concat: part " + k + " has shape " + part.shape + ", which does not fit "
                            + first.shape + " of part 0: all axes but " + axis + " must be equal");
                }
            }
            total += part.shape.dims()[a];
        }
        if (total > Integer.MAX_VALUE) {
            throw new ShapeException(
                    "concat: the parts have " + total + " entries along axis " + axis + ", more than 2147483647");
        }
        int[] dims = first.shape.toArray();
        dims[a] = (int) total;
        Shape shape = Shape.adopt(dims);
        Object out = first.dtype.storage().allocate(shape.size());
        int at = 0;
        for (NdArray part : parts) {
            write(part, out, part.shape, at * shape.strides()[a], shape.strides());
            at += part.shape.dims()[a];
        }
        return NdArray.adopt(first.dtype, shape, out);
    }

    static NdArray unslice(NdArray x, Shape target, int axis, int from, int to, int step) {
        NdArray result = NdArray.zeros(x.dtype, target);
        NdArray hole = result.slice(axis, from, to, step);
        if (!hole.shape.equals(x.shape)) {
            throw new ShapeException("unslice: " + x.shape + " does not fit the slice " + hole.shape + " of " + target);
        }
        write(x, result.storage, hole.shape, hole.offset, hole.strides);
        return result;
    }

    /** Writes an array into part of another storage, laid out by the given offset and strides. */
    private static void write(NdArray x, Object out, Shape shape, int offset, int[] strides) {
        Storage<Object> storage = x.dtype.storage();
        Rows rows = new Rows(shape, x, new NdArray(x.dtype, shape, strides, offset, out, null));
        Parallel.ranges(
                x.size(),
                (from, to) -> rows.walk(
                        from,
                        to,
                        (offsets, at, n) ->
                                storage.copy(x.storage, offsets[0], rows.step(0), out, offsets[1], rows.step(1), n)));
    }
}
