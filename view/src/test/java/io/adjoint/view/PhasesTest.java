package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.core.Generator;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.TrainingRun;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PhasesTest {
    @Test
    void theTimeLeftIsThatOfTheSpeedSoFar() {
        long[] nanos = {1};
        Phases phases = new Phases(() -> nanos[0]);
        phases.begin();
        phases.end(Phases.TRAINING);
        phases.progress(0.5);
        assertThat(phases.left(0.5)).as("nothing is known").isNaN();

        nanos[0] += 2_000_000_000;
        phases.end(Phases.TRAINING);
        phases.progress(0.6);
        assertThat(phases.left(0.6)).isCloseTo(4 * 2, within(1e-12));
        assertThat(phases.left(Double.NaN)).isNaN();
        assertThat(phases.copy().left(0.6)).isEqualTo(phases.left(0.6));

        phases.begin();
        assertThat(phases.left(0.6)).as("a further training").isNaN();
    }

    @Test
    void theTimeOfALoopThatLogsNoStepsIsNotThatOfEvaluations() {
        Report report = new Report("Loop");
        report.start(TrainingRun.of(new Dense(2, 1, new Generator(1)), Map.of()));
        report.epoch(Moment.now(10, 1), Map.of("loss", 1.0));
        assertThat(report.html())
                .contains("<th scope=\"row\">training and evaluation</th>")
                .doesNotContain("<th scope=\"row\">evaluation</th>");
    }
}
