package io.adjoint.autograd;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.linalg.DecompositionKernels;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Matrix products and operations made of matrix products. Only the matrix product and the power with exponent 0 have backward rules; all
 * other operations are compositions.
 */
final class LinalgRules {
    private LinalgRules() {}

    static Tensor matmul(Tensor a, Tensor b) {
        boolean row = a.shape().rank() == 1;
        boolean column = b.shape().rank() == 1;
        NdArray value = a.data().matmul(b.data());
        if (!row && !column) {
            return matrices(a, b, value);
        }
        Tensor left = row ? a.unsqueeze(0) : a;
        Tensor right = column ? b.unsqueeze(1) : b;
        Shape shape = value.shape();
        Tensor product = matrices(left, right, product(value, row, column));
        return product.reshape(shape);
    }

    /**
     * Puts back, with size 1, the axes that {@code matmul} has removed for vectors, as if the vectors were matrices of one row or column.
     */
    private static NdArray product(NdArray value, boolean row, boolean column) {
        NdArray withColumn = column ? value.unsqueeze(-1) : value;
        return row ? withColumn.unsqueeze(-2) : withColumn;
    }

    private static Tensor matrices(Tensor a, Tensor b, NdArray value) {
        // The layout is read now, not in the backward rule: a rule that captured its own input would keep the input in
        // memory, and would fail after an in-place change of the input's values, on which the layout doesn't depend.
        boolean contiguousA = a.data().isContiguous();
        boolean contiguousB = b.data().isContiguous();
        return op(
                "matmul",
                value,
                edge(a, g -> laidOut(contiguousA, g, b.transpose())),
                edge(b, g -> laidOut(contiguousB, a.transpose(), g)));
    }

    /**
     * The product {@code left·right}, the gradient of an operand, in the layout of this operand. If the operand is transposed, as the
     * weight of a dense layer is, the product is computed as {@code (rightᵀ·leftᵀ)ᵀ}, so that the gradient of the weight itself is
     * contiguous.
     */
    private static Tensor laidOut(boolean contiguous, Tensor left, Tensor right) {
        return contiguous
                ? left.matmul(right)
                : right.transpose().matmul(left.transpose()).transpose();
    }

    static Tensor dot(Tensor a, Tensor b) {
        requireVectors("dot", a, b);
        if (!a.shape().equals(b.shape())) {
            throw new ShapeException("dot: the vectors have shapes " + a.shape() + " and " + b.shape() + ": axis 0 has "
                    + a.shape().size() + " vs " + b.shape().size());
        }
        return a.matmul(b);
    }

    static Tensor outer(Tensor a, Tensor b) {
        requireVectors("outer", a, b);
        Shape product = Shape.of("outer", a.shape(), a.shape().size(), b.shape().size());
        return a.unsqueeze(1).mul(b).reshape(product);
    }

    private static void requireVectors(String op, Tensor a, Tensor b) {
        requireFloating(op, a, b);
        if (a.shape().rank() != 1 || b.shape().rank() != 1) {
            throw new ShapeException(op + ": expected two vectors, got shapes " + a.shape() + " and " + b.shape()
                    + "; use matmul, tensorDot or einsum for more axes");
        }
    }

    /** Checks that the tensors of an operation have one floating dtype. */
    static void requireFloating(String op, Tensor... operands) {
        // From the last operand down to the first, so that a mix of two dtypes is reported before a dtype that is not
        // floating.
        for (int k = operands.length - 1; k >= 0; k--) {
            DTypeException.requireSameFloating(op, operands[0].dtype(), operands[k].dtype());
        }
    }

    static Tensor inner(Tensor a, Tensor b) {
        requireFloating("inner", a, b);
        if (a.shape().rank() == 0 || b.shape().rank() == 0) {
            return a.mul(b);
        }
        if (a.shape().dim(-1) != b.shape().dim(-1)) {
            throw new ShapeException("inner: shapes " + a.shape() + " and " + b.shape() + ": axis -1 has "
                    + a.shape().dim(-1) + " vs " + b.shape().dim(-1));
        }
        return tensorDot(a, b, new int[] {-1}, new int[] {-1});
    }

    static Tensor tensorDot(Tensor a, Tensor b, int axes) {
        int most = Math.min(a.shape().rank(), b.shape().rank());
        if (axes < 0 || axes > most) {
            throw new ShapeException("tensorDot: cannot sum over " + axes + " axes of " + a.shape() + " and "
                    + b.shape() + "; expected 0 to " + most);
        }
        int rank = a.shape().rank();
        return tensorDot(
                a,
                b,
                IntStream.range(rank - axes, rank).toArray(),
                IntStream.range(0, axes).toArray());
    }

    static Tensor tensorDot(Tensor a, Tensor b, int[] axesA, int[] axesB) {
        requireFloating("tensorDot", a, b);
        if (axesA.length != axesB.length) {
            throw new ShapeException("tensorDot: as many axes of " + a.shape() + " as of " + b.shape()
                    + " are summed over, but got " + Arrays.toString(axesA) + " and " + Arrays.toString(axesB));
        }
        int[] keptA = others(a.shape(), axesA);
        int[] keptB = others(b.shape(), axesB);
        for (int k = 0; k < axesA.length; k++) {
            if (a.shape().dim(axesA[k]) != b.shape().dim(axesB[k])) {
                throw new ShapeException("tensorDot: shapes " + a.shape() + " and " + b.shape() + ": axis " + axesA[k]
                        + " of the first has " + a.shape().dim(axesA[k]) + ", axis " + axesB[k] + " of the second has "
                        + b.shape().dim(axesB[k]));
            }
        }
        Shape left = dims(a.shape(), keptA);
        Shape right = dims(b.shape(), keptB);
        Shape product = Shape.of("tensorDot", joined(left.toArray(), right.toArray()));
        int summed = dims(a.shape(), axesA).size();
        return a.permute(joined(keptA, axesA))
                .reshape(Shape.of(left.size(), summed))
                .matmul(b.permute(joined(axesB, keptB)).reshape(Shape.of(summed, right.size())))
                .reshape(product);
    }

    private static int[] others(Shape shape, int[] axes) {
        // Shape.axes takes an empty list to mean all axes, but here it means no axis.
        int[] named = axes.length == 0 ? axes : shape.axes("tensorDot", axes);
        return IntStream.range(0, shape.rank())
                .filter(axis -> Arrays.binarySearch(named, axis) < 0)
                .toArray();
    }

    private static Shape dims(Shape shape, int... axes) {
        return Shape.of("tensorDot", Arrays.stream(axes).map(shape::dim).toArray());
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    static Tensor kron(Tensor a, Tensor b) {
        requireFloating("kron", a, b);
        int rank = Math.max(a.shape().rank(), b.shape().rank());
        int[] spreadA = new int[2 * rank];
        int[] spreadB = new int[2 * rank];
        long[] product = new long[rank];
        Arrays.fill(spreadA, 1);
        Arrays.fill(spreadB, 1);
        for (int axis = 0; axis < rank; axis++) {
            spreadA[2 * axis] = size(a.shape(), axis - rank);
            spreadB[2 * axis + 1] = size(b.shape(), axis - rank);
            product[axis] = (long) spreadA[2 * axis] * spreadB[2 * axis + 1];
        }
        Shape shape = Shape.of("kron", a.shape(), product);
        return a.reshape(Shape.of(spreadA)).mul(b.reshape(Shape.of(spreadB))).reshape(shape);
    }

    private static int size(Shape shape, int back) {
        return shape.rank() + back < 0 ? 1 : shape.dim(back);
    }

    static Tensor cross(int axis, Tensor a, Tensor b) {
        requireFloating("cross", a, b);
        Shape shape = Shape.broadcast("cross", a.shape(), b.shape());
        int back = shape.axis("cross", axis) - shape.rank();
        if (size(a.shape(), back) != 3 || size(b.shape(), back) != 3) {
            throw new ShapeException("cross: expected vectors of 3 elements along axis " + axis + ", got shapes "
                    + a.shape() + " and " + b.shape());
        }
        return turned(a, back, 1).mul(turned(b, back, 2)).sub(turned(a, back, 2).mul(turned(b, back, 1)));
    }

    private static Tensor turned(Tensor x, int axis, int by) {
        return Tensor.concat(axis, x.slice(axis, by, 3), x.slice(axis, 0, by));
    }

    static Tensor trace(Tensor x, int offset) {
        requireFloating("trace", x);
        if (x.shape().rank() < 2) {
            throw new ShapeException("trace: expected a matrix, or several along leading axes, got shape " + x.shape());
        }
        return x.diagonal(-2, -1, offset).sum(-1);
    }

    static Tensor matrixPower(Tensor a, int exponent) {
        DecompositionKernels.requireSquare("matrixPower", a.data());
        if (exponent == 0) {
            // The result is the identity for all elements; a product with 0 would turn infinite elements into
            // NaN.
            NdArray value = SolvingRules.identity(a).data().broadcastTo(a.shape());
            return op("matrixPower", value, edge(a, g -> g.mul(0)));
        }
        Tensor base = exponent < 0 ? SolvingRules.inv("matrixPower", a) : a;
        Tensor power = base;
        // The loop begins at the second-highest binary digit, so that an exponent of 3 needs only two products.
        int absolute = Math.abs(exponent);
        for (int digit = 30 - Integer.numberOfLeadingZeros(absolute); digit >= 0; digit--) {
            power = power.matmul(power);
            power = (absolute >>> digit & 1) == 1 ? power.matmul(base) : power;
        }
        return power;
    }
}
