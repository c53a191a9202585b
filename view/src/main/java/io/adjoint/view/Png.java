package io.adjoint.view;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A picture encoded as PNG.
 *
 * @param width the number of pixels in a row
 * @param height the number of rows
 * @param bytes the content of the file
 * @see <a href="https://www.w3.org/TR/png-3/">the format</a>
 */
@SuppressWarnings("ArrayRecordComponent") // pictures are never compared
record Png(int width, int height, byte[] bytes) {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int GREY = 0;
    private static final int RGB = 2;
    private static final int BITS = 8;

    /**
     * Encodes a picture of values from 0 to 1. Values outside are clamped; NaN counts as 0.
     *
     * @param picture grey values {@code [H, W]} or {@code [1, H, W]}, or red, green and blue ones {@code [3, H, W]}
     * @throws IllegalArgumentException if the picture has another shape, or no pixel
     */
    static Png of(NdArray picture) {
        Shape shape = picture.shape();
        int rank = shape.rank();
        int channels = rank == 3 ? shape.dim(0) : 1;
        if (rank < 2 || rank > 3 || (channels != 1 && channels != 3) || shape.size() == 0) {
            throw new IllegalArgumentException(
                    "a picture is [H, W], [1, H, W] or [3, H, W] with at least one pixel, got the shape " + shape);
        }
        int height = shape.dim(rank - 2);
        int width = shape.dim(rank - 1);
        double[] values = picture.toDoubleArray();
        // Each row is preceded by a byte with the number of its filter, 0 for none.
        byte[] rows = new byte[height * (1 + width * channels)];
        int k = 0;
        for (int y = 0; y < height; y++) {
            k++;
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < channels; c++) {
                    double value = values[(c * height + y) * width + x];
                    rows[k++] = (byte) Math.round(255 * Math.max(0, Math.min(1, Double.isNaN(value) ? 0 : value)));
                }
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) BITS).put((byte) (channels == 1 ? GREY : RGB));
        chunk(out, "IHDR", header.array());
        chunk(out, "IDAT", deflated(rows));
        chunk(out, "IEND", new byte[0]);
        return new Png(width, height, out.toByteArray());
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        ByteBuffer content = ByteBuffer.allocate(4 + data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data);
        CRC32 crc = new CRC32();
        crc.update(content.array());
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(content.array());
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static byte[] deflated(byte[] bytes) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
