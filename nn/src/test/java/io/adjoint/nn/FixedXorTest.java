package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.adjoint.core.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FixedXorTest {
    /** The losses that PyTorch 2.6 prints after 1, 10, 100, 1000 and 5000 steps. */
    private static final double[] FLOAT64 = {
        0.2513628143062841, 0.2510722972688668, 0.25067170314167936, 0.25003247792483974, 0.00756453393030536
    };

    private static final double[] FLOAT32 = {
        0.25136280059814453, 0.25107231736183167, 0.25067171454429626, 0.2500324547290802, 0.007564489729702473
    };

    private static double[] losses(DType dtype) {
        FixedXor xor = new FixedXor(dtype);
        List<Double> losses = new ArrayList<>();
        int done = 0;
        for (int steps : List.of(1, 10, 100, 1000, 5000)) {
            xor.train(steps - done);
            done = steps;
            losses.add(xor.loss().item());
        }
        return losses.stream().mapToDouble(loss -> loss).toArray();
    }

    private static void assertClose(double[] actual, double[] expected, double percent) {
        for (int k = 0; k < expected.length; k++) {
            assertThat(actual[k]).isCloseTo(expected[k], withinPercentage(percent));
        }
    }

    @Test
    void float64LossesAreThoseOfPyTorchToTwelveDigits() {
        assertClose(losses(DType.FLOAT64), FLOAT64, 1e-10);
    }

    @Test
    void float32LossesAreThoseOfPyTorchToFiveDigits() {
        assertClose(losses(DType.FLOAT32), FLOAT32, 1e-3);
    }

    @Test
    void theTrainedNetworkAnswersRight() {
        FixedXor xor = new FixedXor(DType.FLOAT64);
        xor.train(5000);

        double[] answers = xor.answers().data().toDoubleArray();
        assertThat(Arrays.stream(answers).map(Math::rint)).containsExactly(0.0, 1.0, 1.0, 0.0);
    }

    @Test
    void twoTrainingsInTwoThreadsGiveTheBitsThatEachGivesAlone() throws ExecutionException, InterruptedException {
        double[] alone = losses(DType.FLOAT64);
        List<CompletableFuture<double[]>> together = new ArrayList<>();
        for (int k = 0; k < 2; k++) {
            CompletableFuture<double[]> result = new CompletableFuture<>();
            together.add(result);
            new Thread(() -> result.completeAsync(() -> losses(DType.FLOAT64), Runnable::run)).start();
        }

        for (CompletableFuture<double[]> result : together) {
            assertThat(result.get()).containsExactly(alone);
        }
    }
}
