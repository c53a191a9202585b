package io.adjoint.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Generator;
import io.adjoint.nn.layer.Dense;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvLogTest {
    @TempDir
    private Path folder;

    private void log(int step, String... names) {
        CsvLog log = new CsvLog(folder);
        log.start(
                new TrainingRun(new Moment(step, 0, Instant.EPOCH), new Dense(2, 1, new Generator(1)), Map.of(), null));
        Map<String, Double> values = new LinkedHashMap<>();
        for (String name : names) {
            values.put(name, (double) values.size());
        }
        log.numbers(new Moment(step + 1L, 0, Instant.EPOCH), values);
        log.end(new Moment(step + 1L, 0, Instant.EPOCH));
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(folder.resolve("metrics.csv"));
    }

    @Test
    void eachNameHasItsColumnInAContinuationThatHasTheNamesInAnotherOrder() throws IOException {
        log(0, "a\nb", "a b", "a\rb", "a\\u000Ab", "a\\b", "step value", "step", "\uD83E", "\uFFFD", "=1", "'=1");
        log(1, "'=1", "=1", "\uFFFD", "\uD83E", "step", "step value", "a\\b", "a\\u000Ab", "a\rb", "a b", "a\nb");
        assertThat(lines())
                .containsExactly(
                        "step,epoch,time,a\\u000Ab,a b,a\\u000Db,a\\u005Cu000Ab,a\\b,step value value,step value,"
                                + "\\uD83E,\uFFFD,'=1,''=1",
                        "1,0,1970-01-01T00:00:00Z,0.0,1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0,9.0,10.0",
                        "2,0,1970-01-01T00:00:00Z,10.0,9.0,8.0,7.0,6.0,5.0,4.0,3.0,2.0,1.0,0.0");
    }

    @Test
    void noNameIsAFormulaOfASpreadsheet() throws IOException {
        log(0, "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", " =1", "a=b");
        assertThat(lines().get(0)).isEqualTo("step,epoch,time,'=cmd|' /C calc'!A0,'+1,'-1,'@SUM(A1),' =1,a=b");
    }
}
