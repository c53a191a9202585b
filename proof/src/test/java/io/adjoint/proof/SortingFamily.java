package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Unique;
import io.adjoint.core.NdArray;
import io.adjoint.core.Order;
import io.adjoint.core.Shape;
import io.adjoint.core.Side;
import io.adjoint.testkit.Axes;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** The catalogue's entries for sorting. */
final class SortingFamily implements Family {
    private static final Values DISTINCT = Values.between(-2, 2).distinct();
    private static final Values FEW = Values.integers(-1, 1);

    @Override
    public String title() {
        return "Sorting";
    }

    @Override
    public List<Entry> entries() {
        return List.of(sort(), argSort(), topK(), topKIndices(), searchSorted(), unique());
    }

    /** Draws an axis, and 0 or 1 for an option. */
    private static Arbitrary<int[]> anAxisAndAFlag(List<Shape> shapes) {
        return Arbitraries.randomValue(random -> {
            int rank = shapes.get(0).rank();
            return new int[] {random.nextInt(2 * rank) - rank, random.nextInt(2)};
        });
    }

    /** The indices along the axis of the elements in the row through {@code index}, sorted by the elements. */
    private static int[] order(NdArray x, int axis, boolean descending, int... index) {
        Comparator<Integer> ascending = Comparator.comparingDouble(k -> x.get(at(index, axis, k)));
        return IntStream.range(0, x.shape().dim(axis))
                .boxed()
                .sorted(descending ? ascending.reversed() : ascending)
                .mapToInt(k -> k)
                .toArray();
    }

    private static int[] at(int[] index, int axis, int k) {
        int[] other = index.clone();
        other[axis < 0 ? axis + index.length : axis] = k;
        return other;
    }

    private static int along(int[] index, int axis) {
        return index[axis < 0 ? axis + index.length : axis];
    }

    private static Entry sort() {
        return entry(
                        "sort",
                        (t, a) -> a[1] == 1
                                ? t[0].sort(a[0], Order.DESCENDING).values()
                                : t[0].sort(a[0]).values())
                .shapes("(n,m?,k?)->(n,m?,k?)")
                .within(DISTINCT)
                .arguments(SortingFamily::anAxisAndAFlag)
                .reference((inputs, a) -> Reference.build(inputs[0].shape(), index -> {
                    int[] order = order(inputs[0], a[0], a[1] == 1, index);
                    return inputs[0].get(at(index, a[0], order[along(index, a[0])]));
                }))
                .order(2)
                .covering("sort(int)", "sort(int,Order)")
                .rejects("an axis out of range", x -> x.sort(2), "axis 2 … [2, 3]")
                .rejects("a scalar", x -> x.sum().sort(0), "axis 0 … no axes")
                .fails(
                        "sorted indices with a gradient",
                        x -> x.sort(0).indices().requiresGrad(true),
                        "INT32");
    }

    private static Entry argSort() {
        return entry("argSort", (t, a) -> a[1] == 1 ? t[0].argSort(a[0], Order.DESCENDING) : t[0].argSort(a[0]))
                .shapes("(n,m?,k?)->(n,m?,k?)")
                .within(FEW)
                .arguments(SortingFamily::anAxisAndAFlag)
                .reference((inputs, a) -> Reference.build(
                        inputs[0].shape(), index -> order(inputs[0], a[0], a[1] == 1, index)[along(index, a[0])]))
                .order(0)
                .covering("argSort(int)", "argSort(int,Order)")
                .rejects("an axis out of range", x -> x.argSort(-3), "axis -3 … [2, 3]")
                .rejects("a scalar", x -> x.sum().argSort(0), "axis 0 … no axes")
                .fails("a mean of indices", x -> x.argSort(0).mean(), "mean … INT32 … to(FLOAT64)");
    }

    private static Arbitrary<int[]> anAxisAndACount(Shape shape) {
        return Axes.one(shape)
                .flatMap(axis -> Arbitraries.integers()
                        .between(0, shape.dim(axis))
                        .flatMap(k -> Arbitraries.of(0, 1).map(flag -> new int[] {axis, flag, k})));
    }

    private static Reference top(boolean indices) {
        return (inputs, a) -> {
            int[] dims = inputs[0].shape().toArray();
            dims[a[0] < 0 ? a[0] + dims.length : a[0]] = a[2];
            return Reference.build(Shape.of(dims), index -> {
                int where = order(inputs[0], a[0], a[1] == 1, index)[along(index, a[0])];
                return indices ? where : inputs[0].get(at(index, a[0], where));
            });
        };
    }

    private static Entry topK() {
        return entry(
                        "topK",
                        (t, a) -> (a[1] == 0
                                        ? t[0].topK(a[0], a[2], Order.ASCENDING)
                                        : a[0] == -1 ? t[0].topK(a[2]) : t[0].topK(a[0], a[2]))
                                .values())
                .shapes("(n,m?,k?)")
                .within(DISTINCT)
                .argumentsOf(shape -> anAxisAndACount(shape))
                .reference(top(false))
                .order(2)
                .covering("topK(int)", "topK(int,int)", "topK(int,int,Order)")
                .rejects("more than there are", x -> x.topK(4), "4 … 3 elements … axis -1 … [2, 3]")
                .rejects("a negative number", x -> x.topK(0, -1), "-1 … axis 0 … [2, 3]")
                .rejects("an axis out of range", x -> x.topK(2, 1), "axis 2 … [2, 3]")
                .rejects("a scalar", x -> x.sum().topK(1), "axis -1 … no axes");
    }

    private static Entry topKIndices() {
        return entry(
                        "topK indices",
                        (t, a) -> t[0].topK(a[0], a[2], a[1] == 1 ? Order.DESCENDING : Order.ASCENDING)
                                .indices())
                .shapes("(n,m?,k?)")
                .within(FEW)
                .argumentsOf(shape -> anAxisAndACount(shape))
                .reference(top(true))
                .order(0)
                .rejects("more than there are", x -> x.topK(0, 3, Order.ASCENDING), "3 … 2 elements … axis 0 … [2, 3]")
                .fails("a mean of indices", x -> x.topK(1).indices().mean(), "mean … INT32 … to(FLOAT64)")
                .fails("a gradient of indices", x -> x.topK(1).indices().requiresGrad(true), "INT32 … to(FLOAT64)");
    }

    private static Entry searchSorted() {
        return entry("searchSorted", (t, right) -> {
                    Tensor sorted = t[0].sort(0).values();
                    return right[0] == 1 ? sorted.searchSorted(t[1], Side.RIGHT) : sorted.searchSorted(t[1]);
                })
                .shapes("(n),(m?,k?)->(m?,k?)")
                .within(FEW)
                .arguments(shapes -> Arbitraries.of(0, 1).map(right -> new int[] {right}))
                .reference((inputs, right) -> Reference.build(
                        inputs[1].shape(),
                        index -> Arrays.stream(inputs[0].toDoubleArray())
                                .filter(element -> right[0] == 1
                                        ? element <= inputs[1].get(index)
                                        : element < inputs[1].get(index))
                                .count()))
                .order(0)
                .covering("searchSorted(Tensor)", "searchSorted(Tensor,Side)")
                .rejects("elements that descend", x -> Tensor.of(1, 3, 2).searchSorted(x), "2.0 at 2 … 3.0")
                .rejects("a matrix", x -> x.searchSorted(x), "one axis … [2, 3]")
                .rejects("two dtypes", x -> Tensor.of(new int[] {1}).searchSorted(x), "INT32 … FLOAT64 … to(");
    }

    private static Entry unique() {
        return entry("unique", t -> {
                    Unique found = t[0].unique();
                    Tensor again = found.values().take(found.inverse());
                    return Tensor.concat(
                            0,
                            found.values(),
                            found.counts(),
                            again.reshape(Shape.of(again.shape().size())));
                })
                .shapes("(...)")
                .within(FEW)
                .reference((inputs, none) -> {
                    double[] elements = inputs[0].toDoubleArray();
                    TreeMap<Double, Integer> counts = new TreeMap<>();
                    Arrays.stream(elements).forEach(element -> counts.merge(element, 1, Integer::sum));
                    double[] all = java.util.stream.DoubleStream.concat(
                                    java.util.stream.DoubleStream.concat(
                                            counts.keySet().stream().mapToDouble(value -> value),
                                            counts.values().stream().mapToDouble(count -> count)),
                                    Arrays.stream(elements))
                            .toArray();
                    return NdArray.of(Shape.of(all.length), all);
                })
                .order(0)
                .covering("unique()")
                .fails(
                        "a gradient of the values",
                        x -> {
                            x.unique().values().sum().backward();
                            return x;
                        },
                        "backward … does not require grad")
                .fails("a mean of counts", x -> x.unique().counts().mean(), "mean … INT32 … to(FLOAT64)")
                .fails(
                        "a gradient of the inverse",
                        x -> x.unique().inverse().requiresGrad(true),
                        "INT32 … to(FLOAT64)");
    }

    @Override
    public Map<String, Golden> golden() {
        return Map.of(
                "sort",
                (t, a) -> t[0].sort(a.integer("axis", -1), a.flag("descending") ? Order.DESCENDING : Order.ASCENDING)
                        .values(),
                "topk",
                (t, a) -> t[0].topK(
                                a.integer("axis", -1),
                                a.integer("k"),
                                a.isFalse("largest") ? Order.ASCENDING : Order.DESCENDING)
                        .values());
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        Tensor weights = Tensor.of(1, 2, 3);
        return Map.of(
                "sort ties", t -> t[0].sort(0).values().mul(weights),
                "topk ties", t -> t[0].topK(2).values().mul(weights.slice(0, 0, 2)));
    }
}
