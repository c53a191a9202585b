package io.adjoint.io;

import io.adjoint.core.NdArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A checkpoint: a safetensors file, with a {@link Seal}, of the states of a training's parts, such as model and optimizer. An array's name
 * begins with the name of its part, as in {@code model/0.weight}. The metadata has the training step, the names of all parts (a part may
 * have no arrays), the values passed to the save and the library's version.
 *
 * @param step the training step after which the checkpoint was saved
 * @param parts the names of the parts
 * @param values the values passed to the save, such as losses, by name
 */
record CheckpointFile(long step, List<String> parts, Map<String, Double> values) {
    private static final String FORMAT = "adjoint.checkpoint";
    private static final String FORMAT_VERSION = "1";
    private static final String LIBRARY = "adjoint.version";
    private static final String STEP = "step";
    private static final String PARTS = "parts";
    private static final String VALUE = "value.";
    /** Separates the names of parts, and in an array's name the name of the part from the array's own name. */
    static final String SEPARATOR = "/";

    /** The pattern of the file names of checkpoints; the group is the step. */
    static final Pattern NAME = Pattern.compile("checkpoint-([0-9]{9,18})\\.safetensors");

    static final long LAST_STEP = 999_999_999_999_999_999L;

    static Path path(Path folder, long step) {
        return folder.resolve(String.format(Locale.ROOT, "checkpoint-%09d.safetensors", step));
    }

    /** The training step in the name of a checkpoint file; empty for another file. */
    static OptionalLong step(Path path) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        return name.matches() ? OptionalLong.of(Long.parseLong(name.group(1))) : OptionalLong.empty();
    }

    void write(Path path, Map<String, Map<String, NdArray>> states) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(FORMAT, FORMAT_VERSION);
        metadata.put(LIBRARY, LibraryVersion.TEXT);
        metadata.put(STEP, String.valueOf(step));
        metadata.put(PARTS, String.join(SEPARATOR, parts));
        values.forEach((name, value) -> metadata.put(VALUE + name, String.valueOf(value)));
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        states.forEach((part, state) -> state.forEach((name, array) -> arrays.put(part + SEPARATOR + name, array)));
        new SafetensorsWriter(arrays, new SafetensorsOptions().metadata(metadata)).writeSealed("Checkpoints", path);
    }

    /**
     * Reads the header of a checkpoint, without checking that the file is undamaged.
     *
     * @throws io.adjoint.core.MalformedDataException if it is not a checkpoint
     */
    static CheckpointFile about(Path path) {
        try (Safetensors file = Safetensors.open(path)) {
            return about(path, file);
        }
    }

    /** The reason why a file can't be loaded, after checking that no byte has changed; empty for a whole checkpoint. */
    static Optional<MalformedFileException> problem(Path path) {
        try (Safetensors file = Safetensors.open(path)) {
            CheckpointFile unused = aboutWhole(path, file);
            return Optional.empty();
        } catch (MalformedFileException e) {
            return Optional.of(e);
        }
    }

    /** A checkpoint's header, and the arrays of each part's state, by the part's name and the array's own name. */
    record Contents(CheckpointFile about, Map<String, Map<String, NdArray>> states) {}

    /**
     * Reads a checkpoint, after checking by the seal that no byte has changed.
     *
     * @throws io.adjoint.core.MalformedDataException if the file is not a checkpoint, is damaged, or has the name of another step's
     *     checkpoint
     */
    static Contents read(Path path) {
        try (Safetensors file = Safetensors.open(path)) {
            CheckpointFile about = aboutWhole(path, file);
            Map<String, Map<String, NdArray>> states = new LinkedHashMap<>();
            about.parts().forEach(part -> states.put(part, new LinkedHashMap<>()));
            for (String name : file.names()) {
                int end = name.indexOf(SEPARATOR);
                Map<String, NdArray> state = states.get(name.substring(0, Math.max(0, end)));
                if (state != null) {
                    state.put(name.substring(end + 1), file.read(name));
                }
            }
            return new Contents(about, states);
        }
    }

    private static CheckpointFile aboutWhole(Path path, Safetensors file) {
        try {
            CheckpointFile about = about(path, file);
            file.verifySeal();
            return about;
        } catch (MalformedFileException e) {
            // A file that has a seal, but not the metadata of a checkpoint, may be a damaged checkpoint. If the seal
            // shows the damage, the exception reports it.
            if (e.isAnother() && file.names().contains(Seal.INFO.name())) {
                file.verifySeal();
            }
            throw e;
        }
    }

    private static CheckpointFile about(Path path, Safetensors file) {
        Map<String, String> metadata = file.metadata();
        String format = metadata.get(FORMAT);
        if (format == null) {
            throw new MalformedFileException(path, "it is no checkpoint: its metadata has no '" + FORMAT + "'", true);
        }
        if (!format.matches("[1-9][0-9]*")) {
            throw new MalformedFileException(
                    path,
                    "it is no checkpoint of Adjoint: the '" + FORMAT + "' of its metadata is '" + format
                            + "', where the number of a format should be",
                    true);
        }
        if (!format.equals(FORMAT_VERSION)) {
            throw new MalformedFileException(
                    path,
                    "it is a checkpoint of the format " + format + ", of Adjoint " + metadata.get(LIBRARY)
                            + "; this is " + LibraryVersion.TEXT + ", which reads the format " + FORMAT_VERSION
                            + ": upgrade Adjoint to go on from it",
                    true);
        }
        try {
            Map<String, Double> values = new LinkedHashMap<>();
            metadata.forEach((name, text) -> {
                if (name.startsWith(VALUE)) {
                    values.put(name.substring(VALUE.length()), Double.valueOf(text));
                }
            });
            List<String> parts =
                    new ArrayList<>(List.of(metadata.getOrDefault(PARTS, "").split(SEPARATOR)));
            long step = Long.parseLong(metadata.getOrDefault(STEP, ""));
            if (step(path).orElse(step) != step) {
                throw new MalformedFileException(
                        path,
                        "it has the name of another: it was saved after step " + step + ", and would be "
                                + path(path, step).getFileName(),
                        true);
            }
            return new CheckpointFile(step, parts, values);
        } catch (NumberFormatException e) {
            throw new MalformedFileException(
                    path, "its metadata has no number where one should be: " + metadata, false, e);
        }
    }
}
