package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.MatrixEntries.graded;
import static io.adjoint.proof.MatrixEntries.ofGraded;
import static io.adjoint.proof.MatrixEntries.ofMatrices;
import static io.adjoint.proof.Places.ranges;

import io.adjoint.autograd.Tensor;
import io.adjoint.testkit.OperationCheck;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;

/** The catalogue's entries for norms of matrices. */
final class NormEntries {
    private static final double[] ORDERS = {
        1, -1, 2, -2, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
    };

    private NormEntries() {}

    static List<Entry> all() {
        return List.of(frobenius(), matrixNorm(), nuclearNorm());
    }

    private static Entry frobenius() {
        return entry("matrixNorm", t -> t[0].matrixNorm())
                .shapes("(...,m,n)->(...)")
                .within(Values.between(-2, 2).awayFrom(0))
                .reference((t, arguments) -> NaiveMatrices.eachNumber(
                        t[0],
                        a -> Math.sqrt(Arrays.stream(a)
                                .flatMapToDouble(Arrays::stream)
                                .map(element -> element * element)
                                .sum())))
                .order(2)
                .covering("matrixNorm()")
                .rejects(ofMatrices(Tensor::matrixNorm))
                .rejects("a scalar", x -> Tensor.scalar(1).matrixNorm(), "[]");
    }

    private static Entry matrixNorm() {
        return entry("matrixNorm (order)", (t, order) -> graded(t[0]).matrixNorm(ORDERS[order[0]]))
                .shapes("(...,m,n)->(...)")
                .within(Values.between(-0.5, 0.5).awayFrom(0))
                .axes(0, 2)
                // A matrix of three equal rows has equal maxima, between which finite differences don't divide the
                // gradient evenly.
                .layouts(DistanceEntries.withoutRepetition())
                .arguments(shapes -> ranges(0, ORDERS.length - 1))
                .reference((t, order) -> NaiveMatrices.eachNumber(graded(t[0]), a -> norm(a, ORDERS[order[0]])))
                .order(2)
                // Matrices without elements have no largest or smallest singular value.
                .except(OperationCheck.EMPTY)
                .covering("matrixNorm(double)")
                .rejects(ofMatrices(a -> a.matrixNorm(1)))
                .rejects("an order", x -> x.matrixNorm(3), "3.0 … 1, 2, infinity");
    }

    private static double norm(double[][] a, double order) {
        double size = Math.abs(order);
        double[] sizes = size == 2
                ? NaiveMatrices.singularValues(a)
                : Arrays.stream(size == 1 ? NaiveMatrices.transpose(a) : a)
                        .mapToDouble(row -> Arrays.stream(row).map(Math::abs).sum())
                        .toArray();
        return order > 0
                ? Arrays.stream(sizes).max().orElse(Double.NaN)
                : Arrays.stream(sizes).min().orElse(Double.NaN);
    }

    private static Entry nuclearNorm() {
        return ofGraded("nuclearNorm", "(...,m,n)->(...)", Tensor::nuclearNorm)
                .reference((t, arguments) -> NaiveMatrices.eachNumber(
                        graded(t[0]),
                        a -> Arrays.stream(NaiveMatrices.singularValues(a)).sum()))
                .covering("nuclearNorm()")
                .rejects(ofMatrices(Tensor::nuclearNorm))
                .rejects("a scalar", x -> Tensor.scalar(1).nuclearNorm(), "[]");
    }
}
