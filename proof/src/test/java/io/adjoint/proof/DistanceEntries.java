package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.ranges;
import static io.adjoint.proof.Places.with;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Layout;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;

/** The entries of {@link LinalgFamily} for distances of points. */
final class DistanceEntries {
    private static final double[] ORDERS = {1, 2, 3, 1.5, Double.POSITIVE_INFINITY};

    private DistanceEntries() {}

    static List<Entry> all() {
        return List.of(cdist(), cdistOfOrder(), pdist(), pdistOfOrder());
    }

    private static Entry cdist() {
        return cdistErrors(entry("cdist", t -> t[0].cdist(t[1]))
                .shapes("(...,p,k),(...,r,k)->(...,p,r)")
                .within(Values.between(-2, 2).distinct())
                .reference((t, arguments) -> cdist(t[0], t[1], 2))
                .order(2)
                .covering("cdist(Tensor)"));
    }

    private static Entry cdistOfOrder() {
        return cdistErrors(entry("cdist (p)", (t, order) -> weighted(t[0]).cdist(weighted(t[1]), ORDERS[order[0]]))
                .shapes("(...,p,k),(...,r,k)->(...,p,r)")
                .within(Values.between(-2, 2).distinct())
                .arguments(DistanceEntries::orders)
                .reference((t, order) -> cdist(weighted(t[0]), weighted(t[1]), ORDERS[order[0]]))
                .order(2)
                .covering("cdist(Tensor,double)"));
    }

    /**
     * The points with each coordinate multiplied by another weight, so that no two differences are equally large: the maximum norm has a
     * kink where two are.
     */
    private static Tensor weighted(Tensor x) {
        return x.mul(Tensor.of(weights(x.shape())).to(x.dtype()));
    }

    private static NdArray weighted(NdArray x) {
        return x.mul(weights(x.shape()));
    }

    private static NdArray weights(Shape shape) {
        return Reference.build(Shape.of(shape.dim(-1)), index -> 1 / (1 + 0.63 * index[0]));
    }

    private static Arbitrary<int[]> orders(List<Shape> shapes) {
        return ranges(0, ORDERS.length - 1);
    }

    private static Entry cdistErrors(Entry entry) {
        return entry.rejects("rows", x -> x.cdist(x.transpose()), "[2, 3] and [3, 2] … axis -1 has 3 vs 2")
                .rejects("a point", x -> x.cdist(Tensor.of(1, 2, 3)), "[3] … unsqueeze(0)")
                .rejects("an order", x -> x.cdist(x, 0), "p > 0 … got 0.0")
                .rejects("INT32 elements", x -> x.cdist(x.to(DType.INT32)), "INT32 … to(FLOAT64)");
    }

    private static NdArray cdist(NdArray a, NdArray b, double p) {
        Shape batch =
                Shape.broadcast("reference", NaiveMatrices.leading(a.shape(), 2), NaiveMatrices.leading(b.shape(), 2));
        int rank = batch.rank() + 2;
        int[] dims = Arrays.copyOf(batch.toArray(), rank);
        dims[rank - 2] = a.shape().dim(-2);
        dims[rank - 1] = b.shape().dim(-2);
        return Reference.build(
                Shape.of(dims),
                index -> norm(p, a.shape().dim(-1), k -> {
                    int[] ofA = with(index, rank - 1, k);
                    int[] ofB = with(with(index, rank - 2, index[rank - 1]), rank - 1, k);
                    return Reference.broadcast(a, ofA) - Reference.broadcast(b, ofB);
                }));
    }

    private static double norm(double p, int count, Function<Integer, Double> element) {
        double result = 0;
        for (int k = 0; k < count; k++) {
            double size = Math.abs(element.apply(k));
            result = Double.isInfinite(p) ? Math.max(result, size) : result + Math.pow(size, p);
        }
        return Double.isInfinite(p) ? result : Math.pow(result, 1 / p);
    }

    private static Entry pdist() {
        return pdistErrors(entry("pdist", t -> t[0].pdist())
                .shapes("(n,k)")
                .within(Values.between(-2, 2).distinct())
                // The distance has a kink where points are equal, so layouts with repeated elements are left out.
                .layouts(withoutRepetition())
                .reference((t, arguments) -> pdist(t[0], 2))
                .order(2)
                .covering("pdist()"));
    }

    private static Entry pdistOfOrder() {
        return pdistErrors(entry("pdist (p)", (t, order) -> weighted(t[0]).pdist(ORDERS[order[0]]))
                .shapes("(n,k)")
                .within(Values.between(-2, 2).distinct())
                .layouts(withoutRepetition())
                .arguments(DistanceEntries::orders)
                .reference((t, order) -> pdist(weighted(t[0]), ORDERS[order[0]]))
                .order(2)
                .covering("pdist(double)"));
    }

    static Layout[] withoutRepetition() {
        return Arrays.stream(Layout.values())
                .filter(layout -> layout != Layout.EXPANDED)
                .toArray(Layout[]::new);
    }

    private static Entry pdistErrors(Entry entry) {
        return entry.rejects("a vector", x -> Tensor.of(1, 2, 3, 4).pdist(), "[4] … matrix")
                .rejects(
                        "too many pairs",
                        x -> Tensor.scalar(1).broadcastTo(Shape.of(1 << 17, 1)).pdist(),
                        "[131072, 1] … 2147483647")
                .rejects("a batch", x -> x.unsqueeze(0).pdist(1), "[1, 2, 3] … cdist")
                .rejects("an order", x -> x.pdist(-1), "p > 0 … got -1.0")
                .rejects("INT32 elements", x -> x.to(DType.INT32).pdist(), "INT32 … to(FLOAT64)");
    }

    private static NdArray pdist(NdArray x, double p) {
        NdArray all = cdist(x, x, p);
        int n = x.shape().dim(0);
        double[] pairs = IntStream.range(0, n)
                .boxed()
                .flatMap(i -> IntStream.range(i + 1, n).mapToObj(j -> all.get(i, j)))
                .mapToDouble(distance -> distance)
                .toArray();
        return NdArray.of(Shape.of(pairs.length), pairs);
    }
}
