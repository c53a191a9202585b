package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.ranges;
import static io.adjoint.proof.Places.with;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;

/** The catalogue's entries for products of vectors, matrices and tensors, and for distances of points. */
final class LinalgFamily implements Family {
    private static final Tensor VECTOR = Tensor.of(1, 2, 3, 4);

    @Override
    public String title() {
        return "Products";
    }

    @Override
    public List<Entry> entries() {
        List<Entry> entries =
                new ArrayList<>(List.of(matmul(), longMatmul(), dot(), outer(), inner(), innerOfScalar()));
        entries.addAll(TensorDotEntries.all());
        entries.addAll(EinsumEntries.all());
        entries.addAll(List.of(kron(), cross(), crossAlongAxis(), trace()));
        entries.addAll(DistanceEntries.all());
        return List.copyOf(entries);
    }

    // ---- matrix products ----

    private static Entry matmul() {
        return entry("matmul", t -> t[0].matmul(t[1]))
                .shapes("(...,n?,k),(...,k,m?)->(...,n?,m?)")
                .reference((t, arguments) -> matmul(t[0], t[1]))
                .order(3)
                .covering("matmul(Tensor)")
                .rejects("inner sizes", x -> x.matmul(x), "[2, 3] by [2, 3] … axis -1 has 3, axis -2 has 2")
                .rejects(
                        "a vector of another length",
                        x -> x.matmul(VECTOR),
                        "[2, 3] by [4] … axis -1 has 3, axis -1 has 4")
                .rejects("vectors", x -> Tensor.of(1, 2).matmul(VECTOR), "[2] by [4]")
                .rejects("a scalar", x -> x.matmul(Tensor.scalar(2)), "[] … mul")
                .rejects(
                        "batches",
                        x -> x.reshape(2, 1, 3).matmul(x.reshape(1, 3, 2).broadcastTo(Shape.of(3, 3, 2))),
                        "batch axis -3 has 2 vs 3")
                .rejects("INT32 elements", x -> x.to(DType.INT32).matmul(x.to(DType.INT32)), "INT32 … to(FLOAT64)");
    }

    /** The entry of products whose sums are so long that each of the loops for matrix products is used. */
    private static Entry longMatmul() {
        return entry("matmul (longer sums)", t -> t[0].matmul(t[1]))
                .shapes("(n,k),(k,m)->(n,m)")
                .dims(5, 20)
                .reference((t, arguments) -> matmul(t[0], t[1]))
                .order(2)
                .covering("matmul(Tensor)")
                .rejects("a matrix by itself", x -> x.matmul(x), "[2, 3] by [2, 3]")
                .rejects("a matrix by a column", x -> x.matmul(x.narrow(1, 0, 1)), "[2, 3] by [2, 1]")
                .rejects("a row by a matrix", x -> x.narrow(0, 0, 1).matmul(x), "[1, 3] by [2, 3]");
    }

    private static NdArray matmul(NdArray left, NdArray right) {
        NdArray a = left.shape().rank() == 1 ? left.unsqueeze(0) : left;
        NdArray b = right.shape().rank() == 1 ? right.unsqueeze(1) : right;
        NdArray product = NaiveMatrices.product(a, b);
        NdArray columns = right.shape().rank() == 1 ? product.squeeze(-1) : product;
        return left.shape().rank() == 1 ? columns.squeeze(right.shape().rank() == 1 ? -1 : -2) : columns;
    }

    private static Entry dot() {
        return entry("dot", t -> t[0].dot(t[1]))
                .shapes("(k),(k)->()")
                .reference((t, arguments) -> matmul(t[0], t[1]))
                .order(3)
                .covering("dot(Tensor)")
                .rejects("a matrix", x -> x.dot(VECTOR), "[2, 3] … [4] … matmul")
                .rejects("other lengths", x -> Tensor.of(1, 2).dot(VECTOR), "[2] and [4] … 2 vs 4")
                .rejects("two dtypes", x -> VECTOR.dot(VECTOR.to(DType.FLOAT32)), "FLOAT64 … FLOAT32 … to(")
                .rejects("INT32 elements", x -> Tensor.of(new int[] {1}).dot(VECTOR), "INT32 … to(FLOAT64)");
    }

    private static Entry outer() {
        return entry("outer", t -> t[0].outer(t[1]))
                .shapes("(n),(m)->(n,m)")
                .reference((t, arguments) -> Reference.build(
                        Shape.of(t[0].size(), t[1].size()), index -> t[0].get(index[0]) * t[1].get(index[1])))
                .order(3)
                .covering("outer(Tensor)")
                .rejects("a matrix", x -> x.outer(VECTOR), "[2, 3] … [4] … einsum")
                .rejects("a scalar", x -> VECTOR.outer(Tensor.scalar(1)), "[4] … []")
                .rejects("INT32 elements", x -> Tensor.of(new int[] {1}).outer(VECTOR), "INT32 … to(FLOAT64)");
    }

    private static Entry inner() {
        return entry("inner", t -> t[0].inner(t[1]))
                .shapes("(a?,b?,k),(c?,d?,k)->(a?,b?,c?,d?)")
                .reference((t, arguments) -> TensorDotEntries.reference(t[0], t[1], new int[] {-1}, new int[] {-1}))
                .order(3)
                .covering("inner(Tensor)")
                .rejects("last axes", x -> x.inner(VECTOR), "[2, 3] and [4] … axis -1 has 3 vs 4")
                .rejects("two dtypes", x -> x.inner(x.to(DType.FLOAT32)), "FLOAT64 … FLOAT32 … to(")
                .rejects("INT32 elements", x -> x.to(DType.INT32).inner(x), "INT32 … to(FLOAT64)");
    }

    private static Entry innerOfScalar() {
        return entry("inner (scalar)", t -> t[0].inner(t[1]))
                .shapes("(),(a?,b?)->(a?,b?)")
                .referenceEach((a, b) -> a * b)
                .order(3)
                .rejects("INT32 elements", x -> Tensor.scalar(1).inner(x.to(DType.INT32)), "INT32")
                .rejects("two dtypes", x -> Tensor.scalar(1).inner(x.to(DType.FLOAT32)), "FLOAT64 … FLOAT32 … to(")
                .rejects("an INT32 scalar", x -> x.inner(Tensor.scalar(1).to(DType.INT32)), "INT32");
    }

    // ---- other products ----

    private static Entry kron() {
        return entry("kron", t -> t[0].kron(t[1]))
                .shapes("(a?,b?),(c?,d?,e?)")
                .reference((t, arguments) -> kron(t[0], t[1]))
                .order(2)
                .covering("kron(Tensor)")
                .rejects("two dtypes", x -> x.kron(x.to(DType.FLOAT32)), "FLOAT64 … FLOAT32 … to(")
                .rejects("INT32 elements", x -> x.to(DType.INT32).kron(x), "INT32 … to(FLOAT64)")
                .fails("too many elements", LinalgFamily::hugeKron, "kron: [65536] … 2147483647");
    }

    private static Tensor hugeKron(Tensor x) {
        Tensor long1 = Tensor.scalar(1).broadcastTo(Shape.of(1 << 16));
        return long1.kron(long1);
    }

    private static NdArray kron(NdArray a, NdArray b) {
        int rank = Math.max(a.shape().rank(), b.shape().rank());
        int[] dimsA = padded(a.shape(), rank);
        int[] dimsB = padded(b.shape(), rank);
        int[] dims = IntStream.range(0, rank).map(k -> dimsA[k] * dimsB[k]).toArray();
        return Reference.build(Shape.of(dims), index -> {
            int[] outside =
                    IntStream.range(0, rank).map(k -> index[k] / dimsB[k]).toArray();
            int[] inside =
                    IntStream.range(0, rank).map(k -> index[k] % dimsB[k]).toArray();
            return Reference.broadcast(a, outside) * Reference.broadcast(b, inside);
        });
    }

    private static int[] padded(Shape shape, int rank) {
        return IntStream.range(-rank, 0)
                .map(back -> shape.rank() + back < 0 ? 1 : shape.dim(back))
                .toArray();
    }

    private static Entry cross() {
        return entry("cross", t -> t[0].cross(t[1]))
                .shapes("(...,3),(...,3)->(...,3)")
                .reference((t, arguments) -> cross(t[0], t[1], -1))
                .order(3)
                .covering("cross(Tensor)")
                .rejects(LinalgFamily::crossErrors);
    }

    private static Entry crossAlongAxis() {
        return entry("cross (axis)", (t, axis) -> t[0].cross(axis[0], t[1]))
                .shapes("(a,3,b?),(a,3,b?)->(a,3,b?)")
                .argumentsOf(shape -> Arbitraries.of(1, 1 - shape.rank()).map(axis -> new int[] {axis}))
                .reference((t, axis) -> cross(t[0], t[1], 1))
                .order(3)
                .covering("cross(int,Tensor)")
                .rejects(LinalgFamily::crossErrors);
    }

    private static Entry crossErrors(Entry entry) {
        return entry.rejects("a size that is not 3", x -> x.cross(0, x), "3 elements … axis 0 … [2, 3]")
                .rejects("no such axis", x -> x.cross(2, x), "axis 2 is out of range … [2, 3]")
                .rejects("shapes", x -> x.cross(VECTOR), "[2, 3] … [4] … axis -1")
                .rejects("INT32 elements", x -> x.to(DType.INT32).cross(x), "INT32 … to(FLOAT64)");
    }

    private static NdArray cross(NdArray a, NdArray b, int axis) {
        Shape shape = Shape.broadcast("reference", a.shape(), b.shape());
        int along = Math.floorMod(axis, shape.rank());
        return Reference.build(shape, index -> {
            int[] next = with(index, along, (index[along] + 1) % 3);
            int[] last = with(index, along, (index[along] + 2) % 3);
            return Reference.broadcast(a, next) * Reference.broadcast(b, last)
                    - Reference.broadcast(a, last) * Reference.broadcast(b, next);
        });
    }

    private static Entry trace() {
        return entry("trace", (t, offset) -> offset[0] == 0 ? t[0].trace() : t[0].trace(offset[0]))
                .shapes("(...,n,m)->(...)")
                .arguments(shapes -> ranges(-3, 3))
                .reference((t, offset) -> trace(t[0], offset[0]))
                .order(2)
                .covering("trace()", "trace(int)")
                .rejects("a vector", x -> VECTOR.trace(), "[4] … matrix")
                .rejects("a scalar", x -> Tensor.scalar(1).trace(1), "[] … matrix")
                .rejects("INT32 elements", x -> x.to(DType.INT32).trace(), "INT32 … to(FLOAT64)");
    }

    private static NdArray trace(NdArray x, int offset) {
        int rank = x.shape().rank();
        return Reference.build(NaiveMatrices.leading(x.shape(), 2), index -> {
            double sum = 0;
            for (int row = 0; row < x.shape().dim(-2); row++) {
                int column = row + offset;
                if (column >= 0 && column < x.shape().dim(-1)) {
                    sum += x.get(with(with(Arrays.copyOf(index, rank), rank - 2, row), rank - 1, column));
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
                "tensordot", TensorDotEntries::golden,
                "kron", (t, arguments) -> t[0].kron(t[1]),
                "cross", (t, arguments) -> t[0].cross(arguments.integer("axis", -1), t[1]),
                "trace", (t, arguments) -> t[0].trace(arguments.integer("offset", 0)));
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        return Map.of("pdist", t -> t[0].reshape(2, 1).pdist());
    }
}
