package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.adjoint.io.onnx.OnnxRuntime;
import io.adjoint.io.onnx.OnnxSample;
import io.adjoint.nn.Block;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Tests that ONNX Runtime computes the outputs of the examples' models. */
class OnnxExamplesTest {
    private static List<OnnxSample> samples = List.of();

    @BeforeAll
    static void train() throws Exception {
        samples = OnnxExports.all();
    }

    @ParameterizedTest
    @FieldSource("samples")
    void computesWhatTheModelDoes(OnnxSample sample) throws IOException, OrtException {
        assertThat(OnnxRuntime.deviation(sample)).isLessThan(1e-5);
    }

    @Test
    void everyBlockOfTheExamplesIsThere() {
        Set<String> tried = new TreeSet<>();
        samples.forEach(sample ->
                sample.model().apply(block -> tried.add(block.getClass().getName())));
        Set<String> blocks = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.adjoint.examples")) {
            if (type.isAssignableTo(Block.class) && !type.getModifiers().contains(JavaModifier.ABSTRACT)) {
                blocks.add(type.getName());
            }
        }
        // It has parameters only, and computes nothing.
        blocks.remove("io.adjoint.examples.PredatorPrey$Rates");
        assertThat(blocks).hasSizeGreaterThan(7);
        assertThat(tried).containsAll(blocks);
    }
}
