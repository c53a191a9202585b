package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Interpolation;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesTest {
    @TempDir
    Path folder;

    /** Writes an image of two pixels: a red one, and a blue one with some green. */
    @CanIgnoreReturnValue
    private Path write(String name, String format) throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0xff0000);
        image.setRGB(1, 0, 0x0033ff);
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
        return file;
    }

    @Test
    void pixelsAreChannelsFrom0To1() throws IOException {
        NdArray expected = NdArray.of(Shape.of(3, 1, 2), new float[] {1, 0, 0, 0.2f, 0, 1});
        for (String format : List.of("png", "bmp", "gif")) {
            assertThat(new Images().read(write("x." + format, format)).data()).isEqualTo(expected);
        }
        assertThat(new Images().read(write("x.jpg", "jpg")).shape()).isEqualTo(Shape.of(3, 1, 2));
        float[] gray =
                new Images().grayscale().read(folder.resolve("x.png")).data().toFloatArray();
        assertThat(gray).hasSize(2);
        assertThat(gray[0]).isCloseTo(0.299f, within(1e-6f));
        assertThat(gray[1]).isCloseTo(0.587f * 0.2f + 0.114f, within(1e-6f));
    }

    @Test
    void imagesAreResizedAsInterpolateDoes() throws IOException {
        Path file = write("x.png", "png");
        Tensor whole = new Images().read(file);

        assertThat(new Images().size(2, 5).read(file).data())
                .isEqualTo(whole.unsqueeze(0)
                        .interpolate(Interpolation.LINEAR, 2, 5)
                        .squeeze(0)
                        .data());
        refused(() -> new Images().size(0, 5)).withMessage("Images: height and width must be at least 1, got 0 and 5");
    }

    /**
     * A PNG file has its width and height at bytes 16 and 20; a BMP file has its compression at 30 and the number of image bytes at 34.
     */
    @Test
    void sizesThatAFileCannotHaveAreRefusedBeforeMemoryIsSpent() throws IOException {
        Path png = write("x.png", "png");
        byte[] bytes = Files.readAllBytes(png);
        CRC32 checksum = new CRC32();
        ByteBuffer header = ByteBuffer.wrap(bytes).putInt(16, 30_000).putInt(20, 40_000);
        checksum.update(bytes, 12, 17);
        Files.write(png, header.putInt(29, (int) checksum.getValue()).array());
        thrown(MalformedDataException.class, () -> new Images().read(png))
                .withMessage("Images: " + png + " is broken: it would have 30000 × 40000 pixels, more than "
                        + bytes.length + " bytes hold");

        Path bmp = write("x.bmp", "bmp");
        byte[] embedded = Files.readAllBytes(bmp);
        ByteBuffer.wrap(embedded).order(ByteOrder.LITTLE_ENDIAN).putInt(30, 4).putInt(34, 1 << 30);
        Files.write(bmp, embedded);
        thrown(MalformedDataException.class, () -> new Images().read(bmp))
                .withMessageEndingWith("would have 1073741824 bytes, more than the " + embedded.length + " of it all");
    }

    @Test
    void foldersAreClasses() throws IOException {
        write("pets/dog/2.png", "png");
        write("pets/cat/b.GIF", "gif");
        write("pets/cat/a.png", "png");
        Files.writeString(folder.resolve("pets/cat/notes.txt"), "none");
        Files.writeString(folder.resolve("pets/notes.txt"), "none");
        Images.Folder pets = new Images().folder(folder.resolve("pets"));

        assertThat(pets.classes().tokens()).containsExactly("cat", "dog");
        assertThat(pets.samples().size()).isEqualTo(3);
        Batch all = pets.samples().all();
        assertThat(all.x().shape()).isEqualTo(Shape.of(3, 3, 1, 2));
        assertThat(all.y().data()).isEqualTo(NdArray.of(Shape.of(3), new int[] {0, 0, 1}));
    }

    @Test
    void brokenAndMissingFilesAreNamed() throws IOException {
        byte[] whole = Files.readAllBytes(write("pets/cat/a.png", "png"));
        Files.write(folder.resolve("pets/cat/b.png"), Arrays.copyOf(whole, 40));
        Files.writeString(folder.resolve("pets/cat/c.png"), "a text");
        Dataset<Batch> cats = new Images().folder(folder.resolve("pets")).samples();

        thrown(MalformedDataException.class, () -> cats.get(1))
                .withMessageContainingAll("Images: ", "b.png", "is broken");
        thrown(MalformedDataException.class, () -> cats.get(2))
                .withMessageContainingAll("c.png", "is no image; known are PNG, JPEG, GIF and BMP");
        thrown(MalformedDataException.class, () -> new Images().folder(folder.resolve("pets/cat")))
                .withMessageContaining("there are no images in ");
        thrown(UncheckedIOException.class, () -> new Images().folder(folder.resolve("none")))
                .withMessageContaining("Images: cannot read the folder ");
        thrown(UncheckedIOException.class, () -> new Images().read(folder.resolve("none.png")))
                .withMessageContaining("Images: there is no file ");
    }
}
