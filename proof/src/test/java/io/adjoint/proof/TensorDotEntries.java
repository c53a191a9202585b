package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;

/** The entries of {@link LinalgFamily} for tensorDot, which sums products over chosen axes of two tensors. */
final class TensorDotEntries {
    private static final Tensor VECTOR = Tensor.of(1, 2, 3, 4);

    private TensorDotEntries() {}

    static List<Entry> all() {
        return List.of(tensorDot(), tensorDotOverAxes());
    }

    private static Entry tensorDot() {
        return entry("tensorDot", (t, axes) -> t[0].tensorDot(t[1], axes[0]))
                .shapes("(a?,b?,c),(b?,c,d?)")
                .arguments(shapes -> Arbitraries.of(fittingAxes(shapes.get(0), shapes.get(1)))
                        .map(count -> new int[] {count}))
                .reference((t, axes) -> reference(
                        t[0],
                        t[1],
                        IntStream.range(-axes[0], 0).toArray(),
                        IntStream.range(0, axes[0]).toArray()))
                .order(2)
                .covering("tensorDot(Tensor,int)")
                .rejects("sizes", x -> x.tensorDot(x, 1), "[2, 3] and [2, 3] … axis 1 … has 3 … has 2")
                .rejects("too many axes", x -> x.tensorDot(VECTOR, 2), "2 axes … [2, 3] and [4] … 0 to 1")
                .rejects("a negative number of axes", x -> x.tensorDot(x, -1), "-1 axes … 0 to 2")
                .rejects("INT32 elements", x -> x.tensorDot(x.to(DType.INT32), 1), "INT32 … to(FLOAT64)");
    }

    private static List<Integer> fittingAxes(Shape a, Shape b) {
        return IntStream.rangeClosed(0, Math.min(2, Math.min(a.rank(), b.rank())))
                .filter(count -> IntStream.range(0, count).allMatch(k -> a.dim(a.rank() - count + k) == b.dim(k)))
                .boxed()
                .toList();
    }

    private static Entry tensorDotOverAxes() {
        int[] first = {-1, 0};
        int[] second = {1, -1};
        return entry("tensorDot (axes)", t -> t[0].tensorDot(t[1], first, second))
                .shapes("(b,a?,c),(d,c,b)->(a?,d)")
                .reference((t, arguments) -> reference(t[0], t[1], first, second))
                .order(2)
                .covering("tensorDot(Tensor,int[],int[])")
                .rejects(
                        "sizes",
                        x -> x.tensorDot(x, new int[] {0}, new int[] {-1}),
                        "[2, 3] and [2, 3] … axis 0 of the first has 2 … axis -1 of the second has 3")
                .rejects(
                        "unequally many axes",
                        x -> x.tensorDot(x, new int[] {0}, new int[] {}),
                        "as many axes … [0] and []")
                .rejects(
                        "an axis twice",
                        x -> x.tensorDot(x, new int[] {1, -1}, new int[] {1, 0}),
                        "axis -1 is named twice")
                .rejects(
                        "no such axis",
                        x -> x.tensorDot(x, new int[] {2}, new int[] {0}),
                        "axis 2 is out of range … [2, 3]");
    }

    /** Computes tensorDot as an einsum in which the summed axes of both arrays have equal labels. */
    static NdArray reference(NdArray a, NdArray b, int[] axesA, int[] axesB) {
        int rankA = a.shape().rank();
        int rankB = b.shape().rank();
        String labelsA = "abcdefgh".substring(0, rankA);
        char[] labelsB = "ijklmnop".substring(0, rankB).toCharArray();
        for (int k = 0; k < axesA.length; k++) {
            labelsB[Math.floorMod(axesB[k], rankB)] = labelsA.charAt(Math.floorMod(axesA[k], rankA));
        }
        String right = new String(labelsB);
        String output = (labelsA + right)
                .chars()
                .filter(label -> labelsA.indexOf(label) < 0 || right.indexOf(label) < 0)
                .mapToObj(label -> String.valueOf((char) label))
                .collect(Collectors.joining());
        return EinsumEntries.einsum(labelsA + "," + right + "->" + output, a, b);
    }

    static Tensor golden(Tensor[] t, Arguments arguments) {
        if (!arguments.json().get("axes").isJsonArray()) {
            return t[0].tensorDot(t[1], arguments.integer("axes"));
        }
        int[][] axes = arguments.json().getAsJsonArray("axes").asList().stream()
                .map(list -> list.getAsJsonArray().asList().stream()
                        .mapToInt(axis -> axis.getAsInt())
                        .toArray())
                .toArray(int[][]::new);
        return t[0].tensorDot(t[1], axes[0], axes[1]);
    }
}
