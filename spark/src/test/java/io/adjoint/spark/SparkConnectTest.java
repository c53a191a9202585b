package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A data set of Spark Connect's client, whose server is never asked. */
class SparkConnectTest {
    @Test
    @Timeout(120)
    void aDataSetOfSparkConnectIsRefusedInOneSentence() throws Exception {
        // The build puts the client of Spark 4 here; the client of Spark 3.5 has classes with the names of Spark's own.
        Path jar = Path.of("target", "connect-" + LocalSpark.session().version(), "spark-connect-client-jvm.jar");
        assumeTrue(Files.exists(jar), "there is no client of Spark Connect");
        URL[] jars = {jar.toUri().toURL()};
        LocalSpark.session().stop();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(jars, SparkConnectTest.class.getClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            Object builder = loader.loadClass("org.apache.spark.sql.connect.SparkSession")
                    .getMethod("builder")
                    .invoke(null);
            builder.getClass().getMethod("remote", String.class).invoke(builder, "sc://127.0.0.1:1");
            SparkSession session =
                    (SparkSession) builder.getClass().getMethod("create").invoke(builder);
            Dataset<?> data = session.emptyDataFrame();
            NeuralTransformer transformer = new NeuralTransformer(
                    new Mlp(),
                    Shape.of(2),
                    3,
                    new Mlp().of(Shape.of(2), 3, new Generator(1)).state());
            Network network = Network.of(Shape.of(2), 3, Map.of());
            NeuralRegressionModel model = new NeuralRegressionModel("uid", network);
            model.set(model.modelFactory(), new Mlp());
            for (Supplier<Object> call : List.<Supplier<Object>>of(
                    () -> NeuralClassifierTest.classifier().fit(data),
                    () -> transformer.transform(data),
                    () -> model.transform(data))) {
                assertThatThrownBy(call::get)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageMatching(
                                "Neural\\w+: Spark Connect doesn't run the tasks of models; run the program on"
                                        + " the cluster, by spark-submit, with a master and not with a remote");
            }
        } finally {
            SparkSession.clearActiveSession();
            SparkSession.clearDefaultSession();
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
