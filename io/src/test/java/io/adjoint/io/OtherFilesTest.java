package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are read in another format than their own. */
class OtherFilesTest {
    private static final NdArray ARRAY = NdArray.full(DType.FLOAT32, Shape.of(20), 1);

    @TempDir
    Path folder;

    private Path file(String name) {
        return folder.resolve(name);
    }

    private static void assertRefused(Function<Path, Object> loader, Path file, String problem) {
        assertThatThrownBy(() -> loader.apply(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessage(file + ": " + problem);
    }

    @Test
    void filesOfTheOtherFormatsAreNamedWithTheirReaders() {
        Path npy = file("x.npy");
        Path npz = file("x.npz");
        Path safetensors = file("x.safetensors");
        Npy.save(npy, ARRAY);
        Npz.save(npz, Map.of("x", ARRAY));
        Safetensors.save(safetensors, Map.of("x", ARRAY));
        assertRefused(Safetensors::load, npy, "it is an npy file; read it by Npy.load");
        assertRefused(Npz::load, npy, "it is an npy file; read it by Npy.load");
        String archive = "it is an npz file or another archive, such as a file of torch.save; Npz.load reads npz, and"
                + " safetensors.torch.save_file saves weights for Safetensors.load";
        assertRefused(Safetensors::load, npz, archive);
        assertRefused(Npy::load, npz, archive);
        assertRefused(Npy::load, safetensors, "it is a safetensors file; read it by Safetensors.load");
        assertRefused(Npz::load, safetensors, "it is a safetensors file; read it by Safetensors.load");
    }

    @Test
    void failedDownloadsAreNamed() throws IOException {
        Path pointer = Files.writeString(
                file("pointer"), "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n");
        Path page = Files.writeString(file("page"), "<!DOCTYPE html><html></html>");
        assertRefused(Safetensors::load, pointer, "it is a pointer of Git LFS, not the file; run `git lfs pull`");
        assertRefused(Npy::load, page, "it is a page of HTML, as a failed download leaves, or XML");
    }

    /** The first byte of the file, the length 60 of a header, is also the character '<'. */
    @Test
    void aFaultOfTheFormatItselfIsSaid() throws IOException {
        Path cut = Files.write(file("cut"), new byte[] {60, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
        assertRefused(Safetensors::load, cut, "its header would have 60 bytes, but only 2 follow; the file is cut");
        Path text = Files.writeString(file("text"), "weights of a model");
        assertRefused(
                Safetensors::load,
                text,
                "it is no safetensors file: its first eight bytes are not the length of a header, 2 to 100000000");
    }
}
