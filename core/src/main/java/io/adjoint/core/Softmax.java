package io.adjoint.core;

/** Row by row {@code log Σ exp} and its relatives, each shifted by the row's greatest element so that nothing overflows. */
final class Softmax {
    private Softmax() {}

    @FunctionalInterface
    private interface Row {
        void apply(double[] row, double[] exponentials, double[] out);
    }

    static NdArray softmax(NdArray x, int axis) {
        return alongAxis("softmax", x, axis, (row, exponentials, out) -> {
            double shift = greatest(row);
            double sum = shiftedExp(row, shift, exponentials);
            for (int e = 0; e < row.length; e++) {
                out[e] = exponentials[e] / sum;
            }
        });
    }

    static NdArray logSoftmax(NdArray x, int axis) {
        return alongAxis("logSoftmax", x, axis, (row, exponentials, out) -> {
            double shift = greatest(row);
            double logSum = Math.log(shiftedExp(row, shift, exponentials));
            for (int e = 0; e < row.length; e++) {
                out[e] = row[e] - shift - logSum;
            }
        });
    }

    static NdArray logSumExp(NdArray x, boolean keepDims, int... axes) {
        Shape shape = x.shape.reduce("logSumExp", keepDims, axes);
        int[] reduced = x.shape.axes("logSumExp", axes);
        x.dtype.requireFloating("logSumExp");
        NdArray moved = x;
        for (int k = 0; k < reduced.length; k++) {
            moved = Indexing.toLast(moved, reduced[k] - k);
        }
        int n = shape.size() == 0 ? 0 : x.size() / shape.size();
        NdArray rows = moved.contiguous();
        Object out = x.dtype.storage().allocate(shape.size());
        Parallel.ranges(shape.size(), blockOf(n), (from, to) -> {
            double[] row = new double[n];
            double[] exponentials = new double[n];
            for (int r = from; r < to; r++) {
                x.dtype.storage().read(rows.storage, rows.offset + r * n, 1, row, 0, n);
                double shift = greatest(row);
                // An infinite shift is the answer: all elements are -inf, or one is +inf.
                double value =
                        Double.isInfinite(shift) ? shift : shift + Math.log(shiftedExp(row, shift, exponentials));
                x.dtype.storage().set(out, r, value);
            }
        });
        return NdArray.adopt(x.dtype, shape, out);
    }

    private static NdArray alongAxis(String op, NdArray x, int axis, Row body) {
        int a = x.shape.axis(op, axis);
        x.dtype.requireFloating(op);
        Storage<Object> storage = x.dtype.storage();
        NdArray rows = Indexing.toLast(x, a).contiguous();
        int n = x.shape.dims()[a];
        Object result = storage.allocate(x.size());
        Parallel.ranges(n == 0 ? 0 : x.size() / n, blockOf(n), (from, to) -> {
            double[] row = new double[n];
            double[] exponentials = new double[n];
            for (int r = from; r < to; r++) {
                storage.read(rows.storage, rows.offset + r * n, 1, row, 0, n);
                body.apply(row, exponentials, row);
                storage.write(row, 0, result, r * n, n);
            }
        });
        return Indexing.fromLast(NdArray.adopt(x.dtype, rows.shape, result), a);
    }

    private static int blockOf(int n) {
        return Math.max(1, Parallel.BLOCK / 4 / Math.max(1, n));
    }

    private static double greatest(double[] row) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (double v : row) {
            greatest = Math.max(greatest, v);
        }
        return greatest;
    }

    /** Writes {@code exp(row − shift)} and returns its sum. */
    private static double shiftedExp(double[] row, double shift, double[] exponentials) {
        for (int e = 0; e < row.length; e++) {
            exponentials[e] = row[e] - shift;
        }
        Kernels.exp(exponentials, 0, exponentials, 0, row.length);
        double sum = 0;
        for (double v : exponentials) {
            sum += v;
        }
        return sum;
    }
}
