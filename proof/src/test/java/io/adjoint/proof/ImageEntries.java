package io.adjoint.proof;

import static io.adjoint.nn.Functional.affineGrid;
import static io.adjoint.nn.Functional.channelShuffle;
import static io.adjoint.nn.Functional.gridSample;
import static io.adjoint.nn.Functional.gumbelSoftmax;
import static io.adjoint.nn.Functional.localResponseNorm;
import static io.adjoint.nn.Functional.lpPool;
import static io.adjoint.nn.Functional.pairwiseDistance;
import static io.adjoint.nn.Functional.pixelShuffle;
import static io.adjoint.nn.Functional.pixelUnshuffle;
import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.with;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Distributions;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Window;
import io.adjoint.nn.GridOptions;
import io.adjoint.proof.Family.Golden;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The part of {@link LossFamily} that is about images, distances and samples. */
final class ImageEntries {
    /** Between the coordinates of the pixels of four, of their edges, and where reflections of them turn. */
    private static final Values COORDINATES = Values.between(-1.45, 1.45)
            .awayFrom(-1.25, -1, -0.75, -0.25, 0.25, 0.75, 1, 1.25)
            .gap(0.04);

    /** The same where the outermost centres are at −1 and 1. */
    private static final Values CENTRES =
            Values.between(-1.6, 1.6).awayFrom(-1, -1.0 / 3, 1.0 / 3, 1).gap(0.04);

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
                    return Reference.build(all.reduce("reference", false, -1), at -> {
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
        return weights.div(weights.sum(true, -1));
    }

    private static Tensor soft(Tensor... t) {
        return gumbelSoftmax(t[0], 0.5, -1, new Generator(3));
    }

    private static List<Entry> samples() {
        return Stream.of(
                        entry("gumbelSoftmax", (t, none) -> soft(t)).reference((in, none) -> sample(in[0])),
                        entry(Operation.of(
                                                "gumbelSoftmax (hard)",
                                                t -> gumbelSoftmax(t[0], 0.5, true, -1, new Generator(3)))
                                        .surrogate((t, none) -> soft(t)))
                                .reference((in, none) -> {
                                    NdArray soft = sample(in[0]);
                                    return soft.size() == 0
                                            ? soft
                                            : soft.eq(soft.amax(true, -1)).to(DType.FLOAT64);
                                }))
                .map(each -> each.shapes("(...,n)->(...,n)")
                        .order(2)
                        .rejects("no such axis", x -> gumbelSoftmax(x, 1, 2, new Generator(1)), "axis 2 … [2, 3]")
                        .rejects("a temperature of 0", x -> gumbelSoftmax(x, 0, 1, new Generator(1)), "tau … 0.0")
                        .rejects(
                                "INT32 elements",
                                x -> gumbelSoftmax(x.to(DType.INT32), 1, 1, new Generator(1)),
                                "INT32 … to(FLOAT64)"))
                .toList();
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

    private static Entry pooling() {
        return entry("lpPool", t -> lpPool(t[0], 3, Window.kernel(2)))
                .shapes("(n,c,4,2)->(n,c,2,1)")
                .within(Values.between(0.2, 2))
                .reference((in, none) -> Reference.build(
                        Shape.of(in[0].shape().dim(0), in[0].shape().dim(1), 2, 1), at -> {
                            double sum = 0;
                            for (int k = 0; k < 4; k++) {
                                sum += Math.pow(in[0].get(at[0], at[1], 2 * at[2] + k / 2, k % 2), 3);
                            }
                            return Math.cbrt(sum);
                        }))
                .order(2)
                .rejects("an order of 0", x -> lpPool(image(x), 0, Window.kernel(2)), "p … 0.0")
                .rejects("too few axes", x -> lpPool(x, 2, Window.kernel(2)), "[N, C, H, W] … [2, 3]")
                .rejects(
                        "INT32 elements",
                        x -> lpPool(image(x).to(DType.INT32), 2, Window.kernel(2)),
                        "INT32 … to(FLOAT64)");
    }

    // ---- grids ----

    private static Entry grid() {
        return entry("affineGrid", t -> affineGrid(t[0], 2, 3))
                .shapes("(n,2,3)")
                .reference((in, none) -> Reference.build(
                        Shape.of(in[0].shape().dim(0), 2, 3, 2),
                        at -> in[0].get(at[0], at[3], 0) * ((2 * at[2] + 1) / 3.0 - 1)
                                + in[0].get(at[0], at[3], 1) * ((2 * at[1] + 1) / 2.0 - 1)
                                + in[0].get(at[0], at[3], 2)))
                .order(2)
                .rejects("a matrix", x -> affineGrid(x, 2, 3), "[N, 2, 3] … [2, 3] and [2, 3]")
                .rejects("one size", x -> affineGrid(x.unsqueeze(0), 2), "[1, 2, 3] and [2]")
                .rejects(
                        "INT32 elements", x -> affineGrid(x.unsqueeze(0).to(DType.INT32), 2, 3), "INT32 … to(FLOAT64)");
    }

    /** The weight of a pixel for a position: a triangle of its distance for linear interpolation, a box for the nearest pixel. */
    private static double weight(boolean nearest, double position, int pixel) {
        double distance = Math.abs(position - pixel);
        return nearest ? (distance < 0.5 ? 1 : 0) : Math.max(0, 1 - distance);
    }

    private static double position(double coordinate, int size, String outside, boolean aligned) {
        double position = aligned ? (coordinate + 1) / 2 * (size - 1) : ((coordinate + 1) * size - 1) / 2;
        if (outside.equals("reflection")) {
            double low = aligned ? 0 : -0.5;
            double high = aligned ? size - 1 : size - 0.5;
            while (position < low || position > high) {
                position = position < low ? 2 * low - position : 2 * high - position;
            }
        }
        return outside.equals("zeros") ? position : Math.min(Math.max(position, 0), size - 1);
    }

    private static Entry sampling(String form, GridOptions options, boolean nearest, String outside, boolean aligned) {
        return entry(("gridSample " + form).strip(), t -> gridSample(t[0], t[1], options))
                .shapes("(n,c,4,4),(n,h,w,2)->(n,c,h,w)")
                .dims(1, 2)
                .within(Values.between(-2, 2), aligned ? CENTRES : COORDINATES)
                .reference((in, none) -> Reference.build(
                        Shape.of(
                                in[0].shape().dim(0),
                                in[0].shape().dim(1),
                                in[1].shape().dim(1),
                                in[1].shape().dim(2)),
                        at -> {
                            double x = position(in[1].get(at[0], at[2], at[3], 0), 4, outside, aligned);
                            double y = position(in[1].get(at[0], at[2], at[3], 1), 4, outside, aligned);
                            double sum = 0;
                            for (int k = 0; k < 16; k++) {
                                sum += weight(nearest, y, k / 4)
                                        * weight(nearest, x, k % 4)
                                        * in[0].get(at[0], at[1], k / 4, k % 4);
                            }
                            return sum;
                        }))
                .order(2)
                .rejects("no channels", x -> gridSample(x, x), "[N, C, H, W] … [2, 3] and [2, 3]")
                .rejects(
                        "a grid of another batch",
                        x -> gridSample(image(x), Tensor.zeros(2, 1, 1, 2)),
                        "[1, 1, 2, 3] and [2, 1, 1, 2]")
                .rejects(
                        "unequal types",
                        x -> gridSample(image(x), Tensor.zeros(DType.FLOAT32, 1, 1, 1, 2)),
                        "FLOAT64 … FLOAT32 … to(");
    }

    private static Stream<Entry> samplings() {
        GridOptions plain = new GridOptions();
        return Stream.of(
                sampling("", plain, false, "zeros", false),
                sampling("(border)", plain.border(), false, "border", false),
                sampling("(reflection)", plain.reflection(), false, "reflection", false),
                sampling(
                        "(reflection, corners aligned)", plain.reflection().alignCorners(), false, "reflection", true));
    }

    static List<Entry> entries() {
        return Stream.of(
                        Stream.of(distance()),
                        samples().stream(),
                        shuffles().stream(),
                        Stream.of(pooling(), grid()),
                        samplings())
                .flatMap(each -> each)
                .toList();
    }

    // ---- golden values ----

    private static GridOptions options(Arguments a) {
        GridOptions options = a.text("mode").equals("nearest") ? new GridOptions().nearest() : new GridOptions();
        options = a.flag("alignCorners") ? options.alignCorners() : options;
        return switch (a.text("padding")) {
            case "border" -> options.border();
            case "reflection" -> options.reflection();
            default -> options;
        };
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
                "lpPool",
                (t, a) -> lpPool(
                        t[0], a.number("p"), Window.kernel(a.integers("kernel")).stride(a.integers("stride"))),
                "affineGrid",
                (t, a) -> affineGrid(t[0], a.flag("alignCorners"), a.integers("sizes")),
                "gridSample",
                (t, a) -> gridSample(t[0], t[1], options(a)));
    }
}
