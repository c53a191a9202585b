package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimeLimitTest {
    @Test
    void noInterruptOfALimitRemainsOrComesAfterItIsLifted() {
        try (TimeLimit limit = new TimeLimit(Thread::new)) {
            for (int k = 0; k < 300; k++) {
                limit.set(Duration.ofMillis(1));
                long begin = System.nanoTime();
                while (System.nanoTime() - begin < 900_000 + 1_000 * k) {
                    Thread.onSpinWait();
                }
                limit.lift();
                while (System.nanoTime() - begin < 1_500_000) {
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                }
            }
        }
    }

    @Test
    void anInterruptByAnotherThreadRemains() {
        try (TimeLimit limit = new TimeLimit(Thread::new)) {
            limit.set(Duration.ofMinutes(1));
            Thread.currentThread().interrupt();
            limit.lift();
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
