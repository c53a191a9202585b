package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
    private static byte[] file(int type, Consumer<ByteBuffer> elements, int... sizes) {
        ByteBuffer file = ByteBuffer.allocate(1000).put(new byte[] {0, 0, (byte) type, (byte) sizes.length});
        for (int size : sizes) {
            file.putInt(size);
        }
        elements.accept(file);
        byte[] bytes = new byte[file.position()];
        file.rewind().get(bytes);
        return bytes;
    }

    private static Tensor read(byte[] file) {
        return Idx.read(new ByteArrayInputStream(file), "own.idx");
    }

    @Test
    void allTypesAreRead() {
        assertThat(read(file(0x08, b -> b.put(new byte[] {0, 127, (byte) 200, -1}), 2, 2))
                        .data())
                .isEqualTo(NdArray.of(Shape.of(2, 2), new int[] {0, 127, 200, 255}));
        assertThat(read(file(0x09, b -> b.put(new byte[] {1, -128}), 2)).data())
                .isEqualTo(NdArray.of(Shape.of(2), new int[] {1, -128}));
        assertThat(read(file(0x0b, b -> b.putShort((short) 300).putShort((short) -2), 2))
                        .data())
                .isEqualTo(NdArray.of(Shape.of(2), new int[] {300, -2}));
        assertThat(read(file(0x0c, b -> b.putInt(Integer.MIN_VALUE).putInt(70_000), 2, 1))
                        .data())
                .isEqualTo(NdArray.of(Shape.of(2, 1), new int[] {Integer.MIN_VALUE, 70_000}));
        assertThat(read(file(0x0d, b -> b.putFloat(1.5f).putFloat(Float.NaN), 2))
                        .data())
                .isEqualTo(NdArray.of(Shape.of(2), new float[] {1.5f, Float.NaN}));
        assertThat(read(file(0x0e, b -> b.putDouble(Math.PI), 1)).data()).isEqualTo(NdArray.of(Shape.of(1), Math.PI));
        assertThat(read(file(0x0e, b -> b.putDouble(2))).data()).isEqualTo(NdArray.of(Shape.of(), 2));
        assertThat(read(file(0x08, b -> {}, 0, 28, 28)).shape()).isEqualTo(Shape.of(0, 28, 28));
    }

    @Test
    void bytesAreReadIntoAFloatingTypeAtOnceAndFilesMayBePacked(@TempDir Path folder) throws IOException {
        Path packed = folder.resolve("images");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(file(0x08, b -> b.put(new byte[] {0, (byte) 255}), 1, 2));
        }

        assertThat(Idx.read(packed, DType.FLOAT32).div(255).data())
                .isEqualTo(NdArray.of(Shape.of(1, 2), new float[] {0, 1}));
        assertThat(Idx.read(packed).dtype()).isEqualTo(DType.INT32);
        assertThat(Idx.read(Files.newInputStream(packed), "images", DType.FLOAT64)
                        .dtype())
                .isEqualTo(DType.FLOAT64);
        thrown(DTypeException.class, () -> Idx.read(packed, DType.BOOL)).withMessageStartingWith("Idx.read: ");
    }

    @Test
    void aFileThatIsNotWhatItsHeaderSaysIsNamed() {
        assertMalformed(
                file(0x08, b -> b.put(new byte[3]), 2, 2),
                "UNSIGNED_BYTE [2, 2], 4 bytes, but 3 follow; the file is cut");
        assertMalformed(file(0x0c, b -> b.put(new byte[9]), 2), "INT [2], 8 bytes, but more follow");
        assertMalformed(file(0x08, b -> {}, 70_000, 70_000), "more than the 2147483639 bytes that an array holds");
        assertMalformed(file(0x08, b -> {}, 3, -1), "axis 1 has the size -1");
        assertMalformed(file(0x0a, b -> {}, 1), "it begins with 0000 0a, but an IDX file with 0000 and the code");
        assertMalformed("PNG and so on".getBytes(java.nio.charset.StandardCharsets.US_ASCII), "it begins with 504e 47");
        assertMalformed(new byte[] {0, 0, 8, 3, 0, 0}, "it ends in the header, after 6 bytes");
        assertMalformed(new byte[0], "it ends in the header, after 0 bytes");
    }

    @Test
    @SuppressWarnings("InputStreamSlowMultibyteRead") // only four bytes are read
    void aWrongHeaderIsRefusedBeforeTheRestIsRead() {
        InputStream endless = new InputStream() {
            private int reads;

            @Override
            public int read() {
                assertThat(++reads).isLessThan(100_000);
                return 'x';
            }
        };

        thrown(MalformedDataException.class, () -> Idx.read(endless, "own.idx"))
                .withMessageContaining("it begins with 7878 78");
    }

    private static void assertMalformed(byte[] file, String message) {
        thrown(MalformedDataException.class, () -> read(file))
                .withMessageStartingWith("Idx: own.idx: ")
                .withMessageContaining(message);
    }

    @Test
    void filesThatCannotBeReadAreNamed(@TempDir Path folder) throws IOException {
        Path cut = folder.resolve("cut.gz");
        Files.write(cut, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 1});

        thrown(MalformedDataException.class, () -> Idx.read(cut))
                .withMessage("Idx: " + cut + ": is packed by gzip, but cut");
        thrown(MalformedDataException.class, () -> Csv.read(cut))
                .withMessage("Csv: " + cut + ": is packed by gzip, but cut");
        Files.write(cut, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 7, 7, 7});
        thrown(MalformedDataException.class, () -> Idx.read(cut))
                .withMessageStartingWith("Idx: " + cut + ": is packed by gzip, but damaged: ");
        thrown(UncheckedIOException.class, () -> Idx.read(folder))
                .withMessageStartingWith("Idx: cannot read " + folder);
        thrown(UncheckedIOException.class, () -> Idx.read(folder.resolve("none")))
                .withMessageContaining("Idx: there is no file ");
    }
}
