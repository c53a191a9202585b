package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.adjoint.io.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that an example whose disk refuses a checkpoint says so, keeps the checkpoints before, and goes on from them when there is room
 * again.
 */
@Tag("slow")
class FaultyDiskTest {
    /** A fault of a disk: a script whose arguments are the folder, another folder, and the command. */
    enum Fault {
        /** The folder is on a disk of its own, which has room for three and a half checkpoints. */
        FULL("No space left on device", List.of("/usr/bin/env", "unshare", "--map-root-user", "--mount"), """
                run=$1; disk=$2; shift 2
                mount -t tmpfs -o size=170k none "$disk" && cp "$run"/* "$disk" && mount --bind "$disk" "$run" || exit 77
                "$@"
                status=$?
                umount "$run" && rm "$run"/* && cp -a "$disk"/. "$run" || exit 77
                exit $status
                """),
        READ_ONLY("Read-only file system", List.of("/usr/bin/env", "unshare", "--map-root-user", "--mount"), """
                mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 77
                shift 2
                exec "$@"
                """),
        LIMITED("File too large", List.of(), """
                shift 2
                ulimit -f 16 || exit 77
                exec "$@"
                """);

        private final String message;
        private final List<String> before;
        private final String script;

        Fault(String message, List<String> before, String script) {
            this.message = message;
            this.before = before;
            this.script = script;
        }
    }

    @TempDir
    Path folder;

    private static String[] args(Path run, int epochs) {
        return new String[] {"--epochs", "" + epochs, "--checkpoint", run.toString()};
    }

    private static void train(Path run, int epochs) {
        assertThat(Printed.by(() -> Vowels.main(args(run, epochs)))).contains("Test accuracy");
    }

    @ParameterizedTest
    @EnumSource
    void theCheckpointsBeforeAreStillThereAndTheTrainingGoesOnFromThem(Fault fault) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is a shell");
        Path run = folder.resolve("run");
        Path disk = Files.createDirectory(folder.resolve("disk"));
        train(run, 3);
        Map<String, byte[]> files = files(run);
        List<String> before = new ArrayList<>(fault.before);
        before.addAll(List.of("/bin/sh", "-c", fault.script, "sh", run.toString(), disk.toString()));
        ChildProcess failing = ChildProcess.start(before, folder.resolve("printed"), "Vowels", List.of(args(run, 6)));
        int status = failing.status();
        assumeTrue(
                status != 77 && status != 127 && !failing.printed().startsWith("unshare"),
                () -> "a process may have mounts of its own: " + fault);

        assertThat(status).as(failing.printed()).isEqualTo(1);
        assertThat(failing.printed())
                .contains("Checkpoints: cannot write ", fault.message)
                .contains("The newest checkpoint is still " + run.resolve("checkpoint-000000003.safetensors"));
        assertThat(files(run)).usingRecursiveComparison().isEqualTo(files);

        train(run, 6);
        Path whole = folder.resolve("whole");
        train(whole, 6);
        assertThat(new Checkpoints(run).newest().orElseThrow())
                .hasSameBinaryContentAs(new Checkpoints(whole).newest().orElseThrow());
    }

    private static Map<String, byte[]> files(Path run) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(run)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }
}
