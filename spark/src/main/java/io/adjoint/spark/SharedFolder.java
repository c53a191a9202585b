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
 * @param configuration Hadoop's settings of the driver
 */
record SharedFolder(String path, SerializableConfiguration configuration) implements Serializable {
    Path resolve(String name) {
        return new Path(path, name);
    }

    FileSystem files() throws IOException {
        return resolve(".").getFileSystem(configuration.value());
    }

    /**
     * Copies a local file to this folder, replacing a file of the same name. Until the copy is complete it has a unique temporary name. Not
     * every file system can replace a file in one step: if a writer is killed between two steps, {@link #find} returns the older or the
     * newer file.
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

    /** Completes a replacement by {@link #put} that was cut short, and returns the file with a name, if there is one. */
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

    /** Renames a file; throws an exception where Hadoop only returns false. */
    void rename(Path from, Path to) throws IOException {
        if (!files().rename(from, to)) {
            throw new IOException("cannot rename " + from + " to " + to);
        }
    }
}
