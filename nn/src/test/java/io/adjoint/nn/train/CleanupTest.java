package io.adjoint.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CleanupTest {
    @Test
    void allPartsRunAndTheFirstFailureHasTheOthers() {
        List<Integer> done = new ArrayList<>();
        List<Runnable> parts = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            int part = k;
            parts.add(() -> {
                done.add(part);
                if (part % 2 == 1) {
                    throw new IllegalStateException("part " + part);
                }
            });
        }

        assertThatThrownBy(() -> Cleanup.all(parts))
                .hasMessage("part 1")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("part 3"));
        assertThat(done).containsExactly(0, 1, 2, 3);
    }
}
