package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.IndexingFamily.NUMBERS;
import static io.adjoint.proof.IndexingFamily.THREE;
import static io.adjoint.proof.IndexingFamily.boxed;
import static io.adjoint.proof.IndexingFamily.indices;
import static io.adjoint.proof.IndexingFamily.ints;
import static io.adjoint.proof.IndexingFamily.zeros;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Axes;
import io.adjoint.testkit.Reference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;

/**
 * The catalogue's entries for gathering and scattering along one axis. Inputs are drawn for axis 0, which is then swapped with the tested
 * axis.
 */
final class GatheringFamily implements Family {
    @Override
    public String title() {
        return "Gathering and scattering";
    }

    @Override
    public List<Entry> entries() {
        return List.of(gather(), scatter(), scatterAdd(), indexSelect(), indexAdd());
    }

    private static Arbitrary<int[]> anAxis(List<Shape> shapes) {
        return Axes.one(shapes.get(0)).map(axis -> new int[] {axis});
    }

    /** Returns the tensor itself for axis 0, since a view would take the gradients in place of the input. */
    private static Tensor swapped(Tensor x, int... axis) {
        return axis[0] == 0 ? x : x.transpose(0, axis[0]);
    }

    private static Entry gather() {
        return entry("gather", (t, axis) -> swapped(swapped(t[0], axis).gather(axis[0], swapped(t[1], axis)), axis))
                .shapes("(3,4,n?),(m,k,n?)->(m,k,n?)")
                // The index may be shorter than the tensor, but not longer.
                .dims(1, 3)
                .within(NUMBERS, THREE)
                .arguments(GatheringFamily::anAxis)
                .reference((inputs, axis) ->
                        Reference.build(inputs[1].shape(), index -> inputs[0].get(pointed(inputs[1], index))))
                .order(2)
                .covering("gather(int,Tensor)")
                .rejects("an index out of range", x -> x.gather(1, ints(3).reshape(1, 1)), "index 3 … axis 1")
                .rejects("an index of floats", x -> x.gather(0, x), "FLOAT64 … to(INT32)")
                .rejects("an index of another rank", x -> x.gather(0, ints(0)), "[1] … [2, 3]")
                .rejects("an axis out of range", x -> x.gather(2, ints(0).reshape(1, 1)), "axis 2 … [2, 3]");
    }

    /** The position in the first input for a position of the index: the number at that position replaces the coordinate of axis 0. */
    private static int[] pointed(NdArray index, int... at) {
        int[] position = at.clone();
        position[0] = (int) index.get(at);
        return position;
    }

    /** A reference that copies the first input, and puts or adds the elements of the third at the positions that the second contains. */
    private static Reference scattered(boolean adding) {
        return (inputs, axis) -> {
            Map<List<Integer>, Double> elements = new HashMap<>();
            indices(inputs[0].shape()).forEach(index -> elements.put(boxed(index), inputs[0].get(index)));
            indices(inputs[1].shape())
                    .forEach(index -> elements.merge(
                            boxed(pointed(inputs[1], index)),
                            inputs[2].get(index),
                            (old, more) -> adding ? old + more : more));
            return Reference.build(inputs[0].shape(), index -> elements.getOrDefault(boxed(index), Double.NaN));
        };
    }

    private static Entry scatter() {
        return entry(
                        "scatter",
                        (t, axis) -> swapped(
                                swapped(t[0], axis).scatter(axis[0], swapped(t[1], axis), swapped(t[2], axis)), axis))
                .shapes("(3,4,n?),(m,k,n?),(m,k,n?)->(3,4,n?)")
                // The index may be shorter than the tensor, but not longer.
                .dims(1, 3)
                .within(NUMBERS, THREE, NUMBERS)
                .arguments(GatheringFamily::anAxis)
                .reference(scattered(false))
                .order(2)
                .covering("scatter(int,Tensor,Tensor)")
                .rejects("an index out of range", x -> x.scatter(0, x.to(DType.INT32), x), "index 2 … axis 0")
                .rejects("an index of floats", x -> x.scatter(0, x, x), "FLOAT64 … to(INT32)")
                .rejects(
                        "a source of another shape",
                        x -> x.scatter(0, zeros(2, 3), x.slice(0, 0, 1)),
                        "[1, 3] … [2, 3]");
    }

    private static Entry scatterAdd() {
        return entry(
                        "scatterAdd",
                        (t, axis) -> swapped(
                                swapped(t[0], axis).scatterAdd(axis[0], swapped(t[1], axis), swapped(t[2], axis)),
                                axis))
                .shapes("(3,4,n?),(m,k,n?),(m,k,n?)->(3,4,n?)")
                // The index may be shorter than the tensor, but not longer.
                .dims(1, 3)
                .within(NUMBERS, THREE, NUMBERS)
                .arguments(GatheringFamily::anAxis)
                .reference(scattered(true))
                .order(2)
                .covering("scatterAdd(int,Tensor,Tensor)")
                .rejects(
                        "an index out of range",
                        x -> x.scatterAdd(0, x.to(DType.INT32), x),
                        "index 2 … axis 0 … [2, 3]")
                .rejects("a source too short", x -> x.scatterAdd(0, zeros(2, 3), x.slice(1, 0, 2)), "[2, 2] … [2, 3]")
                .rejects(
                        "an index longer than the tensor",
                        x -> x.scatterAdd(0, zeros(2, 4), x),
                        "[2, 4] … [2, 3] … axis 1")
                .rejects(
                        "INT32 elements",
                        x -> zeros(2, 3).scatterAdd(0, zeros(2, 3), zeros(2, 3)),
                        "INT32 … to(FLOAT64)");
    }

    private static Entry indexSelect() {
        return entry(
                        "indexSelect",
                        (t, axis) -> swapped(
                                axis[0] < 0
                                        ? swapped(t[0], axis).indexSelect(axis[0], t[1])
                                        : swapped(t[0], axis)
                                                .indexSelect(
                                                        axis[0], t[1].data().toIntArray()),
                                axis))
                .shapes("(3,n?,k?),(m)->(m,n?,k?)")
                .within(NUMBERS, THREE)
                .arguments(GatheringFamily::anAxis)
                .reference((inputs, axis) -> Reference.build(
                        with(inputs[0].shape(), inputs[1].size()), index -> inputs[0].get(position(inputs[1], index))))
                .order(2)
                .covering("indexSelect(int,Tensor)", "indexSelect(int,int[])")
                .rejects("an index out of range", x -> x.indexSelect(1, 0, 3), "index 3 … axis 1 … [2, 3]")
                .rejects("a negative index", x -> x.indexSelect(0, -1), "index -1 … axis 0 … 2 elements")
                .rejects("an index of floats", x -> x.indexSelect(0, x), "FLOAT64 … to(INT32)")
                .rejects("an index of two axes", x -> x.indexSelect(0, zeros(2, 3)), "one axis … [2, 3]")
                .rejects("an axis out of range", x -> x.indexSelect(2, 0), "axis 2 … [2, 3]");
    }

    private static Shape with(Shape shape, int first) {
        int[] dims = shape.toArray();
        dims[0] = first;
        return Shape.of(dims);
    }

    /** The position whose first coordinate is the vector's number at the given first coordinate. */
    private static int[] position(NdArray vector, int... at) {
        int[] position = at.clone();
        position[0] = (int) vector.get(at[0]);
        return position;
    }

    private static Entry indexAdd() {
        return entry(
                        "indexAdd",
                        (t, axis) -> swapped(swapped(t[0], axis).indexAdd(axis[0], t[1], swapped(t[2], axis)), axis))
                .shapes("(3,n?,k?),(m),(m,n?,k?)->(3,n?,k?)")
                .within(NUMBERS, THREE, NUMBERS)
                .arguments(GatheringFamily::anAxis)
                .reference((inputs, axis) -> Reference.build(inputs[0].shape(), index -> {
                    double sum = inputs[0].get(index);
                    for (int k = 0; k < inputs[1].size(); k++) {
                        int[] from = index.clone();
                        from[0] = k;
                        sum += inputs[1].get(k) == index[0] ? inputs[2].get(from) : 0;
                    }
                    return sum;
                }))
                .order(2)
                .covering("indexAdd(int,Tensor,Tensor)")
                .rejects("an index out of range", x -> x.indexAdd(0, ints(0, 2), x), "index 2 … axis 0")
                .rejects("a source of another shape", x -> x.indexAdd(0, ints(0), x), "[2, 3] … [1, 3]")
                .rejects("two dtypes", x -> x.indexAdd(0, ints(0, 1), x.to(DType.FLOAT32)), "FLOAT32 … to(")
                .rejects("an index of floats", x -> x.indexAdd(0, x, x), "FLOAT64 … to(INT32)");
    }

    @Override
    public Map<String, Golden> golden() {
        return Map.of(
                "gather", (t, a) -> t[0].gather(a.integer("axis"), a.indices("index")),
                "indexSelect", (t, a) -> t[0].indexSelect(a.integer("axis"), a.indices("index")),
                "scatterAdd", (t, a) -> t[0].scatterAdd(a.integer("axis"), a.indices("index"), t[1]),
                "indexAdd", (t, a) -> t[0].indexAdd(a.integer("axis"), a.indices("index"), t[1]));
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        return Map.of("index dup", t -> t[0].indexSelect(0, 0, 0, 2));
    }
}
