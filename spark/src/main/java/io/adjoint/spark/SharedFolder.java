package io.adjoint.spark;

import java.io.IOException;
import java.io.Serializable;
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

    /** Copies a local file to this folder, replacing a file of the same name. Until the copy is complete it has a unique temporary name. */
    void put(java.nio.file.Path local, String name) throws IOException {
        FileSystem files = files();
        Path partial = resolve(name + "." + UUID.randomUUID() + ".partial");
        files.copyFromLocalFile(false, true, new Path(local.toUri()), partial);
        files.delete(resolve(name), false);
        rename(partial, resolve(name));
    }

    /** Renames a file, or throws. */
    void rename(Path from, Path to) throws IOException {
        if (!files().rename(from, to)) {
            throw new IOException("cannot rename " + from + " to " + to);
        }
    }
}
