package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Interpolation;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.HeapException;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads images by the JDK's {@code ImageIO} (PNG, JPEG, GIF, BMP): FLOAT32 {@code [C, H, W]} from 0 to 1, of three channels red, green and
 * blue, or one of grey. A module that reads images needs {@code requires java.desktop}. Immutable: each setting returns a changed copy.
 *
 * <pre>{@code
 * Images images = new Images().grayscale().size(28, 28);
 * Tensor one = images.read(Path.of("cat.png"));
 * Images.Folder folder = images.folder(Path.of("pets"));   // pets/cat/1.png, pets/dog/7.jpg …
 * }</pre>
 *
 * @param gray whether images have one channel, {@code 0.299·red + 0.587·green + 0.114·blue}
 * @param height the height that images are resized to, 0 for their own
 * @param width the width likewise
 */
@CheckReturnValue
public record Images(boolean gray, int height, int width) {
    /**
     * An upper bound of the number of pixels for each byte of a file. A PNG with deflated 1-bit pixels can have 8,256; other formats have
     * fewer.
     */
    private static final int MOST_PIXELS = 10_000;

    private static final List<String> SUFFIXES = List.of(".png", ".jpg", ".jpeg", ".gif", ".bmp");

    /**
     * Images of each class in a folder.
     *
     * @param classes the classes: the names of the folders, sorted
     * @param samples an image, read when it is asked for, and the INT32 index of its class; folder by folder, sorted by name
     */
    public record Folder(Vocabulary classes, Dataset<Batch> samples) {}

    /**
     * A way to read images.
     *
     * @throws IllegalArgumentException if a size is negative, or only one is 0
     */
    public Images {
        if (height < 0 || width < 0 || (height == 0) != (width == 0)) {
            throw new IllegalArgumentException(
                    "Images: height and width must be at least 1, got " + height + " and " + width);
        }
    }

    /** Colour images of their own size. */
    public Images() {
        this(false, 0, 0);
    }

    /** With one channel, of grey. */
    public Images grayscale() {
        return new Images(true, height, width);
    }

    /** Resized to one size by {@link Interpolation#LINEAR}, as PyTorch's {@code interpolate} without antialiasing does it. */
    public Images size(int height, int width) {
        return new Images(gray, height, width);
    }

    /**
     * An image.
     *
     * @throws UncheckedIOException if the file cannot be read, or the image takes more memory than is free
     * @throws MalformedDataException if it is not an image of a known format, or is broken
     */
    public Tensor read(Path file) {
        Tensor pixels = DataFile.read("Images", file, in -> Tensor.of(pixels(file, in.readAllBytes())));
        return height == 0
                ? pixels
                : pixels.unsqueeze(0)
                        .interpolate(Interpolation.LINEAR, height, width)
                        .squeeze(0);
    }

    private NdArray pixels(Path file, byte[] content) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new MalformedDataException("Images: " + file + " is no image; known are PNG, JPEG, GIF and BMP");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return pixels(file, reader, content);
            } finally {
                reader.dispose();
            }
        }
    }

    private NdArray pixels(Path file, ImageReader reader, byte[] content) throws IOException {
        String sizes = "an unknown number of";
        try {
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            sizes = width + " × " + height;
            if ((long) width * height / MOST_PIXELS > content.length) {
                throw new IOException(
                        "it would have " + sizes + " pixels, more than " + content.length + " bytes hold");
            }
            requireEmbedded(content);
            return pixels(reader.read(0));
        } catch (IOException | RuntimeException e) {
            throw new MalformedDataException("Images: " + file + " is broken: " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            throw new HeapException("an image of " + sizes + " pixels", e);
        }
    }

    /**
     * Refuses a BMP file that declares an embedded JPEG or PNG longer than the file, for which Java's reader would allocate memory first.
     */
    private static void requireEmbedded(byte[] content) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        if (content.length >= 38 && header.getShort(0) == 0x4d42) {
            int compression = header.getInt(30);
            int size = header.getInt(34);
            if ((compression == 4 || compression == 5) && size > content.length) {
                throw new IOException("the image in it would have " + size + " bytes, more than the " + content.length
                        + " of it all");
            }
        }
    }

    /** The pixels of an image; transparent pixels are blended with black. */
    private NdArray pixels(BufferedImage image) {
        int rows = image.getHeight();
        int columns = image.getWidth();
        BufferedImage rgb = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = rgb.createGraphics();
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        int[] packed = rgb.getRGB(0, 0, columns, rows, null, 0, columns);
        int channels = gray ? 1 : 3;
        float[] values = new float[channels * packed.length];
        for (int k = 0; k < packed.length; k++) {
            int red = packed[k] >> 16 & 0xff;
            int green = packed[k] >> 8 & 0xff;
            int blue = packed[k] & 0xff;
            if (gray) {
                values[k] = (float) ((0.299 * red + 0.587 * green + 0.114 * blue) / 255);
            } else {
                values[k] = red / 255f;
                values[packed.length + k] = green / 255f;
                values[2 * packed.length + k] = blue / 255f;
            }
        }
        return NdArray.wrap(Shape.of(channels, rows, columns), values);
    }

    /**
     * The images below a folder that has one folder for each class.
     *
     * @throws UncheckedIOException if the folder cannot be read
     * @throws MalformedDataException if there are no images of any class
     */
    public Folder folder(Path root) {
        List<String> classes = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (Path folder : entries(root)) {
            if (Files.isDirectory(folder)) {
                for (Path file : entries(folder)) {
                    if (SUFFIXES.stream().anyMatch(file.toString().toLowerCase(Locale.ROOT)::endsWith)) {
                        files.add(file);
                        labels.add(classes.size());
                    }
                }
                classes.add(folder.getFileName().toString());
            }
        }
        if (files.isEmpty()) {
            throw new MalformedDataException("Images: there are no images in " + root
                    + "; expected a folder for each class, with files " + SUFFIXES);
        }
        List<Path> paths = List.copyOf(files);
        Tensor targets = Tensor.of(labels.stream().mapToInt(label -> label).toArray());
        return new Folder(
                Vocabulary.of(classes),
                Dataset.of(paths.size(), k -> new Batch(read(paths.get(k)), targets.select(0, k))));
    }

    private static List<Path> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Images: cannot read the folder " + folder + ": " + e, e);
        }
    }
}
