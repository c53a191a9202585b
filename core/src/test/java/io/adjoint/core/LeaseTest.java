package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LeaseTest {
    @Test
    void anEmptyArrayThatHasEndedIsRefusedLikeAnyOther() {
        NdArray ended = Lease.run(
                new ArrayPool(),
                () -> NdArray.zeros(DType.FLOAT64, Shape.of(0, 2)).add(1));

        assertThatThrownBy(() -> ended.reshape(2, 0)).isInstanceOf(EndedException.class);
        assertThatThrownBy(() -> ended.sum()).isInstanceOf(EndedException.class);
        assertThatThrownBy(() -> ended.sumTo(Shape.of(2))).isInstanceOf(EndedException.class);
    }

    @Test
    void anEmptyArrayThatIsDeferredIsNotReshaped() {
        NdArray deferred = Fusion.defer(NdArray.zeros(DType.FLOAT64, Shape.of(0, 2)));

        assertThatThrownBy(() -> deferred.reshape(0))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith("fused: 'reshape' is more than a function of corresponding elements");
    }

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
