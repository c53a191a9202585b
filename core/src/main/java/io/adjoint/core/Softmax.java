package io.adjoint.core;

/** {@code log Σ exp} along an axis and its relatives, shifted by the greatest element so that nothing overflows. */
public final class Softmax {
    private static final Reduction<Object> LOOPS = DType.FLOAT64.reduction("softmax");

    private Softmax() {}

    static NdArray softmax(NdArray x, int axis) {
        x.dtype.requireFloating("softmax");
        return Tiles.map(
                "softmax",
                axis,
                x.dtype,
                (tiles, n, width) -> {
                    double[] shift = reduced(ReduceOp.AMAX, tiles[0], n, width);
                    double[] sum = shiftedExp(tiles[0], shift, n, width, tiles[0]);
                    if (width == 1) {
                        for (int r = 0; r < n; r++) {
                            tiles[0][r] /= sum[0];
                        }
                        return;
                    }
                    for (int r = 0, row = 0; r < n; r++, row += width) {
                        for (int c = 0; c < width; c++) {
                            tiles[0][row + c] /= sum[c];
                        }
                    }
                },
                x);
    }

    static NdArray logSoftmax(NdArray x, int axis) {
        x.dtype.requireFloating("logSoftmax");
        return Tiles.map(
                "logSoftmax",
                axis,
                x.dtype,
                (tiles, n, width) -> {
                    double[] shift = reduced(ReduceOp.AMAX, tiles[0], n, width);
                    double[] sum = shiftedExp(tiles[0], shift, n, width, new double[n * width]);
                    for (int c = 0; c < width; c++) {
                        sum[c] = Math.log(sum[c]);
                    }
                    for (int r = 0, row = 0; r < n; r++, row += width) {
                        for (int c = 0; c < width; c++) {
                            tiles[0][row + c] = tiles[0][row + c] - shift[c] - sum[c];
                        }
                    }
                },
                x);
    }

    /** {@code y·(g − Σ g·y)}: the derivative of {@link NdArray#softmax} from its output y. */
    public static NdArray gradient(NdArray g, NdArray y, int axis) {
        return Tiles.map(
                "softmaxGradient",
                axis,
                y.dtype,
                (tiles, n, width) -> {
                    double[] gradient = tiles[0];
                    double[] output = tiles[1];
                    double[] product = new double[n * width];
                    for (int e = 0; e < product.length; e++) {
                        product[e] = gradient[e] * output[e];
                    }
                    double[] sum = reduced(ReduceOp.SUM, product, n, width);
                    for (int r = 0, row = 0; r < n; r++, row += width) {
                        for (int c = 0; c < width; c++) {
                            gradient[row + c] = output[row + c] * (gradient[row + c] - sum[c]);
                        }
                    }
                },
                g,
                y);
    }

    /** {@code g − eʸ·Σ g}: the derivative of {@link NdArray#logSoftmax} from its output y. */
    public static NdArray logGradient(NdArray g, NdArray y, int axis) {
        return Tiles.map(
                "logSoftmaxGradient",
                axis,
                y.dtype,
                (tiles, n, width) -> {
                    double[] gradient = tiles[0];
                    double[] output = tiles[1];
                    double[] sum = reduced(ReduceOp.SUM, gradient, n, width);
                    Kernels.exp(output, 0, output, 0, n * width);
                    for (int r = 0, row = 0; r < n; r++, row += width) {
                        for (int c = 0; c < width; c++) {
                            gradient[row + c] -= output[row + c] * sum[c];
                        }
                    }
                },
                g,
                y);
    }

    static NdArray logSumExp(NdArray x, boolean keepDims, int... axes) {
        x.dtype.requireFloating("logSumExp");
        Shape shape = x.shape.reduce("logSumExp", keepDims, axes);
        if (x.size() == 0) {
            return NdArray.full(x.dtype, shape, Double.NEGATIVE_INFINITY);
        }
        NdArray grouped = axes.length == 1 ? x : Reduce.reducedLast("logSumExp", x, axes);
        int axis = axes.length == 1 ? axes[0] : 1;
        return Tiles.reduce("logSumExp", axis, x.dtype, Softmax::logSumExp, grouped)
                .reshape(shape);
    }

    private static void logSumExp(double[][] tiles, int n, int width) {
        double[] shift = reduced(ReduceOp.AMAX, tiles[0], n, width);
        double[] sum = shiftedExp(tiles[0], shift, n, width, tiles[0]);
        for (int c = 0; c < width; c++) {
            // An infinite shift is the answer: all elements are -inf, or one is +inf.
            tiles[0][c] = Double.isInfinite(shift[c]) ? shift[c] : shift[c] + Math.log(sum[c]);
        }
    }

    private static double[] reduced(ReduceOp op, double[] tile, int n, int width) {
        double[] results = new double[width];
        if (width == 1) {
            results[0] = LOOPS.row(op, tile, 0, n, 0);
        } else {
            LOOPS.columns(op, tile, 0, n, width, width, results, results);
        }
        return results;
    }

    /** Writes {@code exp(x − shift)} and returns its sums. */
    private static double[] shiftedExp(double[] tile, double[] shift, int n, int width, double[] exponentials) {
        if (width == 1) {
            for (int r = 0; r < n; r++) {
                exponentials[r] = tile[r] - shift[0];
            }
        } else {
            for (int r = 0, row = 0; r < n; r++, row += width) {
                for (int c = 0; c < width; c++) {
                    exponentials[row + c] = tile[row + c] - shift[c];
                }
            }
        }
        Kernels.exp(exponentials, 0, exponentials, 0, n * width);
        return reduced(ReduceOp.SUM, exponentials, n, width);
    }
}
