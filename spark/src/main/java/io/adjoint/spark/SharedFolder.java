package io.adjoint.spark;

import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A folder of a file system that all executors see.
 *
 * @param path as {@code hdfs://…}, {@code s3a://…} or {@code file:///…}
 * @param configuration Hadoop's settings of the driver
 */
record SharedFolder(String path, SerializableConfiguration configuration) implements Serializable {
    Path resolve(String name) {
        return new Path(path, name);
    }

    FileSystem files() throws IOException {
        return resolve(".").getFileSystem(configuration.value());
    }
}
