package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PickleFilesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"model.pt", "legacy.pt"})
    void filesOfTorchSaveAreRefusedWithTheWayToConvertThem(String name) {
        Path file = CounterpartFile.resource(name);
        for (ThrowingCallable load :
                List.<ThrowingCallable>of(() -> Safetensors.load(file), () -> Npz.load(file), () -> Npy.load(file))) {
            assertRefused(load, file);
        }
    }

    private static void assertRefused(ThrowingCallable load, Path file) {
        assertThatThrownBy(load)
                .isInstanceOf(MalformedFileException.class)
                .hasMessage(file
                        + ": it is a pickle file, as torch.save writes it, and no such file is read, since it may run"
                        + " whatever it contains; convert it with Python: state = torch.load(\""
                        + file.getFileName() + "\", weights_only=True), of a training often a dict that has the state"
                        + " in it, state[\"model\"]; safetensors.torch.save_file(state, \"model.safetensors\"), or if some of its tensors share memory, load it into the model and"
                        + " use safetensors.torch.save_model(model, \"model.safetensors\")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "P", "PK\3\4 and no archive", "\u0002\u0002 and no pickle"})
    void otherFilesAreNoneOfThem(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("x.safetensors"), content);
        assertThatThrownBy(() -> Safetensors.load(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageNotContaining("pickle");
    }

    /** The header's length 640 gives the file the first bytes of a pickle of version 2. */
    @Test
    void aHeaderOfThatLengthIsNoPickle() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Map<String, NdArray> arrays = Map.of("w", NdArray.full(DType.FLOAT32, Shape.of(2), 3));
        int others = headerLength(file, arrays, "");
        assertThat(headerLength(file, arrays, "a".repeat(640 - others - 24))).isEqualTo(640);
        assertThat(Safetensors.load(file)).isEqualTo(arrays);
        assertThat(OtherFiles.about(Safetensors.FORMAT, file)).isEmpty();
    }

    private static int headerLength(Path file, Map<String, NdArray> arrays, String text) throws IOException {
        Map<String, String> metadata = text.isEmpty() ? Map.of() : Map.of("k", text);
        Safetensors.save(file, arrays, new SafetensorsOptions().metadata(metadata));
        byte[] bytes = Files.readAllBytes(file);
        return (bytes[0] & 0xff) | (bytes[1] & 0xff) << 8;
    }
}
