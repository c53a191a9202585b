package io.adjoint.spark;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import scala.Option;

/**
 * The Spark session of the tests of this JVM: two cores in this process. As an extension it stops the session, whichever it is, after the
 * last test: at the end of the JVM a cluster would start its executors again and again.
 */
final class LocalSpark implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        AutoCloseable end = () -> LocalSpark.session().stop();
        Object unused = context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .getOrComputeIfAbsent(LocalSpark.class, key -> end);
    }

    static SparkSession session() {
        SparkSession active = running("local[2]");
        return active != null ? active : settings("local[2]").getOrCreate();
    }

    /** The session of this JVM if it has this master; a session with another master is stopped. */
    static @Nullable SparkSession running(String master) {
        Option<SparkSession> active = SparkSession.getDefaultSession();
        if (active.isEmpty() || active.get().sparkContext().isStopped()) {
            return null;
        }
        if (active.get().sparkContext().master().equals(master)) {
            return active.get();
        }
        active.get().stop();
        return null;
    }

    static SparkSession.Builder settings(String master) {
        return SparkSession.builder()
                .master(master)
                .appName("adjoint")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "3")
                .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/warehouse");
    }

    static JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(session().sparkContext());
    }
}
