package io.adjoint.core;

import java.util.Arrays;

/**
 * {@code log Σ exp} along an axis and its relatives, shifted by the largest element so that nothing overflows.
 *
 * @hidden
 */
@Internal
public final class SoftmaxKernels {
    private static final ReductionLoops<Object> REDUCTION =
            DType.FLOAT64.loops("softmax").reductions();
    private static final ArithmeticLoops<Object> ARITHMETIC =
            DType.FLOAT64.loops("softmax").arithmetic();

    private SoftmaxKernels() {}

    static NdArray softmax(NdArray x, int axis) {
        x.dtype.requireFloating("softmax");
        return Tiles.map("softmax", axis, x.dtype, (tiles, n, width, column) -> softmax(tiles[0], n, width), x);
    }

    static void softmax(double[] tile, int n, int width) {
        double[] shift = reduced(ReduceOp.AMAX, tile, n, width);
        double[] sum = shiftedExp(tile, shift, n, width, tile);
        columns(BinaryOp.DIV, tile, sum, n, width, tile);
    }

    static NdArray logSoftmax(NdArray x, int axis) {
        x.dtype.requireFloating("logSoftmax");
        return Tiles.map(
                "logSoftmax",
                axis,
                x.dtype,
                (tiles, n, width, column) -> {
                    double[] shift = reduced(ReduceOp.AMAX, tiles[0], n, width);
                    double[] sum = shiftedExp(tiles[0], shift, n, width, tiles[1]);
                    Arrays.setAll(sum, c -> Math.log(sum[c]));
                    columns(BinaryOp.SUB, tiles[0], shift, n, width, tiles[0]);
                    columns(BinaryOp.SUB, tiles[0], sum, n, width, tiles[0]);
                },
                x,
                // Read again, for a tile that the exponentials may overwrite.
                x);
    }

    /** {@code y·(g − Σ g·y)}: the derivative of {@link NdArray#softmax} from its output y. */
    public static NdArray gradient(NdArray g, NdArray y, int axis) {
        return Tiles.map(
                "softmaxGradient",
                axis,
                y.dtype,
                (tiles, n, width, column) -> {
                    double[] gradient = tiles[0];
                    double[] output = tiles[1];
                    double[] product = tiles[2];
                    ARITHMETIC.apply(BinaryOp.MUL, gradient, 0, 1, output, 0, 1, product, 0, n * width);
                    columns(BinaryOp.SUB, gradient, reduced(ReduceOp.SUM, product, n, width), n, width, gradient);
                    ARITHMETIC.apply(BinaryOp.MUL, gradient, 0, 1, output, 0, 1, gradient, 0, n * width);
                },
                g,
                y,
                // Read again, for a tile that the products may overwrite.
                y);
    }

    /** {@code g − eʸ·Σ g}: the derivative of {@link NdArray#logSoftmax} from its output y. */
    public static NdArray logGradient(NdArray g, NdArray y, int axis) {
        return Tiles.map(
                "logSoftmaxGradient",
                axis,
                y.dtype,
                (tiles, n, width, column) -> {
                    double[] gradient = tiles[0];
                    double[] output = tiles[1];
                    double[] sum = reduced(ReduceOp.SUM, gradient, n, width);
                    UnaryFunction.EXP.apply(output, 0, output, 0, n * width);
                    columns(BinaryOp.MUL, output, sum, n, width, output);
                    ARITHMETIC.apply(BinaryOp.SUB, gradient, 0, 1, output, 0, 1, gradient, 0, n * width);
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
        NdArray grouped = axes.length == 1 ? x : ReductionKernels.reducedLast("logSumExp", x, axes);
        int axis = axes.length == 1 ? axes[0] : 1;
        return Tiles.reduce("logSumExp", axis, x.dtype, SoftmaxKernels::logSumExp, grouped)
                .reshape(shape);
    }

    private static void logSumExp(double[][] tiles, int n, int width, int column) {
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
            results[0] = REDUCTION.row(op, tile, 0, n, 0);
        } else {
            REDUCTION.columns(op, tile, 0, n, width, width, results, results);
        }
        return results;
    }

    /** Writes {@code exp(x − shift)} and returns its sums. */
    private static double[] shiftedExp(double[] tile, double[] shift, int n, int width, double[] exponentials) {
        columns(BinaryOp.SUB, tile, shift, n, width, exponentials);
        UnaryFunction.EXP.apply(exponentials, 0, exponentials, 0, n * width);
        return reduced(ReduceOp.SUM, exponentials, n, width);
    }

    /** {@code out = tile op values}, of each row. */
    private static void columns(BinaryOp op, double[] tile, double[] values, int n, int width, double[] out) {
        if (width == 1) {
            ARITHMETIC.apply(op, tile, 0, 1, values, 0, 0, out, 0, n);
            return;
        }
        for (int row = 0; row < n * width; row += width) {
            ARITHMETIC.apply(op, tile, row, 1, values, 0, 1, out, row, width);
        }
    }
}
