package io.adjoint.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.train.ShardedProgram.Model;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A doctor of each worker, which sees the backward passes of its shards and the steps of all. */
class DoctorOfWorkersTest {
    private static List<Finding> findings(ShardedProgram program) {
        try (Doctor doctor = Doctor.watch(program.model)) {
            program.trainer.fit(program.loader, 14);
            return doctor.findings();
        }
    }

    @ParameterizedTest
    @EnumSource
    void soundTrainingsHaveNoFindingAndTheSameBits(Model model) {
        ShardedProgram unwatched = new ShardedProgram(model, Collective.alone());
        unwatched.trainer.fit(unwatched.loader, 14);
        Map<String, NdArray> expected = unwatched.state();
        for (int size : new int[] {1, 2, 8}) {
            Collective.threads(size, workers -> {
                        ShardedProgram program = new ShardedProgram(model, workers);
                        assertThat(findings(program)).isEmpty();
                        return program.state();
                    })
                    .forEach(state -> assertThat(state).isEqualTo(expected));
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachWorkerFindsAParameterThatTheOptimizerLacks(Model model) {
        for (int size : new int[] {1, 2, 4}) {
            Collective.threads(size, workers -> {
                        ShardedProgram program = new ShardedProgram(model, workers);
                        List<Tensor> parameters = program.model.parameters();
                        Adam some = new Adam(parameters.subList(0, parameters.size() - 1), 0.01);
                        try (Doctor doctor = Doctor.watch(program.model)) {
                            Trainer.of(program.model, some, new CrossEntropy())
                                    .parallel(workers, ShardedProgram.SHARDS)
                                    .fit(program.loader, 7);
                            return doctor.findings();
                        }
                    })
                    .forEach(found -> assertThat(found)
                            .as("%d workers", size)
                            .extracting(Finding::mistake)
                            .containsExactly(Mistake.NOT_UPDATED));
        }
    }
}
