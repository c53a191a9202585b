package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs the example of the digits on two executors. */
@ExtendWith(LocalSpark.class)
class ClusterDigitsTest {
    private static final String FILE = Path.of(
                    "../examples/src/main/resources/io/adjoint/examples/digits/digits.csv.gz")
            .toAbsolutePath()
            .normalize()
            .toUri()
            .toString();

    @Test
    void executorsLearnToReadDigits() {
        assertThat(SparkDigits.accuracy(Cluster.session(), FILE)).isGreaterThan(0.95);
    }
}
