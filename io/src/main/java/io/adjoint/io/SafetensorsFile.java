package io.adjoint.io;

import static io.adjoint.io.Problem.require;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An open safetensors file: the length of the header in 8 bytes, the header, and the elements of all tensors. */
final class SafetensorsFile implements AutoCloseable {
    private static final int PREFIX = 8;

    final SafetensorsHeader header;
    private final Path path;
    private final FileChannel channel;
    /** The position in the file of the first element, right behind the header. */
    private final long begin;

    private SafetensorsFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        long size = channel.size();
        require(size >= PREFIX, "it has " + size + " bytes, and a safetensors file more than 8");
        long length = bytes(channel, 0, PREFIX).getLong();
        require(
                length >= 2 && length <= SafetensorsHeader.LONGEST,
                "it is no safetensors file: its first eight bytes are not the length of a header, 2 to "
                        + SafetensorsHeader.LONGEST);
        require(
                length <= size - PREFIX,
                "its header would have " + length + " bytes, but only " + (size - PREFIX) + " follow; the file is cut");
        begin = PREFIX + length;
        header = parse(bytes(channel, PREFIX, (int) length).array(), size - begin);
    }

    static SafetensorsFile open(Path path) {
        return Reading.open(Safetensors.FORMAT, path, () -> {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            try {
                return new SafetensorsFile(path, channel);
            } catch (Throwable e) {
                channel.close();
                throw e;
            }
        });
    }

    private static SafetensorsHeader parse(byte[] text, long rest) throws IOException {
        require(text[0] == '{', "its header begins with no '{'");
        // A decoder refuses malformed UTF-8, while a reader made from a charset would replace it.
        InputStreamReader characters =
                new InputStreamReader(new ByteArrayInputStream(text), StandardCharsets.UTF_8.newDecoder());
        SafetensorsHeader header = StrictJson.read("its header", characters, SafetensorsHeader::parse);
        header.requireFilled(rest);
        return header;
    }

    /** Reads an array; several threads may read at the same time. */
    NdArray read(SafetensorsHeader.Entry entry) {
        return Reading.read(Safetensors.FORMAT, path, () -> {
            Shape shape = entry.info().shape();
            ChannelSource source = new ChannelSource(channel, begin + entry.begin());
            try {
                return ElementReader.read(entry.info(), ByteOrder.LITTLE_ENDIAN, shape, source);
            } catch (Problem e) {
                throw new Problem(entry.info() + ": " + e.getMessage(), e);
            }
        });
    }

    /**
     * Checks by the {@link Seal} that the file has not changed since it was written.
     *
     * @throws io.adjoint.core.MalformedDataException if it has changed
     */
    void verifySeal() {
        Seal.verify(path, channel);
    }

    private static ByteBuffer bytes(FileChannel channel, long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        new ChannelSource(channel, position).fill(bytes);
        return bytes.flip();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
