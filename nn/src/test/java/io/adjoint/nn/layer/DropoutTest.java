package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.TestTensors.distance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.AttentionOptions;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
    /** A kind of dropout layer, and the shape of an input for it. */
    enum Kind {
        ELEMENTS(Dropout::new, 6, 5, 4, 3, 2),
        CHANNELS_1(Dropout1d::new, 6, 5, 24),
        CHANNELS_2(Dropout2d::new, 6, 5, 4, 6),
        CHANNELS_3(Dropout3d::new, 6, 5, 4, 3, 2),
        ALPHA(AlphaDropout::new, 6, 5, 24);

        private final BiFunction<Double, RandomGenerator, Layer> make;
        private final Shape shape;

        Kind(BiFunction<Double, RandomGenerator, Layer> make, int... dims) {
            this.make = make;
            this.shape = Shape.of(dims);
        }

        Layer layer(double p, long seed) {
            return make.apply(p, new Generator(seed));
        }

        Tensor input(DType dtype) {
            return Tensor.randn(dtype, shape, new Generator(8));
        }
    }

    // ---- statistics of the mask ----

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.9, 1 / 3.0})
    void dropsTheFractionPAndKeepsTheMean(double p) {
        int n = 400_000;
        Tensor ones = Tensor.ones(n);
        double[] y = new Dropout(p, new Generator(2)).forward(ones).data().toDoubleArray();
        double deviation = Math.sqrt(p * (1 - p) / n);

        assertThat(Arrays.stream(y).distinct()).containsExactlyInAnyOrder(0.0, 1 / (1 - p));
        double dropped = Arrays.stream(y).filter(e -> e == 0).count() / (double) n;
        assertThat(dropped).isCloseTo(p, within(4 * deviation));
        assertThat(Arrays.stream(y).average().orElseThrow()).isCloseTo(1, within(4 * deviation / (1 - p)));
    }

    @Test
    void neighboursAreDroppedIndependently() {
        int n = 400_000;
        Tensor centred = new Dropout(new Generator(3)).forward(Tensor.ones(n)).sub(1);
        for (int lag = 1; lag <= 8; lag++) {
            double correlation = centred.slice(0, lag, n)
                    .mul(centred.slice(0, 0, n - lag))
                    .mean()
                    .item();
            assertThat(correlation).isCloseTo(0, within(4 / Math.sqrt(n)));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"CHANNELS_1", "CHANNELS_2", "CHANNELS_3"})
    void channelsAreDroppedAsAWholeAndIndependently(Kind kind) {
        int[] dims = kind.shape.toArray();
        dims[0] = 200;
        dims[1] = 50;
        double[] channels = kind.layer(0.25, 4)
                .forward(Tensor.ones(Shape.of(dims)))
                .reshape(10_000, 24)
                .data()
                .toDoubleArray();

        int dropped = 0;
        for (int k = 0; k < 10_000; k++) {
            double[] own = Arrays.copyOfRange(channels, 24 * k, 24 * k + 24);
            assertThat(own).containsOnly(own[0]);
            assertThat(own[0]).isIn(0.0, 1 / 0.75);
            dropped += own[0] == 0 ? 1 : 0;
        }
        assertThat(dropped / 10_000.0).isCloseTo(0.25, within(4 * Math.sqrt(0.25 * 0.75 / 10_000)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.3, 0.8})
    void alphaDropoutKeepsMeanZeroAndVarianceOne(double p) {
        Tensor y = new AlphaDropout(p, new Generator(5)).forward(Tensor.randn(new Generator(6), 400_000));

        assertThat(y.mean().item()).isCloseTo(0, within(0.01));
        assertThat(y.square().mean().item()).isCloseTo(1, within(0.015));
    }

    @Test
    void alphaDropoutPutsTheLimitOfSeluInPlaceOfWhatIsDropped() {
        double p = 0.4;
        double alpha = 1.7580993408473766;
        double a = 1 / Math.sqrt((1 - p) * (1 + p * alpha * alpha));
        double[] y = new AlphaDropout(p, new Generator(7))
                .forward(Tensor.full(DType.FLOAT64, Shape.of(1000), 3))
                .data()
                .toDoubleArray();

        assertThat(Tensor.of(-1e9).selu().item()).isCloseTo(-alpha, within(1e-15));
        double kept = a * 3 + a * alpha * p;
        double dropped = -a * alpha + a * alpha * p;
        assertThat(Arrays.stream(y).boxed()).allMatch(e -> Math.abs(e - kept) < 1e-14 || Math.abs(e - dropped) < 1e-14);
    }

    // ---- the same bits ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theSameSeedGivesTheSameMaskInBothDtypes(Kind kind) {
        Tensor wide = kind.layer(0.4, 9).forward(kind.input(DType.FLOAT64));
        Tensor narrow = kind.layer(0.4, 9).forward(kind.input(DType.FLOAT32));

        assertThat(narrow.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(distance(wide, narrow.to(DType.FLOAT64))).isLessThan(1e-6);
        assertThat(kind.layer(0.4, 9).forward(kind.input(DType.FLOAT64)).data()).isEqualTo(wide.data());
        assertThat(kind.layer(0.4, 10).forward(kind.input(DType.FLOAT64)).data())
                .isNotEqualTo(wide.data());
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void theSameSeedGivesTheSameMaskOnAnyNumberOfThreads(DType dtype) {
        if (!dtype.isFloating()) {
            return;
        }
        // The size is odd and not a multiple of the block size.
        Tensor x = Tensor.randn(dtype, new Generator(1), 200_001);
        NdArray one = on(1, x);

        assertThat(on(2, x)).isEqualTo(one);
        assertThat(on(3, x)).isEqualTo(one);
    }

    private static NdArray on(int threads, Tensor x) {
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            return pool.submit(
                            () -> new Dropout(0.3, new Generator(11)).forward(x).data())
                    .join();
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void theMaskIsOfPositionsWhateverTheLayout() {
        Tensor x = Tensor.randn(new Generator(1), 7, 6);
        Tensor transposed = Tensor.of(x.data().transpose().copy()).transpose();
        Tensor sliced = Tensor.concat(0, Tensor.zeros(2, 6), x).slice(0, 2, 9);

        assertThat(new Dropout(new Generator(2)).forward(transposed).data())
                .isEqualTo(new Dropout(new Generator(2)).forward(x).data());
        assertThat(new Dropout(new Generator(2)).forward(sliced).data())
                .isEqualTo(new Dropout(new Generator(2)).forward(x).data());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void eachCallInTrainingTakesOneNumber(Kind kind) {
        for (double p : new double[] {0, 0.4, 1}) {
            Generator rng = new Generator(12);
            Layer layer = kind.make.apply(p, rng);
            assertThat(layer.forward(kind.input(DType.FLOAT64)).shape()).isEqualTo(kind.shape);
            layer.eval();
            assertThat(layer.forward(kind.input(DType.FLOAT64)).shape()).isEqualTo(kind.shape);

            assertThat(rng.nextLong()).as("p = %s", p).isEqualTo(number(1, 12));
        }
    }

    private static long number(int index, long seed) {
        return new Generator(seed).longs().skip(index).findFirst().orElseThrow();
    }

    // ---- limits ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    void evaluationIsTheIdentity(Kind kind) {
        Layer layer = kind.layer(0.5, 1);
        Tensor x = kind.input(DType.FLOAT64);
        layer.eval();

        assertThat(layer.forward(x)).isSameAs(x);
        layer.train();
        assertThat(layer.forward(x).data()).isNotEqualTo(x.data());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void nothingIsDroppedWithPZeroAndEverythingWithPOne(Kind kind) {
        Tensor x = kind.input(DType.FLOAT64);

        assertThat(kind.layer(0, 1).forward(x).data()).isEqualTo(x.data());
        assertThat(kind.layer(1, 1).forward(x).abs().max().item()).isZero();
    }

    /** The generator advances also for p = 0, so that later random numbers don't depend on p. */
    @Test
    void withProbability0TheInputIsTheResult() {
        Generator none = new Generator(1);
        Generator half = new Generator(1);
        Tensor x = Tensor.ones(3);
        assertThat(Functional.dropout(x, 0, none)).isSameAs(x);
        assertThat(Functional.dropout(x, 0.5, half)).isNotSameAs(x);
        assertThat(none.nextLong()).isEqualTo(half.nextLong());
    }

    @Test
    void anEmptyInputIsLeftEmpty() {
        assertThat(new Dropout(new Generator(1)).forward(Tensor.zeros(0, 3)).shape())
                .isEqualTo(Shape.of(0, 3));
        assertThat(new Dropout1d(new Generator(1))
                        .forward(Tensor.zeros(0, 3, 2))
                        .shape())
                .isEqualTo(Shape.of(0, 3, 2));
        assertThat(new Dropout2d(new Generator(1))
                        .forward(Tensor.zeros(2, 3, 0, 2))
                        .shape())
                .isEqualTo(Shape.of(2, 3, 0, 2));
        assertThat(new AlphaDropout(new Generator(1)).forward(Tensor.zeros(0)).shape())
                .isEqualTo(Shape.of(0));
    }

    // ---- derivatives ----

    @ParameterizedTest
    @EnumSource(Kind.class)
    void derivativesOfAllOrdersHaveTheMaskOfTheOutput(Kind kind) {
        Tensor x = kind.input(DType.FLOAT64).requiresGrad(true);
        Tensor y = kind.layer(0.5, 13).forward(x);
        // dy/dx is 0 where an element was dropped, and one common factor elsewhere.
        Tensor factors = Autograd.grad(y, Tensor.ones(x.shape()), GraphMode.KEEP, x);
        double scale = factors.max().item();
        assertThat(Arrays.stream(factors.data().toDoubleArray()).distinct()).containsExactlyInAnyOrder(0.0, scale);
        if (kind != Kind.ALPHA) {
            assertThat(scale).isEqualTo(2);
            assertThat(y.detach().data()).isEqualTo(x.detach().mul(factors).data());
        }

        // f = Σ y³: f′ = 3y²m, f″ = 6y·m² and f‴ = 6m³, with the same factors m = dy/dx.
        Tensor first = Autograd.grad(y.pow(3).sum(), GraphMode.CREATE, x);
        Tensor second = Autograd.grad(first.sum(), GraphMode.CREATE, x);
        Tensor third = Autograd.grad(second.sum(), GraphMode.KEEP, x);
        assertThat(distance(first, y.square().mul(factors).mul(3))).isLessThan(1e-12);
        assertThat(distance(second, y.mul(factors.square()).mul(6))).isLessThan(1e-12);
        assertThat(distance(third, factors.pow(3).mul(6))).isLessThan(1e-12);
    }

    // ---- dropout in other layers ----

    @Test
    void attentionAndRecurrentNetworksDropAsThisLayerDoes() {
        Tensor value = Tensor.eye(4);
        Tensor weights = Functional.scaledDotProductAttention(
                Tensor.zeros(3, 2),
                Tensor.zeros(4, 2),
                value,
                new AttentionMask(),
                new AttentionOptions().dropout(0.5, new Generator(14)));
        Tensor quarters = Tensor.full(DType.FLOAT64, Shape.of(3, 4), 0.25);
        assertThat(weights.data())
                .isEqualTo(Functional.dropout(quarters, 0.5, new Generator(14)).data());

        Generator rng = new Generator(15);
        RNN rnn = new RNN(2, 3, new RecurrentOptions().layers(4).dropout(0.5, rng), new Init(new Generator(1)));
        Tensor x = Tensor.zeros(2, 5, 2);
        assertThat(rnn.forward(x).sequence().shape()).isEqualTo(Shape.of(2, 5, 3));
        assertThat(rng.nextLong()).isEqualTo(number(3, 15));
    }

    // ---- wrong use ----

    static Stream<Double> impossible() {
        return Stream.of(-0.1, 1.5, Double.NaN, Double.POSITIVE_INFINITY);
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void aPThatIsNoProbabilityIsRefused(double p) {
        for (Kind kind : Kind.values()) {
            String name = kind.layer(0.5, 1).getClass().getSimpleName();
            refused(() -> kind.layer(p, 1))
                    .withMessage(name + ": the probability p of being dropped must be from 0 to 1, got " + p);
        }
    }

    @Test
    void aMissingGeneratorIsRefused() {
        @Nullable RandomGenerator none = none();
        refused(() -> new Dropout2d(0.5, none)).withMessage("Dropout2d: the generator is null");
    }

    @SuppressWarnings("NullAway") // null is the mistake that the test makes
    private static RandomGenerator none() {
        return null;
    }

    @Test
    void aWrongRankIsRefusedInEvaluationToo() {
        Layer dropout = new Dropout2d(0.25, new Generator(1));
        Sequential net = new Sequential(new ReLU(), new Sequential(dropout));

        thrown(ShapeException.class, () -> net.forward(Tensor.zeros(3, 8, 8)))
                .withMessage("1.0: Dropout2d(p = 0.25): dropout: expected input [N, C, H, W], got [3, 8, 8];"
                        + " for a single sample add the batch axis with unsqueeze(0)");
        net.eval();
        thrown(ShapeException.class, () -> net.forward(Tensor.zeros(3, 8)))
                .withMessage("1.0: Dropout2d(p = 0.25): dropout: expected input [N, C, H, W], got [3, 8]");
        thrown(ShapeException.class, () -> new Dropout1d(new Generator(1)).forward(Tensor.zeros(1, 3, 8, 8)))
                .withMessage("Dropout1d(p = 0.5): dropout: expected input [N, C, L], got [1, 3, 8, 8]");
        thrown(ShapeException.class, () -> new Dropout3d(new Generator(1)).forward(Tensor.scalar(1)))
                .withMessage("Dropout3d(p = 0.5): dropout: expected input [N, C, D, H, W], got []");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatIsNotFloatingIsRefused(Kind kind) {
        Layer layer = kind.layer(0.5, 1);
        Tensor x = Tensor.zeros(DType.INT32, kind.shape);

        thrown(DTypeException.class, () -> new Sequential(layer).forward(x))
                .withMessage("0: " + layer
                        + ": dropout: expected FLOAT64 or FLOAT32 elements, got INT32; convert with to(FLOAT64)");
        layer.eval();
        thrown(DTypeException.class, () -> layer.forward(x));
    }
}
