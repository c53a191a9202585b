package io.adjoint.spark;

import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.io.Safetensors;
import io.adjoint.io.SafetensorsOptions;
import io.adjoint.nn.Layer;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The weights of a model and the numbers that its factory needs, as a safetensors file that has these numbers in its metadata.
 *
 * @param inputs the number of features
 * @param outputs the number of outputs of a row
 * @param file the bytes of the file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Network(int inputs, int outputs, byte[] file) implements Serializable {
    private static final String INPUTS = "inputs";
    private static final String OUTPUTS = "outputs";

    static Network of(int inputs, int outputs, Map<String, NdArray> state) {
        SafetensorsOptions options = new SafetensorsOptions()
                .metadata(Map.of(INPUTS, Integer.toString(inputs), OUTPUTS, Integer.toString(outputs)));
        try (LocalFolder folder = new LocalFolder()) {
            Path path = folder.path().resolve("model.safetensors");
            Safetensors.save(path, state, options);
            return new Network(inputs, outputs, Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The network of the bytes of a file.
     *
     * @param name of the file, for messages
     */
    static Network read(String name, byte[] file) {
        try (LocalFolder folder = new LocalFolder()) {
            Path path = folder.path().resolve("model.safetensors");
            Files.write(path, file);
            try (Safetensors tensors = Safetensors.open(path)) {
                Map<String, String> metadata = tensors.metadata();
                return new Network(
                        Integer.parseInt(metadata.getOrDefault(INPUTS, "")),
                        Integer.parseInt(metadata.getOrDefault(OUTPUTS, "")),
                        file);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    name + " is not of a model of this package: its metadata has no numbers of inputs and outputs", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, NdArray> state() {
        try (LocalFolder folder = new LocalFolder()) {
            Path path = folder.path().resolve("model.safetensors");
            Files.write(path, file);
            return Safetensors.load(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new model with these weights, in evaluation mode. */
    Layer layer(ModelFactory factory) {
        Layer model = factory.of(inputs, outputs, new Generator(0));
        model.load(state());
        model.eval();
        return model;
    }

    /** The dtype that a model computes in: that of its first parameter. */
    static DType dtype(Layer model) {
        return model.parameters().isEmpty()
                ? DType.FLOAT64
                : model.parameters().get(0).dtype();
    }
}
