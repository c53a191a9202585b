package io.adjoint.proof;

import static io.adjoint.nn.Functional.batchNorm;
import static io.adjoint.nn.Functional.cosineSimilarity;
import static io.adjoint.nn.Functional.glu;
import static io.adjoint.nn.Functional.layerNorm;
import static io.adjoint.nn.Functional.linear;
import static io.adjoint.nn.Functional.scaledDotProductAttention;
import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.with;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.AttentionOptions;
import io.adjoint.proof.Family.Golden;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The entries of {@link LossFamily} for the functions that layers compute. */
final class LayerFunctions {
    private LayerFunctions() {}

    // ---- linear ----

    private static NdArray product(NdArray x, NdArray weight, @Nullable NdArray bias) {
        int[] dims = x.shape().toArray();
        int last = dims.length - 1;
        int in = dims[last];
        dims[last] = weight.shape().dim(0);
        return Reference.build(Shape.of(dims), at -> {
            double sum = bias == null ? 0 : bias.get(at[last]);
            for (int k = 0; k < in; k++) {
                sum += x.get(with(at, last, k)) * weight.get(at[last], k);
            }
            return sum;
        });
    }

    private static List<Entry> ofLinear() {
        Tensor weight = Tensor.of(new double[][] {{1, 2, 3}});
        return List.of(
                entry("linear", t -> linear(t[0], t[1], t[2]))
                        .shapes("(b?,c?,k),(m,k),(m)->(b?,c?,m)")
                        .reference((in, none) -> product(in[0], in[1], in[2]))
                        .order(3)
                        .rejects("another size", x -> linear(x, x.transpose()), "[2, 3] … [3, 2] … [out, in]")
                        .rejects("a bias of another size", x -> linear(x, weight, Tensor.of(1, 2)), "bias … [1] … [2]")
                        .rejects("unequal types", x -> linear(x, weight.to(DType.FLOAT32)), "FLOAT64 … FLOAT32 … to("),
                entry("linear without bias", t -> linear(t[0], t[1]))
                        .shapes("(b?,c?,k),(m,k)->(b?,c?,m)")
                        .reference((in, none) -> product(in[0], in[1], null))
                        .order(3)
                        .rejects("a vector for a weight", x -> linear(x, Tensor.of(1, 2, 3)), "[3] … [out, in]")
                        .rejects("a scalar input", x -> linear(x.sum(), weight), "[] … [1, 3]")
                        .rejects(
                                "INT32 elements",
                                x -> linear(x.to(DType.INT32), weight.to(DType.INT32)),
                                "INT32 … to(FLOAT64)"));
    }

    // ---- other functions ----

    private static NdArray gluReference(NdArray x, int axis) {
        int[] dims = x.shape().toArray();
        dims[axis] /= 2;
        return Reference.build(
                Shape.of(dims), at -> x.get(at) / (1 + Math.exp(-x.get(with(at, axis, at[axis] + dims[axis])))));
    }

    private static Entry gluEntry(String name, String shapes, int axis) {
        return entry(name, t -> glu(t[0], axis))
                .shapes(shapes)
                .reference((in, none) -> gluReference(in[0], in[0].shape().axis("glu", axis)))
                .order(2)
                .rejects("an odd size", x -> glu(x, 1), "axis 1 … [2, 3] … even")
                .rejects("no such axis", x -> glu(x, 2), "axis 2 … [2, 3]")
                .rejects("INT32 elements", x -> glu(x.to(DType.INT32), 0), "INT32 … to(FLOAT64)");
    }

    /** The scalar product of two vectors along the last axis. */
    private static double dot(NdArray a, NdArray b, int... at) {
        double sum = 0;
        int size = a.shape().dim(-1);
        for (int k = 0; k < size; k++) {
            sum += Reference.broadcast(a, with(at, at.length - 1, k))
                    * Reference.broadcast(b, with(at, at.length - 1, k));
        }
        return sum;
    }

    /** The reference of attention for a query, a key, a value and, if there is a fourth array, a bias that is added to the scores. */
    private static NdArray attentionReference(boolean causal, NdArray... in) {
        int[] dims = Shape.broadcast(
                        "reference",
                        leading(in[0].shape()),
                        Shape.broadcast("reference", leading(in[1].shape()), leading(in[2].shape())))
                .toArray();
        int rank = dims.length;
        int queries = in[0].shape().dim(-2);
        int keys = in[1].shape().dim(-2);
        int width = in[0].shape().dim(-1);
        dims[rank - 2] = queries;
        dims[rank - 1] = in[2].shape().dim(-1);
        return Reference.build(Shape.of(dims), at -> {
            double weights = 0;
            double sum = 0;
            for (int s = 0; s < keys && (!causal || s <= at[rank - 2]); s++) {
                double score = 0;
                for (int e = 0; e < width; e++) {
                    int[] key = with(with(at, rank - 2, s), rank - 1, e);
                    score += Reference.broadcast(in[0], with(at, rank - 1, e)) * Reference.broadcast(in[1], key);
                }
                double added = in.length == 3 ? 0 : Reference.broadcast(in[3], with(at, rank - 1, s));
                double weight = Math.exp(score / Math.sqrt(Math.max(1, width)) + added);
                weights += weight;
                sum += weight * Reference.broadcast(in[2], with(at, rank - 2, s));
            }
            return weights == 0 ? 0 : sum / weights;
        });
    }

    private static Shape leading(Shape shape) {
        int[] dims = shape.toArray();
        dims[dims.length - 1] = 1;
        dims[dims.length - 2] = 1;
        return Shape.of(dims);
    }

    private static Tensor causal(Tensor... t) {
        return scaledDotProductAttention(t[0], t[1], t[2], new AttentionMask().causal());
    }

    private static double scale(Tensor queries) {
        return 1 / Math.sqrt(Math.max(1, queries.shape().dim(-1)));
    }

    private static Entry attentionEntry(String name, Function<Tensor[], Tensor> attention, boolean causal) {
        return entry(name, attention)
                .shapes("(...,l,e),(...,s,e),(...,s,v)->(...,l,v)")
                .axes(0, 2)
                .reference((in, none) -> attentionReference(causal, in))
                .order(2)
                .fails(
                        "unequal widths",
                        x -> scaledDotProductAttention(x, x.transpose(), x),
                        "scaledDotProductAttention: … [2, 3] … [3, 2] … [..., L, E]")
                .fails(
                        "a mask that does not broadcast",
                        x -> scaledDotProductAttention(
                                x, x, x, new AttentionMask().visible(Tensor.of(true, true, true))),
                        "scaledDotProductAttention: … mask … [2, 2] … [3]")
                .fails(
                        "INT32 elements",
                        x -> scaledDotProductAttention(x.to(DType.INT32), x.to(DType.INT32), x.to(DType.INT32)),
                        "scaledDotProductAttention: … INT32 … to(FLOAT64)");
    }

    private static Tensor biased(AttentionOptions options, AttentionMask mask, Tensor... t) {
        return scaledDotProductAttention(t[0], t[1], t[2], mask.bias(t[3]), options);
    }

    /**
     * The entries of attention with a bias, which is added to the scores and gets a gradient: one number for each pair of query and key, or
     * for each key.
     */
    private static List<Entry> biasedAttention() {
        AttentionOptions plain = new AttentionOptions();
        return List.of(
                attentionEntry("attention with a bias", t -> biased(plain, new AttentionMask(), t), false)
                        .shapes("(...,l,e),(...,s,e),(...,s,v),(l,s)->(...,l,v)")
                        .axes(0, 1)
                        .fails(
                                "a bias that does not broadcast",
                                x -> biased(plain, new AttentionMask(), x, x, x, Tensor.zeros(2, 3)),
                                "scaledDotProductAttention: … bias [2, 3] … [2, 2]"),
                attentionEntry(
                                "attention with a bias of keys",
                                t -> biased(plain, new AttentionMask().causal(), t),
                                true)
                        .shapes("(...,l,e),(...,s,e),(...,s,v),(s)->(...,l,v)")
                        .axes(0, 1),
                attentionEntry(
                                "attention in groups with a bias",
                                t -> biased(plain.grouped(), new AttentionMask(), t),
                                false)
                        .shapes("(4,l,e),(2,s,e),(2,s,v),(4,l,s)->(4,l,v)")
                        .reference((in, none) -> attentionReference(false, in[0], twice(in[1]), twice(in[2]), in[3])));
    }

    /** Repeats each of two heads once, which gives four heads. */
    private static NdArray twice(NdArray heads) {
        return Reference.build(
                Shape.of(4, heads.shape().dim(1), heads.shape().dim(2)), at -> heads.get(at[0] / 2, at[1], at[2]));
    }

    private static List<Entry> ofOthers() {
        return List.of(
                gluEntry("glu", "(...,4)->(...,2)", -1),
                gluEntry("glu along the first axis", "(2,n,m?)->(1,n,m?)", 0),
                entry("cosineSimilarity", t -> cosineSimilarity(t[0], t[1], -1))
                        .shapes("(...,n),(...,n)->(...)")
                        .within(Values.between(-2, 2).awayFrom(0).gap(0.5))
                        .reference((in, none) -> {
                            Shape all = Shape.broadcast("reference", in[0].shape(), in[1].shape());
                            return Reference.build(all.reduce("reference", Dims.DROP, -1), at -> {
                                int[] index = Arrays.copyOf(at, at.length + 1);
                                double bounded = Math.max(1e-8, Math.sqrt(dot(in[0], in[0], index)))
                                        * Math.max(1e-8, Math.sqrt(dot(in[1], in[1], index)));
                                return dot(in[0], in[1], index) / bounded;
                            });
                        })
                        .order(2)
                        .rejects(
                                "shapes that do not broadcast",
                                x -> cosineSimilarity(x, x.transpose(), 0),
                                "[2, 3] … [3, 2]")
                        .rejects("no such axis", x -> cosineSimilarity(x, x, 2), "axis 2 … [2, 3]")
                        .rejects("an epsilon of 0", x -> cosineSimilarity(x, x, 1, 0), "eps … 0.0"),
                attentionEntry("attention", t -> scaledDotProductAttention(t[0], t[1], t[2]), false),
                attentionEntry("attention with a mask", t -> causal(t), true));
    }

    static List<Entry> entries() {
        return Stream.of(
                        ofLinear(),
                        Normalizations.entries(),
                        TableFunctions.entries(),
                        ofOthers(),
                        ImageEntries.entries(),
                        GridEntries.entries(),
                        biasedAttention())
                .flatMap(List::stream)
                .toList();
    }

    // ---- golden values ----

    private static @Nullable Tensor at(int index, Tensor... inputs) {
        return index < inputs.length ? inputs[index] : null;
    }

    static Map<String, Golden> golden() {
        return Map.of(
                "linear",
                (t, a) -> linear(t[0], t[1], at(2, t)),
                "layerNorm",
                (t, a) -> layerNorm(
                        t[0], Shape.of(a.integers("normalizedShape")), at(1, t), at(2, t), a.number("eps", 1e-5)),
                "batchNorm",
                (t, a) -> a.flag("training")
                        ? batchNorm(t[0], at(1, t), at(2, t), a.number("eps", 1e-5))
                        : batchNorm(
                                t[0],
                                a.tensor("runningMean"),
                                a.tensor("runningVar"),
                                at(1, t),
                                at(2, t),
                                a.number("eps", 1e-5)),
                "glu",
                (t, a) -> glu(t[0], a.integer("axis", -1)),
                "cosineSimilarity",
                (t, a) -> cosineSimilarity(t[0], t[1], a.integer("axis", 1), a.number("eps", 1e-8)),
                "attention",
                (t, a) -> scaledDotProductAttention(
                        t[0],
                        t[1],
                        t[2],
                        a.has("mask")
                                ? new AttentionMask().visible(a.mask("mask"))
                                : a.flag("isCausal") ? new AttentionMask().causal() : new AttentionMask(),
                        new AttentionOptions().scale(a.number("scale", scale(t[0])))));
    }
}
