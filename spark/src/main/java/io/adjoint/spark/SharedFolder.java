package io.adjoint.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A folder in a file system that all executors can access.
 *
 * @param path the URI of the folder, such as {@code hdfs://…}, {@code s3a://…} or {@code file:///…}
 * @param configuration the driver's settings of Hadoop, which the executors use, too
 */
record SharedFolder(String path, SerializableConfiguration configuration) implements Serializable {
    Path resolve(String name) {
        return new Path(path, name);
    }

    FileSystem files() throws IOException {
        return resolve(".").getFileSystem(configuration.value());
    }

    /** Creates the folder if it is missing, and writes and deletes a file there, so that a wrong path is found before a training. */
    void requireWritable() throws IOException {
        Path file = resolve(UUID.randomUUID() + ".partial");
        files().create(file).close();
        files().delete(file, false);
    }

    /**
     * Copies a local file to this folder under the given name, replacing an earlier file of this name. Until the copy is complete, it has a
     * unique temporary name. Not every file system can replace a file in one step: if a writer is killed between two steps, {@link #find}
     * returns the older or the newer file.
     */
    void put(java.nio.file.Path local, String name) throws IOException {
        FileSystem files = files();
        Path copy = resolve(name + "." + UUID.randomUUID() + ".partial");
        files.copyFromLocalFile(false, true, new Path(local.toUri()), copy);
        if (files.exists(resolve(name))) {
            Path next = next(name);
            files.delete(next, false);
            rename(copy, next);
            files.delete(resolve(name), false);
            copy = next;
        }
        rename(copy, resolve(name));
    }

    /**
     * Returns the file with the given name, if there is one; if a {@link #put} of this file was interrupted, completes the replacement
     * first.
     */
    Optional<Path> find(String name) throws IOException {
        FileSystem files = files();
        if (!files.exists(resolve(name)) && files.exists(next(name))) {
            rename(next(name), resolve(name));
        }
        return files.exists(resolve(name)) ? Optional.of(resolve(name)) : Optional.empty();
    }

    private Path next(String name) {
        return resolve(name + ".next");
    }

    /** Renames a file; throws an exception if Hadoop returns false, by which it reports that the renaming failed. */
    void rename(Path from, Path to) throws IOException {
        if (!files().rename(from, to)) {
            throw new IOException("cannot rename " + from + " to " + to);
        }
    }
}
