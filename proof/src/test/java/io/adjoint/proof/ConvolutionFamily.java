package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.joined;

import io.adjoint.autograd.Interpolation;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Padding;
import io.adjoint.core.Shape;
import io.adjoint.core.Window;
import io.adjoint.proof.WindowReferences.Slide;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/** The catalogue's entries for convolutions of images and signals. */
final class ConvolutionFamily implements Family {
    private static final NdArray NO_BIAS = NdArray.zeros(DType.FLOAT64, Shape.of(0));

    @Override
    public String title() {
        return "Convolution and pooling";
    }

    @Override
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (int axes = 1; axes <= 3; axes++) {
            entries.add(convolution(axes));
            entries.add(convolutionWithoutBias(axes));
        }
        for (int axes = 1; axes <= 3; axes++) {
            entries.add(transposed(axes));
            entries.add(transposedWithoutBias(axes));
        }
        entries.add(FoldingEntries.unfold());
        entries.add(FoldingEntries.fold());
        entries.addAll(PoolingEntries.all());
        entries.addAll(UnpoolingEntries.all());
        return entries;
    }

    @Override
    public Map<String, Golden> golden() {
        return Map.of(
                "conv1d", (t, a) -> convolved(1, t[0], t[1], t.length > 2 ? t[2] : null, options(a)),
                "conv2d", (t, a) -> convolved(2, t[0], t[1], t.length > 2 ? t[2] : null, options(a)),
                "avgPool2d",
                        (t, a) -> t[0].avgPool2d(
                                window(a), a.isFalse("count_include_pad") ? Padding.EXCLUDED : Padding.COUNTED),
                "maxPool2d", (t, a) -> t[0].maxPool2d(window(a)));
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        return Map.of(
                "max_pool1d(3, stride 1) ties",
                        t -> t[0].maxPool1d(Window.kernel(3).stride(1)),
                "max_pool1d(3, stride 1) nan",
                        t -> t[0].maxPool1d(Window.kernel(3).stride(1)),
                "max_pool1d(2, padding 1) -inf",
                        t -> t[0].maxPool1d(Window.kernel(2).padding(1)),
                "max_unpool1d repeated", t -> t[0].maxUnpool1d(Tensor.of(new int[] {1, 1, 4}), 6),
                "max_unpool1d nan inf", t -> t[0].maxUnpool1d(Tensor.of(new int[] {0, 3, 2}), 4),
                "interpolate linear inf",
                        t -> t[0].reshape(1, 1, 3)
                                .interpolate(Interpolation.LINEAR_CORNERS, 5)
                                .flatten());
    }

    private static ConvOptions options(Arguments a) {
        ConvOptions options = new ConvOptions();
        options = a.has("stride") ? options.stride(a.integers("stride")) : options;
        options = a.has("padding") ? options.padding(a.integers("padding")) : options;
        options = a.has("dilation") ? options.dilation(a.integers("dilation")) : options;
        return a.has("groups") ? options.groups(a.integer("groups")) : options;
    }

    private static Window window(Arguments a) {
        Window window = Window.kernel(a.integers("kernel_size"));
        window = a.has("stride") ? window.stride(a.integers("stride")) : window;
        window = a.has("padding") ? window.padding(a.integers("padding")) : window;
        window = a.has("dilation") ? window.dilation(a.integers("dilation")) : window;
        return a.flag("ceil_mode") ? window.ceilMode() : window;
    }

    // ---- convolutions ----

    /** The entry of a convolution with bias, for any shapes and one or two groups. */
    private static Entry convolution(int axes) {
        String name = "conv" + axes + "d";
        return entry(name, (t, a) -> convolved(axes, t, a))
                .shapes(shapes(axes, false))
                .arguments(shapes -> settings(axes, shapes, false))
                .reference((t, a) -> WindowReferences.convolution(t[0], t[1], t[2], slide(axes, t[1].shape(), a)))
                .order(2)
                .covering(name + "(Tensor,Tensor,ConvOptions)")
                .rejects(ofConvolutions(axes, false));
    }

    /**
     * The entry of a convolution of one image, several or none, with any number of channels; the kernel's sizes are fixed, since an empty
     * kernel is an error.
     */
    private static Entry convolutionWithoutBias(int axes) {
        String name = "conv" + axes + "d";
        return entry(name + " without bias", (t, a) -> convolved(axes, t, a))
                .shapes("(n?,c" + ",3,2,3".substring(6 - 2 * axes) + "),(o,c" + ",2,1,2".substring(6 - 2 * axes) + ")")
                .dims(1, 2)
                .arguments(shapes -> settings(axes, shapes, false))
                .reference((t, a) -> WindowReferences.convolution(t[0], t[1], NO_BIAS, slide(axes, t[1].shape(), a)))
                .order(2)
                .covering(name + "(Tensor,ConvOptions)")
                .rejects(ofConvolutions(axes, false));
    }

    private static Entry transposed(int axes) {
        String name = "convTranspose" + axes + "d";
        return entry(name, (t, a) -> convolved(axes, t, a))
                .shapes(shapes(axes, true))
                .arguments(shapes -> settings(axes, shapes, true))
                .reference((t, a) -> WindowReferences.transposed(
                        t[0], t[1], t[2], slide(axes, t[1].shape(), a), axis -> extra(a, axes, axis)))
                .order(2)
                .covering(name + "(Tensor,Tensor,ConvOptions)")
                .rejects(ofConvolutions(axes, true));
    }

    private static Entry transposedWithoutBias(int axes) {
        String name = "convTranspose" + axes + "d";
        return entry(name + " without bias", (t, a) -> convolved(axes, t, a))
                .shapes("(n?,c" + ",2,1,2".substring(6 - 2 * axes) + "),(c,o" + ",3,2,2".substring(6 - 2 * axes) + ")")
                .dims(1, 2)
                .arguments(shapes -> settings(axes, shapes, true))
                .reference((t, a) -> WindowReferences.transposed(
                        t[0], t[1], NO_BIAS, slide(axes, t[1].shape(), a), axis -> extra(a, axes, axis)))
                .order(2)
                .covering(name + "(Tensor,ConvOptions)")
                .rejects(ofConvolutions(axes, true));
    }

    /** Calls the convolution for inputs and settings; the number of groups follows from the weight's shape. */
    private static Tensor convolved(int axes, Tensor[] t, int[] a) {
        Shape weight = t[1].shape();
        boolean transposed = a[0] >= 2;
        Tensor bias = t.length > 2 ? t[2] : null;
        int groups = transposed
                ? bias == null ? 1 : bias.shape().size() / weight.dim(1)
                : weight.dim(1) == 0 ? 1 : t[0].shape().dim(-axes - 1) / weight.dim(1);
        if (a[0] % 2 == 0) {
            ConvOptions unset = new ConvOptions().groups(groups);
            return transposed ? transposed(axes, t[0], t[1], bias, unset) : convolved(axes, t[0], t[1], bias, unset);
        }
        ConvOptions options = new ConvOptions()
                .stride(part(a, axes, 0))
                .padding(part(a, axes, 1))
                .dilation(part(a, axes, 2))
                .groups(groups);
        return transposed
                ? transposed(axes, t[0], t[1], bias, options.outputPadding(part(a, axes, 3)))
                : convolved(axes, t[0], t[1], bias, options);
    }

    private static Tensor convolved(int axes, Tensor x, Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return switch (axes) {
            case 1 -> bias == null ? x.conv1d(weight, options) : x.conv1d(weight, bias, options);
            case 2 -> bias == null ? x.conv2d(weight, options) : x.conv2d(weight, bias, options);
            default -> bias == null ? x.conv3d(weight, options) : x.conv3d(weight, bias, options);
        };
    }

    private static Tensor transposed(int axes, Tensor x, Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return switch (axes) {
            case 1 -> bias == null ? x.convTranspose1d(weight, options) : x.convTranspose1d(weight, bias, options);
            case 2 -> bias == null ? x.convTranspose2d(weight, options) : x.convTranspose2d(weight, bias, options);
            default -> bias == null ? x.convTranspose3d(weight, options) : x.convTranspose3d(weight, bias, options);
        };
    }

    private static UnaryOperator<Entry> ofConvolutions(int axes, boolean transposed) {
        Tensor wide = image(axes, DType.FLOAT64, 2, 4);
        Tensor weight = image(axes, DType.FLOAT64, 2, 2);
        ConvOptions other = new ConvOptions().groups(3);
        UnaryOperator<Entry> common = entry -> entry.rejects(
                        "an input without an axis for channels",
                        x -> call(transposed, axes, x.reshape(6).slice(0, 0, 2), weight, new ConvOptions()),
                        "[2] … " + weight.shape() + " … axes")
                .rejects(
                        "other channels than the weight is for",
                        x -> call(transposed, axes, wide.slice(1, 0, 1), weight, new ConvOptions()),
                        "1 channels on axis " + (-axes - 1) + " … " + weight.shape() + " … groups 1")
                .rejects(
                        "groups that do not divide",
                        x -> call(transposed, axes, transposed ? wide : wide6(axes), weight, other),
                        "3 groups … " + weight.shape())
                .fails(
                        "a stride of 0",
                        x -> call(transposed, axes, wide, weight, new ConvOptions().stride(0)),
                        "stride … at least 1 … [0]")
                .rejects(
                        "FLOAT32 input",
                        x -> call(transposed, axes, wide.to(DType.FLOAT32), weight, new ConvOptions()),
                        "FLOAT32 … FLOAT64 … to(FLOAT32)")
                .rejects(
                        "INT32 elements",
                        x -> call(transposed, axes, image(axes, DType.INT32, 2, 4), weight, new ConvOptions()),
                        "INT32 … to(FLOAT64)")
                .rejects(
                        "a bias of other channels",
                        x -> transposed
                                ? transposed(axes, wide, weight, Tensor.of(1, 2, 3), new ConvOptions())
                                : convolved(axes, wide, weight, Tensor.of(1, 2, 3), new ConvOptions()),
                        "bias … [2] … [3]")
                .rejects(
                        "a setting for other axes",
                        x -> call(transposed, axes, wide, weight, new ConvOptions().padding(1, 1, 1, 1)),
                        "padding … 4 numbers … " + axes + " axes");
        return transposed
                ? entry -> entry.rejects(common)
                        .rejects(
                                "output padding as long as the stride",
                                x -> call(true, axes, wide, weight, new ConvOptions().outputPadding(1)),
                                "output padding 1 … stride 1")
                : entry -> entry.rejects(common)
                        .rejects(
                                "a kernel longer than the input",
                                x -> call(false, axes, wide.slice(-1, 0, 1), weight, new ConvOptions()),
                                wide.slice(-1, 0, 1).shape() + " … spans 2 on axis -1, which has 1 … padding")
                        .rejects(
                                "output padding",
                                x -> call(false, axes, wide, weight, new ConvOptions().outputPadding(1)),
                                "output padding … transposed");
    }

    private static Tensor call(boolean transposed, int axes, Tensor x, Tensor weight, ConvOptions options) {
        return transposed ? transposed(axes, x, weight, null, options) : convolved(axes, x, weight, null, options);
    }

    private static Tensor wide6(int axes) {
        return image(axes, DType.FLOAT64, 6, 4);
    }

    private static Tensor image(int axes, DType dtype, int channels, int size) {
        int[] dims = new int[axes + 2];
        Arrays.fill(dims, size);
        dims[0] = 2;
        dims[1] = channels;
        return Tensor.ones(dtype, dims);
    }

    // ---- shapes and settings ----

    /** Draws the shapes of input, weight and bias for one or two groups. */
    private static Arbitrary<List<Shape>> shapes(int axes, boolean transposed) {
        return numbers(4 + 2 * axes).map(r -> {
            int groups = 1 + r[1] % 2;
            int in = 1 + r[2] % 2;
            int out = 1 + r[3] / 2;
            int[] dims = new int[axes];
            Arrays.setAll(dims, axis -> 1 + r[4 + axis]);
            int[] kernel = new int[axes];
            Arrays.setAll(kernel, axis -> 1 + Math.min(r[4 + axes + axis], axes == 3 ? 1 : 2));
            return List.of(
                    Shape.of(joined(new int[] {1 + r[0] % 2, groups * in}, dims)),
                    Shape.of(joined(transposed ? new int[] {groups * in, out} : new int[] {groups * out, in}, kernel)),
                    Shape.of(groups * out));
        });
    }

    static Arbitrary<int[]> numbers(int count) {
        return Arbitraries.integers().between(0, 2).array(int[].class).ofSize(count);
    }

    /**
     * Draws the settings of a convolution. The first is 2 for a transposed convolution, plus 1 if options are given; strides, paddings,
     * dilations and output paddings follow, each for all axes.
     */
    private static Arbitrary<int[]> settings(int axes, List<Shape> shapes, boolean transposed) {
        int[] dims = WindowReferences.last(shapes.get(0).toArray(), axes);
        int[] kernel = WindowReferences.last(shapes.get(1).toArray(), axes);
        return numbers(1 + 4 * axes).map(raw -> {
            int[] a = raw.clone();
            boolean fits = transposed;
            for (int axis = 0; axis < axes && !transposed; axis++) {
                fits = kernel[axis] <= dims[axis] && (axis == 0 || fits);
            }
            boolean unset = raw[0] == 0 && fits;
            a[0] = (transposed ? 2 : 0) + (unset ? 0 : 1);
            for (int axis = 0; axis < axes; axis++) {
                int step = unset ? 1 : 1 + raw[1 + axis];
                int distance = unset ? 1 : 1 + raw[1 + 2 * axes + axis] % 2;
                int extent = (kernel[axis] - 1) * distance + 1;
                int padding = unset ? 0 : raw[1 + axes + axis];
                a[1 + axis] = step;
                a[1 + axes + axis] = transposed
                        ? Math.min(padding, ((dims[axis] - 1) * step + extent - 1) / 2)
                        : Math.max(padding, (extent - dims[axis] + 1) / 2);
                a[1 + 2 * axes + axis] = distance;
                a[1 + 3 * axes + axis] = unset || !transposed ? 0 : raw[1 + 3 * axes + axis] % Math.max(step, distance);
            }
            return a;
        });
    }

    private static int[] part(int[] a, int axes, int which) {
        return Arrays.copyOfRange(a, 1 + which * axes, 1 + (which + 1) * axes);
    }

    private static int extra(int[] a, int axes, int axis) {
        return a[1 + 3 * axes + axis];
    }

    private static Slide slide(int axes, Shape weight, int[] a) {
        return new Slide(
                axes,
                axis -> weight.dim(2 + axis),
                axis -> a[1 + axis],
                axis -> a[1 + axes + axis],
                axis -> a[1 + 2 * axes + axis]);
    }
}
