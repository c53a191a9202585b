package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.TestTensors.gradient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Running statistics, defaults and errors of normalizations. */
class NormalizationTest {
    private static final Offset<Double> CLOSE = within(1e-12);
    private static final NormOptions PLAIN = new NormOptions();

    private final Init init = new Init(new Generator(1));
    private final Tensor first = Tensor.of(new double[][] {{1, 2}, {3, 5}, {8, 1}});
    private final Tensor second = Tensor.of(new double[][] {{0, 0}, {2, 4}});
    private final Tensor third = Tensor.of(new double[][] {{1, 1}, {5, 1}});

    private static double[] buffer(Layer layer, String name) {
        return Objects.requireNonNull(layer.namedBuffers().get(name)).value().toDoubleArray();
    }

    private static void run(Layer layer, Tensor batch) {
        assertThat(layer.forward(batch).shape()).isEqualTo(batch.shape());
    }

    private static void assertRunning(Layer layer, double[] mean, double[] variance) {
        assertThat(buffer(layer, "runningMean")).containsExactly(mean, CLOSE);
        assertThat(buffer(layer, "runningVariance")).containsExactly(variance, CLOSE);
    }

    // ---- running statistics ----

    @Test
    void theCumulativeAverageGivesEachBatchTheSameWeight() {
        BatchNorm1d norm = new BatchNorm1d(2, PLAIN.cumulativeAverage(), init);

        run(norm, first);
        assertRunning(norm, new double[] {4, 8 / 3.0}, new double[] {13, 13 / 3.0});
        run(norm, second);
        assertRunning(norm, new double[] {2.5, 7 / 3.0}, new double[] {7.5, 37 / 6.0});
        run(norm, third);
        assertRunning(norm, new double[] {8 / 3.0, 17 / 9.0}, new double[] {23 / 3.0, 37 / 9.0});
        assertThat(buffer(norm, "batchesTracked")).containsExactly(3);
        assertThat(new BatchNorm1d(2, PLAIN.cumulativeAverage().momentum(0.1), init).namedBuffers())
                .containsOnlyKeys("runningMean", "runningVariance");
    }

    @Test
    void evaluationUsesTheRunningStatisticsAndLeavesThemAlone() {
        BatchNorm1d norm = new BatchNorm1d(2, PLAIN.eps(0), init);
        run(norm, first);
        norm.eval();

        double[] y = norm.forward(Tensor.of(new double[][] {{2.6, 5}})).data().toDoubleArray();
        assertThat(y).containsExactly(new double[] {2.2 / Math.sqrt(2.2), (5 - 0.8 / 3) / Math.sqrt(4 / 3.0)}, CLOSE);
        assertRunning(norm, new double[] {0.4, 0.8 / 3}, new double[] {2.2, 4 / 3.0});
    }

    @Test
    void anOutputOfEvaluationKeepsItsStatisticsForItsGradient() {
        BatchNorm1d norm = new BatchNorm1d(2, PLAIN.eps(0), init);
        norm.eval();
        Tensor x = first.requiresGrad(true);
        Tensor y = norm.forward(x);
        norm.train();
        run(norm, second);

        y.sum().backward();
        assertThat(gradient(x)).isEqualTo(NdArray.full(DType.FLOAT64, x.shape(), 1));
    }

    @Test
    void withoutRunningStatisticsEvaluationIsAsTraining() {
        BatchNorm1d norm = new BatchNorm1d(2, PLAIN.trackRunningStats(false), init);
        NdArray training = norm.forward(first).data();
        norm.eval();

        assertThat(norm.forward(first).data()).isEqualTo(training);
        assertThat(norm.namedBuffers()).isEmpty();
        assertThat(norm).hasToString("BatchNorm1d(2, no running statistics)");
    }

    @Test
    void instanceNormTracksTheMeansOfItsSamplesIfAsked() {
        InstanceNorm1d norm = new InstanceNorm1d(1, PLAIN.trackRunningStats(true), init);
        // Means 2 and 4, unbiased variances 2 and 8.
        run(norm, Tensor.of(1, 3, 2, 6).reshape(2, 1, 2));

        assertRunning(norm, new double[] {0.3}, new double[] {0.9 + 0.5});
        assertThat(new InstanceNorm1d(1, init).state()).isEmpty();
    }

    @Test
    void anEmptyBatchLeavesTheStatisticsAlone() {
        BatchNorm2d norm = new BatchNorm2d(2, PLAIN.cumulativeAverage(), init);

        assertThat(norm.forward(Tensor.zeros(0, 2, 3, 3)).shape()).isEqualTo(Shape.of(0, 2, 3, 3));
        assertRunning(norm, new double[] {0, 0}, new double[] {1, 1});
        assertThat(buffer(norm, "batchesTracked")).containsExactly(0);
    }

    @Test
    void aRefusedBatchLeavesTheStatisticsAlone() {
        BatchNorm1d norm = new BatchNorm1d(2, init);

        thrown(ShapeException.class, () -> norm.forward(first.slice(0, 0, 1)));
        thrown(DTypeException.class, () -> norm.forward(first.to(DType.FLOAT32)));
        assertRunning(norm, new double[] {0, 0}, new double[] {1, 1});
    }

    @Test
    void frozenLayersKeepTracking() {
        BatchNorm1d norm = new BatchNorm1d(2, init);
        norm.freeze();
        run(norm, first);

        assertRunning(norm, new double[] {0.4, 0.8 / 3}, new double[] {2.2, 4 / 3.0});
    }

    // ---- parameters ----

    @Test
    void parametersAreOnesAndZerosUnlessLeftOut() {
        assertThat(new LayerNorm(3, init).state())
                .containsEntry("weight", NdArray.full(DType.FLOAT64, Shape.of(3), 1))
                .containsEntry("bias", NdArray.zeros(DType.FLOAT64, Shape.of(3)))
                .hasSize(2);
        assertThat(new RMSNorm(3, init).namedParameters()).containsOnlyKeys("weight");
        assertThat(new GroupNorm(2, 4, PLAIN.withoutBias(), init).namedParameters())
                .containsOnlyKeys("weight");
        assertThat(new LayerNorm(Shape.of(2, 3), PLAIN.affine(false), init).parameters())
                .isEmpty();
        assertThat(new InstanceNorm2d(3, init).parameters()).isEmpty();
        assertThat(new InstanceNorm2d(3, PLAIN.affine(true), init).namedParameters())
                .containsOnlyKeys("weight", "bias");
    }

    @Test
    void rmsNormTakesTheMachineEpsilonOfItsDtype() {
        double tiny = 1e-9;
        double wide = new RMSNorm(1, init).forward(Tensor.of(tiny)).item();
        double narrow = new RMSNorm(1, init.dtype(DType.FLOAT32))
                .forward(Tensor.of(tiny).to(DType.FLOAT32))
                .item();

        assertThat(wide).isCloseTo(tiny / Math.sqrt(tiny * tiny + 0x1p-52), CLOSE);
        assertThat(narrow).isCloseTo(tiny / Math.sqrt(0x1p-23), within(1e-9));
    }

    @Test
    void descriptionsSayWhatIsLeftOut() {
        assertThat(new LayerNorm(Shape.of(2, 3), PLAIN.affine(false), init))
                .hasToString("LayerNorm([2, 3], no weight)");
        assertThat(new GroupNorm(2, 4, PLAIN.withoutBias(), init.dtype(DType.FLOAT32)))
                .hasToString("GroupNorm(2 groups of 4 channels, no bias, FLOAT32)");
        assertThat(new RMSNorm(3, init)).hasToString("RMSNorm([3])");
        assertThat(new InstanceNorm1d(3, init)).hasToString("InstanceNorm1d(3, no weight)");
    }

    // ---- wrong use ----

    @ParameterizedTest
    @ValueSource(doubles = {-1e-5, Double.NaN, Double.POSITIVE_INFINITY})
    void aWrongEpsilonIsRefused(double eps) {
        refused(() -> PLAIN.eps(eps)).withMessage("NormOptions: the eps must be finite and not negative, got " + eps);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void aWrongMomentumIsRefused(double momentum) {
        refused(() -> PLAIN.momentum(momentum))
                .withMessage("NormOptions: the momentum must be from 0 to 1, got " + momentum);
    }

    @Test
    void wrongSizesAreRefused() {
        refused(() -> new BatchNorm2d(0, init))
                .withMessage("BatchNorm2d: the number of channels must be at least 1, got 0");
        refused(() -> new InstanceNorm3d(-1, init))
                .withMessage("InstanceNorm3d: the number of channels must be at least 1, got -1");
        refused(() -> new GroupNorm(3, 4, init))
                .withMessage("GroupNorm: expected at least 1 group, and equal groups of 4 channels, got 3");
        refused(() -> new GroupNorm(0, 4, init))
                .withMessage("GroupNorm: expected at least 1 group, and equal groups of 4 channels, got 0");
        refused(() -> new LayerNorm(Shape.scalar(), init))
                .withMessage("LayerNorm: the shape must have at least one axis and no size of 0, got []");
        refused(() -> new RMSNorm(Shape.of(2, 0), init))
                .withMessage("RMSNorm: the shape must have at least one axis and no size of 0, got [2, 0]");
    }

    @Test
    void optionsThatALayerDoesNotHaveAreRefused() {
        String statistics = ": has no running statistics; leave momentum, cumulativeAverage and trackRunningStats out"
                + " of its options";
        refused(() -> new LayerNorm(Shape.of(3), PLAIN.momentum(0.1), init)).withMessage("LayerNorm" + statistics);
        refused(() -> new GroupNorm(1, 3, PLAIN.cumulativeAverage(), init)).withMessage("GroupNorm" + statistics);
        refused(() -> new RMSNorm(Shape.of(3), PLAIN.trackRunningStats(false), init))
                .withMessage("RMSNorm" + statistics);
        refused(() -> new RMSNorm(Shape.of(3), PLAIN.withoutBias(), init))
                .withMessage("RMSNorm: never has a bias; leave withoutBias out of its options");
    }

    @Test
    void aWrongInputIsRefusedWithTheLayersPath() {
        assertRefused(new BatchNorm1d(3, init), "batchNorm: expected input [N, 3] or [N, 3, L], got [4, 2]", 4, 2);
        assertRefused(new BatchNorm1d(3, init), "batchNorm: expected input [N, 3] or [N, 3, L], got [3]", 3);
        assertRefused(new BatchNorm2d(3, init), "batchNorm: expected input [N, 3, H, W], got [3, 8, 8]", 3, 8, 8);
        assertRefused(
                new BatchNorm3d(3, init), "batchNorm: expected input [N, 3, D, H, W], got [2, 3, 8, 8]", 2, 3, 8, 8);
        assertRefused(
                new InstanceNorm1d(3, init), "instanceNorm: expected input [N, 3, L] or [3, L], got [2, 8]", 2, 8);
        assertRefused(
                new InstanceNorm2d(3, init),
                "instanceNorm: expected input [N, 3, H, W] or [3, H, W], got [1, 2, 3, 8, 8]",
                1,
                2,
                3,
                8,
                8);
        assertRefused(new GroupNorm(2, 4, init), "groupNorm: expected input [N, 4, ...], got [4]", 4);
        assertRefused(new GroupNorm(2, 4, init), "groupNorm: expected input [N, 4, ...], got [2, 3, 5]", 2, 3, 5);
        assertRefused(
                new LayerNorm(Shape.of(2, 3), init),
                "layerNorm: the input [3, 2] must end in the normalised shape [2, 3], which has at least one axis",
                3,
                2);
        assertRefused(
                new RMSNorm(3, init),
                "rmsNorm: the input [3, 2] must end in the normalised shape [3], which has at least one axis",
                3,
                2);
    }

    @Test
    void oneValueHasNoVariance() {
        assertRefused(
                new BatchNorm1d(3, init),
                "batchNorm: the input [1, 3] has one value for each channel, which has no variance; train with more"
                        + " samples, or give the mean and variance to normalise with",
                1,
                3);
        assertRefused(
                new InstanceNorm1d(3, init),
                "instanceNorm: the input [2, 3, 1] has one value for each channel of a sample, which has no variance;"
                        + " normalise over more values",
                2,
                3,
                1);
        BatchNorm1d norm = new BatchNorm1d(3, init);
        norm.eval();
        assertThat(norm.forward(Tensor.zeros(1, 3)).shape()).isEqualTo(Shape.of(1, 3));
    }

    private static void assertRefused(Layer layer, String message, int... dims) {
        thrown(
                        ShapeException.class,
                        () -> new Sequential(new ReLU(), new Sequential(layer)).forward(Tensor.zeros(Shape.of(dims))))
                .withMessage("1.0: " + layer + ": " + message);
    }

    @Test
    void anotherDtypeIsRefusedWithTheConversion() {
        List<Layer> layers = List.of(
                new BatchNorm1d(2, init),
                new InstanceNorm1d(2, PLAIN.affine(true), init),
                new GroupNorm(1, 2, init),
                new LayerNorm(4, init),
                new RMSNorm(4, init));
        for (Layer layer : layers) {
            String name = layer.getClass().getSimpleName();
            assertThatExceptionOfType(DTypeException.class)
                    .as(name)
                    .isThrownBy(() -> new Sequential(layer).forward(Tensor.zeros(DType.FLOAT32, 3, 2, 4)))
                    .withMessageStartingWith("0: " + layer + ": ")
                    .withMessageEndingWith(
                            ": cannot mix FLOAT32 with FLOAT64; convert one with to(FLOAT32) or to(FLOAT64)");
            assertThatExceptionOfType(DTypeException.class)
                    .as(name)
                    .isThrownBy(() -> layer.forward(Tensor.zeros(DType.INT32, 3, 2, 4)));
        }
    }
}
