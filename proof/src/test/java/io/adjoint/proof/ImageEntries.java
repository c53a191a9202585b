package io.adjoint.proof;

import static io.adjoint.nn.Functional.channelShuffle;
import static io.adjoint.nn.Functional.fractionalMaxPool2d;
import static io.adjoint.nn.Functional.gumbelSoftmax;
import static io.adjoint.nn.Functional.hardGumbelSoftmax;
import static io.adjoint.nn.Functional.localResponseNorm;
import static io.adjoint.nn.Functional.lpPool1d;
import static io.adjoint.nn.Functional.lpPool2d;
import static io.adjoint.nn.Functional.lpPool3d;
import static io.adjoint.nn.Functional.pairwiseDistance;
import static io.adjoint.nn.Functional.pixelShuffle;
import static io.adjoint.nn.Functional.pixelUnshuffle;
import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.with;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Window;
import io.adjoint.core.math.Distributions;
import io.adjoint.proof.Family.Golden;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** The entries of {@link LossFamily} for distances, samples, channels and windows. */
final class ImageEntries {
    private ImageEntries() {}

    private static Tensor image(Tensor x) {
        return x.reshape(1, 1, 2, 3);
    }

    // ---- distances and samples ----

    private static Entry distance() {
        return entry("pairwiseDistance", t -> pairwiseDistance(t[0], t[1]))
                .shapes("(...,n),(...,n)->(...)")
                .within(Values.between(0.5, 2), Values.between(-2, -0.5))
                .reference((in, none) -> {
                    Shape all = Shape.broadcast("reference", in[0].shape(), in[1].shape());
                    return Reference.build(all.reduce("reference", Dims.DROP, -1), at -> {
                        int[] index = Arrays.copyOf(at, at.length + 1);
                        double sum = 0;
                        for (int k = 0; k < all.dim(-1); k++) {
                            int[] element = with(index, at.length, k);
                            sum += Math.pow(
                                    Reference.broadcast(in[0], element) - Reference.broadcast(in[1], element) + 1e-6,
                                    2);
                        }
                        return Math.sqrt(sum);
                    });
                })
                .order(2)
                .rejects("shapes that do not broadcast", x -> pairwiseDistance(x, x.transpose()), "[2, 3] … [3, 2]")
                .rejects("a negative epsilon", x -> pairwiseDistance(x, x, 2, -1), "eps … -1.0")
                .rejects("unequal types", x -> pairwiseDistance(x, x.to(DType.FLOAT32)), "FLOAT64 … FLOAT32 … to(");
    }

    private static NdArray sample(NdArray logits) {
        Generator generator = new Generator(3);
        NdArray weights = NdArray.generate(
                DType.FLOAT64,
                logits.shape(),
                k -> Math.exp(2 * (logits.flatten().get(k) - Math.log(Distributions.exponential(generator)))));
        return weights.div(weights.sum(Dims.KEEP, -1));
    }

    private static Tensor soft(Tensor... t) {
        return gumbelSoftmax(t[0], -1, 0.5, new Generator(3));
    }

    private interface Sample {
        Tensor of(Tensor logits, int axis, double tau);
    }

    private static Entry rejecting(Entry entry, Sample sample) {
        return entry.shapes("(...,n)->(...,n)")
                .order(2)
                .rejects("no such axis", x -> sample.of(x, 2, 1), "axis 2 … [2, 3]")
                .rejects("a temperature of 0", x -> sample.of(x, 1, 0), "tau … 0.0")
                .rejects("INT32 elements", x -> sample.of(x.to(DType.INT32), 1, 1), "INT32 … to(FLOAT64)");
    }

    private static List<Entry> samples() {
        return List.of(
                rejecting(
                        entry("gumbelSoftmax", (t, none) -> soft(t)).reference((in, none) -> sample(in[0])),
                        (x, axis, tau) -> gumbelSoftmax(x, axis, tau, new Generator(1))),
                rejecting(
                        entry(Operation.of("hardGumbelSoftmax", t -> hardGumbelSoftmax(t[0], -1, 0.5, new Generator(3)))
                                        .surrogate((t, none) -> soft(t)))
                                .reference((in, none) -> {
                                    NdArray soft = sample(in[0]);
                                    return soft.size() == 0
                                            ? soft
                                            : soft.eq(soft.amax(Dims.KEEP, -1)).to(DType.FLOAT64);
                                }),
                        (x, axis, tau) -> hardGumbelSoftmax(x, axis, tau, new Generator(1))));
    }

    // ---- channels ----

    private static List<Entry> shuffles() {
        return List.of(
                entry("pixelShuffle", t -> pixelShuffle(t[0], 2))
                        .shapes("(n?,8,h,w)")
                        .reference((in, none) -> Reference.build(shuffled(in[0].shape(), 2, 2), at -> {
                            int last = at.length - 1;
                            int[] from = at.clone();
                            from[last - 2] = at[last - 2] * 4 + at[last - 1] % 2 * 2 + at[last] % 2;
                            from[last - 1] /= 2;
                            from[last] /= 2;
                            return in[0].get(from);
                        }))
                        .order(2)
                        .rejects("too few axes", x -> pixelShuffle(x, 1), "[..., channels, H, W] … [2, 3]")
                        .rejects(
                                "channels that do not fit",
                                x -> pixelShuffle(image(x), 2),
                                "multiple of 4 … [1, 1, 2, 3]")
                        .rejects("a factor of 0", x -> pixelShuffle(x, 0), "from 1 to 46340 … 0"),
                entry("pixelUnshuffle", t -> pixelUnshuffle(t[0], 2))
                        .shapes("(n?,c,4,2)")
                        .reference((in, none) -> Reference.build(unshuffled(in[0].shape()), at -> {
                            int last = at.length - 1;
                            int[] from = at.clone();
                            from[last - 2] = at[last - 2] / 4;
                            from[last - 1] = at[last - 1] * 2 + at[last - 2] / 2 % 2;
                            from[last] = at[last] * 2 + at[last - 2] % 2;
                            return in[0].get(from);
                        }))
                        .order(2)
                        .rejects("too few axes", x -> pixelUnshuffle(x, 1), "[..., C, height, width] … [2, 3]")
                        .rejects(
                                "a width that does not fit",
                                x -> pixelUnshuffle(image(x), 2),
                                "multiples of 2 … [1, 1, 2, 3]")
                        .rejects("a factor of 0", x -> pixelUnshuffle(x, 0), "from 1 to 46340 … 0"),
                entry("channelShuffle", t -> channelShuffle(t[0], 2))
                        .shapes("(n,6,h?,w?)")
                        .reference((in, none) ->
                                Reference.build(in[0].shape(), at -> in[0].get(with(at, 1, at[1] % 2 * 3 + at[1] / 2))))
                        .order(2)
                        .rejects("a vector", x -> channelShuffle(x.select(0, 0), 1), "[N, channels, ...] … [3]")
                        .rejects("channels that do not fit", x -> channelShuffle(x, 2), "2 groups … [2, 3]")
                        .rejects("no groups", x -> channelShuffle(x, 0), "groups … 0"),
                entry("localResponseNorm", t -> localResponseNorm(t[0], 3, 0.5, 0.75, 1))
                        .shapes("(n,c,h?,w?)")
                        .reference((in, none) -> Reference.build(in[0].shape(), at -> {
                            double sum = 0;
                            for (int c = Math.max(0, at[1] - 1);
                                    c <= Math.min(in[0].shape().dim(1) - 1, at[1] + 1);
                                    c++) {
                                sum += Math.pow(in[0].get(with(at, 1, c)), 2);
                            }
                            return in[0].get(at) / Math.pow(1 + 0.5 * sum / 3, 0.75);
                        }))
                        .order(2)
                        .rejects("a vector", x -> localResponseNorm(x.select(0, 0), 3), "[N, channels, ...] … [3]")
                        .rejects("no channels to sum", x -> localResponseNorm(x, 0), "size … 0")
                        .rejects(
                                "INT32 elements", x -> localResponseNorm(x.to(DType.INT32), 3), "INT32 … to(FLOAT64)"));
    }

    private static Shape shuffled(Shape shape, int down, int by) {
        int[] dims = shape.toArray();
        int last = dims.length - 1;
        dims[last - 2] /= down * down;
        dims[last - 1] *= by;
        dims[last] *= by;
        return Shape.of(dims);
    }

    private static Shape unshuffled(Shape shape) {
        int[] dims = shape.toArray();
        int last = dims.length - 1;
        dims[last - 2] *= 4;
        dims[last - 1] /= 2;
        dims[last] /= 2;
        return Shape.of(dims);
    }

    /** The entry of pooling to norms of order 3 in windows of size 2 along each axis. */
    private static Entry pooling(int axes, String shapes, BiFunction<Tensor, Double, Tensor> pool) {
        String name = "lpPool" + axes + "d";
        return entry(name, t -> pool.apply(t[0], 3.0))
                .shapes(shapes)
                .within(Values.between(0.2, 2))
                .reference((in, none) -> {
                    int[] dims = in[0].shape().toArray();
                    int first = dims.length - axes;
                    for (int axis = first; axis < dims.length; axis++) {
                        dims[axis] /= 2;
                    }
                    return Reference.build(Shape.of(dims), at -> {
                        double sum = 0;
                        for (int element = 0; element < 1 << axes; element++) {
                            int[] from = at.clone();
                            for (int axis = 0; axis < axes; axis++) {
                                from[first + axis] = 2 * at[first + axis] + (element >> axis & 1);
                            }
                            sum += Math.pow(in[0].get(from), 3);
                        }
                        return Math.cbrt(sum);
                    });
                })
                .order(2)
                .rejects("an order of 0", x -> pool.apply(x, 0.0), "p … 0.0")
                .rejects("too few axes", x -> pool.apply(x.sum(), 2.0), axes + " axes … []")
                .rejects("INT32 elements", x -> pool.apply(x.to(DType.INT32), 2.0), "INT32 … to(FLOAT64)");
    }

    private static Stream<Entry> poolings() {
        Window window = Window.kernel(2);
        return Stream.of(
                pooling(1, "(n?,c?,4)->(n?,c?,2)", (x, p) -> lpPool1d(x, p, window)),
                pooling(2, "(n?,c?,4,2)->(n?,c?,2,1)", (x, p) -> lpPool2d(x, p, window)),
                pooling(3, "(n?,c?,2,4,2)->(n?,c?,1,2,1)", (x, p) -> lpPool3d(x, p, window)));
    }

    /**
     * The entry of fractional pooling with windows of 2 × 1 in planes of 5 × 3; the random numbers 0.75 and 0.5 place them in 3 rows and 2
     * columns.
     */
    private static Entry fractional() {
        Shape kernel = Shape.of(2, 1);
        Shape sizes = Shape.of(3, 2);
        int[] rows = {0, 2, 3};
        int[] columns = {0, 2};
        return entry("fractionalMaxPool2d", t -> fractionalMaxPool2d(t[0], kernel, sizes, ofPlanes(t[0])))
                .shapes("(n?,2,5,3)->(n?,2,3,2)")
                .within(Values.between(-2, 2).distinct())
                .reference((in, none) -> {
                    int[] dims = in[0].shape().toArray();
                    int last = dims.length - 1;
                    dims[last - 1] = 3;
                    dims[last] = 2;
                    return Reference.build(Shape.of(dims), at -> {
                        int[] from = with(with(at, last, columns[at[last]]), last - 1, rows[at[last - 1]]);
                        return Math.max(in[0].get(from), in[0].get(with(from, last - 1, from[last - 1] + 1)));
                    });
                })
                .order(2)
                .rejects("two axes", x -> fractionalMaxPool2d(x, kernel, sizes, x), "[C, H, W] … [2, 3]")
                .rejects(
                        "windows that do not fit",
                        x -> fractionalMaxPool2d(x.unsqueeze(0), kernel, sizes, Tensor.zeros(1, 2)),
                        "kernel [2, 1] … sizes [3, 2] … [1, 2, 3]")
                .rejects(
                        "a sample of 1",
                        x -> fractionalMaxPool2d(x.unsqueeze(0), Shape.of(1, 1), Shape.of(2, 2), Tensor.ones(1, 2)),
                        "samples … 1.0");
    }

    private static Tensor ofPlanes(Tensor x) {
        int[] dims = Arrays.copyOf(x.shape().toArray(), x.shape().rank() - 1);
        dims[dims.length - 1] = 2;
        NdArray samples = NdArray.generate(x.dtype(), Shape.of(dims), k -> k % 2 == 0 ? 0.75 : 0.5);
        return Tensor.of(samples);
    }

    static List<Entry> entries() {
        return Stream.of(
                        Stream.of(distance()),
                        samples().stream(),
                        shuffles().stream(),
                        poolings(),
                        Stream.of(fractional()))
                .flatMap(each -> each)
                .toList();
    }

    // ---- special values ----

    private static Function<Tensor[], Tensor> distance(double p) {
        return t -> pairwiseDistance(t[0], t[1], p, 0);
    }

    private static Function<Tensor[], Tensor> norm(double p) {
        return t -> lpPool1d(t[0], p, Window.kernel(2));
    }

    private static Function<Tensor[], Tensor> gumbel(boolean isHard) {
        return t -> isHard
                ? hardGumbelSoftmax(t[0], -1, 1, new Generator(1))
                : gumbelSoftmax(t[0], -1, 1, new Generator(1));
    }

    static Map<String, Function<Tensor[], Tensor>> special() {
        return Map.ofEntries(
                Map.entry("pairwise distance", t -> pairwiseDistance(t[0], t[1])),
                Map.entry("pairwise distance 1", distance(1)),
                Map.entry("pairwise distance 2", distance(2)),
                Map.entry("pairwise distance 3", distance(3)),
                Map.entry("pairwise distance inf", distance(Double.POSITIVE_INFINITY)),
                Map.entry("lp_pool1d 0.5", norm(0.5)),
                Map.entry("lp_pool1d 1", norm(1)),
                Map.entry("lp_pool1d 2", norm(2)),
                Map.entry("lp_pool1d 3", norm(3)),
                Map.entry("local_response_norm", t -> localResponseNorm(t[0].reshape(1, -1, 1), 3, 0.5, 0.75, 1)),
                Map.entry("local_response_norm k 0", t -> localResponseNorm(t[0].reshape(1, -1, 1), 1, 1, 0.5, 0)),
                Map.entry("channel_shuffle", t -> channelShuffle(t[0].reshape(1, -1, 1), 2)),
                Map.entry("pixel_shuffle", t -> pixelShuffle(t[0].reshape(-1, 1, 1), 2)),
                Map.entry("pixel_unshuffle", t -> pixelUnshuffle(t[0].reshape(1, 2, 2), 2)),
                Map.entry("gumbel_softmax", gumbel(false)),
                Map.entry("gumbel_softmax hard", gumbel(true)));
    }

    // ---- golden values ----

    private static Window window(Arguments a) {
        Window window = Window.kernel(a.integers("kernel")).stride(a.integers("stride"));
        return a.flag("ceilMode") ? window.ceilMode() : window;
    }

    static Map<String, Golden> golden() {
        return Map.of(
                "pairwiseDistance",
                (t, a) -> pairwiseDistance(t[0], t[1], a.number("p"), a.number("eps")),
                "pixelShuffle",
                (t, a) -> pixelShuffle(t[0], a.integer("factor")),
                "pixelUnshuffle",
                (t, a) -> pixelUnshuffle(t[0], a.integer("factor")),
                "channelShuffle",
                (t, a) -> channelShuffle(t[0], a.integer("groups")),
                "localResponseNorm",
                (t, a) ->
                        localResponseNorm(t[0], a.integer("size"), a.number("alpha"), a.number("beta"), a.number("k")),
                "fractionalMaxPool2d",
                (t, a) -> fractionalMaxPool2d(
                        t[0],
                        Shape.of(a.integers("kernel")),
                        Shape.of(a.integers("sizes")),
                        a.tensor("samples").to(t[0].dtype())),
                "lpPool1d",
                (t, a) -> lpPool1d(t[0], a.number("p"), window(a)),
                "lpPool2d",
                (t, a) -> lpPool2d(t[0], a.number("p"), window(a)),
                "lpPool3d",
                (t, a) -> lpPool3d(t[0], a.number("p"), window(a)));
    }
}
