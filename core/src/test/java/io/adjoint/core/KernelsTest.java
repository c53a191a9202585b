package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.core.ProductLoops.Matrix;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KernelsTest {
    private static final ProductLoops FAST = (a, b, out, at) -> {};

    private record Fast(@Nullable String obstacle) implements KernelProvider {
        @Override
        public String name() {
            return "fast";
        }

        @Override
        public String describe() {
            return "two at a time";
        }

        @Override
        public Loops<double[]> float64(Loops<double[]> plain) {
            return plain.with(FAST);
        }

        @Override
        public Loops<float[]> float32(Loops<float[]> plain) {
            return plain.with(FAST);
        }
    }

    @Test
    void aModulesKernelsAreUsedIfTheyCanRun() {
        Kernels kernels = Kernels.choose(null, List.of(new Fast(null)));
        assertThat(kernels.float64.products()).isSameAs(FAST);
        assertThat(kernels.float32.products()).isSameAs(FAST);
        assertThat(kernels).hasToString("fast: two at a time");
    }

    @Test
    void theDefaultOnesSayWhyTheyAreUsed() {
        assertThat(Kernels.choose(null, List.of())).hasToString("default: no adjoint-simd on the class path");
        Kernels kernels = Kernels.choose(null, List.of(new Fast("fast needs a flag")));
        assertThat(kernels).hasToString("default: fast needs a flag");
        assertThat(kernels.float64.products()).isInstanceOf(DoubleProductLoops.class);
        assertThat(kernels.float32.products()).isInstanceOf(FloatProductLoops.class);
    }

    @Test
    void aPropertyChooses() {
        List<KernelProvider> providers = List.of(new Fast(null));
        Kernels plain = Kernels.choose("default", providers);
        assertThat(plain).hasToString("default: chosen by -Dadjoint.kernels");
        assertThat(plain.float64.products()).isInstanceOf(DoubleProductLoops.class);
        assertThat(plain.float64.functions()).isInstanceOf(Float64Functions.class);
        Kernels ejml = Kernels.choose("ejml", providers);
        assertThat(ejml).hasToString("ejml: chosen by -Dadjoint.kernels");
        assertThat(ejml.float64.products()).isInstanceOf(DoubleEjmlProducts.class);
        assertThat(ejml.float32.products()).isInstanceOf(FloatEjmlProducts.class);
        Kernels fast = Kernels.choose("fast", providers);
        assertThat(fast).hasToString("fast: two at a time");
        assertThat(fast.float64.products()).isSameAs(FAST);
    }

    @Test
    void aChoiceThatCannotBeMetIsRefusedWithTheWayOut() {
        assertThatThrownBy(() -> Kernels.choose("fast", List.of(new Fast("fast needs a flag"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("-Dadjoint.kernels=fast: fast needs a flag");
        assertThatThrownBy(() -> Kernels.choose("faster", List.of(new Fast(null))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("-Dadjoint.kernels=faster: expected one of ejml, default, fast");
        assertThatThrownBy(() -> Kernels.choose("simd", List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "-Dadjoint.kernels=simd: expected one of ejml, default; simd needs adjoint-simd on the class"
                                + " path");
    }

    @Test
    void ejmlAgreesWithTheDefaultLoops() {
        Random random = new Random(1);
        Matrix a = new Matrix(random.doubles(7 * 300).toArray(), 0, 7, 300, 300, 1);
        Matrix b = new Matrix(random.doubles(300 * 20).toArray(), 0, 20, 300, 300, 1).transposed();
        double[] expected = new double[7 * 20];
        double[] found = new double[7 * 20];
        new DoubleProductLoops().multiply(a, b, expected, 0);
        new DoubleEjmlProducts().multiply(a, b, found, 0);
        // Sums of about 75.
        assertThat(found).containsExactly(expected, within(1e-11));
    }

    @Test
    void theDescriptionNamesTheLoopsInUse() {
        assertThat(Kernels.describe()).matches("(default|ejml|simd): .+");
    }
}
