package io.adjoint.spark;

import io.adjoint.core.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The features of a row as bytes: three sizes, then the elements. An element of an image has 1 byte; an element of an array of floats,
 * shorts or bytes has 4; any other element has 8.
 *
 * <p>The sizes of an image are its channels, height and width, and its elements are in the order {@code [C, H, W]} with the channels red,
 * green, blue; the elements are read as numbers from 0 to 1. The sizes of a vector or array are its number of elements, 0 and 0.
 */
final class Features {
    /** The number of sizes that precede the elements of a row's features. */
    static final int SIZES = 3;

    private static final int HEADER = SIZES * Integer.BYTES;
    private static final double WHITE = 255;

    private Features() {}

    /**
     * Writes the features of a row to a new array, behind {@code offset} bytes that stay 0.
     *
     * @param at the index of the column with the features
     * @param offset the number of bytes before the features
     */
    static byte[] of(String owner, Row row, int at, int offset) {
        if (row.isNullAt(at)) {
            throw RowColumns.missing(owner, row, at);
        }
        Object value = row.get(at);
        if (value instanceof Vector vector) {
            byte[] bytes = sized(offset, vector.size(), Double.BYTES);
            elements(bytes, offset).asDoubleBuffer().put(vector.toArray());
            return bytes;
        }
        return value instanceof Row image ? ofImage(owner, image, offset) : ofArray(owner, row, at, offset);
    }

    private static byte[] ofArray(String owner, Row row, int at, int offset) {
        List<?> values = row.getList(at);
        DataType type = ((ArrayType) row.schema().apply(at).dataType()).elementType();
        boolean isShort =
                type.equals(DataTypes.FloatType) || type.equals(DataTypes.ShortType) || type.equals(DataTypes.ByteType);
        byte[] bytes = sized(offset, values.size(), isShort ? Float.BYTES : Double.BYTES);
        ByteBuffer elements = elements(bytes, offset);
        for (Object value : values) {
            if (!(value instanceof Number number)) {
                throw RowColumns.missingElement(owner, row, at);
            }
            if (isShort) {
                elements.putFloat(number.floatValue());
            } else {
                elements.putDouble(number.doubleValue());
            }
        }
        return bytes;
    }

    private static byte[] sized(int offset, int count, int width) {
        int size = Math.addExact(offset + HEADER, Math.multiplyExact(count, width));
        byte[] bytes = new byte[size];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, count);
        return bytes;
    }

    /** Returns a buffer whose position is the first element of the features that begin at the byte {@code offset}. */
    private static ByteBuffer elements(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(offset + HEADER);
    }

    /** Converts an image of Spark, which has for each pixel blue, green, red and perhaps alpha, to features. */
    private static byte[] ofImage(String owner, Row image, int offset) {
        int channels = ImageSchema.getNChannels(image);
        int height = ImageSchema.getHeight(image);
        int width = ImageSchema.getWidth(image);
        byte[] pixels = ImageSchema.getData(image);
        String origin = ImageSchema.getOrigin(image);
        if (height <= 0 || width <= 0) {
            throw new IllegalArgumentException(owner + ": the image " + origin
                    + " could not be read; leave such out by the option dropInvalid of Spark's image source");
        }
        boolean isOfBytes = ImageSchema.getMode(image) == (channels - 1) * 8
                && List.of(1, 3, 4).contains(channels);
        int plane = height * width;
        if (!isOfBytes || pixels.length != channels * plane) {
            throw new IllegalArgumentException(owner + ": the image " + origin + " has the mode "
                    + ImageSchema.getMode(image) + " and " + pixels.length + " bytes for " + channels + " channels of "
                    + height + " by " + width + ", but must have 8 bits a channel (CV_8UC1, CV_8UC3, CV_8UC4)");
        }
        byte[] bytes = new byte[offset + HEADER + pixels.length];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(offset, channels)
                .putInt(offset + Integer.BYTES, height)
                .putInt(offset + 2 * Integer.BYTES, width);
        for (int c = 0; c < channels; c++) {
            int from = channels == 1 || c == 3 ? c : 2 - c;
            int to = offset + HEADER + c * plane;
            for (int k = 0; k < plane; k++) {
                bytes[to + k] = pixels[k * channels + from];
            }
        }
        return bytes;
    }

    /**
     * Reads the three sizes of the features that begin at the byte {@code offset}: channels, height and width of an image; for other
     * features the number of elements, 0 and 0.
     */
    static int[] sizes(byte[] bytes, int offset) {
        int[] sizes = new int[SIZES];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(offset)
                .asIntBuffer()
                .get(sizes);
        return sizes;
    }

    /** The shape of features, from their three sizes: {@code [C, H, W]} for an image, {@code [n]} for other features. */
    static Shape shape(int... sizes) {
        return sizes[1] == 0 ? Shape.of(sizes[0]) : Shape.of(sizes);
    }

    /** Copies the {@code count} elements of the features that begin at the byte {@code offset}, and converts them to doubles. */
    static void copy(byte[] bytes, int offset, double[] to, int at, int count) {
        ByteBuffer elements =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(offset + HEADER);
        int width = count == 0 ? 0 : elements.remaining() / count;
        if (width == Double.BYTES) {
            elements.asDoubleBuffer().get(to, at, count);
        } else if (width == Float.BYTES) {
            for (int k = 0; k < count; k++) {
                to[at + k] = elements.getFloat();
            }
        } else {
            for (int k = 0; k < count; k++) {
                to[at + k] = (elements.get() & 0xff) / WHITE;
            }
        }
    }
}
