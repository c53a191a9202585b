package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.io.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills examples at random moments, and starts them again until they end; the end has the bits of an undisturbed run. In the profile {@code
 * thorough} all examples together are killed 1,000 times and more; else three of them 20 times.
 */
@Tag("slow")
@Tag("any-jdk")
class KilledExamplesTest {
    private static final boolean THOROUGH = Integer.getInteger("adjoint.tries", 100) > 1000;

    /** The examples, each with arguments that make it short, the numbers of times that it is killed in a usual and in a thorough run. */
    enum Victim {
        XOR("Xor", 12, 240, "--checkpoint-steps 20"),
        VOWELS("Vowels", 4, 150, "--epochs 30"),
        WEATHER("Weather", 4, 150, "--epochs 1 --checkpoint-steps 1"),
        CNN("Digits", 0, 80, "--cnn --epochs 2 --checkpoint-steps 1 --report target/digits.html"),
        FASHION("Fashion", 0, 60, "--epochs 2 --samples 640 --checkpoint-steps 1"),
        NAMES("Names", 0, 40, "--epochs 2 --samples 640 --checkpoint-steps 1"),
        NAMES_TRANSFORMER("Names", 0, 40, "--transformer --epochs 2 --samples 640 --checkpoint-steps 1"),
        OSCILLATOR("Oscillator", 0, 80, "--epochs 4 --checkpoint-steps 10"),
        PACKAGES("Packages", 0, 40, "--epochs 2 --samples 640 --checkpoint-steps 1"),
        PACKAGES_TRANSFORMER("Packages", 0, 40, "--transformer --epochs 2 --samples 640 --checkpoint-steps 1"),
        PREDATOR_PREY("PredatorPrey", 0, 40, "--epochs 8"),
        SPARSE("Sparse", 0, 100, "--epochs 100"),
        SPIRAL("Spiral", 0, 40, "--epochs 2 --checkpoint-steps 5"),
        TRANSLATE("Translate", 0, 40, "--epochs 2 --samples 640 --checkpoint-steps 1"),
        UNCERTAINTY("Uncertainty", 0, 40, "--epochs 20 --checkpoint-steps 5"),
        VARIATIONAL_AUTOENCODER("VariationalAutoencoder", 0, 40, "--epochs 4 --checkpoint-steps 5");

        private final String example;
        private final int kills;
        private final String args;

        Victim(String example, int kills, int killsIfThorough, String args) {
            this.example = example;
            this.kills = THOROUGH ? killsIfThorough : kills;
            this.args = args;
        }

        ChildProcess start(Path folder) throws IOException {
            List<String> all = new ArrayList<>(List.of(args.split(" ")));
            all.addAll(List.of("--checkpoint", folder.toString()));
            return ChildProcess.start(List.of(), folder.resolveSibling("printed"), example, all);
        }
    }

    @TempDir
    Path folder;

    @Test
    void aKilledExampleEndsWithTheBitsOfOneThatWasNot() {
        Stream.of(Victim.values()).parallel().filter(victim -> victim.kills > 0).forEach(victim -> {
            try {
                kill(victim, Files.createDirectory(folder.resolve(victim.name())));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(victim.name(), e);
            }
        });
    }

    static void kill(Victim victim, Path folder) throws IOException, InterruptedException {
        Path whole = folder.resolve("whole");
        victim.start(whole).requireSuccess();
        // The generator has no seed: the moment also depends on the machine, so a seed would repeat nothing.
        Random random = new Random();
        // The process that was killed last may not have lived long enough to remove the partial files of the process
        // before.
        Set<Path> partials = new HashSet<>();
        int ends = 0;
        for (int kills = 0; kills < victim.kills || ends == 0; ) {
            Path run = folder.resolve("run-" + ends);
            ChildProcess process = victim.start(run);
            if (kills < victim.kills) {
                await(process, run, random);
            } else {
                process.requireSuccess();
            }
            if (process.isAlive()) {
                process.kill();
                kills++;
                partials.addAll(partials(run));
            } else {
                process.requireSuccess();
                requireSame(run, whole);
                ends++;
            }
        }
        if (THOROUGH) {
            System.out.printf(
                    "%s: killed %d times, %d of them while it wrote, in %d trainings%n",
                    victim, victim.kills, partials.size(), ends);
            assertThat(partials).as("killed while it wrote: " + victim).isNotEmpty();
        }
    }

    /** Waits for a moment: any since the start, one shortly after the next checkpoint, or while the next is written. */
    private static void await(ChildProcess process, Path run, Random random) throws IOException, InterruptedException {
        switch (random.nextInt(4)) {
            case 0 -> Thread.sleep(random.nextInt(600));
            case 1, 2 -> {
                Object before = new Checkpoints(run).newest();
                while (process.isAlive() && new Checkpoints(run).newest().equals(before)) {
                    Thread.sleep(1);
                }
                Thread.sleep(random.nextInt(30));
            }
            default -> {
                List<Path> before = partials(run);
                while (process.isAlive() && before.containsAll(partials(run))) {
                    LockSupport.parkNanos(100_000);
                }
            }
        }
    }

    private static List<Path> partials(Path run) throws IOException {
        if (!Files.exists(run)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(run)) {
            return files.filter(file -> file.toString().endsWith(".partial")).toList();
        }
    }

    private static void requireSame(Path run, Path whole) {
        assertThat(new Checkpoints(run).newest().orElseThrow())
                .hasSameBinaryContentAs(new Checkpoints(whole).newest().orElseThrow());
    }
}
