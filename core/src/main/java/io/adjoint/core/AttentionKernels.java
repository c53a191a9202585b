package io.adjoint.core;

import java.util.Arrays;
import java.util.List;

/**
 * The loops of attention between its two products: from the products of queries and keys, {@code [..., L, S]}, to the weights of the
 * values, and back. Each row is read once, into doubles that stay in the cache.
 *
 * @hidden
 */
@Internal
public final class AttentionKernels {
    private static final ReductionLoops<Object> REDUCTION =
            DType.FLOAT64.loops("attention").reductions();
    private static final ArithmeticLoops<Object> ARITHMETIC =
            DType.FLOAT64.loops("attention").arithmetic();

    private AttentionKernels() {}

    /**
     * {@code softmax(products·scale + masks)} over the last axis; rows that see nothing are 0.
     *
     * @param past row i sees the first i + 1 + past columns only; all columns if that is the largest int
     * @param masks arrays that broadcast to the products: a BOOL one hides what is false, another one is added
     */
    public static NdArray weights(NdArray products, double scale, int past, List<NdArray> masks) {
        Shape shape = products.shape;
        int keys = shape.dim(-1);
        int queries = shape.dim(-2);
        Storage<Object> storage = products.dtype.storage();
        NdArray from = products.contiguous();
        Object out = storage.allocate(shape.size());
        List<NdArray> wide = masks.stream().map(mask -> mask.broadcastTo(shape)).toList();
        rows(shape, (first, last) -> {
            double[] row = new double[keys];
            double[] read = new double[wide.isEmpty() ? 0 : keys];
            for (int r = first; r < last; r++) {
                int seen = (int) Math.min(keys, r % queries + 1L + past);
                storage.read(from.storage, from.offset + r * keys, 1, row, 0, seen);
                for (int s = 0; s < seen; s++) {
                    row[s] *= scale;
                }
                for (NdArray mask : wide) {
                    apply(mask, r, row, read, seen);
                }
                weights(row, seen);
                Arrays.fill(row, seen, keys, 0);
                storage.write(row, 0, out, r * keys, keys);
            }
        });
        return NdArray.adopt(products.dtype, shape, out);
    }

    /** {@code w·(g − Σ g·w)·scale} over the last axis: the gradient of the products from that of the weights w. */
    public static NdArray gradient(NdArray g, NdArray weights, double scale) {
        int keys = weights.shape.dim(-1);
        Storage<Object> storage = weights.dtype.storage();
        NdArray upstream = g.contiguous();
        NdArray w = weights.contiguous();
        Object out = storage.allocate(weights.size());
        rows(weights.shape, (first, last) -> {
            double[] row = new double[keys];
            double[] weight = new double[keys];
            double[] product = new double[keys];
            for (int r = first; r < last; r++) {
                storage.read(upstream.storage, upstream.offset + r * keys, 1, row, 0, keys);
                storage.read(w.storage, w.offset + r * keys, 1, weight, 0, keys);
                ARITHMETIC.apply(BinaryOp.MUL, row, 0, 1, weight, 0, 1, product, 0, keys);
                double sum = REDUCTION.row(ReduceOp.SUM, product, 0, keys, 0);
                for (int s = 0; s < keys; s++) {
                    row[s] = (row[s] - sum) * weight[s] * scale;
                }
                storage.write(row, 0, out, r * keys, keys);
            }
        });
        return NdArray.adopt(weights.dtype, weights.shape, out);
    }

    private static void rows(Shape shape, Parallel.Range body) {
        if (shape.size() > 0) {
            int keys = shape.dim(-1);
            Parallel.ranges(shape.size() / keys, Math.max(1, Parallel.BLOCK / 4 / keys), body);
        }
    }

    private static void apply(NdArray mask, int row, double[] scores, double[] read, int seen) {
        int[] dims = mask.shape.dims();
        int at = mask.offset;
        for (int axis = dims.length - 2, rest = row; axis >= 0; axis--) {
            at += rest % dims[axis] * mask.strides[axis];
            rest /= dims[axis];
        }
        Storage<Object> storage = mask.dtype.storage();
        storage.read(mask.storage, at, mask.strides[dims.length - 1], read, 0, seen);
        for (int s = 0; s < seen; s++) {
            if (mask.dtype != DType.BOOL) {
                scores[s] += read[s];
            } else if (read[s] == 0) {
                scores[s] = Double.NEGATIVE_INFINITY;
            }
        }
    }

    private static void weights(double[] scores, int n) {
        int hidden = 0;
        while (hidden < n && scores[hidden] == Double.NEGATIVE_INFINITY) {
            hidden++;
        }
        if (hidden == n) {
            Arrays.fill(scores, 0, n, 0);
        } else {
            SoftmaxKernels.softmax(scores, n, 1);
        }
    }
}
