package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LeaseTest {
    @Test
    void noStepIsUnderWayAfterStepsThatNestFailOrLeaveTheStep() {
        assertThat(Lease.UNDER_WAY).hasValue(0);
        ArrayPool pool = new ArrayPool();

        Lease.run(
                pool,
                () -> Lease.part(() -> Lease.outside(() -> {
                    assertThat(Lease.current()).isNull();
                    return Lease.UNDER_WAY.get();
                })));
        assertThatThrownBy(() -> Lease.run(pool, () -> {
                    assertThat(Lease.current()).isNotNull();
                    throw new IllegalStateException("fails");
                }))
                .hasMessage("fails");

        assertThat(Lease.UNDER_WAY).hasValue(0);
        assertThat(Lease.current()).isNull();
    }
}
