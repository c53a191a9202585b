package io.adjoint.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The last tensor of a sealed safetensors file: the SHA-256 of all bytes before it. Without a seal, bytes changed by a disk or a copy would
 * silently be read as other numbers.
 */
final class Seal {
    static final int BYTES = 32;
    /**
     * The description of the seal. Files have the tensors with larger elements first, so the seal, whose elements have one byte, can be the
     * last tensor.
     */
    static final TensorInfo INFO = new TensorInfo("sha256", ElementType.U8, List.of((long) BYTES), BYTES);

    private static final int BUFFER = 1 << 18;

    private Seal() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    /**
     * Checks the seal of an open file.
     *
     * @throws io.adjoint.core.MalformedDataException if its last bytes are not the digest of all bytes before them
     */
    static void verify(Path path, FileChannel channel) {
        boolean same = Reading.read(
                "Checkpoints", path, () -> isSealed(new ChannelSource(channel, 0), channel.size() - BYTES));
        if (!same) {
            throw new MalformedFileException(path, "it is damaged: its SHA-256 is another than when it was written");
        }
    }

    /** Returns whether the first {@code size} bytes are followed by their digest. */
    private static boolean isSealed(ChannelSource source, long size) throws IOException {
        MessageDigest digest = digest();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        for (long left = size; left > 0; left -= buffer.limit()) {
            source.fill(buffer.clear().limit((int) Math.min(left, BUFFER)));
            digest.update(buffer.flip());
        }
        source.fill(buffer.clear().limit(BYTES));
        return buffer.flip().equals(ByteBuffer.wrap(digest.digest()));
    }
}
