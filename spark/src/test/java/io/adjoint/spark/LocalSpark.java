package io.adjoint.spark;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The Spark session of the tests of this JVM: two cores in this process. */
final class LocalSpark {
    private LocalSpark() {}

    static SparkSession session() {
        return settings("local[2]").getOrCreate();
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
