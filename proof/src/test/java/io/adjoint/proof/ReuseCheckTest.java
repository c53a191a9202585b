package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Workspace;
import io.adjoint.core.ArrayElements;
import io.adjoint.core.DType;
import io.adjoint.core.GradientPool;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that the tests of this module run with {@code -Dadjoint.reuse=check}, which fills arrays of floating types with NaN before results
 * are written to them: so each test of the catalogue would see an element that a kernel doesn't write, or reads too early.
 */
class ReuseCheckTest {
    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void aResultHoldsNaNUntilItsKernelWritesIt(DType dtype) {
        assertThat(System.getProperty(GradientPool.PROPERTY)).isEqualTo("check");
        Workspace workspace = new Workspace();
        for (int size : new int[] {3, 10_000}) {
            Shape shape = Shape.of(size);
            assertThat(ArrayElements.empty(dtype, shape).toDoubleArray()).containsOnly(Double.NaN);
            for (int step = 0; step < 2; step++) {
                double[] elements = workspace.run(() -> {
                    NdArray result = ArrayElements.empty(dtype, shape);
                    double[] before = result.toDoubleArray();
                    assertThat(result.add(NdArray.ones(dtype, shape)).size()).isEqualTo(size);
                    return before;
                });
                assertThat(elements).containsOnly(Double.NaN);
            }
        }
    }
}
