package io.adjoint.proof;

import static io.adjoint.nn.Functional.bilinear;
import static io.adjoint.nn.Functional.dropout;
import static io.adjoint.nn.Functional.embedding;
import static io.adjoint.nn.Functional.embeddingBag;
import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.BagMode;
import io.adjoint.proof.Family.Golden;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The entries of {@link LossFamily} for dropout, embeddings and bilinear products. */
final class TableFunctions {
    private static final int[] INDEX = {2, 0, 2, 1};

    /** The starts of three bags, which contain one, none and three of the indices. */
    private static final int[] STARTS = {0, 1, 1};

    private TableFunctions() {}

    private static Tensor ints(int... numbers) {
        return Tensor.of(NdArray.of(Shape.of(numbers.length), numbers));
    }

    private static NdArray bilinearReference(NdArray a, NdArray b, NdArray weight, NdArray bias) {
        return Reference.build(Shape.of(a.shape().dim(0), weight.shape().dim(0)), at -> {
            double sum = bias.get(at[1]);
            for (int i = 0; i < weight.shape().dim(1); i++) {
                for (int j = 0; j < weight.shape().dim(2); j++) {
                    sum += a.get(at[0], i) * weight.get(at[1], i, j) * b.get(at[0], j);
                }
            }
            return sum;
        });
    }

    /**
     * The reference of a bag lookup: for each bag and feature, {@code number} reduces the products of the looked-up elements and their
     * factors.
     */
    private static NdArray bagReference(NdArray table, NdArray weights, ToDoubleFunction<double[]> number) {
        return Reference.build(Shape.of(STARTS.length, table.shape().dim(1)), at -> {
            int end = at[0] + 1 < STARTS.length ? STARTS[at[0] + 1] : INDEX.length;
            return number.applyAsDouble(IntStream.range(STARTS[at[0]], end)
                    .mapToDouble(k -> weights.get(k) * table.get(INDEX[k], at[1]))
                    .toArray());
        });
    }

    private static Entry bagEntry(String name, BagMode mode, ToDoubleFunction<double[]> number) {
        return entry(name, t -> embeddingBag(ints(INDEX), ints(STARTS), t[0], mode, null))
                .shapes("(3,f)->(3,f)")
                .within(Values.between(-2, 2).distinct())
                .reference(
                        (in, none) -> bagReference(in[0], NdArray.ones(DType.FLOAT64, Shape.of(INDEX.length)), number))
                .order(2)
                .rejects("a number out of range", x -> embeddingBag(bag(0, 2), x, mode), "index 2 … [0, 1] … 2 rows")
                .rejects("an index of one axis", x -> embeddingBag(ints(0), x, mode), "[N, L] … [1] … offsets")
                .rejects(
                        "a vector for a table",
                        x -> embeddingBag(bag(0), x.select(0, 0), mode),
                        "[count, features] … [3]");
    }

    private static Tensor bag(int... numbers) {
        return ints(numbers).unsqueeze(0);
    }

    private static List<Entry> bags() {
        return List.of(
                bagEntry("embeddingBag", BagMode.MEAN, all -> Arrays.stream(all).sum() / Math.max(1, all.length)),
                bagEntry(
                        "embeddingBag (max)",
                        BagMode.MAX,
                        all -> Arrays.stream(all).max().orElse(0)),
                entry(
                                "embeddingBag (weighted sum)",
                                t -> embeddingBag(ints(INDEX), ints(STARTS), t[0], BagMode.SUM, t[1]))
                        .shapes("(3,f),(4)->(3,f)")
                        .reference((in, none) -> bagReference(
                                in[0], in[1], all -> Arrays.stream(all).sum()))
                        .order(2)
                        .rejects(
                                "weights of another shape",
                                x -> embeddingBag(ints(0, 1), ints(0), x, BagMode.SUM, x),
                                "[2] … [2, 3]")
                        .rejects(
                                "weights of a mean",
                                x -> embeddingBag(ints(0, 1), ints(0), x, BagMode.MEAN, Tensor.of(1, 2)),
                                "SUM … MEAN")
                        .rejects(
                                "offsets beyond the index",
                                x -> embeddingBag(ints(0, 1), ints(0, 3), x, BagMode.SUM, Tensor.of(1, 2)),
                                "offset 1 is 3 … 0 to 2"));
    }

    static List<Entry> entries() {
        return Stream.concat(others().stream(), bags().stream()).toList();
    }

    private static BagMode mode(Arguments a) {
        return BagMode.valueOf(a.text("mode").toUpperCase(Locale.ROOT));
    }

    static Map<String, Golden> golden() {
        return Map.of(
                "embeddingBag",
                (t, a) -> embeddingBag(
                        a.has("offsets")
                                ? ints(a.integers("index"))
                                : ints(a.integers("index")).reshape(a.integers("shape")),
                        a.has("offsets") ? ints(a.integers("offsets")) : null,
                        t[0],
                        mode(a),
                        t.length > 1 ? t[1] : null));
    }

    /**
     * Returns whether dropout drops the element with row-major index k: two neighbouring elements share an output of SplitMix64, which is
     * the JDK's generator of that algorithm.
     */
    private static boolean isDropped(long seed, int k, double p) {
        long increment = 0x9e3779b97f4a7c15L;
        long bits = new SplittableRandom(seed + (k / 2 - 1) * increment).nextLong();
        return (k % 2 == 0 ? bits >>> 32 : bits & 0xffffffffL) < p * 0x1p32;
    }

    private static List<Entry> others() {
        return List.of(
                entry("bilinear", t -> bilinear(t[0], t[1], t[2], t[3]))
                        .shapes("(n,i),(n,j),(o,i,j),(o)->(n,o)")
                        .reference((in, none) -> bilinearReference(in[0], in[1], in[2], in[3]))
                        .order(2)
                        .rejects("a weight of two axes", x -> bilinear(x, x, x, null), "[out, in1, in2] … [2, 3]")
                        .rejects(
                                "an input of another size",
                                x -> bilinear(x, x, Tensor.zeros(1, 3, 2), null),
                                "[..., 2] … [2, 3] … [1, 3, 2]")
                        .rejects(
                                "inputs of unequal length",
                                x -> bilinear(x, x.slice(0, 0, 1), Tensor.zeros(1, 3, 3), null),
                                "[2, 3] … [1, 3]"),
                entry("dropout", t -> dropout(t[0], 0.25, new Generator(3)))
                        .shapes("(...)->(...)")
                        .reference((in, none) -> {
                            long seed = new Generator(3).nextLong();
                            return in[0].mul(NdArray.generate(
                                    DType.FLOAT64, in[0].shape(), k -> isDropped(seed, k, 0.25) ? 0 : 1 / 0.75));
                        })
                        .order(2)
                        .rejects("a negative p", x -> dropout(x, -0.5, new Generator(1)), "p … -0.5")
                        .rejects("a p above 1", x -> dropout(x, 1.5, new Generator(1)), "p … 1.5")
                        .rejects(
                                "INT32 elements",
                                x -> dropout(x.to(DType.INT32), 0.5, new Generator(1)),
                                "INT32 … to(FLOAT64)"),
                entry("embedding (rows)", t -> embedding(ints(INDEX), t[0]))
                        .shapes("(3,f)->(4,f)")
                        .reference((in, none) -> Reference.build(
                                Shape.of(4, in[0].shape().dim(1)), at -> in[0].get(INDEX[at[0]], at[1])))
                        .order(2)
                        .rejects("a number out of range", x -> embedding(ints(0, 2), x), "index 2 … [1] … 2 rows")
                        .rejects("a negative number", x -> embedding(ints(-1), x), "index -1 … [0] … 2 rows")
                        .rejects(
                                "a vector for a table",
                                x -> embedding(ints(0), x.select(0, 0)),
                                "[count, features] … [3]"));
    }
}
