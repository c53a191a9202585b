package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.distributions.Bernoulli;
import io.adjoint.distributions.Distribution;
import io.adjoint.distributions.Normal;
import io.adjoint.io.onnx.Onnx;
import io.adjoint.nn.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports layers that compute by distributions; the export compares its nodes with the layer. */
class DistributionExportTest {
    @TempDir
    Path folder;

    private static final class Computed extends Layer {
        private final Function<Tensor, Tensor> function;

        private Computed(Function<Tensor, Tensor> function) {
            this.function = function;
        }

        @Override
        protected Tensor compute(Tensor x) {
            return function.apply(x);
        }
    }

    private void exports(Function<Tensor, Distribution> family, Function<Tensor, Tensor> value) throws IOException {
        Path file = folder.resolve("model.onnx");
        Onnx.export(file, new Computed(x -> family.apply(x).logProb(value.apply(x))), Shape.of(2, 3));
        assertThat(Files.size(file)).isPositive();
    }

    @Test
    void checksOfParametersAndValuesAreInNoExport() throws IOException {
        exports(x -> new Normal(x, x.sigmoid()), x -> x.mul(2));
        exports(Bernoulli::ofLogits, x -> x.gt(0).to(x.dtype()));
    }
}
