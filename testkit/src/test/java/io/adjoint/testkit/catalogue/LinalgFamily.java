package io.adjoint.testkit.catalogue;

import static io.adjoint.testkit.catalogue.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;

/** Products of vectors, matrices and tensors, and distances of points. */
final class LinalgFamily implements Family {
    private static final Tensor VECTOR = Tensor.of(1, 2, 3, 4);

    @Override
    public String title() {
        return "Products";
    }

    @Override
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>(
                List.of(matmul(), dot(), outer(), inner(), innerOfScalar(), tensorDot(), tensorDotOverAxes()));
        entries.addAll(EinsumEntries.all());
        entries.addAll(List.of(kron(), cross(), crossAlongAxis(), trace()));
        entries.addAll(DistanceEntries.all());
        return List.copyOf(entries);
    }

    // ---- matrix products ----

    private static Entry matmul() {
        return entry(
                        Operation.of("matmul", t -> t[0].matmul(t[1]))
                                .shapes("(...,n?,k),(...,k,m?)->(...,n?,m?)")
                                .reference((t, arguments) -> matmul(t[0], t[1]))
                                .order(3),
                        "matmul(Tensor)")
                .formula("Σₖ aᵢₖ·bₖⱼ; a vector is a row on the left, a column on the right")
                .derivative("g·bᵀ; aᵀ·g")
                .kinks("none; an empty sum is 0")
                .rejects("inner sides", x -> x.matmul(x), "matmul", "[2, 3] by [2, 3]", "axis -1 has 3, axis -2 has 2")
                .rejects(
                        "a vector of another length",
                        x -> x.matmul(VECTOR),
                        "matmul",
                        "[2, 3] by [4]",
                        "axis -1 has 3, axis -1 has 4")
                .rejects("vectors", x -> Tensor.of(1, 2).matmul(VECTOR), "matmul", "[2] by [4]")
                .rejects("a scalar", x -> x.matmul(Tensor.scalar(2)), "matmul", "[]", "mul")
                .rejects(
                        "batches",
                        x -> x.reshape(2, 1, 3).matmul(x.reshape(1, 3, 2).broadcastTo(Shape.of(3, 3, 2))),
                        "matmul",
                        "batch axis -3 has 2 vs 3")
                .rejects(
                        "INT32 elements",
                        x -> x.to(DType.INT32).matmul(x.to(DType.INT32)),
                        "matmul",
                        "INT32",
                        "to(FLOAT64)");
    }

    private static NdArray matmul(NdArray left, NdArray right) {
        NdArray a = left.shape().rank() == 1 ? left.unsqueeze(0) : left;
        NdArray b = right.shape().rank() == 1 ? right.unsqueeze(1) : right;
        NdArray product = NaiveMatrices.product(a, b);
        NdArray columns = right.shape().rank() == 1 ? product.squeeze(-1) : product;
        return left.shape().rank() == 1 ? columns.squeeze(right.shape().rank() == 1 ? -1 : -2) : columns;
    }

    private static Entry dot() {
        return entry(
                        Operation.of("dot", t -> t[0].dot(t[1]))
                                .shapes("(k),(k)->()")
                                .reference((t, arguments) -> matmul(t[0], t[1]))
                                .order(3),
                        "dot(Tensor)")
                .formula("Σᵢ aᵢ·bᵢ of two vectors")
                .derivative("g·b; g·a")
                .kinks("none")
                .rejects("a matrix", x -> x.dot(VECTOR), "dot", "[2, 3]", "[4]", "matmul")
                .rejects("other lengths", x -> Tensor.of(1, 2).dot(VECTOR), "dot", "[2] and [4]", "2 vs 4")
                .rejects("two dtypes", x -> VECTOR.dot(VECTOR.to(DType.FLOAT32)), "dot", "FLOAT64", "FLOAT32", "to(")
                .rejects("INT32 elements", x -> Tensor.of(new int[] {1}).dot(VECTOR), "dot", "INT32", "to(FLOAT64)");
    }

    private static Entry outer() {
        return entry(
                        Operation.of("outer", t -> t[0].outer(t[1]))
                                .shapes("(n),(m)->(n,m)")
                                .reference((t, arguments) -> Reference.build(
                                        Shape.of(t[0].size(), t[1].size()),
                                        index -> t[0].get(index[0]) * t[1].get(index[1])))
                                .order(3),
                        "outer(Tensor)")
                .formula("aᵢ·bⱼ of two vectors")
                .derivative("g·b; gᵀ·a")
                .kinks("none")
                .rejects("a matrix", x -> x.outer(VECTOR), "outer", "[2, 3]", "[4]", "einsum")
                .rejects("a scalar", x -> VECTOR.outer(Tensor.scalar(1)), "outer", "[4]", "[]")
                .rejects(
                        "INT32 elements", x -> Tensor.of(new int[] {1}).outer(VECTOR), "outer", "INT32", "to(FLOAT64)");
    }

    private static Entry inner() {
        return entry(
                        Operation.of("inner", t -> t[0].inner(t[1]))
                                .shapes("(a?,b?,k),(c?,d?,k)->(a?,b?,c?,d?)")
                                .reference((t, arguments) -> sumOfProducts(t[0], t[1], new int[] {-1}, new int[] {-1}))
                                .order(3),
                        "inner(Tensor)")
                .formula("Σₖ a…ₖ·b…ₖ over the last axes")
                .derivative("as of tensorDot")
                .kinks("none")
                .rejects("last axes", x -> x.inner(VECTOR), "inner", "[2, 3] and [4]", "axis -1 has 3 vs 4")
                .rejects("two dtypes", x -> x.inner(x.to(DType.FLOAT32)), "inner", "FLOAT64", "FLOAT32", "to(")
                .rejects("INT32 elements", x -> x.to(DType.INT32).inner(x), "inner", "INT32", "to(FLOAT64)");
    }

    private static Entry innerOfScalar() {
        return entry(Operation.of("inner (scalar)", t -> t[0].inner(t[1]))
                        .shapes("(),(a?,b?)->(a?,b?)")
                        .referenceEach((a, b) -> a * b)
                        .order(3))
                .formula("a·b if one has no axes")
                .derivative("as of mul")
                .kinks("none")
                .rejects("INT32 elements", x -> Tensor.scalar(1).inner(x.to(DType.INT32)), "inner", "INT32")
                .rejects(
                        "two dtypes",
                        x -> Tensor.scalar(1).inner(x.to(DType.FLOAT32)),
                        "inner",
                        "FLOAT64",
                        "FLOAT32",
                        "to(")
                .rejects("an INT32 scalar", x -> x.inner(Tensor.scalar(1).to(DType.INT32)), "inner", "INT32");
    }

    private static Entry tensorDot() {
        return entry(
                        Operation.of("tensorDot", (t, axes) -> t[0].tensorDot(t[1], axes[0]))
                                .shapes("(a?,b?,c),(b?,c,d?)")
                                // Which loop multiplies, and so how 8 terms or more are added, depends on the layout.
                                .sides(1, 2)
                                .arguments(shapes -> Arbitraries.of(fittingAxes(shapes.get(0), shapes.get(1)))
                                        .map(count -> new int[] {count}))
                                .reference((t, axes) -> sumOfProducts(
                                        t[0],
                                        t[1],
                                        IntStream.range(-axes[0], 0).toArray(),
                                        IntStream.range(0, axes[0]).toArray()))
                                .order(2),
                        "tensorDot(Tensor,int)")
                .formula("the sum of products over the last axes of a and as many first axes of b")
                .derivative("tensorDot(g, b) and tensorDot(a, g) over the axes that are left")
                .kinks("none")
                .rejects("sides", x -> x.tensorDot(x, 1), "tensorDot", "[2, 3] and [2, 3]", "axis 1", "has 3", "has 2")
                .rejects(
                        "too many axes", x -> x.tensorDot(VECTOR, 2), "tensorDot", "2 axes", "[2, 3] and [4]", "0 to 1")
                .rejects("a negative number of axes", x -> x.tensorDot(x, -1), "tensorDot", "-1 axes", "0 to 2")
                .rejects("INT32 elements", x -> x.tensorDot(x.to(DType.INT32), 1), "tensorDot", "INT32", "to(FLOAT64)");
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
        return entry(
                        Operation.of("tensorDot (axes)", t -> t[0].tensorDot(t[1], first, second))
                                .shapes("(b,a?,c),(d,c,b)->(a?,d)")
                                .sides(1, 2)
                                .reference((t, arguments) -> sumOfProducts(t[0], t[1], first, second))
                                .order(2),
                        "tensorDot(Tensor,int[],int[])")
                .formula("the sum of products over pairs of axes")
                .derivative("as of tensorDot")
                .kinks("none")
                .rejects(
                        "sides",
                        x -> x.tensorDot(x, new int[] {0}, new int[] {-1}),
                        "tensorDot",
                        "[2, 3] and [2, 3]",
                        "axis 0 of the first has 2",
                        "axis -1 of the second has 3")
                .rejects(
                        "unequally many axes",
                        x -> x.tensorDot(x, new int[] {0}, new int[] {}),
                        "tensorDot",
                        "as many axes",
                        "[0] and []")
                .rejects(
                        "an axis twice",
                        x -> x.tensorDot(x, new int[] {1, -1}, new int[] {1, 0}),
                        "tensorDot",
                        "axis -1 is named twice")
                .rejects(
                        "no such axis",
                        x -> x.tensorDot(x, new int[] {2}, new int[] {0}),
                        "tensorDot",
                        "axis 2 is out of range",
                        "[2, 3]");
    }

    /** By an index of all axes of both, of which pairs are equal. */
    private static NdArray sumOfProducts(NdArray a, NdArray b, int[] axesA, int[] axesB) {
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

    // ---- other products ----

    private static Entry kron() {
        return entry(
                        Operation.of("kron", t -> t[0].kron(t[1]))
                                .shapes("(a?,b?),(c?,d?,e?)")
                                .reference((t, arguments) -> kron(t[0], t[1]))
                                .order(2),
                        "kron(Tensor)")
                .formula("each element of a times b, along all axes")
                .derivative("the sums over the blocks of g·b and of a·g")
                .kinks("none")
                .rejects("two dtypes", x -> x.kron(x.to(DType.FLOAT32)), "kron", "FLOAT64", "FLOAT32", "to(")
                .rejects("INT32 elements", x -> x.to(DType.INT32).kron(x), "kron", "INT32", "to(FLOAT64)")
                .rejects("too many elements", LinalgFamily::hugeKron, "kron: [65536]", "2147483647");
    }

    private static Tensor hugeKron(Tensor x) {
        Tensor long1 = Tensor.scalar(1).broadcastTo(Shape.of(1 << 16));
        return long1.kron(long1);
    }

    private static NdArray kron(NdArray a, NdArray b) {
        int rank = Math.max(a.shape().rank(), b.shape().rank());
        int[] sidesA = padded(a.shape(), rank);
        int[] sidesB = padded(b.shape(), rank);
        int[] sides = IntStream.range(0, rank).map(k -> sidesA[k] * sidesB[k]).toArray();
        return Reference.build(Shape.of(sides), index -> {
            int[] outside =
                    IntStream.range(0, rank).map(k -> index[k] / sidesB[k]).toArray();
            int[] inside =
                    IntStream.range(0, rank).map(k -> index[k] % sidesB[k]).toArray();
            return Reference.broadcast(a, outside) * Reference.broadcast(b, inside);
        });
    }

    private static int[] padded(Shape shape, int rank) {
        return IntStream.range(-rank, 0)
                .map(back -> shape.rank() + back < 0 ? 1 : shape.dim(back))
                .toArray();
    }

    private static Entry cross() {
        return crossErrors(entry(
                        Operation.of("cross", t -> t[0].cross(t[1]))
                                .shapes("(...,3),(...,3)->(...,3)")
                                .reference((t, arguments) -> cross(t[0], t[1], -1))
                                .order(3),
                        "cross(Tensor)")
                .formula("(a₂b₃ − a₃b₂, a₃b₁ − a₁b₃, a₁b₂ − a₂b₁) along the last axis"));
    }

    private static Entry crossAlongAxis() {
        return crossErrors(entry(
                        Operation.of("cross (axis)", (t, axis) -> t[0].cross(t[1], axis[0]))
                                .shapes("(a,3,b?),(a,3,b?)->(a,3,b?)")
                                .arguments(shapes -> Arbitraries.of(
                                                1, 1 - shapes.get(0).rank())
                                        .map(axis -> new int[] {axis}))
                                .reference((t, axis) -> cross(t[0], t[1], 1))
                                .order(3),
                        "cross(Tensor,int)")
                .formula("the same along another axis"));
    }

    private static Entry crossErrors(Entry entry) {
        return entry.derivative("b × g; g × a")
                .kinks("none")
                .rejects("a side that is not 3", x -> x.cross(x, 0), "cross", "3 elements", "axis 0", "[2, 3]")
                .rejects("no such axis", x -> x.cross(x, 2), "cross", "axis 2 is out of range", "[2, 3]")
                .rejects("shapes", x -> x.cross(VECTOR), "cross", "[2, 3]", "[4]", "axis -1")
                .rejects("INT32 elements", x -> x.to(DType.INT32).cross(x), "cross", "INT32", "to(FLOAT64)");
    }

    private static NdArray cross(NdArray a, NdArray b, int axis) {
        Shape shape = Shape.broadcast("reference", a.shape(), b.shape());
        int along = Math.floorMod(axis, shape.rank());
        return Reference.build(shape, index -> {
            int[] next = NaiveMatrices.with(index, along, (index[along] + 1) % 3);
            int[] last = NaiveMatrices.with(index, along, (index[along] + 2) % 3);
            return Reference.broadcast(a, next) * Reference.broadcast(b, last)
                    - Reference.broadcast(a, last) * Reference.broadcast(b, next);
        });
    }

    private static Entry trace() {
        return entry(
                        Operation.of("trace", (t, offset) -> offset[0] == 0 ? t[0].trace() : t[0].trace(offset[0]))
                                .shapes("(...,n,m)->(...)")
                                .arguments(shapes ->
                                        Arbitraries.integers().between(-3, 3).map(offset -> new int[] {offset}))
                                .reference((t, offset) -> trace(t[0], offset[0]))
                                .order(2),
                        "trace()",
                        "trace(int)")
                .formula("Σᵢ xᵢ,ᵢ₊ₒ of each matrix")
                .derivative("g on the diagonal")
                .kinks("none; 0 for a diagonal outside of the matrix")
                .rejects("a vector", x -> VECTOR.trace(), "trace", "[4]", "matrix")
                .rejects("a scalar", x -> Tensor.scalar(1).trace(1), "trace", "[]", "matrix")
                .rejects("INT32 elements", x -> x.to(DType.INT32).trace(), "trace", "INT32", "to(FLOAT64)");
    }

    private static NdArray trace(NdArray x, int offset) {
        int rank = x.shape().rank();
        return Reference.build(NaiveMatrices.leading(x.shape(), 2), index -> {
            double sum = 0;
            for (int row = 0; row < x.shape().dim(-2); row++) {
                int column = row + offset;
                if (column >= 0 && column < x.shape().dim(-1)) {
                    sum += x.get(NaiveMatrices.with(
                            NaiveMatrices.with(Arrays.copyOf(index, rank), rank - 2, row), rank - 1, column));
                }
            }
            return sum;
        });
    }

    // ---- the tables ----

    @Override
    public Map<String, Golden> golden() {
        return Map.of(
                "matmul", (t, arguments) -> t[0].matmul(t[1]),
                "einsum", (t, arguments) -> Tensor.einsum(arguments.text("equation"), t),
                "dot", (t, arguments) -> t[0].dot(t[1]),
                "outer", (t, arguments) -> t[0].outer(t[1]),
                "inner", (t, arguments) -> t[0].inner(t[1]),
                "tensordot", LinalgFamily::goldenTensorDot,
                "kron", (t, arguments) -> t[0].kron(t[1]),
                "cross", (t, arguments) -> t[0].cross(t[1], arguments.integer("axis", -1)),
                "trace", (t, arguments) -> t[0].trace(arguments.integer("offset", 0)));
    }

    private static Tensor goldenTensorDot(Tensor[] t, Arguments arguments) {
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

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        return Map.of("pdist", t -> t[0].reshape(2, 1).pdist());
    }
}
