package io.adjoint.nn.optim;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.TestTensors.gradient;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void settingsOutOfRangeAreRefused() {
        refused(() -> new StepDecay(0.1, 0))
                .withMessage("StepDecay: the number of steps between falls must be at least 1, got 0");
        refused(() -> new CosineAnnealing(-1, 5))
                .withMessage("CosineAnnealing: the value must be finite and not negative, got -1.0");
        refused(() -> new WarmUp(new Constant(1), 5).start(1.5))
                .withMessage("WarmUp: the start must be from 0 to 1, got 1.5");
        refused(() -> new MultiStepDecay(1, 3, -2))
                .withMessage("MultiStepDecay: the milestone must be finite and not negative, got -2.0");
        refused(() -> new OneCycle(1, 10).warmUp(0.6).threePhase())
                .withMessage("OneCycle: the rise must be at most half of three phases, got 0.6");
        refused(() -> new Constant(1).then(-1, new Constant(2)))
                .withMessage("Schedule: the milestone must not be negative, got -1");
        refused(() -> new ExponentialDecay(1, 0.5).at(-1))
                .withMessage("ExponentialDecay: the step must not be negative, got -1");
    }

    @Test
    void periodsThatGrowEndWithTheNumbersThereAre() {
        assertThat(new CosineRestarts(1, 1L << 40).mult(1L << 40).at(Long.MAX_VALUE))
                .isBetween(0.0, 1.0);
    }

    @Test
    void aFallOfTheSmallestDecreaseIsNotMade() {
        // The decrease from 1 to 0.5 is exactly 0.5, which is not more than minDecrease.
        assertThat(new Plateau(1).factor(0.5).patience(0).minDecrease(0.5).step(Double.NaN))
                .isEqualTo(1);
        assertThat(new Plateau(1)
                        .factor(0.5)
                        .patience(0)
                        .minDecrease(Math.nextDown(0.5))
                        .step(Double.NaN))
                .isEqualTo(0.5);
    }

    @Test
    void anImprovementOfTheThresholdIsNone() {
        for (Plateau plateau : List.of(new Plateau(1).absoluteThreshold(1), new Plateau(1).relativeThreshold(0.25))) {
            plateau.factor(0.5).patience(0).step(4);
            assertThat(plateau.step(3)).isEqualTo(0.5);
            assertThat(plateau.step(Math.nextDown(3.0))).isEqualTo(0.5);
        }
        for (Plateau plateau : List.of(new Plateau(1).absoluteThreshold(1), new Plateau(1).relativeThreshold(0.25))) {
            plateau.goal(Goal.MAX).factor(0.5).patience(0).step(4);
            assertThat(plateau.step(5)).isEqualTo(0.5);
            assertThat(plateau.step(Math.nextUp(5.0))).isEqualTo(0.5);
        }
    }

    @Test
    void aPlateauRefusesWhatDoesNotFit() {
        Plateau plateau = new Plateau(1);
        Map<String, NdArray> state = new LinkedHashMap<>(plateau.state());
        state.put("bad", NdArray.scalar(DType.INT32, -1));
        refused(() -> plateau.load(state))
                .withMessage("Plateau: the state does not fit, and nothing was loaded: the count 'bad' must not be"
                        + " negative, got -1");
        state.remove("bad");
        refused(() -> plateau.load(state))
                .withMessage("Plateau: the state does not fit, and nothing was loaded: missing 'bad' INT32 []");
        refused(() -> plateau.factor(1)).withMessage("Plateau: the factor must be at least 0 and less than 1, got 1.0");
    }

    @Test
    void gradientsOfPartsOfABatchAddUpToThoseOfTheBatch() {
        Tensor w = Tensor.of(0.5, -1).requiresGrad(true);
        Tensor x = Tensor.of(new double[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}});
        x.matmul(w).square().mean().backward();
        NdArray whole = gradient(w);
        w.zeroGrad();
        for (int part : List.of(0, 2)) {
            x.slice(0, part, part + 2).matmul(w).square().mean().div(2).backward();
        }

        assertThat(gradient(w)).isEqualTo(whole);
    }

    @Test
    void aPlateauFallsForANegativeMetricThatIsConstantOrGetsWorse() {
        for (double change : new double[] {0, 1e-5}) {
            Plateau smaller = new Plateau(1).patience(2);
            Plateau larger = new Plateau(1).patience(2).goal(Goal.MAX);
            for (int call = 0; call < 4; call++) {
                smaller.step(-1 + call * change);
                larger.step(-1 - call * change);
            }
            assertThat(smaller.rate()).isEqualTo(0.1);
            assertThat(larger.rate()).isEqualTo(0.1);
            assertThat(smaller.state().get("best")).isEqualTo(NdArray.scalar(DType.FLOAT64, -1));
            assertThat(larger.state().get("best")).isEqualTo(NdArray.scalar(DType.FLOAT64, -1));
        }
    }

    @Test
    void theFirstMetricIsTheBestWhateverTheThreshold() {
        for (Plateau plateau : List.of(
                new Plateau(1).relativeThreshold(0),
                new Plateau(1).relativeThreshold(1),
                new Plateau(1).relativeThreshold(3),
                new Plateau(1).goal(Goal.MAX).relativeThreshold(0))) {
            plateau.step(-2);
            assertThat(plateau.state().get("best")).isEqualTo(NdArray.scalar(DType.FLOAT64, -2));
        }
    }
}
