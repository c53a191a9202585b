package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.function.UnaryOperator;

/** Operations on diagonals and triangles of matrices. */
final class DiagonalRules {
    private DiagonalRules() {}

    static Tensor tril(Tensor x, int offset) {
        return op("tril", () -> with("offset", offset), x.data().tril(offset), edge(x, g -> g.tril(offset)));
    }

    static Tensor triu(Tensor x, int offset) {
        return op("triu", () -> with("offset", offset), x.data().triu(offset), edge(x, g -> g.triu(offset)));
    }

    static Tensor diagonal(Tensor x, int axis0, int axis1, int offset) {
        return ShapingRules.view(
                "diagonal",
                () -> with("axis0", axis0, "axis1", axis1, "offset", offset),
                x,
                whole -> whole.diagonal(axis0, axis1, offset));
    }

    static Tensor diagEmbed(String name, Tensor x, int axis0, int axis1, int offset) {
        Shape shape = x.shape();
        int rank = shape.rank() + 1;
        if (rank == 1) {
            throw new ShapeException("diagEmbed: a scalar is no diagonal; make it a vector with reshape(1)");
        }
        int a = axis(axis0, rank, shape);
        int b = axis(axis1, rank, shape);
        if (a == b) {
            throw new ShapeException("diagEmbed: axes " + axis0 + " and " + axis1 + " are the same in the result of "
                    + shape + "; expected two different ones");
        }
        long[] target = new long[rank];
        for (int axis = 0, next = 0; axis < rank; axis++) {
            target[axis] = axis == a || axis == b ? shape.dim(-1) + Math.abs((long) offset) : shape.dim(next++);
        }
        UnaryOperator<NdArray> view = whole -> whole.diagonal(axis0, axis1, offset);
        return op(
                "diagEmbed",
                () -> with("axis0", axis0, "axis1", axis1, "offset", offset),
                x.data().unview(Shape.of(name, shape, target), view),
                edge(x, g -> ShapingRules.view("diagonal", Attributes.NONE, g, view)));
    }

    private static int axis(int axis, int rank, Shape shape) {
        if (axis < -rank || axis >= rank) {
            throw new ShapeException("diagEmbed: axis " + axis + " is out of range for the result of " + shape
                    + ", which has one axis more; expected " + -rank + " to " + (rank - 1));
        }
        return axis < 0 ? axis + rank : axis;
    }

    static Tensor diag(Tensor x, int offset) {
        return switch (x.shape().rank()) {
            case 1 -> diagEmbed("diag", x, 0, 1, offset);
            case 2 -> diagonal(x, 0, 1, offset);
            default ->
                throw new ShapeException(
                        "diag: " + x.shape() + " is neither a vector nor a matrix; use diagonal to take"
                                + " the diagonals of many matrices, diagEmbed to make them");
        };
    }
}
