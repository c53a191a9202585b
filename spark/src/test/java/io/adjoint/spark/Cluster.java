package io.adjoint.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** A session whose two executors are processes of their own, which listen on the loopback interface. */
final class Cluster {
    static final String MASTER = "local-cluster[2,1,1024]";

    private Cluster() {}

    /** The session of {@link #MASTER}, which is started unless it runs in this JVM. */
    static SparkSession session() {
        return session(MASTER);
    }

    /** The session of a master, which is started unless it runs in this JVM. */
    static SparkSession session(String master) {
        SparkSession active = LocalSpark.running(master);
        return active != null ? active : start(master);
    }

    static JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(session().sparkContext());
    }

    /** The folder of the event logs. */
    static Path events() throws IOException {
        return Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "events"));
    }

    /**
     * Starts a master with its workers. The executors find the jars of this JVM's class path in Spark's home; its folders are added to
     * their class path.
     */
    private static SparkSession start(String master) {
        try {
            Path jars = Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
            List<String> folders = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                Path path = Path.of(entry).toAbsolutePath();
                if (Files.isDirectory(path)) {
                    folders.add(path.toString());
                } else if (Files.exists(path)) {
                    link(jars.resolve(path.getFileName()), path);
                }
            }
            return LocalSpark.settings(master)
                    .config("spark.ui.enabled", "true")
                    .config("spark.ui.port", "0")
                    .config("spark.eventLog.enabled", "true")
                    .config("spark.eventLog.compress", "false")
                    .config("spark.eventLog.dir", events().toUri().toString())
                    .config("spark.executor.extraClassPath", String.join(File.pathSeparator, folders))
                    .config("spark.driver.host", "127.0.0.1")
                    .config("spark.driver.bindAddress", "127.0.0.1")
                    // Executors that are killed start again and again, so they must start fast.
                    .config("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
                    // A worker that waits in vain must fail within the time of a test.
                    .config("spark.adjoint.timeout", "60s")
                    .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                    .getOrCreate();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void link(Path link, Path jar) throws IOException {
        try {
            Files.createSymbolicLink(link, jar);
        } catch (FileAlreadyExistsException e) {
            // The link is from an earlier run.
            return;
        }
    }

    /** The processes of the executors that run, the only JVMs that this one starts. */
    static List<ProcessHandle> executors() {
        return ProcessHandle.current()
                .children()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .toList();
    }
}
