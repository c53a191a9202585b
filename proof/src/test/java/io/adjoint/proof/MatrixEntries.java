package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** The matrices with which decompositions are tested, and the wrong calls that are tested for all decompositions. */
final class MatrixEntries {
    static final Tensor SQUARE = Tensor.of(new double[][] {{2, 1}, {1, 3}});
    static final Tensor SINGULAR = Tensor.of(new double[][] {{1, 2}, {2, 4}});

    private MatrixEntries() {}

    // ---- well-conditioned matrices ----

    /**
     * A matrix that is far from singular, and whose singular values are far from each other: numbers of at most ½ plus 3, 6 and 9 on the
     * diagonal. The matrix is a transposed view.
     */
    static Tensor graded(Tensor x) {
        NdArray diagonal = diagonal(x.shape().dim(-1), x.shape().dim(-2)).to(x.dtype());
        return x.transpose().add(Tensor.of(diagonal)).transpose();
    }

    static NdArray graded(NdArray x) {
        return x.add(diagonal(x.shape().dim(-2), x.shape().dim(-1)));
    }

    private static NdArray diagonal(int rows, int columns) {
        return Reference.build(Shape.of(rows, columns), index -> index[0] == index[1] ? 3 * (index[0] + 1) : 0);
    }

    static Entry ofGraded(String name, String signature, UnaryOperator<Tensor> function) {
        return Entry.entry(name, t -> function.apply(graded(t[0])))
                .shapes(signature)
                .within(Values.between(-0.5, 0.5))
                .axes(0, 2)
                .order(2);
    }

    /** Concatenates the elements of several tensors, so that one operation tests all of them. */
    static Tensor joined(Tensor... parts) {
        return Tensor.concat(
                0,
                Arrays.stream(parts)
                        .map(part -> part.reshape(part.shape().size()))
                        .toArray(Tensor[]::new));
    }

    static NdArray joined(NdArray... parts) {
        return NdArray.concat(
                0, Arrays.stream(parts).map(part -> part.reshape(part.size())).toList());
    }

    // ---- mistakes ----

    static UnaryOperator<Entry> ofMatrices(UnaryOperator<Tensor> function) {
        return entry -> entry.rejects("a vector", x -> function.apply(Tensor.of(1, 2)), "matrix … [2]")
                .rejects("INT32 elements", x -> function.apply(SQUARE.to(DType.INT32)), "INT32 … to(FLOAT64)");
    }

    static UnaryOperator<Entry> ofFinite(UnaryOperator<Tensor> function) {
        return entry -> entry.rejects(ofMatrices(function))
                .rejects(
                        "NaN",
                        x -> function.apply(Tensor.stack(0, SQUARE, SQUARE.mul(Double.NaN))),
                        "matrix [1] of the batch of shape [2, 2, 2] … NaN … [0, 0]")
                .rejects(
                        "an infinity",
                        x -> function.apply(Tensor.of(new double[][] {{1, 2}, {2, Double.NEGATIVE_INFINITY}})),
                        "the matrix of shape [2, 2] … -Infinity … [1, 1]");
    }

    static UnaryOperator<Entry> ofSquare(UnaryOperator<Tensor> function) {
        return entry -> entry.rejects(ofFinite(function))
                .rejects("other sizes", function, "square … [2, 3] … axis -2 has 2, axis -1 has 3");
    }

    static UnaryOperator<Entry> ofRegular(UnaryOperator<Tensor> function) {
        return entry -> entry.rejects(ofSquare(function))
                .rejects(
                        "a singular matrix",
                        x -> function.apply(Tensor.stack(0, SQUARE, SINGULAR, SQUARE)),
                        "matrix [1] of the batch of shape [3, 2, 2] … singular … pivot 1 … pinv");
    }
}
