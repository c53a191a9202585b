package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
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
    void arraysThatAreFilledWithNumbersEndWithTheirStep() {
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            Stream<NdArray> arrays = Lease.run(
                    new ArrayPool(),
                    () -> Stream.of(
                            NdArray.zeros(dtype, Shape.of(2)),
                            NdArray.ones(dtype, Shape.of(2)),
                            NdArray.full(dtype, Shape.of(2), 3),
                            NdArray.scalar(dtype, 3),
                            NdArray.eye(dtype, 2, 2),
                            NdArray.arange(dtype, 2),
                            NdArray.arange(dtype, 0, 1, 0.5),
                            NdArray.linspace(dtype, 0, 1, 3)));
            assertThat(arrays).allMatch(NdArray::hasEnded);
        }
    }

    @Test
    void arraysWithElementsOfTheProgramLiveOn() {
        Stream<NdArray> arrays = Lease.run(
                new ArrayPool(),
                () -> Stream.of(
                        NdArray.of(Shape.of(2), 1, 2),
                        NdArray.of(Shape.of(1), new boolean[] {true}),
                        NdArray.wrap(Shape.of(1), new float[] {1}),
                        NdArray.fromArray(new double[][] {{1}}),
                        NdArray.generate(DType.FLOAT32, Shape.of(2), k -> k),
                        NdArray.ones(DType.INT32, Shape.of(2)).copy()));
        assertThat(arrays).noneMatch(NdArray::hasEnded);
    }

    @Test
    void noStepIsUnderWayAfterStepsThatNestFailOrLeaveTheStep() {
        assertThat(Lease.UNDER_WAY).hasValue(0);
        ArrayPool pool = new ArrayPool();

        Lease.run(
                pool,
                () -> Lease.nested(() -> Lease.outside(() -> {
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
