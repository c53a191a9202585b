package io.adjoint.io;

import static io.adjoint.io.Problem.require;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The beginning of an npy file: {@code \x93NUMPY}, two bytes of the version, the length of a dictionary in two bytes (four from version 2
 * on), and the dictionary, whose last character is a newline.
 *
 * @param info the array's description
 * @param order the order of the bytes of an element
 * @param fortran true if the elements are in column-major order, the first axis being the innermost one
 * @param length the number of bytes before the elements
 */
record NpyHeader(TensorInfo info, ByteOrder order, boolean fortran, int length) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** The largest length of a dictionary in bytes. Only structured arrays, which aren't read, have longer dictionaries. */
    private static final int LONGEST = 0xffff;

    /** The alignment of the first element in the file, in bytes. */
    private static final int ALIGNMENT = 64;

    /**
     * The number of digits that NumPy reserves for the first size, by spaces behind the dictionary, so that the array can grow along its
     * first axis without a longer header.
     */
    private static final int DIGITS = 21;

    // ---- writing ----

    /** The header of an array that is written little-endian, in row-major order. */
    static NpyHeader of(String name, NdArray array) {
        TensorInfo info = TensorInfo.of(name, ElementType.of(array), array);
        int version1 = MAGIC.length + 2 + Short.BYTES;
        int length = version1 + dictionary(info).length() + 1;
        return new NpyHeader(info, ByteOrder.LITTLE_ENDIAN, false, (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    }

    private static String dictionary(TensorInfo info) {
        List<Long> dims = info.dims();
        String shape =
                dims.stream().map(String::valueOf).collect(Collectors.joining(", ")) + (dims.size() == 1 ? "," : "");
        String growth = dims.isEmpty()
                ? ""
                : " ".repeat(DIGITS - String.valueOf(dims.get(0)).length());
        return "{'descr': '" + NpyType.descr(info.type()) + "', 'fortran_order': False, 'shape': (" + shape + "), }"
                + growth;
    }

    /** Writes the header and the elements of its array. */
    void write(NdArray array, ElementWriter.Sink sink) throws IOException {
        sink.take(bytes());
        ElementWriter.write(array, info.type(), sink);
    }

    private ByteBuffer bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (length - bytes.position() - Short.BYTES));
        bytes.put(dictionary(info).getBytes(StandardCharsets.US_ASCII));
        while (bytes.remaining() > 1) {
            bytes.put((byte) ' ');
        }
        return bytes.put((byte) '\n').flip();
    }

    /** The number of bytes of header and elements. */
    long size() {
        return length + info.bytes();
    }

    // ---- reading ----

    /**
     * Reads a header, and checks that the array's elements fill the rest of the file, or of the archive's entry.
     *
     * @param name the array's name
     * @param size the number of bytes of header and elements
     */
    static NpyHeader read(ElementReader.Source source, String name, long size) throws IOException {
        byte[] start = next(source, MAGIC.length + 2, size, 0);
        require(Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length), "it is no npy file");
        int major = start[MAGIC.length];
        int minor = start[MAGIC.length + 1];
        require(
                major >= 1 && major <= 3 && minor == 0,
                "it is of version " + major + "." + minor + " of npy; 1.0, 2.0 and 3.0 are known");
        byte[] field = next(source, major == 1 ? Short.BYTES : Integer.BYTES, size, start.length);
        ByteBuffer number = ByteBuffer.wrap(field).order(ByteOrder.LITTLE_ENDIAN);
        long count = major == 1 ? Short.toUnsignedInt(number.getShort()) : Integer.toUnsignedLong(number.getInt());
        int begin = start.length + field.length;
        require(count <= LONGEST, "its header has " + count + " bytes, and may have " + LONGEST);
        byte[] dictionary = next(source, (int) count, size, begin);
        NpyHeader header = NpyDictionary.parse(text(dictionary, major), name, begin + (int) count);
        require(
                header.size() <= size,
                header.info + " has " + header.size() + " bytes with its header, but only " + size
                        + " are there; it is cut");
        require(
                header.size() >= size,
                header.info + " has " + header.size() + " bytes with its header, but " + size + " are there");
        return header;
    }

    private static byte[] next(ElementReader.Source source, int count, long size, int begin) throws IOException {
        require(
                count <= size - begin,
                "its header has " + (begin + count) + " bytes or more, but only " + size
                        + " are there; it is no npy file, or cut");
        byte[] bytes = new byte[count];
        source.fill(ByteBuffer.wrap(bytes));
        return bytes;
    }

    private static String text(byte[] dictionary, int version) throws Problem {
        if (version < 3) {
            return new String(dictionary, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(dictionary))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Problem("its header is not in UTF-8", e);
        }
    }

    /** Reads the elements, which follow the header. */
    NdArray elements(ElementReader.Source source) throws IOException {
        Shape shape = info.shape();
        if (!fortran) {
            return ElementReader.read(info, order, shape, source);
        }
        int last = shape.rank() - 1;
        int[] axes = IntStream.rangeClosed(0, last).map(k -> last - k).toArray();
        Shape reversed = Shape.of(Arrays.stream(axes).map(shape::dim).toArray());
        return ElementReader.read(info, order, reversed, source).permute(axes);
    }
}
