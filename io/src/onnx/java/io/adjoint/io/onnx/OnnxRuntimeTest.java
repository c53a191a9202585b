package io.adjoint.io.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime computes what the models do. */
class OnnxRuntimeTest {
    /** Relative to the largest output. */
    private static final double TOLERANCE = 1e-5;

    /** The folder of the exported models, which check.py reads afterwards. */
    private static final Path FOLDER = Path.of("target", "onnx");

    @BeforeAll
    static void makeFolder() throws IOException {
        Files.createDirectories(FOLDER);
    }

    static Stream<OnnxModels.Sample> samples() {
        return OnnxModels.all().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void computesWhatTheModelDoes(OnnxModels.Sample sample) throws IOException, OrtException {
        Path file = FOLDER.resolve(sample.name().replaceFirst(":.*", ".onnx"));
        try (OutputStream stream = Files.newOutputStream(file)) {
            Onnx.exported(sample.model(), sample.options()).write(stream);
        }
        assertThat(sample.model().isTraining()).isTrue();
        sample.model().eval();
        Generator rng = new Generator(3);
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
            for (int batch : new int[] {3, 1}) {
                List<Tensor> inputs = inputs(sample, batch, rng);
                List<Tensor> expected = Autograd.noGrad(() -> sample.forward().apply(typed(sample.model(), inputs)));
                List<NdArray> computed = run(session, sample.options(), inputs);
                assertThat(computed).hasSameSizeAs(expected);
                for (int k = 0; k < computed.size(); k++) {
                    assertThat(deviation(expected.get(k).data(), computed.get(k)))
                            .isLessThan(TOLERANCE);
                }
            }
        }
    }

    private static List<Tensor> inputs(OnnxModels.Sample sample, int batch, Generator rng) {
        List<Tensor> inputs = new ArrayList<>();
        for (int k = 0; k < sample.limits().size(); k++) {
            int limit = sample.limits().get(k);
            Shape shape = Shape.of(sample.options().inputs.get(k).with(0, batch));
            Tensor x = Tensor.uniform(DType.FLOAT32, shape, limit == 0 ? -3 : 0, limit == 0 ? 3 : limit, rng);
            inputs.add(limit == 0 ? x : Tensor.of(x.data().map(Math::floor).to(DType.INT32)));
        }
        return inputs;
    }

    /** The inputs in the model's type. */
    private static List<Tensor> typed(Block model, List<Tensor> inputs) {
        DType dtype = model.parameters().isEmpty()
                ? DType.FLOAT64
                : model.parameters().get(0).dtype();
        return inputs.stream()
                .map(x -> x.dtype().isFloating() ? x.to(dtype) : x)
                .toList();
    }

    private static List<NdArray> run(OrtSession session, OnnxOptions options, List<Tensor> inputs) throws OrtException {
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try {
            for (int k = 0; k < inputs.size(); k++) {
                feeds.put(options.inputs.get(k).name(), tensor(inputs.get(k).data()));
            }
            try (OrtSession.Result result = session.run(feeds)) {
                List<NdArray> arrays = new ArrayList<>();
                result.forEach(output -> arrays.add(array((OnnxTensor) output.getValue())));
                return arrays;
            }
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(NdArray array) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] dims = Arrays.stream(array.shape().toArray()).asLongStream().toArray();
        return array.dtype() == DType.INT32
                ? OnnxTensor.createTensor(environment, IntBuffer.wrap(array.toIntArray()), dims)
                : OnnxTensor.createTensor(environment, FloatBuffer.wrap(array.toFloatArray()), dims);
    }

    private static NdArray array(OnnxTensor tensor) {
        FloatBuffer values = tensor.getFloatBuffer();
        float[] elements = new float[values.remaining()];
        values.get(elements);
        long[] dims = tensor.getInfo().getShape();
        return NdArray.of(
                Shape.of(Arrays.stream(dims).mapToInt(Math::toIntExact).toArray()), elements);
    }

    /** The largest difference, relative to the largest element, or to 1 if that is smaller; infinite if the shapes differ. */
    static double deviation(NdArray expected, NdArray computed) {
        if (!expected.shape().equals(computed.shape())) {
            return Double.POSITIVE_INFINITY;
        }
        double[] a = expected.toDoubleArray();
        double[] b = computed.toDoubleArray();
        double largest = Math.max(1, Arrays.stream(a).map(Math::abs).max().orElse(0));
        double most = 0;
        for (int k = 0; k < a.length; k++) {
            double difference = Math.abs(a[k] - b[k]) / largest;
            most = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(most, difference);
        }
        return most;
    }
}
