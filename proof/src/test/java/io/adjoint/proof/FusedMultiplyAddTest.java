package io.adjoint.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Backend;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that the backend {@code fma} computes the same bits in a JVM without the processor's instruction for fused multiply-add. */
@Tag("vectors")
class FusedMultiplyAddTest {
    /** The program of the JVMs: prints digests of a product and of a convolution that vectors and single elements compute. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            PrintStream out = new PrintStream(System.out, true, UTF_8);
            out.println(Backend.describe());
            Generator generator = new Generator(1);
            for (DType dtype : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
                Tensor a = Tensor.normal(dtype, Shape.of(9, 21), 0, 1, generator);
                Tensor b = Tensor.normal(dtype, Shape.of(21, 35), 0, 1, generator);
                Tensor image = Tensor.normal(dtype, Shape.of(1, 2, 9, 11), 0, 1, generator);
                Tensor filters = Tensor.normal(dtype, Shape.of(3, 2, 3, 3), 0, 1, generator);
                out.println(new Digest()
                        .add(a.matmul(b))
                        .add(image.conv2d(filters, new ConvOptions()))
                        .text());
            }
        }
    }

    @Test
    void aProductHasTheSameBitsWithoutTheInstruction() throws Exception {
        List<String> instruction = run("fma", "-XX:+UseFMA");
        List<String> software = run("fma", "-XX:-UseFMA");
        assertThat(instruction.remove(0)).startsWith("fma: ");
        assertThat(software.remove(0)).startsWith("fma: ").contains("no fused multiply-add");
        assertThat(software).hasSize(2).isEqualTo(instruction);
        assertThat(run("simd", "-XX:+UseFMA")).doesNotContainAnyElementsOf(software);
    }

    private static List<String> run(String backend, String option) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        option,
                        "-Dadjoint.backend=" + backend,
                        "-Dadjoint.simd.minWork=0",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = new ArrayList<>(new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList());
        assertThat(process.waitFor()).isZero();
        return lines;
    }
}
