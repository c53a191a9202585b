package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.adjoint.io.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are submitted to a cluster by the commands of the page on Spark. */
class StandaloneTest {
    private static final long PATIENCE_SECONDS = 600;

    @TempDir
    private static Path shared;

    private static Standalone cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new Standalone(shared);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aSubmittedProgramEndsWithTheBitsOfAPlainTraining(@TempDir Path folder) throws Exception {
        cluster.submit("whole", Submitted.class, folder.toString(), "2", "NONE").requireSuccess();
        requirePlain(folder);
    }

    @Test
    void aProgramWhoseDriverIsKilledGoesOnWithAnotherNumberOfWorkers(@TempDir Path folder) throws Exception {
        Standalone.Submission first = cluster.submit("killed", Submitted.class, folder.toString(), "2", "WAIT");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(folder.resolve("marker"))) {
            if (System.nanoTime() > end || !first.process().isAlive()) {
                fail(Files.readString(first.log()));
            }
            Thread.sleep(50);
        }
        first.kill();
        assertThat(folder.resolve("weights.safetensors")).doesNotExist();
        try (Stream<Path> files = Files.walk(folder.resolve("checkpoints"))) {
            assertThat(files).anyMatch(file -> file.toString().endsWith(".safetensors"));
        }
        cluster.submit("again", Submitted.class, folder.toString(), "1", "WAIT").requireSuccess();
        requirePlain(folder);
    }

    private static void requirePlain(Path folder) throws Exception {
        DisturbedFitTest.requirePlain(Safetensors.load(folder.resolve("weights.safetensors")));
        DisturbedFitTest.requireEmpty(folder.resolve("checkpoints"));
    }
}
