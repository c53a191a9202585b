package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Tanh;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

/** Copies blocks in a JVM that filters the objects read by Java's serialization. */
class CopyFilterTest {
    /** A filter factory whose filter rejects every object. */
    public static final class Refusing implements BinaryOperator<ObjectInputFilter> {
        @Override
        public ObjectInputFilter apply(ObjectInputFilter current, ObjectInputFilter next) {
            return info -> ObjectInputFilter.Status.REJECTED;
        }
    }

    /** The program that the tests below run in a JVM with a filter. */
    public static void main(String[] args) {
        Sequential model = new Sequential(new Dense(2, 2, new Generator(1)), new Tanh());
        Tensor x = Tensor.ones(1, 2);
        boolean same = model.copy().forward(x).data().equals(model.forward(x).data())
                && model.withParameters(Map.of())
                        .forward(x)
                        .data()
                        .equals(model.forward(x).data());
        System.out.println(
                same + " " + model.to(DType.FLOAT32).parameters().get(0).dtype());
    }

    private static String run(String option) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        option,
                        "-cp",
                        System.getProperty("java.class.path"),
                        CopyFilterTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return output;
    }

    @Test
    void aFilterOfTheJvmDoesNotRefuseCopies() throws IOException, InterruptedException {
        assertThat(run("-Djdk.serialFilter=!*")).contains("true FLOAT32");
    }

    @Test
    void aFilterFactoryThatRefusesCopiesIsNamed() throws IOException, InterruptedException {
        assertThat(run("-Djdk.serialFilterFactory=" + Refusing.class.getName()))
                .contains(
                        "copy: Sequential() is copied by Java's serialization, in memory alone, which the filter factory of this"
                                + " JVM (jdk.serialFilterFactory) refuses: filter status: REJECTED; let it return the filter that a"
                                + " stream sets, its second argument");
    }
}
