package io.adjoint.io.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.BatchNorm2d;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Flatten;
import io.adjoint.nn.layer.MaxPool2d;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Softmax;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxTest {
    /** Layers that a file cannot hold; OnnxErrorsTest has their messages. */
    private static final Set<String> REFUSED =
            Set.of("Ensemble", "Lambda", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d");

    private final Generator rng = new Generator(1);
    private final Init init = new Init(rng);

    @TempDir
    Path folder;

    private static WireMessage exported(Block model, OnnxOptions options) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Protobuf file = Onnx.exported(model, options);
        file.write(bytes);
        assertThat(bytes.size()).isEqualTo(Math.toIntExact(file.size()));
        return WireMessage.of(bytes.toByteArray());
    }

    @Test
    void everyBlockOfTheLibraryIsTriedOrRefused() {
        Set<String> tried = new TreeSet<>(REFUSED);
        OnnxModels.all()
                .forEach(sample ->
                        sample.model().apply(block -> tried.add(block.getClass().getSimpleName())));
        Set<String> library = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.adjoint.nn.layer")) {
            if (type.isAssignableTo(Block.class)
                    && type.getModifiers().contains(JavaModifier.PUBLIC)
                    && !type.getModifiers().contains(JavaModifier.ABSTRACT)) {
                library.add(type.getSimpleName());
            }
        }
        assertThat(library).hasSizeGreaterThan(90);
        library.removeAll(tried);
        assertThat(library)
                .as("layers without a case in OnnxModels, or a name in REFUSED")
                .isEmpty();
    }

    @Test
    void nodesTakeWhatIsThereAndTheModelStaysAsItWas() throws IOException {
        for (OnnxSample sample : OnnxModels.all()) {
            Map<String, NdArray> state = sample.model().state();
            WireMessage graph = exported(sample.model(), sample.options()).message(7);
            assertThat(sample.model().state()).as(sample.name()).isEqualTo(state);
            sample.model().apply(block -> assertThat(block.isTraining()).isTrue());
            Set<String> known = new HashSet<>(Set.of(""));
            graph.messages(11)
                    .forEach(input -> assertThat(known.add(input.text(1))).isTrue());
            graph.messages(5)
                    .forEach(array -> assertThat(known.add(array.text(8))).isTrue());
            for (WireMessage node : graph.messages(1)) {
                assertThat(known).as(sample.name()).containsAll(node.texts(1));
                node.texts(2).forEach(output -> assertThat(known.add(output)).isTrue());
            }
            graph.messages(12).forEach(output -> assertThat(known).contains(output.text(1)));
        }
    }

    @Test
    void aFileIsReadBack() throws IOException {
        Dense dense = new Dense(2, 3, init);
        Sequential model = new Sequential(dense, new ReLU());
        WireMessage file = exported(
                model,
                new OnnxOptions()
                        .input("x", DType.FLOAT32, Shape.of(7, 2))
                        .output("y")
                        .metadata("ä", "text"));
        assertThat(file.numbers(1)).containsExactly(8L);
        assertThat(file.text(2)).isEqualTo("Adjoint");
        assertThat(file.message(8).numbers(2)).containsExactly(17L);
        assertThat(file.message(14).texts(1)).containsExactly("ä");
        assertThat(file.message(14).texts(2)).containsExactly("text");
        WireMessage graph = file.message(7);
        assertThat(graph.messages(1).stream().map(node -> node.text(4))).containsExactly("Gemm", "Relu", "Identity");
        WireMessage gemm = graph.messages(1).get(0);
        assertThat(gemm.texts(1)).containsExactly("x", "0.weight", "0.bias");
        assertThat(gemm.message(5).text(1)).isEqualTo("transB");
        assertThat(gemm.message(5).numbers(3)).containsExactly(1L);
        WireMessage weight = graph.messages(5).get(0);
        assertThat(weight.text(8)).isEqualTo("0.weight");
        assertThat(weight.numbers(1)).containsExactly(3L, 2L);
        float[] elements = new float[6];
        ByteBuffer.wrap(weight.bytes(9).get(0))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(elements);
        assertThat(elements).containsExactly(dense.weight().data().toFloatArray());
        WireMessage input = graph.message(11);
        assertThat(input.text(1)).isEqualTo("x");
        List<WireMessage> dims = input.message(2).message(1).message(2).messages(1);
        assertThat(dims.get(0).text(2)).isEqualTo("batch");
        assertThat(dims.get(1).numbers(1)).containsExactly(2L);
        assertThat(graph.message(12).text(1)).isEqualTo("y");
    }

    @Test
    void modesOfPartsStay() throws IOException {
        Dropout dropout = new Dropout(rng);
        dropout.eval();
        Sequential model = new Sequential(new Dense(2, 3, init), dropout);
        Onnx.export(folder.resolve("model.onnx"), model, Shape.of(1, 2));
        assertThat(model.isTraining()).isTrue();
        assertThat(dropout.isTraining()).isFalse();
    }

    @Test
    void aSharedWeightIsThereOnce() throws IOException {
        Dense shared = new Dense(2, 2, init);
        Sequential model = new Sequential(shared, new ReLU(), shared);
        WireMessage graph = exported(model, new OnnxOptions().input("x", DType.FLOAT32, Shape.of(1, 2)))
                .message(7);
        assertThat(graph.messages(5).stream().map(array -> array.text(8))).containsExactly("0.weight", "0.bias");
    }

    /**
     * The file is checked by src/onnx/check.py, which {@code .ci/run} runs. After an intended change of the bytes, replace it by
     * target/network.onnx.
     */
    @Test
    void theSameModelGivesTheSameBytes() throws IOException {
        Sequential model = new Sequential(
                new Conv2d(1, 2, 3, init),
                new BatchNorm2d(2, init),
                new ReLU(),
                new MaxPool2d(2),
                new Flatten(),
                new Dense(8, 3, init),
                new Softmax(1));
        Path file = Path.of("target", "network.onnx");
        Onnx.export(file, model, Shape.of(1, 1, 6, 6));
        assertThat(file).hasSameBinaryContentAs(Path.of("src", "test", "resources", "onnx", "network.onnx"));
    }
}
