package io.adjoint.core;

import static io.adjoint.core.TestCalls.onThreads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.core.loops.Taps;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares convolutions that are large enough for several blocks of positions, channels and images with sums over indices. */
class ConvolutionKernelsTest {
    /** A convolution of images, with the same kernel size, stride, padding and dilation for both axes. */
    private record Sample(
            int batch,
            int channels,
            int outs,
            int groups,
            int height,
            int width,
            int kernel,
            int stride,
            int padding,
            int dilation) {
        Sliding sliding() {
            ConvOptions options = new ConvOptions()
                    .stride(stride)
                    .padding(padding)
                    .dilation(dilation)
                    .groups(groups);
            return Sliding.convolution("conv2d", Shape.of(height, width), options, kernel, kernel);
        }

        NdArray x() {
            return random(1, batch, channels, height, width);
        }

        NdArray weight() {
            return random(2, outs, channels / groups, kernel, kernel);
        }

        NdArray g() {
            return random(3, sliding().outputShape(batch, outs).toArray());
        }
    }

    static Stream<Sample> samples() {
        return Stream.of(
                new Sample(2, 2, 3, 1, 90, 80, 3, 1, 1, 1), // several blocks of positions
                new Sample(1, 40, 2, 1, 30, 25, 3, 1, 0, 1), // several blocks of channels
                new Sample(1, 1, 2, 1, 600, 600, 3, 1, 0, 1), // an image that is too long to be unrolled
                new Sample(9, 6, 4, 2, 8, 9, 3, 2, 1, 2), // groups, stride, padding, dilation
                new Sample(3, 150, 200, 1, 5, 4, 3, 1, 1, 1), // several images in a partial sum
                new Sample(2, 5, 6, 1, 30, 40, 1, 1, 0, 1), // the image itself is the matrix
                new Sample(2, 5, 6, 1, 30, 40, 1, 2, 0, 1),
                new Sample(1, 1, 1, 1, 1, 1, 2, 2, 5, 9), // a window that misses the input
                new Sample(1, 1, 1, 1, 1, 1, 3, 3, 8, 7),
                new Sample(0, 2, 3, 1, 5, 5, 3, 1, 1, 1));
    }

    private static NdArray random(long seed, int... dims) {
        Shape shape = Shape.of(dims);
        return NdArray.wrap(
                shape, new SplittableRandom(seed).doubles(shape.size(), -1, 1).toArray());
    }

    /** Receives one product of the sums: the row-major indices of its two factors, and of the sum to which it is added. */
    @FunctionalInterface
    private interface Term {
        void at(int x, int weight, int y);
    }

    private static void terms(Sample s, Term body) {
        int[] positions = s.sliding().outputShape().toArray();
        int inGroup = s.channels() / s.groups();
        int outGroup = s.outs() / s.groups();
        for (int y = 0; y < s.batch() * s.outs() * positions[0] * positions[1]; y++) {
            int column = y % positions[1];
            int row = y / positions[1] % positions[0];
            int out = y / (positions[0] * positions[1]) % s.outs();
            int image = y / (positions[0] * positions[1]) / s.outs();
            for (int w = 0; w < inGroup * s.kernel() * s.kernel(); w++) {
                int i = row * s.stride() - s.padding() + w / s.kernel() % s.kernel() * s.dilation();
                int j = column * s.stride() - s.padding() + w % s.kernel() * s.dilation();
                int channel = out / outGroup * inGroup + w / (s.kernel() * s.kernel());
                if (i >= 0 && i < s.height() && j >= 0 && j < s.width()) {
                    int x = ((image * s.channels() + channel) * s.height() + i) * s.width() + j;
                    body.at(x, out * inGroup * s.kernel() * s.kernel() + w, y);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void forwardIsTheSumOverWindowAndChannels(Sample s) {
        double[] x = s.x().toDoubleArray();
        double[] weight = s.weight().toDoubleArray();
        NdArray bias = random(4, s.outs());
        int positions = s.sliding().positions();
        double[] expected = new double[s.batch() * s.outs() * positions];
        Arrays.setAll(expected, y -> bias.get(y / positions % s.outs()));
        terms(s, (xs, ws, ys) -> expected[ys] += x[xs] * weight[ws]);

        assertClose(ConvolutionKernels.forward(s.sliding(), s.x(), s.weight(), bias), expected);
        assertFloatsClose(type -> ConvolutionKernels.forward(
                s.sliding(), s.x().to(type), s.weight().to(type), null));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void toInputIsTheAdjointByTheInput(Sample s) {
        double[] g = s.g().toDoubleArray();
        double[] weight = s.weight().toDoubleArray();
        double[] expected = new double[s.x().size()];
        terms(s, (xs, ws, ys) -> expected[xs] += g[ys] * weight[ws]);

        assertClose(ConvolutionKernels.toInput(s.sliding(), s.g(), s.weight(), null), expected);
        assertFloatsClose(type -> ConvolutionKernels.toInput(
                s.sliding(), s.g().to(type), s.weight().to(type), null));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void viewsAreLikeTheirCopies(Sample s) {
        NdArray x = s.x();
        NdArray weight = s.weight();
        NdArray g = s.g();
        // Two views with the weight's elements, which lie in another order and in reverse order in memory.
        NdArray swapped = weight.transpose(0, 1).copy().transpose(0, 1);
        NdArray flipped = weight.flip(0).copy().flip(0);
        for (NdArray view : List.of(swapped, flipped)) {
            assertThat(ConvolutionKernels.forward(s.sliding(), x, view, null))
                    .isEqualTo(ConvolutionKernels.forward(s.sliding(), x, weight, null));
            assertThat(ConvolutionKernels.toInput(s.sliding(), g, view, null))
                    .isEqualTo(ConvolutionKernels.toInput(s.sliding(), g, weight, null));
        }
        NdArray xView = x.transpose(2, 3).copy().transpose(2, 3);
        NdArray gView = g.flip(1).copy().flip(1);
        assertThat(ConvolutionKernels.forward(s.sliding(), xView, weight, null))
                .isEqualTo(ConvolutionKernels.forward(s.sliding(), x, weight, null));
        assertThat(ConvolutionKernels.toInput(s.sliding(), gView, weight, null))
                .isEqualTo(ConvolutionKernels.toInput(s.sliding(), g, weight, null));
        assertThat(ConvolutionKernels.toWeight(s.sliding(), xView, gView))
                .isEqualTo(ConvolutionKernels.toWeight(s.sliding(), x, g));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void toWeightIsTheAdjointByTheWeight(Sample s) {
        double[] x = s.x().toDoubleArray();
        double[] g = s.g().toDoubleArray();
        double[] expected = new double[s.weight().size()];
        terms(s, (xs, ws, ys) -> expected[ws] += x[xs] * g[ys]);

        assertClose(ConvolutionKernels.toWeight(s.sliding(), s.x(), s.g()), expected);
        assertFloatsClose(type -> ConvolutionKernels.toWeight(s.sliding(), s.x().to(type), s.g().to(type)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void resultsAreTheSameBitsOnAnyNumberOfThreads(Sample s) {
        for (Supplier<NdArray> call : List.<Supplier<NdArray>>of(
                () -> ConvolutionKernels.forward(s.sliding(), s.x(), s.weight(), null),
                () -> ConvolutionKernels.toInput(s.sliding(), s.g(), s.weight(), null),
                () -> ConvolutionKernels.toWeight(s.sliding(), s.x(), s.g()))) {
            assertThat(onThreads(1, call::get)).isEqualTo(onThreads(4, call::get));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void foldIsTheAdjointOfUnfold(Sample s) {
        NdArray x = s.x();
        NdArray columns = ConvolutionKernels.unfold("unfold", x, s.sliding());
        NdArray other = random(5, columns.shape().toArray());

        double there = columns.mul(other).sum().item();
        double back =
                ConvolutionKernels.fold("fold", other, s.sliding()).mul(x).sum().item();

        assertThat(columns.shape())
                .isEqualTo(Shape.of(
                        s.batch(),
                        s.channels() * s.kernel() * s.kernel(),
                        s.sliding().positions()));
        assertThat(back).isCloseTo(there, within(1e-10 * Math.max(1, Math.abs(there))));
    }

    private static void assertClose(NdArray actual, double[] expected) {
        double[] elements = actual.toDoubleArray();
        assertThat(elements).hasSameSizeAs(expected);
        for (int e = 0; e < expected.length; e++) {
            assertThat(elements[e]).as("element %d", e).isCloseTo(expected[e], within(1e-11));
        }
    }

    private static void assertFloatsClose(Function<DType, NdArray> call) {
        NdArray floats = call.apply(DType.FLOAT32);
        assertThat(floats.dtype()).isEqualTo(DType.FLOAT32);
        double[] doubles = call.apply(DType.FLOAT64).toDoubleArray();
        double[] elements = floats.toDoubleArray();
        for (int e = 0; e < doubles.length; e++) {
            assertThat(elements[e]).as("element %d", e).isCloseTo(doubles[e], within(1e-3));
        }
    }

    @Test
    void aWindowSaysWhatDoesNotFit() {
        assertThatThrownBy(() -> Sliding.convolution("conv2d", Shape.of(1, 1, 2, 5), new ConvOptions(), 3, 3))
                .isInstanceOf(ShapeException.class)
                .hasMessageContainingAll("conv2d", "[3, 3]", "[1, 1, 2, 5]", "spans 3 on axis -2, which has 2");
        assertThatThrownBy(() -> Sliding.pooling("pool", Shape.of(0, 3), -1, Window.kernel(3)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("pool: expected -1 axes to slide over, but [0, 3] has 2");
        assertThatThrownBy(() -> Sliding.convolution("conv1d", Shape.of(5), new ConvOptions().padding(1 << 30), 3))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("take less padding");
        assertThatThrownBy(() -> Sliding.transposed("convTranspose1d", Shape.of(3), new ConvOptions().padding(3), 2))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("a size of -2");
        assertThatThrownBy(() -> Sliding.transposed("convTranspose1d", Shape.of(0), new ConvOptions(), 2))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("which has 0");
        assertThatThrownBy(
                        () -> Sliding.transposed("convTranspose1d", Shape.of(9), new ConvOptions().stride(1 << 30), 2))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> ConvolutionKernels.unfold(
                        "unfold",
                        NdArray.zeros(DType.FLOAT64, Shape.of(1, 1, 1, 1, 1, 1)),
                        Sliding.unfolding("unfold", Shape.of(1, 1, 1, 1), 4, Window.kernel(1))))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("at most 3 axes, not 4");
    }

    @Test
    void aWindowCountsItsPositions() {
        assertThat(Sliding.pooling("pool", Shape.of(8), 1, Window.kernel(3)).output)
                .containsExactly(2);
        assertThat(Sliding.pooling("pool", Shape.of(8), 1, Window.kernel(3).ceilMode()).output)
                .containsExactly(3);
        assertThat(Sliding.pooling("pool", Shape.of(9), 1, Window.kernel(3).ceilMode()).output)
                .containsExactly(3);
        assertThat(Sliding.pooling(
                                "pool",
                                Shape.of(3),
                                1,
                                Window.kernel(5).stride(3).ceilMode())
                        .output)
                .containsExactly(1);
        assertThatThrownBy(() -> Sliding.pooling(
                        "pool", Shape.of(3), 1, Window.kernel(5).stride(2).ceilMode()))
                .isInstanceOf(ShapeException.class);
        assertThat(Sliding.pooling(
                                "pool",
                                Shape.of(5),
                                1,
                                Window.kernel(2).stride(3).padding(1).ceilMode())
                        .output)
                .as("a last position that would begin in the padding behind is none")
                .containsExactly(2);
        assertThat(Sliding.unfolding(
                                "unfold",
                                Shape.of(7, 7),
                                2,
                                Window.kernel(2, 3).stride(2).dilation(2))
                        .output)
                .containsExactly(3, 2);
        assertThat(Sliding.transposed(
                                "convTranspose1d",
                                Shape.of(4),
                                new ConvOptions().stride(2).padding(1).outputPadding(1),
                                3)
                        .input)
                .containsExactly(8);
        assertThat(new ConvOptions().describe()).isEmpty();
        assertThat(new ConvOptions()
                        .stride(2, 1)
                        .padding(1)
                        .paddingMode(PadMode.REFLECT)
                        .dilation(3)
                        .groups(2)
                        .describe())
                .isEqualTo("stride 2×1, padding 1, dilation 3, padding mode reflect, 2 groups");
        assertThat(new ConvOptions().samePadding().describe()).isEqualTo("same padding");
        assertThat(Window.kernel(3).stride(2)).hasToString("Window(kernel 3, stride 2)");
        assertThat(Window.kernel(3, 2).stride(1).ceilMode().describe()).isEqualTo("kernel 3×2, stride 1, rounding up");
        assertThat(new ConvOptions().groups(2)).hasToString("ConvOptions(2 groups)");
    }

    @Test
    void theLargestIsTheFirstAndNaNIsGreater() {
        double nan = Double.NaN;
        NdArray x = NdArray.of(Shape.of(2, 2, 4), 1, 5, nan, 2, 5, 5, 7, nan, 0, 0, 3, 1, 0, 0, 3, 3);
        Sliding halves = Sliding.pooling("maxPool2d", x.shape(), 2, Window.kernel(2));

        ResamplingKernels.Largest largest = ResamplingKernels.largest(
                "maxPool2d", x, List.of(halves.taps(0, Padding.EXCLUDED), halves.taps(1, Padding.EXCLUDED)));

        assertThat(largest.values()).isEqualTo(NdArray.of(Shape.of(2, 1, 2), 5, nan, 0, 3));
        assertThat(largest.index()).isEqualTo(NdArray.of(Shape.of(2, 2), new int[] {1, 2, 0, 2}));
        NdArray g = NdArray.of(Shape.of(2, 1, 2), 1, 2, 3, 4);
        assertThat(ResamplingKernels.spread("g", g, largest, x.shape()))
                .isEqualTo(NdArray.of(x.shape(), 0, 1, 2, 0, 0, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0));
    }

    @Test
    void weightedSumsLeaveOutWhatHasNoWeight() {
        NdArray x = NdArray.of(Shape.of(2, 3), 1, Double.POSITIVE_INFINITY, 3, 4, 5, 6);
        Taps ends = Taps.between(3, new int[] {0, 2}, new double[2]);
        Taps rows = Taps.adaptive(2, 1);

        assertThat(ResamplingKernels.weighted("w", x, 1, ends)).isEqualTo(NdArray.of(Shape.of(2, 2), 1, 3, 4, 6));
        assertThat(ResamplingKernels.weighted("w", x.slice(1, 2, 3), 0, rows))
                .isEqualTo(NdArray.of(Shape.of(1, 1), 4.5));
        assertThat(ResamplingKernels.weighted("w", NdArray.of(Shape.of(2, 2), 1, 2, 3, 4), 0, rows))
                .isEqualTo(NdArray.of(Shape.of(1, 2), 2, 3));
        assertThat(ResamplingKernels.weighted("w", NdArray.of(Shape.of(2), 1, 2), 0, ends.transposed()))
                .isEqualTo(NdArray.of(Shape.of(3), 1, 0, 2));
    }
}
