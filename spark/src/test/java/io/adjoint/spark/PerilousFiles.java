package io.adjoint.spark;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.apache.spark.SparkEnv;

/**
 * The local file system of an executor that is killed once, before the change with the configured number. Changes are the creation of a
 * file, each {@value #PIECE} bytes that are written, the end of a file, its deletion, and its renaming.
 */
public final class PerilousFiles extends LocalFileSystem {
    static final String MARKER = "adjoint.test.marker";
    static final String CHANGE = "adjoint.test.change";

    private static final int PIECE = 256;
    /** The number of changes so far, by the marker of the training. */
    private static final Map<String, AtomicInteger> CHANGES = new ConcurrentHashMap<>();

    /** Hadoop calls this constructor. */
    public PerilousFiles() {}

    /** Lets the executors that get this configuration have such file systems. */
    static void set(Configuration configuration, java.nio.file.Path marker, int change) {
        configuration.set("fs.file.impl", PerilousFiles.class.getName());
        configuration.set("fs.file.impl.disable.cache", "true");
        configuration.set(MARKER, marker.toString());
        configuration.setInt(CHANGE, change);
    }

    static void unset(Configuration configuration) {
        configuration.unset("fs.file.impl");
        configuration.unset("fs.file.impl.disable.cache");
        configuration.unset(MARKER);
        configuration.unset(CHANGE);
    }

    private void change() throws IOException {
        String marker = getConf().get(MARKER);
        if (SparkEnv.get().executorId().equals("driver") || marker == null) {
            return;
        }
        java.nio.file.Path file = java.nio.file.Path.of(marker);
        int change =
                CHANGES.computeIfAbsent(marker, unused -> new AtomicInteger()).incrementAndGet();
        if (change == getConf().getInt(CHANGE, 0)) {
            try {
                Files.createFile(file);
            } catch (FileAlreadyExistsException e) {
                // An executor was killed before.
                return;
            }
            new Armed().fireAndEnd();
        }
    }

    /** Copies by {@link #create}, which the usual implementation bypasses. */
    @Override
    public void copyFromLocalFile(boolean isMoved, boolean overwrite, Path from, Path to) throws IOException {
        if (!FileUtil.copy(this, from, this, to, isMoved, overwrite, getConf())) {
            throw new IOException("cannot copy " + from + " to " + to);
        }
    }

    @Override
    public FSDataOutputStream create(
            Path file,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        change();
        OutputStream whole = super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
        return new FSDataOutputStream(
                new FilterOutputStream(whole) {
                    @Override
                    public void write(byte[] bytes, int from, int count) throws IOException {
                        for (int k = 0; k < count; k += PIECE) {
                            change();
                            out.write(bytes, from + k, Math.min(PIECE, count - k));
                            out.flush();
                        }
                    }

                    @Override
                    public void close() throws IOException {
                        change();
                        super.close();
                    }
                },
                null);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        change();
        return super.rename(from, to);
    }

    @Override
    public boolean delete(Path file, boolean recursive) throws IOException {
        change();
        return super.delete(file, recursive);
    }
}
