package io.adjoint.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The bytes of a file from a position on. It doesn't move the channel's own position, so several may read one channel at once.
 *
 * <p>A mapped file is read in two thirds of the time, 0.21 s a gigabyte in place of 0.36 from the system's cache. But Java 17 can't unmap
 * it, so that Windows doesn't let it be replaced or deleted, and whoever cuts it meanwhile ends the read with an InternalError.
 */
final class ChannelSource implements ElementReader.Source {
    private final FileChannel channel;
    private long position;

    ChannelSource(FileChannel channel, long position) {
        this.channel = channel;
        this.position = position;
    }

    @Override
    public void fill(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            int count = channel.read(target, position);
            if (count < 0) {
                throw new EOFException();
            }
            position += count;
        }
    }
}
