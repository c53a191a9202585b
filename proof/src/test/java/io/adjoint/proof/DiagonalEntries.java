package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.fromFront;
import static io.adjoint.proof.Places.inserted;
import static io.adjoint.proof.Places.joined;
import static io.adjoint.proof.Places.ranges;
import static io.adjoint.proof.Places.without;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Axes;
import io.adjoint.testkit.Reference;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** The entries of {@link ShapingFamily} for diagonals and triangles of matrices. */
final class DiagonalEntries {
    private DiagonalEntries() {}

    static List<Entry> entries() {
        return List.of(
                entry("tril", (t, a) -> a.length == 0 ? t[0].tril() : t[0].tril(a[0]))
                        .shapes("(...,m,n)")
                        .axes(0, 1)
                        .arguments(shapes -> distances())
                        .reference((in, a) -> triangle(in[0], a, -1))
                        .order(2)
                        .covering("tril()", "tril(int)")
                        .rejects("a vector", x -> x.flatten().tril(), "[6] … 1 axes … unsqueeze")
                        .rejects("a scalar", x -> x.sum().tril(1), "[] … 0 axes … unsqueeze")
                        .fails(
                                "a gradient of another shape",
                                x -> {
                                    Tensor y = x.tril();
                                    y.backward(x.flatten());
                                    return y;
                                },
                                "[6] … [2, 3]"),
                entry("triu", (t, a) -> a.length == 0 ? t[0].triu() : t[0].triu(a[0]))
                        .shapes("(...,m,n)")
                        .axes(0, 1)
                        .arguments(shapes -> distances())
                        .reference((in, a) -> triangle(in[0], a, 1))
                        .order(2)
                        .covering("triu()", "triu(int)")
                        .rejects("a vector", x -> x.flatten().triu(), "[6] … 1 axes … unsqueeze")
                        .rejects("a scalar", x -> x.sum().triu(1), "[] … 0 axes … unsqueeze")
                        .fails(
                                "a gradient of another shape",
                                x -> {
                                    Tensor y = x.triu();
                                    y.backward(x.flatten());
                                    return y;
                                },
                                "[6] … [2, 3]"),
                entry("diagonal", (t, a) -> switch (a.length) {
                            case 0 -> t[0].diagonal();
                            case 1 -> t[0].diagonal(a[0]);
                            default -> t[0].diagonal(a[1], a[2], a[0]);
                        })
                        .shapes("(...)")
                        .axes(2, 3)
                        .argumentsOf(shape -> within(shape))
                        .reference(DiagonalEntries::diagonal)
                        .order(2)
                        .covering("diagonal()", "diagonal(int)", "diagonal(int,int,int)")
                        .rejects("one axis", x -> x.diagonal(1, -1, 0), "axes 1 and -1 … [2, 3]")
                        .rejects("an axis too many", x -> x.diagonal(0, 2, 0), "axis 2 … -2 to 1")
                        .rejects("a vector", x -> x.flatten().diagonal(), "axis 1 … [6]"),
                entry("diagEmbed", (t, a) -> switch (a.length) {
                            case 0 -> t[0].diagEmbed();
                            case 1 -> t[0].diagEmbed(a[0]);
                            default -> t[0].diagEmbed(a[1], a[2], a[0]);
                        })
                        .shapes("(...)")
                        .axes(1, 2)
                        .argumentsOf(shape -> within(Shape.of(joined(shape.toArray(), 1))))
                        .reference(DiagonalEntries::diagEmbed)
                        .order(2)
                        .covering("diagEmbed()", "diagEmbed(int)", "diagEmbed(int,int,int)")
                        .rejects("a scalar", x -> x.sum().diagEmbed(), "scalar … reshape(1)")
                        .rejects("one axis", x -> x.diagEmbed(2, -1, 0), "axes 2 and -1 … [2, 3]")
                        .rejects("an axis too many", x -> x.diagEmbed(0, 3, 0), "axis 3 … [2, 3] … -3 to 2")
                        .rejects(
                                "too many elements",
                                x -> x.diagEmbed(Integer.MIN_VALUE),
                                "[2, 3] … [2, 2147483651, 2147483651]"),
                entry("diag", (t, a) -> a.length == 0 ? t[0].diag() : t[0].diag(a[0]))
                        .shapes("(m,n?)")
                        .arguments(shapes -> distances())
                        .reference((in, a) -> {
                            int k = a.length == 0 ? 0 : a[0];
                            return in[0].shape().rank() == 1
                                    ? diagEmbed(in, new int[] {k, 0, 1})
                                    : diagonal(in, new int[] {k, 0, 1});
                        })
                        .order(2)
                        .covering("diag()", "diag(int)")
                        .rejects("a scalar", x -> x.sum().diag(), "[] … diagEmbed")
                        .rejects("many matrices", x -> x.unsqueeze(0).diag(), "[1, 2, 3] … diagonal")
                        .rejects("too many elements", x -> x.flatten().diag(1 << 20), "1048582"));
    }

    /** Draws no number or the distance of a diagonal from the main diagonal, which may lie a little outside of the matrix. */
    private static Arbitrary<int[]> distances() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(-4, 4))
                .as((count, k) -> Arrays.copyOf(new int[] {k}, count));
    }

    /** Draws the distance of a diagonal from the main diagonal, and two axes; the axes, or all three numbers, may be left out. */
    private static Arbitrary<int[]> within(Shape shape) {
        return Combinators.combine(
                        Arbitraries.of(0, 1, 3),
                        Arbitraries.integers().between(-4, 4),
                        Axes.permutations(shape),
                        ranges(0, 1))
                .as((count, k, order, fromBack) ->
                        Arrays.copyOf(new int[] {k, order[0] - fromBack[0] * shape.rank(), order[1]}, count));
    }

    private static NdArray triangle(NdArray x, int[] a, int side) {
        int k = a.length == 0 ? 0 : a[0];
        int rank = x.shape().rank();
        return Reference.build(
                x.shape(), index -> (index[rank - 1] - index[rank - 2] - k) * side >= 0 ? x.get(index) : 0);
    }

    private static NdArray diagonal(NdArray[] in, int[] a) {
        Shape shape = in[0].shape();
        int k = a.length == 0 ? 0 : a[0];
        int row = a.length < 3 ? 0 : fromFront(a[1], shape.rank());
        int column = a.length < 3 ? 1 : fromFront(a[2], shape.rank());
        int length = 0;
        for (int i = 0; i < shape.dim(row); i++) {
            length += i + k >= 0 && i + k < shape.dim(column) ? 1 : 0;
        }
        int low = Math.min(row, column);
        int high = Math.max(row, column);
        int[] rest = without(without(shape.toArray(), high), low);
        return Reference.build(Shape.of(joined(rest, length)), index -> {
            int i = index[rest.length] + Math.max(0, -k);
            int j = i + k;
            int[] others = Arrays.copyOf(index, rest.length);
            return in[0].get(inserted(inserted(others, low, low == row ? i : j), high, high == row ? i : j));
        });
    }

    private static NdArray diagEmbed(NdArray[] in, int[] a) {
        Shape shape = in[0].shape();
        int rank = shape.rank() + 1;
        int k = a.length == 0 ? 0 : a[0];
        int row = a.length < 3 ? rank - 2 : fromFront(a[1], rank);
        int column = a.length < 3 ? rank - 1 : fromFront(a[2], rank);
        int low = Math.min(row, column);
        int high = Math.max(row, column);
        int size = shape.dim(-1) + Math.abs(k);
        int[] others = Arrays.copyOf(shape.toArray(), rank - 2);
        return Reference.build(
                Shape.of(inserted(inserted(others, low, size), high, size)),
                index -> index[column] - index[row] == k
                        ? in[0].get(joined(without(without(index, high), low), Math.min(index[row], index[column])))
                        : 0);
    }
}
