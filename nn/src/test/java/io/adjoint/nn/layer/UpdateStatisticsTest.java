package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Init;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.optim.WeightAverage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class UpdateStatisticsTest {
    private static final Offset<Double> TOLERANCE = Offset.offset(1e-15);
    private static final List<Tensor> BATCHES = List.of(
            Tensor.of(new double[][] {{1, 2}, {3, 5}, {8, 1}}),
            Tensor.of(new double[][] {{0, 0}, {2, 4}}),
            Tensor.of(new double[][] {{-1, 1}, {1, 1}}));

    private final Init init = new Init(new Generator(1));
    private final BatchNorm1d norm = new BatchNorm1d(2, init);
    private final Sequential model = new Sequential(norm, new Dropout(0.5, new Generator(2)));

    private void update() {
        BatchNorm.updateStatistics(model, BATCHES, model::forward);
    }

    private double[] buffer(String name) {
        return Objects.requireNonNull(model.namedBuffers().get("0." + name))
                .value()
                .toDoubleArray();
    }

    @Test
    void theStatisticsAreTheMeansOfThoseOfTheBatchesAsInPyTorch() {
        var unused = model.forward(BATCHES.get(0));
        update();

        // The numbers are PyTorch 2.6's.
        assertThat(buffer("runningMean"))
                .containsExactly(new double[] {1.666666666666667, 1.8888888888888888}, TOLERANCE);
        assertThat(buffer("runningVariance"))
                .containsExactly(new double[] {5.666666666666668, 4.111111111111112}, TOLERANCE);
    }

    @Test
    void aCumulativeAverageCountsTheBatches() {
        BatchNorm1d cumulative = new BatchNorm1d(2, new NormOptions().cumulativeAverage(), init);
        Sequential other = new Sequential(cumulative);
        var unused = other.forward(BATCHES.get(0));
        BatchNorm.updateStatistics(other, BATCHES, other::forward);
        update();

        Map<String, NdArray> state = other.state();
        assertThat(Objects.requireNonNull(state.get("0.batchesTracked")).item()).isEqualTo(3);
        assertThat(Objects.requireNonNull(state.get("0.runningMean")).toDoubleArray())
                .containsExactly(buffer("runningMean"));
    }

    @Test
    void modesAndMomentaAreThenAsBefore() {
        norm.eval();
        update();

        assertThat(model.isTraining()).isTrue();
        assertThat(norm.isTraining()).isFalse();
        double before = buffer("runningMean")[0];
        norm.train();
        var unused = model.forward(BATCHES.get(0));
        assertThat(buffer("runningMean")[0]).isEqualTo(0.9 * before + 0.1 * 4);
    }

    @Test
    void aFailureLeavesEverythingAsItWas() {
        var unused = model.forward(BATCHES.get(0));
        model.eval();
        Map<String, NdArray> before = model.state();
        double[] variance = buffer("runningVariance");
        List<Tensor> batches = List.of(BATCHES.get(0), Tensor.zeros(3, 5));

        thrown(ShapeException.class, () -> BatchNorm.updateStatistics(model, batches, model::forward));
        assertThat(model.state()).isEqualTo(before);
        assertThat(model.isTraining()).isFalse();
        model.train();
        unused = model.forward(BATCHES.get(0));
        assertThat(buffer("runningVariance")[0]).isEqualTo(0.9 * variance[0] + 0.1 * 13);
    }

    @Test
    void withoutBatchesThereIsNothingToEstimate() {
        refused(() -> BatchNorm.updateStatistics(model, List.<Tensor>of(), model::forward))
                .withMessage("BatchNorm.updateStatistics: there are no batches to estimate the statistics of");
        assertThat(buffer("runningVariance")).containsExactly(1, 1);
    }

    @Test
    void aModelWithoutStatisticsDoesNotRun() {
        Sequential plain = new Sequential(
                new Dropout(0.5, new Generator(2)),
                new BatchNorm1d(2, new NormOptions().trackRunningStats(false), init));

        BatchNorm.updateStatistics(plain, List.of(1), batch -> {
            throw new AssertionError("ran with " + batch);
        });
    }

    @Test
    void insideAnAverageTheModelsOwnStatisticsComeBack() {
        var unused = model.forward(BATCHES.get(0));
        double[] own = buffer("runningMean");
        WeightAverage average = WeightAverage.swa(model);
        average.update();

        double[] estimated = average.within(() -> {
            update();
            return buffer("runningMean");
        });

        assertThat(estimated).containsExactly(new double[] {1.666666666666667, 1.8888888888888888}, TOLERANCE);
        assertThat(buffer("runningMean")).containsExactly(own);
    }
}
