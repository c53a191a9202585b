package io.adjoint.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * Writes and reads the folder of a saved Spark {@code Transformer}: Spark's metadata with the params, and the weights as
 * {@code model.safetensors}.
 */
final class NetworkFiles {
    private static final String WEIGHTS = "model.safetensors";

    private NetworkFiles() {}

    private static Configuration hadoop(SparkSession session) {
        return session.sparkContext().hadoopConfiguration();
    }

    static final class Writer extends MLWriter {
        private final Params saved;
        private final Network network;

        Writer(Params saved, Network network) {
            this.saved = saved;
            this.network = network;
        }

        @Override
        @SuppressWarnings("deprecation") // Spark 3.5 has only this method
        public void saveImpl(String path) {
            DefaultParamsWriter.saveMetadata(saved, path, sc(), Option.empty(), Option.empty());
            Path file = new Path(path, WEIGHTS);
            try (OutputStream stream =
                    file.getFileSystem(hadoop(sparkSession())).create(file, false)) {
                stream.write(network.file());
            } catch (IOException e) {
                throw new UncheckedIOException(file + " could not be written: " + e.getMessage(), e);
            }
        }
    }

    static final class Reader<T extends Params> extends MLReader<T> {
        private final Class<T> type;
        private final BiFunction<String, Network, T> maker;

        Reader(Class<T> type, BiFunction<String, Network, T> maker) {
            this.type = type;
            this.maker = maker;
        }

        @Override
        @SuppressWarnings("deprecation") // Spark 3.5 has only this method
        public T load(String path) {
            DefaultParamsReader.Metadata metadata = DefaultParamsReader.loadMetadata(path, sc(), type.getName());
            Path file = new Path(path, WEIGHTS);
            try (InputStream stream = file.getFileSystem(hadoop(sparkSession())).open(file)) {
                T loaded = maker.apply(metadata.uid(), Network.read(file.toString(), stream.readAllBytes()));
                metadata.getAndSetParams(loaded, metadata.getAndSetParams$default$2());
                return loaded;
            } catch (IOException e) {
                throw new UncheckedIOException(file + " could not be read: " + e.getMessage(), e);
            }
        }
    }
}
