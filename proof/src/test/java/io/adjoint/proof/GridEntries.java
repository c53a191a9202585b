package io.adjoint.proof;

import static io.adjoint.nn.Functional.affineGrid;
import static io.adjoint.nn.Functional.gridSample;
import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.GridOptions;
import io.adjoint.proof.Family.Golden;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The entries of {@link LossFamily} for images sampled at the positions of grids. */
final class GridEntries {
    /** Coordinates between those of the centres and edges of four pixels, and between the points at which reflected coordinates turn. */
    private static final Values COORDINATES = Values.between(-1.45, 1.45)
            .awayFrom(-1.25, -1, -0.75, -0.25, 0.25, 0.75, 1, 1.25)
            .gap(0.04);

    /** Coordinates like {@link #COORDINATES}, for options under which −1 and 1 are the centres of the outermost pixels. */
    private static final Values CENTRES =
            Values.between(-1.6, 1.6).awayFrom(-1, -1.0 / 3, 1.0 / 3, 1).gap(0.04);

    private GridEntries() {}

    private static Tensor image(Tensor x) {
        return x.reshape(1, 1, 2, 3);
    }

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

    /** The weight of a pixel for a position: 1 or 0 for the nearest pixel, and 1 − distance, but at least 0, for linear interpolation. */
    private static double weight(boolean nearest, double position, int pixel) {
        double distance = Math.abs(position - pixel);
        return nearest ? (distance < 0.5 ? 1 : 0) : Math.max(0, 1 - distance);
    }

    private static double position(double coordinate, int size, String outside, boolean aligned) {
        return inside(pixel(coordinate, size, aligned), size, outside, aligned);
    }

    private static double pixel(double coordinate, int size, boolean aligned) {
        return aligned ? (coordinate + 1) / 2 * (size - 1) : ((coordinate + 1) * size - 1) / 2;
    }

    private static double inside(double pixel, int size, String outside, boolean aligned) {
        double position = pixel;
        if (outside.equals("reflection")) {
            double low = aligned ? 0 : -0.5;
            double high = aligned ? size - 1 : size - 0.5;
            while (position < low || position > high) {
                position = position < low ? 2 * low - position : 2 * high - position;
            }
        }
        return outside.equals("zeros") ? position : Math.min(Math.max(position, 0), size - 1);
    }

    private static Shape sampled(NdArray... in) {
        return Shape.of(
                in[0].shape().dim(0),
                in[0].shape().dim(1),
                in[1].shape().dim(1),
                in[1].shape().dim(2));
    }

    private static Entry sampling(String form, GridOptions options, boolean nearest, String outside, boolean aligned) {
        return entry(("gridSample " + form).strip(), t -> gridSample(t[0], t[1], options))
                .shapes("(n,c,4,4),(n,h,w,2)->(n,c,h,w)")
                .dims(1, 2)
                .within(Values.between(-2, 2), aligned ? CENTRES : COORDINATES)
                .reference((in, none) -> Reference.build(sampled(in), at -> {
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

    private static double cubic(double distance) {
        double d = Math.abs(distance);
        return d <= 1 ? 1.25 * d * d * d - 2.25 * d * d + 1 : -0.75 * (d * d * d - 5 * d * d + 8 * d - 4);
    }

    private static Entry bicubic(String form, GridOptions options, String outside, boolean aligned) {
        return entry("gridSample (bicubic" + form + ")", t -> gridSample(t[0], t[1], options.bicubic()))
                .shapes("(n,c,4,4),(n,h,w,2)->(n,c,h,w)")
                .dims(1, 2)
                .within(Values.between(-2, 2), aligned ? CENTRES : COORDINATES)
                .reference((in, none) -> Reference.build(sampled(in), at -> {
                    double x = pixel(in[1].get(at[0], at[2], at[3], 0), 4, aligned);
                    double y = pixel(in[1].get(at[0], at[2], at[3], 1), 4, aligned);
                    double sum = 0;
                    for (int k = 0; k < 16; k++) {
                        double row = Math.floor(y) - 1 + Math.floorDiv(k, 4);
                        double column = Math.floor(x) - 1 + k % 4;
                        double i = inside(row, 4, outside, aligned);
                        double j = inside(column, 4, outside, aligned);
                        if (i >= 0 && i < 4 && j >= 0 && j < 4) {
                            sum += cubic(y - row) * cubic(x - column) * in[0].get(at[0], at[1], (int) i, (int) j);
                        }
                    }
                    return sum;
                }))
                .order(2)
                .rejects("no channels", x -> gridSample(x, x, options.bicubic()), "[N, C, H, W] … [2, 3] and [2, 3]")
                .rejects(
                        "three axes",
                        x -> gridSample(x.reshape(1, 1, 1, 2, 3), Tensor.zeros(1, 1, 1, 1, 3), options.bicubic()),
                        "bicubic … [1, 1, 1, 2, 3]")
                .rejects(
                        "unequal types",
                        x -> gridSample(image(x), Tensor.zeros(DType.FLOAT32, 1, 1, 1, 2), options.bicubic()),
                        "FLOAT64 … FLOAT32 … to(");
    }

    private static Stream<Entry> samplings() {
        GridOptions plain = new GridOptions();
        return Stream.of(
                sampling("", plain, false, "zeros", false),
                sampling("(border)", plain.border(), false, "border", false),
                sampling("(reflection)", plain.reflection(), false, "reflection", false),
                sampling("(reflection, corners aligned)", plain.reflection().alignCorners(), false, "reflection", true),
                bicubic("", plain, "zeros", false),
                bicubic(", border", plain.border(), "border", false),
                bicubic(", reflection", plain.reflection(), "reflection", false),
                bicubic(", reflection, corners aligned", plain.reflection().alignCorners(), "reflection", true));
    }

    static List<Entry> entries() {
        return Stream.concat(Stream.of(grid()), samplings()).toList();
    }

    // ---- special values ----

    private static Function<Tensor[], Tensor> ofSquare(GridOptions options) {
        return t -> gridSample(t[0].reshape(1, 1, 2, 2), t[1].reshape(1, 1, -1, 2), options);
    }

    static Map<String, Function<Tensor[], Tensor>> special() {
        Map<String, Function<Tensor[], Tensor>> all = new HashMap<>();
        all.put("affine_grid", t -> affineGrid(t[0].reshape(1, 2, 3), 1, 2));
        all.put("affine_grid corners", t -> affineGrid(t[0].reshape(1, 2, 3), new GridOptions().alignCorners(), 1, 2));
        GridOptions plain = new GridOptions();
        Map.of("linear", plain, "nearest", plain.nearest(), "bicubic", plain.bicubic())
                .forEach((mode, options) -> {
                    all.put("grid_sample " + mode + " zeros", ofSquare(options));
                    all.put("grid_sample " + mode + " border", ofSquare(options.border()));
                    all.put("grid_sample " + mode + " reflection", ofSquare(options.reflection()));
                    all.put("grid_sample " + mode + " corners", ofSquare(options.alignCorners()));
                });
        return all;
    }

    // ---- golden values ----

    private static GridOptions options(Arguments a) {
        GridOptions options = new GridOptions();
        options = a.text("mode").equals("nearest") ? options.nearest() : options;
        options = a.text("mode").equals("bicubic") ? options.bicubic() : options;
        options = a.flag("alignCorners") ? options.alignCorners() : options;
        return switch (a.text("padding")) {
            case "border" -> options.border();
            case "reflection" -> options.reflection();
            default -> options;
        };
    }

    static Map<String, Golden> golden() {
        return Map.of(
                "affineGrid",
                (t, a) -> affineGrid(
                        t[0],
                        a.flag("alignCorners") ? new GridOptions().alignCorners() : new GridOptions(),
                        a.integers("sizes")),
                "gridSample",
                (t, a) -> gridSample(t[0], t[1], options(a)));
    }
}
