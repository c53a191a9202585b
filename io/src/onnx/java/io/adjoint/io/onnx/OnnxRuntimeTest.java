package io.adjoint.io.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that ONNX Runtime computes the outputs of the models. */
class OnnxRuntimeTest {
    static Stream<OnnxSample> samples() {
        return OnnxModels.all().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void computesWhatTheModelDoes(OnnxSample sample) throws IOException, OrtException {
        assertThat(OnnxRuntime.deviation(sample)).isLessThan(1e-5);
    }
}
