package io.adjoint.io.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares the outputs of models with the outputs that ONNX Runtime computes from their files. */
public final class OnnxRuntime {
    /** The folder of the exported models, which check.py reads afterwards. */
    private static final Path FOLDER = Path.of("target", "onnx");

    private OnnxRuntime() {}

    /** The largest deviation of the outputs for two batch sizes, each relative to the largest element of the output. */
    public static double deviation(OnnxSample sample) throws IOException, OrtException {
        Path file = Files.createDirectories(FOLDER).resolve(sample.name().replaceFirst(":.*", "") + ".onnx");
        Onnx.export(file, sample.model(), sample.options());
        sample.model().eval();
        Generator rng = new Generator(3);
        double most = 0;
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
            for (int batch : new int[] {3, 1}) {
                List<Tensor> inputs = sample.draw(batch, rng);
                most = Math.max(most, deviation(sample.outputs(inputs), run(session, inputs)));
            }
        }
        return most;
    }

    private static List<NdArray> run(OrtSession session, List<Tensor> inputs) throws OrtException {
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try {
            Iterator<String> names = session.getInputNames().iterator();
            for (Tensor input : inputs) {
                feeds.put(names.next(), tensor(input.data()));
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

    private static double deviation(List<Tensor> expected, List<NdArray> computed) {
        if (expected.size() != computed.size()) {
            return Double.POSITIVE_INFINITY;
        }
        double most = 0;
        for (int k = 0; k < expected.size(); k++) {
            most = Math.max(most, deviation(expected.get(k).data(), computed.get(k)));
        }
        return most;
    }

    /** The largest difference, relative to the largest element, or to 1 if that is smaller; infinite if the shapes differ. */
    private static double deviation(NdArray expected, NdArray computed) {
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
