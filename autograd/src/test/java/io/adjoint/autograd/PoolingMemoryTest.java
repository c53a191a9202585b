package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Window;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Pooling needs memory in proportion to its input and result, not to the number of elements of all windows together. */
class PoolingMemoryTest {
    private static final int SIZE = 100_000;
    private static final int WINDOW = 100;

    /** The number of bytes, for each element of the input, that a pooling and its gradient allocate. */
    private static long bytesPerElement(UnaryOperator<Tensor> pool) {
        Tensor x = Tensor.arange(SIZE).reshape(1, SIZE).sin().requiresGrad(true);
        return TestMemory.allocatedBy(() -> pool.apply(x).sum().backward()) / SIZE;
    }

    @Test
    void aLongWindowTakesNoMoreMemoryThanAShortOne() {
        Window longWindow = Window.kernel(WINDOW).stride(1);

        assertThat(bytesPerElement(x -> x.maxPool1d(longWindow))).isLessThan(200);
        assertThat(bytesPerElement(x -> x.avgPool1d(longWindow))).isLessThan(200);
        assertThat(bytesPerElement(x -> x.adaptiveMaxPool1d(SIZE - WINDOW))).isLessThan(200);
        assertThat(bytesPerElement(x -> x.adaptiveAvgPool1d(SIZE - WINDOW))).isLessThan(200);
        assertThat(bytesPerElement(x -> x.adaptiveAvgPool1d(7))).isLessThan(200);
    }
}
