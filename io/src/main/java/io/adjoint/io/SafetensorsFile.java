package io.adjoint.io;

import com.google.gson.stream.MalformedJsonException;
import io.adjoint.core.NdArray;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One safetensors file that is open: the length of its header in eight bytes, the header, the elements of all tensors. */
final class SafetensorsFile implements AutoCloseable {
    private static final int PREFIX = 8;

    final SafetensorsHeader header;
    private final Path path;
    private final FileChannel channel;
    /** The position of the first element. */
    private final long begin;

    private SafetensorsFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        long size = channel.size();
        if (size < PREFIX) {
            throw new MalformedFileException(path, "it has " + size + " bytes, and a safetensors file more than 8");
        }
        long length = bytes(0, PREFIX).getLong();
        if (length < 2 || length > Math.min(SafetensorsHeader.LONGEST, size - PREFIX)) {
            // Only now: the length of a header may begin with the bytes of a pickle.
            PickleFiles.refuse(path);
            throw new MalformedFileException(
                    path,
                    "it is no safetensors file: its first eight bytes, the length of the header, are "
                            + Long.toUnsignedString(length) + ", and " + (size - PREFIX)
                            + " bytes follow, of which at most "
                            + SafetensorsHeader.LONGEST + " are a header");
        }
        begin = PREFIX + length;
        header = parse(bytes(PREFIX, (int) length).array(), size - begin);
    }

    static SafetensorsFile open(Path path) {
        FileChannel channel = null;
        SafetensorsFile opened = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            opened = new SafetensorsFile(path, channel);
            return opened;
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("Safetensors: there is no file " + path.toAbsolutePath(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("Safetensors: cannot read " + path + ": " + e, e);
        } finally {
            if (opened == null) {
                close(channel);
            }
        }
    }

    private SafetensorsHeader parse(byte[] text, long rest) throws IOException {
        if (text[0] != '{') {
            throw new MalformedFileException(path, "its header begins with no '{'");
        }
        // A decoder refuses what is no UTF-8, where a charset would replace it.
        try (InputStreamReader characters =
                new InputStreamReader(new ByteArrayInputStream(text), StandardCharsets.UTF_8.newDecoder())) {
            return SafetensorsHeader.parse(characters, rest);
        } catch (CharacterCodingException e) {
            throw new MalformedFileException(path, "its header is not in UTF-8", e);
        } catch (SafetensorsHeader.Problem e) {
            throw new MalformedFileException(path, String.valueOf(e.getMessage()), e);
        } catch (MalformedJsonException | EOFException | IllegalStateException e) {
            throw new MalformedFileException(path, "its header is not the JSON of one: " + e.getMessage(), e);
        }
    }

    /** Reads an array; several threads may read at once. */
    NdArray read(SafetensorsHeader.Part part) {
        try {
            long[] position = {begin + part.begin()};
            return ElementReader.read(
                    part.info().type(), ByteOrder.LITTLE_ENDIAN, part.info().shape(), target -> {
                        fill(target, position[0]);
                        position[0] += target.limit();
                    });
        } catch (ElementReader.UnfitException e) {
            throw new MalformedFileException(path, part.info() + ": " + e.getMessage(), e);
        } catch (EOFException e) {
            throw new MalformedFileException(path, part.info() + ": the file was cut while it was open", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Safetensors: cannot read " + path + ": " + e, e);
        }
    }

    private ByteBuffer bytes(long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        fill(bytes, position);
        return bytes.flip();
    }

    private void fill(ByteBuffer target, long position) throws IOException {
        long from = position;
        while (target.hasRemaining()) {
            int count = channel.read(target, from);
            if (count < 0) {
                throw new EOFException();
            }
            from += count;
        }
    }

    @Override
    public void close() {
        close(channel);
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
