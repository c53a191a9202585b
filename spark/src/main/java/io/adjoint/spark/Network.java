package io.adjoint.spark;

import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.io.Safetensors;
import io.adjoint.io.SafetensorsOptions;
import io.adjoint.nn.Layer;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a model, and the sizes of inputs and outputs that its factory needs, as a safetensors file with these sizes in its
 * metadata.
 *
 * @param inputs the sizes of the axes of a row's features; not a {@link Shape}, since a shape isn't serializable
 * @param outputs the number of outputs of a row
 * @param file the bytes of the file
 */
@SuppressWarnings("ArrayRecordComponent") // networks are never compared
record Network(List<Integer> inputs, int outputs, byte[] file) implements Serializable {
    private static final String INPUTS = "inputs";
    private static final String OUTPUTS = "outputs";

    static Network of(Shape inputs, int outputs, Map<String, NdArray> state) {
        List<Integer> sizes = Arrays.stream(inputs.toArray()).boxed().toList();
        String text = sizes.stream().map(String::valueOf).collect(Collectors.joining(","));
        SafetensorsOptions options =
                new SafetensorsOptions().metadata(Map.of(INPUTS, text, OUTPUTS, Integer.toString(outputs)));
        try (LocalFolder folder = new LocalFolder()) {
            Path path = folder.path().resolve("model.safetensors");
            Safetensors.save(path, state, options);
            return new Network(sizes, outputs, Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a network from the bytes of a file.
     *
     * @param name the name of the file, for messages
     */
    static Network read(String name, byte[] file) {
        try (LocalFolder folder = new LocalFolder()) {
            Path path = folder.path().resolve("model.safetensors");
            Files.write(path, file);
            try (Safetensors tensors = Safetensors.open(path)) {
                Map<String, String> metadata = tensors.metadata();
                return new Network(
                        Arrays.stream(metadata.getOrDefault(INPUTS, "").split(","))
                                .map(Integer::valueOf)
                                .toList(),
                        Integer.parseInt(metadata.getOrDefault(OUTPUTS, "")),
                        file);
            } catch (MalformedDataException e) {
                throw new IllegalArgumentException(
                        String.valueOf(e.getMessage()).replace(path.toString(), name), e);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    name
                            + " is not of a model of this package: its metadata has no shape of inputs and number of outputs",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The shape of a row's features. */
    Shape shape() {
        return Shape.of(inputs.stream().mapToInt(size -> size).toArray());
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
        Layer model = made(factory, shape(), outputs, new Generator(0));
        model.load(state());
        model.eval();
        return model;
    }

    /**
     * A model that a factory makes.
     *
     * @throws IllegalArgumentException if the factory returns null
     */
    static Layer made(ModelFactory factory, Shape inputs, int outputs, Generator rng) {
        @Nullable Layer model = factory.of(inputs, outputs, rng);
        if (model == null) {
            throw new IllegalArgumentException(
                    "the model factory " + factory.getClass().getName() + " returned null");
        }
        return model;
    }

    /** The dtype in which a model computes: the dtype of its first parameter. */
    static DType dtype(Layer model) {
        return model.parameters().isEmpty()
                ? DType.FLOAT64
                : model.parameters().get(0).dtype();
    }
}
